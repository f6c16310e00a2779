import { requireFunds, requireParam } from '../runtime/actor-error.ts'
import type { Draft } from '../runtime/draft.ts'
import type { Runtime } from '../runtime/runtime.ts'
import type { DataActivation } from './activate-data.ts'
import { initialPledgeForPower } from './monies.ts'
import { dailyProofFee } from './policy.ts'
import { qaPowerOfTerm } from './sector-power.ts'
import { type NetworkInputs, notifyPledgeChanged } from './sends.ts'
import { assignSectorsToDeadlines, putSectors } from './state/assign-sectors.ts'
import {
  addInitialPledge,
  addPreCommitDeposit,
  checkBalanceInvariants,
  getUnlockedBalance,
} from './state/funds.ts'
import { powerTermsOf } from './state/info.ts'
import { deletePreCommits } from './state/pre-commits.ts'
import { type MinerInfo, MinerState } from './state.ts'
import { type SectorOnChainInfo, type SectorPreCommitOnChainInfo, SIMPLE_QA_POWER } from './types.ts'

/**
 * Makes sectors of pre-commitments: pledges for them, frees the deposits, assigns them to deadlines and tells the
 * power actor of the pledge.
 *
 * Source: builtin-actors v18, `actors/miner/src/lib.rs`, `activate_new_sector_infos`.
 *
 * @throws {ActorError} `USR_ILLEGAL_ARGUMENT` for a sector that would not live long enough any more;
 * `USR_INSUFFICIENT_FUNDS` for the pledge; `USR_ILLEGAL_STATE`
 */
export function activateNewSectorInfos(
  rt: Runtime,
  preCommits: readonly SectorPreCommitOnChainInfo[],
  data: readonly DataActivation[],
  network: NetworkInputs,
  info: MinerInfo,
): void {
  const activated = preCommits.slice(0, data.length)
  const totalPledge = rt.transaction(MinerState, (state) => {
    const sectors = activated.map((preCommit, i) =>
      newSector(rt, info, network, preCommit, data[i] as DataActivation),
    )
    const pledge = sumOf(sectors.map((sector) => sector.initialPledge))
    const deposits = sumOf(activated.map((preCommit) => preCommit.preCommitDeposit))
    putSectors(rt.store, state, sectors)
    deletePreCommits(
      rt.store,
      state,
      sectors.map((sector) => sector.sectorNumber),
    )
    assignSectorsToDeadlines(rt.policy, rt.store, state, rt.currEpoch, sectors, info)
    addPreCommitDeposit(state, -deposits)
    lockPledge(rt, state, pledge)
    return pledge
  })
  notifyPledgeChanged(rt, totalPledge)
}

/** @throws {ActorError} `USR_INSUFFICIENT_FUNDS` */
function lockPledge(rt: Runtime, state: Draft<MinerState>, pledge: bigint): void {
  const unlocked = getUnlockedBalance(state, rt.currentBalance())
  requireFunds(
    unlocked >= pledge,
    () => `insufficient funds for initial pledge ${pledge}, available ${unlocked}`,
  )
  addInitialPledge(state, pledge)
  checkBalanceInvariants(state, rt.currentBalance())
}

function newSector(
  rt: Runtime,
  info: MinerInfo,
  { estimates, pledge }: NetworkInputs,
  { info: promised }: SectorPreCommitOnChainInfo,
  { unverifiedSpace, verifiedSpace }: DataActivation,
): SectorOnChainInfo {
  const activation = rt.currEpoch
  const duration = promised.expiration - activation
  requireParam(
    duration >= rt.policy.minSectorExpiration,
    () => `sector ${promised.sectorNumber} has a lifetime of ${duration}, less than the minimum`,
  )
  const term = {
    powerBaseEpoch: activation,
    expiration: promised.expiration,
    verifiedDealWeight: verifiedSpace * BigInt(duration),
  }
  const power = qaPowerOfTerm(powerTermsOf(rt.policy, info), term)
  return {
    ...term,
    sectorNumber: promised.sectorNumber,
    sealProof: promised.sealProof,
    sealedCid: promised.sealedCid,
    deprecatedDealIds: [],
    activation,
    dealWeight: unverifiedSpace * BigInt(duration),
    initialPledge: initialPledgeForPower(power, estimates, pledge),
    expectedDayReward: null,
    expectedStoragePledge: null,
    replacedDayReward: null,
    sectorKeyCid: null,
    flags: SIMPLE_QA_POWER,
    dailyFee: dailyProofFee(rt.policy, pledge.circulatingSupply, power),
  }
}

function sumOf(amounts: readonly bigint[]): bigint {
  return amounts.reduce((sum, amount) => sum + amount, 0n)
}
