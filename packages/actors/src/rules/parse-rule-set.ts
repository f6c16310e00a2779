import { type ChainEpoch, divFloor, EPOCHS_IN_DAY, EPOCHS_IN_YEAR } from '@plimsoll/primitives'
import {
  DURATION_MULTIPLIER_PRESETS,
  type DurationMultiplier,
  epochsOfHalfYears,
  type Knot,
  largestMultiplier,
  MULTIPLIER_PRECISION,
  requireCurve,
} from './duration-multiplier.ts'
import { RulesError } from './errors.ts'
import { RULES_OF_TODAY, type Rules } from './rules.ts'

/** Versions of the actors whose formulas are known; the last is the one that executes. */
export const RULE_VERSIONS = [16, 17, 18] as const
export type RuleVersion = (typeof RULE_VERSIONS)[number]

/** A version of the actors with switches on it, as in `v18+fip0006+sdm:fip0036`. */
export interface RuleSet {
  readonly text: string
  readonly actorsVersion: RuleVersion
  readonly rules: Rules
}

/**
 * Reads a rule set: a version, and switches after it.
 *
 * Source of the switches: the founding proposals, as `docs/proposals.md` reads them.
 *
 * A multiplier that does not say since when it holds (`sdm:fip0036@6300000`) holds from `fromEpoch` on.
 *
 * @throws {RulesError} `INVALID_RULES` with the position, from 1, of the part that cannot be.
 */
export function parseRuleSet(text: string, fromEpoch: ChainEpoch): RuleSet {
  const [version, ...switches] = partsOf(text, '+', 1)
  const actorsVersion = RULE_VERSIONS.find((known) => `v${known}` === version.text)
  if (actorsVersion === undefined) {
    const versions = RULE_VERSIONS.map((known) => `v${known}`).join(', ')
    throw invalid(version, `there is no rule set of ${version.text || 'nothing'}: one of ${versions}`)
  }
  let rules = RULES_OF_TODAY
  const seen = new Set<string>()
  for (const part of switches) {
    const [name = part.text] = part.text.split(':')
    if (seen.has(name)) {
      throw invalid(part, `the switch ${name} is there twice`)
    }
    seen.add(name)
    rules = { ...rules, ...switched(part, name, fromEpoch) }
  }
  return { text, actorsVersion, rules }
}

/** @throws {RulesError} `RULES_NOT_EXECUTABLE` for a version whose methods are not known, only its formulas. */
export function requireExecutable({ text, actorsVersion }: RuleSet): void {
  if (actorsVersion !== RULE_VERSIONS.at(-1)) {
    throw new RulesError('RULES_NOT_EXECUTABLE', `${text} has formulas and no methods; v18 executes`, {
      actorsVersion,
    })
  }
}

/** A piece of a text, with where it begins, from 1. */
interface Part {
  readonly text: string
  readonly position: number
}

function partsOf(text: string, separator: string, position: number): readonly [Part, ...Part[]] {
  const parts: Part[] = []
  let start = 0
  for (const piece of text.split(separator)) {
    parts.push({ text: piece, position: position + start })
    start += piece.length + separator.length
  }
  const [first = { text: '', position }, ...rest] = parts
  return [first, ...rest]
}

function switched(part: Part, name: string, fromEpoch: ChainEpoch): Partial<Rules> {
  const argument = part.text.slice(name.length + 1)
  switch (name) {
    case 'terminateSectors2':
      if (argument !== '' && argument !== 'lenient') {
        throw invalid(part, `terminateSectors2 is strict, or terminateSectors2:lenient, not ${argument}`)
      }
      return { terminateSectors2: argument === '' ? 'strict' : 'lenient' }
    case 'fip0006':
      if (argument !== '') {
        throw invalid(part, 'fip0006 takes nothing after it')
      }
      return { recoveryInDebt: true }
    case 'sdm':
      return { durationMultiplier: parseMultiplier(part, argument, fromEpoch) }
    default:
      throw invalid(part, `there is no switch ${name || 'without a name'}: terminateSectors2, fip0006, sdm`)
  }
}

/** `fip0036`, or knots as `1y=1/3.5y=3.5`; with `@` and an epoch when it does not hold from the beginning. */
function parseMultiplier(part: Part, argument: string, fromEpoch: ChainEpoch): DurationMultiplier {
  const [curve = '', since] = argument.split('@')
  const start = since === undefined ? fromEpoch : wholeNumber(part, since, 'epoch')
  const preset = Object.hasOwn(DURATION_MULTIPLIER_PRESETS, curve)
    ? DURATION_MULTIPLIER_PRESETS[curve]
    : undefined
  if (preset !== undefined) {
    return { ...preset, fromEpoch: start }
  }
  if (!curve.includes('=')) {
    const presets = Object.keys(DURATION_MULTIPLIER_PRESETS).join(', ')
    throw invalid(
      part,
      `a multiplier is one of ${presets}, or knots such as 1y=1/3.5y=3.5, not ${curve || 'nothing'}`,
    )
  }
  const position = part.position + part.text.indexOf(':') + 1
  const parts = partsOf(curve, '/', position)
  const table = { form: 'table', knots: parts.map(parseKnot) } as const
  try {
    requireCurve(table)
  } catch (error) {
    const at = error instanceof RulesError ? Number(error.data['position'] ?? 1) : 1
    throw invalid(parts[at - 1] ?? part, error instanceof Error ? error.message : String(error))
  }
  const [last] = table.knots.at(-1) ?? [0]
  return {
    name: 'custom',
    curve: table,
    fromEpoch: start,
    minCommitment: 180 * EPOCHS_IN_DAY,
    maxCommitment: Math.max(1278 * EPOCHS_IN_DAY, Math.min(last, epochsOfHalfYears(10))),
    maxMultiplier: largestMultiplier(table),
    lockTargetNum: 3n,
  }
}

function parseKnot(part: Part): Knot {
  const match = /^(\d+)(?:\.(\d+))?([dy]?)=(\d+)(?:\.(\d{1,6}))?$/.exec(part.text)
  if (match === null) {
    throw invalid(
      part,
      `${part.text || 'nothing'} is no knot: a duration in epochs, days (d) or years (y), =, a multiplier`,
    )
  }
  const [, whole = '', decimals = '', unit = '', units = '', millionths = ''] = match
  const unitEpochs = { d: EPOCHS_IN_DAY, y: EPOCHS_IN_YEAR }[unit] ?? 1
  const scale = 10 ** decimals.length
  const duration = Math.trunc((Number(whole + decimals) * unitEpochs) / scale)
  const multiplier = divFloor(
    BigInt(units + millionths) << MULTIPLIER_PRECISION,
    10n ** BigInt(millionths.length),
  )
  return [duration, multiplier]
}

function wholeNumber(part: Part, text: string, what: string): number {
  if (!/^\d{1,15}$/.test(text)) {
    throw invalid(part, `${text || 'nothing'} is no ${what}`)
  }
  return Number(text)
}

function invalid({ text, position }: Part, message: string): RulesError {
  return new RulesError('INVALID_RULES', `${message} (at ${position})`, { part: text, position })
}
