import type { Runtime } from '../../runtime/runtime.ts'
import {
  computeDataCommitment,
  requireProposals,
  requireSectorSize,
  validateDealsForSector,
} from '../activation.ts'
import { loadProposals } from '../state/proposals.ts'
import { MarketState } from '../state.ts'
import type { VerifyDealsForActivationParams, VerifyDealsForActivationReturn } from '../types.ts'

/**
 * Method 5, `VerifyDealsForActivation`: whether the calling miner can put deals into the sectors that it is about
 * to pre-commit, and what the data of each sector are.
 *
 * Source: builtin-actors v18, `actors/market/src/lib.rs`, `verify_deals_for_activation`.
 *
 * @throws {ActorError} `USR_FORBIDDEN` unless called by a miner, and for a deal of another one; `USR_NOT_FOUND` and
 * `EX_DEAL_EXPIRED` for deals that are not there; `USR_ILLEGAL_ARGUMENT` for deals that do not fit.
 */
export function verifyDealsForActivation(
  rt: Runtime,
  { sectors }: VerifyDealsForActivationParams,
): VerifyDealsForActivationReturn {
  rt.validateImmediateCallerType(['storageminer'])
  const state = rt.state(MarketState)
  const proposals = loadProposals(rt.store, state)
  const unsealedCids = sectors.map(({ dealIds, sectorType, sectorExpiry }) => {
    const deals = requireProposals(proposals, dealIds, state.nextId)
    const sizeBytes = requireSectorSize(sectorType)
    validateDealsForSector(deals, rt.message.caller, sectorExpiry, rt.currEpoch, sizeBytes)
    return deals.length === 0 ? null : computeDataCommitment(rt, deals, sectorType)
  })
  return { unsealedCids }
}
