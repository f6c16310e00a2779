import type { Blockstore, Hamt } from '@plimsoll/ipld'
import { type Address, ExitCode, findWindowPoStProof, type StoragePower } from '@plimsoll/primitives'
import type { Policy } from '../policy.ts'
import { ActorError, requireFound, requireInvariant, requireState } from '../runtime/actor-error.ts'
import type { Draft } from '../runtime/draft.ts'
import { type Claim, Claims, type PowerState } from './state.ts'

/** Source of everything here: builtin-actors v18, `actors/power/src/state.rs`. */

/** Miners above the minimum from which only their power counts. Source: `actors/power/src/policy.rs`. */
export const CONSENSUS_MINER_MIN_MINERS = 4

export type ClaimMap = Hamt<Address, Claim>

export function loadClaims(store: Blockstore, state: PowerState | Draft<PowerState>): ClaimMap {
  return Claims.load(store, state.claims)
}

/**
 * Raw power from which a miner counts in consensus.
 *
 * Source: `consensus_miner_min_power`, which is the same for every proof type that there is.
 *
 * @throws {ActorError} `USR_ILLEGAL_STATE` for a proof type that there is not.
 */
export function consensusMinerMinPower(policy: Policy, proofType: number): StoragePower {
  const isWinning = proofType >= 0 && proofType <= 4
  const isWindow = proofType >= 10 && findWindowPoStProof(proofType) !== undefined
  requireState(isWinning || isWindow, () => `unsupported proof type: ${proofType}`)
  return policy.minimumConsensusPower
}

/**
 * Changes a miner's claim and the totals that it counts in. The state is not to be saved after a failure.
 *
 * Source: `add_to_claim`.
 *
 * @throws {ActorError} `USR_NOT_FOUND` without a claim; `USR_ILLEGAL_STATE` when anything became negative.
 */
export function addToClaim(
  policy: Policy,
  state: Draft<PowerState>,
  claims: ClaimMap,
  miner: Address,
  power: StoragePower,
  qaPower: StoragePower,
): void {
  const before = requireFound(claims.get(miner), 'no claim for the miner')
  state.totalQaBytesCommitted += qaPower
  state.totalBytesCommitted += power
  const after: Claim = {
    ...before,
    rawBytePower: before.rawBytePower + power,
    qualityAdjPower: before.qualityAdjPower + qaPower,
  }
  const minPower = consensusMinerMinPower(policy, before.windowPostProofType)
  countAboveMinimum(state, before, after, minPower)
  requireState(state.minerAboveMinPowerCount >= 0, 'negative number of miners above the minimum')
  setClaim(claims, miner, after)
}

/** The totals of miners above the minimum. The whole power of a miner enters and leaves them. */
function countAboveMinimum(
  state: Draft<PowerState>,
  before: Claim,
  after: Claim,
  minPower: StoragePower,
): void {
  const wasBelow = before.rawBytePower < minPower
  const isBelow = after.rawBytePower < minPower
  if (wasBelow && !isBelow) {
    state.minerAboveMinPowerCount++
    state.totalQualityAdjPower += after.qualityAdjPower
    state.totalRawBytePower += after.rawBytePower
  } else if (!wasBelow && isBelow) {
    state.minerAboveMinPowerCount--
    state.totalQualityAdjPower -= before.qualityAdjPower
    state.totalRawBytePower -= before.rawBytePower
  } else if (!wasBelow) {
    state.totalQualityAdjPower += after.qualityAdjPower - before.qualityAdjPower
    state.totalRawBytePower += after.rawBytePower - before.rawBytePower
  }
  requireState(after.rawBytePower >= 0n, 'negative claimed raw byte power')
  requireState(after.qualityAdjPower >= 0n, 'negative claimed quality adjusted power')
}

/** Source: `set_claim`. @throws {ActorError} `USR_ILLEGAL_STATE` for a negative claim. */
export function setClaim(claims: ClaimMap, miner: Address, claim: Claim): void {
  requireState(claim.rawBytePower >= 0n, 'negative claim of raw power')
  requireState(claim.qualityAdjPower >= 0n, 'negative claim of quality adjusted power')
  claims.set(miner, claim)
}

/** Takes a claim out of the totals and deletes it; without one nothing happens. Source: `delete_claim`. */
export function deleteClaim(
  policy: Policy,
  state: Draft<PowerState>,
  claims: ClaimMap,
  miner: Address,
): void {
  const claim = claims.get(miner)
  if (claim !== undefined) {
    addToClaim(policy, state, claims, miner, -claim.rawBytePower, -claim.qualityAdjPower)
    requireInvariant(claims.delete(miner), 'a claim that was there cannot be deleted')
  }
}

/** The network's power: of the miners above the minimum, as soon as there are enough. Source: `current_total_power`. */
export function currentTotalPower(state: PowerState | Draft<PowerState>): {
  readonly raw: StoragePower
  readonly qa: StoragePower
} {
  return state.minerAboveMinPowerCount < CONSENSUS_MINER_MIN_MINERS
    ? { raw: state.totalBytesCommitted, qa: state.totalQaBytesCommitted }
    : { raw: state.totalRawBytePower, qa: state.totalQualityAdjPower }
}

/**
 * A miner's raw power, and whether it may win blocks.
 *
 * Source: `miner_nominal_power_meets_consensus_minimum`.
 *
 * @throws {ActorError} `USR_ILLEGAL_ARGUMENT` without a claim.
 */
export function minerNominalPowerMeetsConsensusMinimum(
  policy: Policy,
  store: Blockstore,
  state: PowerState,
  miner: Address,
): { readonly rawBytePower: StoragePower; readonly meetsConsensusMinimum: boolean } {
  const claim = loadClaims(store, state).get(miner)
  if (claim === undefined) {
    throw new ActorError(ExitCode.USR_ILLEGAL_ARGUMENT, 'no claim for the actor')
  }
  const { rawBytePower } = claim
  const meetsConsensusMinimum =
    rawBytePower >= consensusMinerMinPower(policy, claim.windowPostProofType) ||
    (state.minerAboveMinPowerCount < CONSENSUS_MINER_MIN_MINERS && rawBytePower > 0n)
  return { rawBytePower, meetsConsensusMinimum }
}
