import { type ChainEpoch, divFloor, divTrunc, EPOCHS_IN_DAY, EPOCHS_IN_YEAR } from '@plimsoll/primitives'
import { RulesError } from './errors.ts'

/**
 * A multiplier of a sector's quality by the length of its commitment, as FIP-0036, FIP-0056 and builtin-actors pull
 * request 1261 propose it. Durations are in epochs; multipliers are Q.20, so that 1,048,576 is one.
 */
export interface DurationMultiplier {
  /** The preset that it is, or `custom`. */
  readonly name: string
  readonly curve: Curve
  /** Sectors whose power was last measured before this epoch keep the power that they have. */
  readonly fromEpoch: ChainEpoch
  /** The shortest and the longest commitment that a message may ask for. */
  readonly minCommitment: ChainEpoch
  readonly maxCommitment: ChainEpoch
  /** Q.20; what the deposit of a pre-commitment is computed for. */
  readonly maxMultiplier: bigint
  /** Tenths of the circulating supply that all pledges aim at; three today. */
  readonly lockTargetNum: bigint
}

/** Points between which the multiplier is linear, or the ramp from one to two of pull request 1261. */
export type Curve =
  | { readonly form: 'table'; readonly knots: readonly Knot[] }
  | { readonly form: 'pr1261'; readonly start: ChainEpoch; readonly end: ChainEpoch }

/** A duration in epochs, and the multiplier from there on, Q.20. */
export type Knot = readonly [duration: ChainEpoch, multiplier: bigint]

export const MULTIPLIER_PRECISION = 20n
export const MULTIPLIER_ONE = 1n << MULTIPLIER_PRECISION

/**
 * The quality of a sector under a multiplier, Q.20.
 *
 * Source of the ramp: builtin-actors pull request 1261, `actors/miner/src/policy.rs`, which scales the quality itself
 * and rounds toward zero. Source of what a table is for: FIP-0036 and FIP-0056, which give values in years only.
 */
export function multipliedQuality(curve: Curve, duration: ChainEpoch, quality: bigint): bigint {
  if (curve.form === 'table') {
    return (quality * multiplierInTable(curve.knots, duration)) >> MULTIPLIER_PRECISION
  }
  const { start, end } = curve
  if (duration <= start) {
    return quality
  }
  if (duration > end) {
    return 2n * quality
  }
  const length = BigInt(end - start)
  return divTrunc(quality * (BigInt(duration - start) + length), length)
}

/** The multiplier for a duration, Q.20; of the ramp, whose quality is scaled at once, rounded down. */
export function multiplierOf(curve: Curve, duration: ChainEpoch): bigint {
  return multipliedQuality(curve, duration, MULTIPLIER_ONE)
}

/** One below the first knot, whatever the first knot says; linear between two, rounded down; constant from the last. */
function multiplierInTable(knots: readonly Knot[], duration: ChainEpoch): bigint {
  const next = knots.findIndex(([from]) => duration < from)
  if (next === 0) {
    return MULTIPLIER_ONE
  }
  const [from, low] = knots.at(next === -1 ? -1 : next - 1) ?? [0, MULTIPLIER_ONE]
  const upper = next === -1 ? undefined : knots[next]
  if (upper === undefined) {
    return low
  }
  const [to, high] = upper
  return low + divFloor((high - low) * BigInt(duration - from), BigInt(to - from))
}

/** Whether a longer commitment ever has a smaller multiplier, which every one of the proposals excludes. */
export function isFalling(curve: Curve): boolean {
  if (curve.form === 'pr1261') {
    return false
  }
  const values = [MULTIPLIER_ONE, ...curve.knots.map(([, multiplier]) => multiplier)]
  return values.some((multiplier, i) => multiplier < (values[i - 1] ?? 0n))
}

/** The largest value that a curve takes, Q.20. */
export function largestMultiplier(curve: Curve): bigint {
  if (curve.form === 'pr1261') {
    return 2n * MULTIPLIER_ONE
  }
  return curve.knots.reduce((max, [, value]) => (value > max ? value : max), MULTIPLIER_ONE)
}

/** Epochs of so many half years; a year is that of the policy at the time of the proposals. */
export function epochsOfHalfYears(halfYears: number): ChainEpoch {
  return Math.trunc((halfYears * EPOCHS_IN_YEAR) / 2)
}

/** A curve that has to be what it says: knots in order, multipliers above zero and small enough to be one. */
export function requireCurve(curve: Curve): void {
  if (curve.form === 'pr1261') {
    require(curve.start < curve.end, 'the ramp ends before it begins', { start: curve.start, end: curve.end })
    return
  }
  require(curve.knots.length > 0, 'a table needs a knot', {})
  for (const [i, [duration, multiplier]] of curve.knots.entries()) {
    const position = i + 1
    require(Number.isSafeInteger(duration) && duration > 0, `knot ${position} has no duration above zero`, {
      position,
      duration,
    })
    require(i === 0 ||
      (curve.knots[i - 1]?.[0] ?? 0) <
        duration, `knot ${position} (${duration}) does not come after knot ${i}`, { position, duration })
    require(multiplier > 0n &&
      multiplier <= MAX_MULTIPLIER, `knot ${position} has a multiplier out of range`, {
      position,
      multiplier,
    })
  }
}

/** A thousand: a power that is larger fits the protocol's integers, but no proposal means it. */
export const MAX_MULTIPLIER = 1000n << MULTIPLIER_PRECISION

function require(isSo: boolean, message: string, data: Readonly<Record<string, unknown>>): void {
  if (!isSo) {
    throw new RulesError('INVALID_RULES', message, data)
  }
}

type Preset = Omit<DurationMultiplier, 'fromEpoch'>

/** Linear from one at a year to three and a half at three and a half years; half of the supply is the aim. */
const FIP_0036: Preset = {
  name: 'fip0036',
  curve: {
    form: 'table',
    knots: [
      [epochsOfHalfYears(2), MULTIPLIER_ONE],
      [epochsOfHalfYears(7), (7n * MULTIPLIER_ONE) >> 1n],
    ],
  },
  minCommitment: epochsOfHalfYears(2),
  maxCommitment: epochsOfHalfYears(7),
  maxMultiplier: (7n * MULTIPLIER_ONE) >> 1n,
  lockTargetNum: 5n,
}

/** Linear from one at a year and a half to two at five years. */
const FIP_0056: Preset = {
  name: 'fip0056',
  curve: {
    form: 'table',
    knots: [
      [epochsOfHalfYears(3), MULTIPLIER_ONE],
      [epochsOfHalfYears(10), 2n * MULTIPLIER_ONE],
    ],
  },
  minCommitment: epochsOfHalfYears(2),
  maxCommitment: epochsOfHalfYears(10),
  maxMultiplier: 2n * MULTIPLIER_ONE,
  lockTargetNum: 3n,
}

/** The code that was written for FIP-0056 and not merged: from 540 days on, with commitments from 180 days. */
const PR_1261: Preset = {
  name: 'pr1261',
  curve: { form: 'pr1261', start: 540 * EPOCHS_IN_DAY, end: epochsOfHalfYears(10) },
  minCommitment: 180 * EPOCHS_IN_DAY,
  maxCommitment: epochsOfHalfYears(10),
  maxMultiplier: 2n * MULTIPLIER_ONE,
  lockTargetNum: 3n,
}

export const DURATION_MULTIPLIER_PRESETS: Readonly<Record<string, Preset>> = {
  fip0036: FIP_0036,
  fip0056: FIP_0056,
  pr1261: PR_1261,
}
