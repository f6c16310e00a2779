import { CONSENSUS_MINER_MIN_MINERS, type Policy, type PowerPair, type PowerState } from '@plimsoll/actors'
import { type Ratio, scaleFloor } from '../power-table/ratio.ts'

/** The network's power, of which some miners' claims change and everybody else's do not. */
export interface NetworkTotals {
  /** What the power actor counts when those miners have the claims `present`, in the same order. */
  with(present: readonly PowerPair[]): PowerPair
}

/**
 * The totals of a state in which some miners have the claims `before`; the power of all others is taken times a factor,
 * as if each had so much more or less, and how many reach the minimum stays as it is.
 *
 * Source: builtin-actors v18, `actors/power/src/state.rs`, `add_to_claim`, `current_total_power`.
 */
export function networkTotals(
  state: PowerState,
  { minimumConsensusPower }: Policy,
  before: readonly PowerPair[],
  factor: Ratio,
): NetworkTotals {
  const counts = ({ raw }: PowerPair) => raw >= minimumConsensusPower
  const countAbove = (claims: readonly PowerPair[]) => claims.filter(counts).length
  const othersAbove = state.minerAboveMinPowerCount - countAbove(before)
  const own = sumOf(before)
  const ownAbove = sumOf(before.filter(counts))
  const committedByOthers = {
    raw: scaleFloor(factor, state.totalBytesCommitted - own.raw),
    qa: scaleFloor(factor, state.totalQaBytesCommitted - own.qa),
  }
  const countedOfOthers = {
    raw: scaleFloor(factor, state.totalRawBytePower - ownAbove.raw),
    qa: scaleFloor(factor, state.totalQualityAdjPower - ownAbove.qa),
  }
  return {
    with: (present) =>
      othersAbove + countAbove(present) < CONSENSUS_MINER_MIN_MINERS
        ? sumOf([committedByOthers, ...present])
        : sumOf([countedOfOthers, ...present.filter(counts)]),
  }
}

function sumOf(claims: readonly PowerPair[]): PowerPair {
  let [raw, qa] = [0n, 0n]
  for (const claim of claims) {
    raw += claim.raw
    qa += claim.qa
  }
  return { raw, qa }
}
