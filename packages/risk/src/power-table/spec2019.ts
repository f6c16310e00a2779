import type { StoragePower } from '@plimsoll/primitives'

/**
 * The power table as it was first specified: from what miners claim to who may win blocks, for a whole set of
 * claims at once. A miner that crosses the minimum size changes who else is eligible, so nothing of the table
 * can be told from one claim alone.
 */

/** What one miner brings to the table. */
export interface Spec2019Claim {
  /** Bytes, in whichever measure the table is asked for. */
  readonly claimed: StoragePower
  /** A miner that missed its proof; all of its power is lost until it proves again. */
  readonly isDetectedFault: boolean
  /** A miner that holds less than its pledge and its debts ask for. */
  readonly isUnderCollateralised: boolean
}

/** What the first specification left to be set. */
export interface Spec2019Parameters {
  /** Nominal power from which a miner is eligible whatever others have; bytes. */
  readonly minMinerSizeStor: StoragePower
  /** While no miner is that large: the rank whose nominal power is enough; at least 1. */
  readonly minMinerSizeTarg: number
  /** Whether a miner that is under-collateralised has no nominal power. */
  readonly zeroesUnderCollateralised: boolean
}

/**
 * The values of the specification. It says both 2^40 bytes and 100 TiB of the minimum size, which contradict
 * each other; later texts say 100 TiB.
 */
export const SPEC2019_DEFAULTS: Spec2019Parameters = {
  minMinerSizeStor: 100n << 40n,
  minMinerSizeTarg: 3,
  zeroesUnderCollateralised: true,
}

/** Who may win blocks, and with which power. Indices are positions in the set of claims. */
export interface Spec2019Table {
  /** The nominal power of every claim. */
  readonly nominal: readonly StoragePower[]
  /** The nominal power that is enough to be eligible, beside being more than nothing. */
  readonly minimum: StoragePower
  /** Those that may win blocks, ascending. */
  readonly eligible: readonly number[]
  /** The nominal power of the eligible miners; that of the others does not count. */
  readonly total: StoragePower
}

/** Claimed power, or nothing while a fault or a lack of collateral takes it away. */
export function nominalPower(claim: Spec2019Claim, parameters: Spec2019Parameters): StoragePower {
  const isLost =
    claim.isDetectedFault || (parameters.zeroesUnderCollateralised && claim.isUnderCollateralised)
  return isLost ? 0n : claim.claimed
}

/** Works the table out afresh; the letter of the specification, which `PowerTable` has to equal. */
export function spec2019Table(
  claims: readonly Spec2019Claim[],
  parameters: Spec2019Parameters,
): Spec2019Table {
  const nominal = claims.map((claim) => nominalPower(claim, parameters))
  const minimum = minimumSize(nominal, parameters)
  const eligible: number[] = []
  let total = 0n
  for (const [index, power] of nominal.entries()) {
    // The rank alone would let miners without any power in while there are few.
    if (power > 0n && power >= minimum) {
      eligible.push(index)
      total += power
    }
  }
  return { nominal, minimum, eligible, total }
}

function minimumSize(
  nominal: readonly StoragePower[],
  { minMinerSizeStor, minMinerSizeTarg }: Spec2019Parameters,
): StoragePower {
  if (nominal.some((power) => power >= minMinerSizeStor)) {
    return minMinerSizeStor
  }
  if (nominal.length <= minMinerSizeTarg) {
    return 0n
  }
  const largestFirst = nominal.toSorted((a, b) => (a < b ? 1 : a > b ? -1 : 0))
  // As much as the smallest of the first TARG is enough, so that all who tie with it are eligible.
  return largestFirst[minMinerSizeTarg - 1] ?? 0n
}
