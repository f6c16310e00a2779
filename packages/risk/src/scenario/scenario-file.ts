import { BaseError, parseActorId, parseFil } from '@plimsoll/primitives'
import { z } from 'zod'
import { parsedText } from '../schema/parsed-text.ts'
import { NamedEstimates } from './estimates-assumption.ts'

/** A scenario file that does not follow its schema. */
export class ScenarioFileError extends BaseError {}

const amount = parsedText(parseFil, 'an amount above zero, such as "12.5 FIL"', (value) => value > 0n)

const actor = parsedText(parseActorId, 'an actor such as "f01234"')
const sectors = z.union([z.literal('all'), z.array(z.int().nonnegative()).min(1)])

/** When: a day of the run, from 0, or an epoch of the chain. */
const when = { day: z.number().nonnegative().optional(), epoch: z.int().nonnegative().optional() }

const step = <Action extends string, Shape extends z.ZodRawShape>(action: Action, shape: Shape) =>
  z.strictObject({ do: z.literal(action), miner: actor, ...when, ...shape })

/** What is done to a miner, or by it. */
export const ScenarioStep = z
  .discriminatedUnion('do', [
    /** Sectors can no longer be proven; the next proof leaves them out, and they become faulty. */
    step('lose', { sectors }),
    /** Sectors can be proven again, and are declared recovered before their next window. */
    step('regain', { sectors }),
    /** Somebody sends FIL to the miner: its owner, unless it is said who. */
    step('topUp', { amount, from: actor.optional() }),
    step('repayDebt', {}),
    /** The owner withdraws up to an amount to the beneficiary. */
    step('withdraw', { amount }),
    /** The worker commits sectors without data and without a pre-commitment, for so many days. */
    step('commit', { count: z.int().min(1).max(65), days: z.int().positive() }),
    /** Sectors live until so many days from then, or until an epoch. */
    step('extend', {
      sectors,
      days: z.int().positive().optional(),
      expiration: z.int().positive().optional(),
    }),
    /** Faulty sectors can be proven again, and are declared recovered. */
    step('recover', { sectors }),
    /** Sectors are terminated by one order, in whatever window that falls. */
    step('terminate', { sectors }),
    /** Everything is terminated, window by window, until nothing is left. */
    step('windUp', {}),
  ])
  .refine(({ day, epoch }) => (day === undefined) !== (epoch === undefined), 'needs either day or epoch')
  .refine(
    (step) => step.do !== 'extend' || (step.days === undefined) !== (step.expiration === undefined),
    'needs either days or expiration',
  )
export type ScenarioStep = z.infer<typeof ScenarioStep>

/** What a miner is expected to win, at the end of each day. */
const ExpectedReward = z.strictObject({ miner: actor, perDay: amount })

const expectedRewards = z
  .array(ExpectedReward)
  .refine(
    (rewards) => new Set(rewards.map(({ miner }) => miner)).size === rewards.length,
    'has a miner twice',
  )

/** Days after which a run has to have an end: five years. */
const MAX_DAYS = 1830

/**
 * The scenario file, version 1: what happens, in which world. A field that is not known is refused.
 */
export const ScenarioFile = z.strictObject({
  format: z.literal(1),
  /** How long it runs. */
  days: z.int().min(1).max(MAX_DAYS).default(30),
  /** What the miners that are looked at do of their own accord. */
  operator: z
    .union([
      z.literal('proves'),
      z.literal('stops'),
      z.strictObject({ recoversAtDay: z.number().nonnegative() }),
    ])
    .default('proves'),
  /** The rest of the network: frozen, or doing what the operator does. */
  background: z.enum(['frozen', 'full']).default('frozen'),
  /** What the state does not say. */
  networkVersion: z.int().positive().optional(),
  circulatingSupply: amount.optional(),
  /** The miners that are looked at, beside those of rewards and steps. */
  miners: z.array(actor).default([]),
  /** Rewards that the miners are expected to win; the reward actor pays them in the last epoch of each day. */
  rewards: expectedRewards.default([]),
  steps: z.array(ScenarioStep).default([]),
  /** The paths of the estimates whose envelope a forecast shows; three of ours unless given. */
  bands: z.array(NamedEstimates).min(1).max(8).optional(),
})
export type ScenarioFile = z.infer<typeof ScenarioFile>

/**
 * Reads a scenario from parsed JSON.
 *
 * @throws {ScenarioFileError} `INVALID_SCENARIO_FILE` with the place of the first defect.
 */
export function parseScenarioFile(json: unknown): ScenarioFile {
  const result = ScenarioFile.safeParse(json)
  if (!result.success) {
    const [issue] = result.error.issues
    const place = issue === undefined || issue.path.length === 0 ? 'the file' : issue.path.join('.')
    throw new ScenarioFileError('INVALID_SCENARIO_FILE', `${place}: ${issue?.message}`, { place })
  }
  return result.data
}

/** The schema as JSON Schema, for editors and for people. */
export function scenarioSchema(): unknown {
  return z.toJSONSchema(ScenarioFile, { io: 'input', unrepresentable: 'any' })
}
