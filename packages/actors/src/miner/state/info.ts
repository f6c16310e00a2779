import { type Blockstore, load, save } from '@plimsoll/ipld'
import type { Address, ChainEpoch } from '@plimsoll/primitives'
import type { Policy } from '../../policy.ts'
import type { Draft } from '../../runtime/draft.ts'
import type { Runtime } from '../../runtime/runtime.ts'
import type { DeadlineInfo } from '../deadline-info.ts'
import { deadlineInfoFromOffsetAndEpoch } from '../deadlines.ts'
import type { PowerTerms } from '../sector-power.ts'
import { MinerInfo, type MinerState } from '../state.ts'

/** Source of everything here: builtin-actors v18, `actors/miner/src/state.rs` and `lib.rs`. */

type AnyState = MinerState | Draft<MinerState>

/** Source: `get_miner_info`. */
export function getInfo(store: Blockstore, state: AnyState): MinerInfo {
  return load(store, MinerInfo, state.info)
}

/** Source: `save_info`. */
export function saveInfo(store: Blockstore, state: Draft<MinerState>, info: MinerInfo): void {
  state.info = save(store, MinerInfo, info)
}

/** Who may give a miner orders. */
export function controllersOf({ controlAddresses, worker, owner }: MinerInfo): readonly Address[] {
  return [...controlAddresses, worker, owner]
}

/** Reads the miner and its info, for whom its owner, worker or control addresses call. @throws {ActorError} `USR_FORBIDDEN` */
export function getInfoForController(rt: Runtime, state: AnyState): MinerInfo {
  const info = getInfo(rt.store, state)
  rt.validateImmediateCallerIs(controllersOf(info))
  return info
}

/** What the power of the miner's sectors follows from. */
export function powerTermsOf({ rules }: Policy, { sectorSize }: MinerInfo): PowerTerms {
  return { sectorSize, multiplier: rules.durationMultiplier }
}

/** Whether the miner is excluded for a consensus fault. Source: `consensus_fault_active`. */
export function isConsensusFaultActive(info: MinerInfo, currEpoch: ChainEpoch): boolean {
  return currEpoch <= info.consensusFaultElapsed
}

/** The deadline that an epoch lies in, by the miner's offset alone. Source: `deadline_info`. */
export function currentDeadlineInfo(policy: Policy, state: AnyState, currEpoch: ChainEpoch): DeadlineInfo {
  return deadlineInfoFromOffsetAndEpoch(policy, state.provingPeriodStart, currEpoch)
}

/** Source: `current_proving_period_start`. */
export function currentProvingPeriodStart(
  policy: Policy,
  state: AnyState,
  currEpoch: ChainEpoch,
): ChainEpoch {
  return currentDeadlineInfo(policy, state, currEpoch).periodStart
}
