import { SYSTEM_ACTOR_ADDR } from '@plimsoll/primitives'
import { successesOf } from '../../runtime/batch-return.ts'
import type { Runtime } from '../../runtime/runtime.ts'
import { activateSectorsDeals } from '../activate-deals.ts'
import { activateNewSectorInfos } from '../activate-sectors.ts'
import { emitSectorActivated } from '../emit.ts'
import type { InternalSectorSetupForPresealParams } from '../method-types.ts'
import { lockTargetFactorNum } from '../sends.ts'
import { getInfo } from '../state/info.ts'
import { findPreCommits } from '../state/pre-commits.ts'
import { MinerState } from '../state.ts'

/**
 * Method 17, `InternalSectorSetupForPreseal`: activates sectors of a genesis without a proof.
 *
 * Source: builtin-actors v18, `actors/miner/src/lib.rs`, `internal_sector_setup_preseal`.
 *
 * @throws {ActorError} `USR_FORBIDDEN` unless called by the system; `USR_ILLEGAL_ARGUMENT` when no deals can be
 * activated; `USR_INSUFFICIENT_FUNDS` for the pledge.
 */
export function internalSectorSetupForPreseal(
  rt: Runtime,
  params: InternalSectorSetupForPresealParams,
): void {
  rt.validateImmediateCallerIs([SYSTEM_ACTOR_ADDR])
  const state = rt.state(MinerState)
  const preCommits = findPreCommits(rt.store, state, params.sectors)
  const info = getInfo(rt.store, state)
  const data = activateSectorsDeals(rt, preCommits)
  const activated = successesOf(data.batch, preCommits)
  const network = {
    estimates: { reward: params.rewardSmoothed, qaPower: params.qualityAdjPowerSmoothed },
    pledge: {
      baselinePower: params.rewardBaselinePower,
      circulatingSupply: rt.totalFilCircSupply(),
      epochsSinceRampStart: 0,
      rampDurationEpochs: 0,
      lockTargetFactorNum: lockTargetFactorNum(rt.policy),
    },
  }
  activateNewSectorInfos(rt, activated, data.activations, network, info)
  for (const [i, { info: promised }] of activated.entries()) {
    const pieces = data.activations[i]?.pieces
    if (pieces !== undefined) {
      emitSectorActivated(rt, promised.sectorNumber, promised.unsealedCid, pieces)
    }
  }
}
