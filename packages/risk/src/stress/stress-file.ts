import { BaseError, parseActorId, parseFil } from '@plimsoll/primitives'
import { z } from 'zod'
import { parsedText } from '../schema/parsed-text.ts'
import { type DrawnValue, drawnValue, scaledText, VALUE_DECIMALS } from './drawn-value.ts'

/** A stress file that does not follow its schema, or names what there is not. */
export class StressFileError extends BaseError {}

/** Days that a stress looks ahead at most: five years. */
const MAX_STRESS_DAYS = 1830
const MAX_STRESS_DRAWS = 100_000
const MAX_STRESS_SHOCKS = 1000

const ONE = 10n ** BigInt(VALUE_DECIMALS)
const share = scaledText('a share between 0 and 1 such as "0.25"', (value) => value >= 0n && value <= ONE)
const factor = scaledText('a factor above zero such as "1.2"', (value) => value > 0n)
const days = scaledText('a number of days such as "7"', (value) => value >= 0n)
const amount = parsedText(parseFil, 'an amount such as "12.5 FIL"', (value) => value >= 0n)
const actor = parsedText(parseActorId, 'a miner\'s address such as "f01234"')
const FIXED_ONE: DrawnValue = { kind: 'fixed', value: ONE }

/** What goes wrong, all of it from the first epoch on. Parts that are left out do not happen. */
const Shock = z.strictObject({
  name: z.string().min(1).max(80),
  /** Whom the parts about miners meet; all of the portfolio unless some are named. */
  miners: z.array(actor).min(1).optional(),
  /** A share of a miner's live sectors cannot be proven for so many days. */
  faults: z
    .strictObject({
      share: drawnValue(share),
      days: drawnValue(days),
      /** What fails as one. */
      of: z.enum(['sectors', 'partitions', 'deadlines']).default('sectors'),
    })
    .optional(),
  /** Power of everybody outside of the portfolio, and reward of an epoch, times factors. */
  network: z
    .strictObject({
      power: drawnValue(factor).default(FIXED_ONE),
      reward: drawnValue(factor).default(FIXED_ONE),
      /** Whether the smoothed estimates only begin to follow, or have the new level at once. */
      estimates: z.enum(['follow', 'jump']).default('follow'),
    })
    .optional(),
  /** Two blocks that contradict each other are shown, with that chance. */
  consensusFault: z.strictObject({ chance: drawnValue(share) }).optional(),
  /** Owed to the network in addition. */
  feeDebt: drawnValue(amount).optional(),
  /** What it costs in FIL to buy one pFIL back. */
  price: drawnValue(factor).default(FIXED_ONE),
})
export type Shock = z.infer<typeof Shock>

/** The stress file, version 1. A field that is not known is refused. */
export const StressFile = z
  .strictObject({
    format: z.literal(1),
    /** How far every shock is followed. */
    days: z.int().min(0).max(MAX_STRESS_DAYS),
    /** How often a shock with drawn values is drawn. */
    draws: z.int().min(1).max(MAX_STRESS_DRAWS).optional(),
    /** Levels of the quantiles and the expected shortfall of drawn losses. */
    levels: z
      .array(scaledText('a level below 1 such as "0.95"', (value) => value >= 0n && value < ONE))
      .min(1)
      .optional(),
    shocks: z.array(Shock).min(1).max(MAX_STRESS_SHOCKS),
  })
  .superRefine(({ shocks, draws, levels }, context) => {
    for (const [i, shock] of shocks.entries()) {
      if (shocks.findIndex(({ name }) => name === shock.name) !== i) {
        context.addIssue({ code: 'custom', path: ['shocks', i, 'name'], message: 'is that of another shock' })
      }
      if (isDrawn(shock) && (draws === undefined || levels === undefined)) {
        const message = 'has drawn values: the file needs draws and levels'
        context.addIssue({ code: 'custom', path: ['shocks', i], message })
      }
    }
  })
export type StressFile = z.infer<typeof StressFile>

/** Whether a shock differs from draw to draw. A chance that is neither 0 nor 1 is drawn as well. */
export function isDrawn({ faults, network, consensusFault, feeDebt, price }: Shock): boolean {
  const values = [faults?.share, faults?.days, network?.power, network?.reward, feeDebt, price]
  const chance = consensusFault?.chance
  return (
    values.some((value) => value?.kind === 'drawn') ||
    chance?.kind === 'drawn' ||
    (chance !== undefined && chance.value !== 0n && chance.value !== ONE)
  )
}

/**
 * Reads a stress file from parsed JSON.
 *
 * @throws {StressFileError} `INVALID_STRESS_FILE` with the place of the first defect.
 */
export function parseStressFile(json: unknown): StressFile {
  const result = StressFile.safeParse(json)
  if (!result.success) {
    const { path, message } = firstDefect(result.error.issues)
    const place = path.length === 0 ? 'the file' : path.join('.')
    throw new StressFileError('INVALID_STRESS_FILE', `${place}: ${message}`, { place })
  }
  return result.data
}

interface Defect {
  readonly path: readonly PropertyKey[]
  readonly message: string
}

/** Of a value that may be a text or a distribution, the defect is that of the form which was meant. */
function firstDefect(issues: readonly z.core.$ZodIssue[]): Defect {
  const [issue] = issues
  if (issue?.code !== 'invalid_union') {
    return { path: issue?.path ?? [], message: issue?.message ?? 'is not valid' }
  }
  const meant = issue.errors.find(([first]) => first?.code !== 'invalid_type' || first.path.length > 0)
  if (meant === undefined || meant.length === 0) {
    return issue
  }
  const inner = firstDefect(meant)
  return { path: [...issue.path, ...inner.path], message: inner.message }
}
