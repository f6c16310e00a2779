import { ExitCode, idAddress, type StoragePower } from '@plimsoll/primitives'
import { ActorError } from '../../runtime/actor-error.ts'
import type { Runtime } from '../../runtime/runtime.ts'
import { loadClaims, minerNominalPowerMeetsConsensusMinimum } from '../claims.ts'
import { PowerState } from '../state.ts'
import type { CurrentTotalPowerReturn, MinerPowerReturn, MinerRawPowerReturn } from '../types.ts'

/** What anybody may ask. Source of everything here: builtin-actors v18, `actors/power/src/lib.rs`. */

/** Method 9, `CurrentTotalPower`: as the last tick has taken it down. Source: `current_total_power`. */
export function currentTotalPower(rt: Runtime): CurrentTotalPowerReturn {
  const state = anyoneReads(rt)
  return {
    rawBytePower: state.thisEpochRawBytePower,
    qualityAdjPower: state.thisEpochQualityAdjPower,
    pledgeCollateral: state.thisEpochPledgeCollateral,
    qualityAdjPowerSmoothed: state.thisEpochQaPowerSmoothed,
    rampStartEpoch: state.rampStartEpoch,
    rampDurationEpochs: BigInt(state.rampDurationEpochs),
  }
}

/** `NetworkRawPower`. Source: `network_raw_power`. */
export function networkRawPower(rt: Runtime): StoragePower {
  return anyoneReads(rt).thisEpochRawBytePower
}

/** `MinerRawPower`. @throws {ActorError} `USR_ILLEGAL_ARGUMENT` without a claim. Source: `miner_raw_power`. */
export function minerRawPower(rt: Runtime, miner: bigint): MinerRawPowerReturn {
  const state = anyoneReads(rt)
  return minerNominalPowerMeetsConsensusMinimum(rt.policy, rt.store, state, idAddress(miner))
}

/** `MinerCount`. Source: `miner_count`. */
export function minerCount(rt: Runtime): number {
  return anyoneReads(rt).minerCount
}

/** `MinerConsensusCount`. Source: `miner_consensus_count`. */
export function minerConsensusCount(rt: Runtime): number {
  return anyoneReads(rt).minerAboveMinPowerCount
}

/** `MinerPower`. @throws {ActorError} `USR_NOT_FOUND` without a claim. Source: `miner_power`. */
export function minerPower(rt: Runtime, miner: bigint): MinerPowerReturn {
  const state = anyoneReads(rt)
  const claim = loadClaims(rt.store, state).get(idAddress(miner))
  if (claim === undefined) {
    throw new ActorError(ExitCode.USR_NOT_FOUND, 'miner not found')
  }
  return { rawBytePower: claim.rawBytePower, qualityAdjPower: claim.qualityAdjPower }
}

function anyoneReads(rt: Runtime): PowerState {
  rt.validateImmediateCallerAcceptAny()
  return rt.state(PowerState)
}
