import { type ActorId, type Hashes, parseActorId } from '@plimsoll/primitives'
import { z } from 'zod'
import { parsedText } from '../schema/parsed-text.ts'
import { PlanError } from './load-predicted-miner.ts'
import { hashOf } from './plan-hash.ts'
import type { LiquidationPlan } from './plan-types.ts'

/** Of attoFIL or of gas. */
const whole = z
  .string()
  .regex(/^(?:0|-?[1-9]\d{0,60})$/, 'needs a whole number in decimal, such as "12000"')
  .transform(BigInt)
const count = z.int().nonnegative()
const numbers = z.array(count)
/** The state's epoch is the one before its first message. */
const epoch = z.int().min(-1)
const actor = parsedText((text) => {
  parseActorId(text)
  return text
}, 'an address such as "f01234"')

const money = {
  balance: whole,
  initialPledge: whole,
  lockedFunds: whole,
  preCommitDeposits: whole,
  feeDebt: whole,
}
const moneyMoment = z.strictObject(money)
const gasBand = z.strictObject({ low: whole, estimate: whole, high: whole })

const message = z.strictObject({
  from: actor,
  to: actor,
  value: whole,
  method: count,
  methodName: z.string(),
  params: z
    .string()
    .regex(/^(?:[0-9a-f]{2})*$/, 'needs bytes in hexadecimal')
    .nullable(),
})

const step = z.strictObject({
  epoch,
  message,
  declared: z.array(z.strictObject({ deadline: count, partition: count, sectors: numbers })),
  gas: gasBand.nullable(),
  sizeBytes: count,
  predicted: z.strictObject({
    exitCode: count,
    fee: whole,
    settledSectors: count,
    burned: whole,
    paidOut: whole,
    after: moneyMoment,
  }),
})

const tick = z.strictObject({
  epoch,
  deadline: count.nullable(),
  faultFee: whole,
  dailyFee: whole,
  burnedDeposits: whole,
  terminationFee: whole,
  settledSectors: count,
  vested: whole,
  burned: whole,
  after: moneyMoment,
})

const safe = z.strictObject({
  outcome: z.enum(['already safe', 'reached by drawing', 'reached', 'unreachable']),
  quantity: z.string(),
  outstanding: whole,
  price: z.strictObject({ num: whole, denom: whole }),
  unit: z.enum(['attoFIL', 'ratio']),
  ladder: z.array(
    z.strictObject({
      step: z.enum(['draw', 'recover', 'top up']),
      amount: whole.nullable(),
      sectors: count.nullable(),
      isEnough: z.boolean(),
    }),
  ),
  topUp: whole,
  fee: whole,
  lowerBound: whole,
  sectors: numbers,
})

/** A saved plan, version 1: what `planLiquidation` gives, with amounts as text. A field that is not known is refused. */
const PlanFile = z.strictObject({
  format: z.literal(1),
  target: z.enum(['all', 'safe']),
  miner: count.transform((id) => id as ActorId),
  forced: z.boolean(),
  level: z.strictObject({ outstanding: whole, termination: whole, eligibleAsset: whole }).nullable(),
  stateRoot: z.string(),
  epoch,
  rules: z.string(),
  assumptions: z.array(z.string()),
  start: z.strictObject({ ...money, liveSectors: count, queuedSectors: count }),
  steps: z.array(step),
  ticks: z.array(tick),
  everyEpochUntil: epoch,
  end: z.strictObject({ ...money, epoch, liveSectors: count, queuedSectors: count, shortfall: whole }),
  cash: z.array(z.strictObject({ epoch, amount: whole, total: whole })),
  totals: z.strictObject({
    terminationMessages: count,
    settledSectors: count,
    terminationFees: whole,
    faultFees: whole,
    dailyFees: whole,
    burnedDeposits: whole,
    burned: whole,
    cashNow: whole,
    cashLater: whole,
    gas: gasBand,
  }),
  blockers: z.array(
    z.strictObject({
      kind: z.string(),
      certainty: z.enum(['certain', 'possible']),
      message: z.string(),
      sectors: numbers,
      lockedValue: whole,
    }),
  ),
  safe: safe.nullable(),
  hash: z.string(),
})

/**
 * Reads a saved plan from parsed JSON: the plan alone, or an answer that has it as `plan`.
 *
 * @throws {PlanError} `INVALID_PLAN_FILE` with the place of the first defect; `PLAN_ALTERED`
 */
export function parsePlanFile(json: unknown, hashes: Hashes): LiquidationPlan {
  const result = PlanFile.safeParse(isAnswer(json) ? json.plan : json)
  if (!result.success) {
    const [issue] = result.error.issues
    const place = issue === undefined || issue.path.length === 0 ? 'the file' : issue.path.join('.')
    throw new PlanError('INVALID_PLAN_FILE', `${place}: ${issue?.message}`, { place })
  }
  requireUnaltered(result.data, hashes)
  return result.data
}

/** @throws {PlanError} `PLAN_ALTERED` for a plan that was changed after it was made. */
export function requireUnaltered({ hash, ...body }: LiquidationPlan, hashes: Hashes): void {
  if (hashOf(hashes, body) !== hash) {
    throw new PlanError('PLAN_ALTERED', 'the plan is not what its hash says', { hash })
  }
}

function isAnswer(json: unknown): json is { readonly plan: unknown } {
  return typeof json === 'object' && json !== null && 'plan' in json
}
