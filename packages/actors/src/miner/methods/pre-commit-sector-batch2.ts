import type { Cid } from '@plimsoll/ipld'
import { bitFieldOf, bitsOf, MAX_BIT_FIELD_END } from '@plimsoll/ipld'
import { type ChainEpoch, STORAGE_MARKET_ACTOR_ADDR, windowPoStProofOf } from '@plimsoll/primitives'
import { MAX_SECTOR_NUMBER } from '../../policy.ts'
import {
  requireAllowed,
  requireFunds,
  requireInvariant,
  requireParam,
  requireState,
} from '../../runtime/actor-error.ts'
import type { Draft } from '../../runtime/draft.ts'
import type { Runtime } from '../../runtime/runtime.ts'
import { deserialize, sendAndReturn, serialize } from '../../runtime/send.ts'
import { commDOf, isSealedSector, isUnsealedSector } from '../commd.ts'
import { lastEpoch } from '../deadline-info.ts'
import { emitSectorPreCommitted } from '../emit.ts'
import {
  VERIFY_DEALS_FOR_ACTIVATION_METHOD,
  VerifyDealsForActivationParams,
  VerifyDealsForActivationReturn,
} from '../ext.ts'
import type { SectorPreCommitInfoParams } from '../method-types.ts'
import { type NetworkEstimates, preCommitDepositForPower } from '../monies.ts'
import { maxProveCommitDuration, sectorDealsMax } from '../policy.ts'
import { depositPower } from '../sector-power.ts'
import { burnFunds, enrollProvingDeadline, requestEstimates } from '../sends.ts'
import {
  addPreCommitDeposit,
  checkBalanceInvariants,
  getAvailableBalance,
  repayDebtsOrAbort,
} from '../state/funds.ts'
import {
  currentDeadlineInfo,
  getInfoForController,
  isConsensusFaultActive,
  powerTermsOf,
} from '../state/info.ts'
import { addPreCommitCleanUps, putPreCommits } from '../state/pre-commits.ts'
import { allocateSectorNumbers } from '../state/sector-numbers.ts'
import { type MinerInfo, MinerState } from '../state.ts'
import { storableSectorNumber } from '../storable.ts'
import { validateExpiration } from '../validation.ts'

/** Source of everything here: builtin-actors v18, `actors/miner/src/lib.rs`. */

/**
 * Method 28, `PreCommitSectorBatch2`: promises sectors, and deposits as much for each as for one full of verified
 * data. Anybody's parameters are checked and others are asked before the caller is looked at. Fee debt is paid
 * first, but what is available for the deposit is counted before.
 *
 * Source: `pre_commit_sector_batch2` and `pre_commit_sector_batch_inner`.
 *
 * @throws {ActorError} `USR_ILLEGAL_ARGUMENT` for a sector that may not be; `USR_INSUFFICIENT_FUNDS` for debt or
 * deposit; `USR_FORBIDDEN`, also during the exclusion for a consensus fault; `USR_ILLEGAL_STATE`
 */
export function preCommitSectorBatch2(rt: Runtime, sectors: readonly SectorPreCommitInfoParams[]): void {
  requireParam(sectors.length > 0, 'batch empty')
  validateSectors(rt, sectors)
  const estimates = requestEstimates(rt)
  const unsealedCids = verifyDeals(rt, sectors)
  const { feeToBurn, needsCron } = rt.transaction(MinerState, (state) => {
    const available = getAvailableBalance(state, rt.currentBalance())
    const debt = repayDebtsOrAbort(rt, state)
    const info = getInfoForController(rt, state)
    requireAllowed(
      !isConsensusFaultActive(info, rt.currEpoch),
      'pre-commit not allowed during active consensus fault',
    )
    for (const [i, sector] of sectors.entries()) {
      requireFitsMiner(rt, info, sector, unsealedCids[i] ?? null)
    }
    recordPreCommits(rt, state, info, sectors, estimates, available)
    const isFirst = !state.deadlineCronActive
    state.deadlineCronActive = true
    return { feeToBurn: debt, needsCron: isFirst }
  })
  burnFunds(rt, feeToBurn)
  const state = rt.state(MinerState)
  checkBalanceInvariants(state, rt.currentBalance())
  if (needsCron) {
    enrollProvingDeadline(rt, lastEpoch(currentDeadlineInfo(rt.policy, state, rt.currEpoch)))
  }
}

/** The checks that need nothing of the miner, in their order. */
function validateSectors(rt: Runtime, sectors: readonly SectorPreCommitInfoParams[]): void {
  const numbers = new Set<bigint>()
  for (const sector of sectors) {
    const { sectorNumber } = sector
    requireParam(!numbers.has(sectorNumber), () => `duplicate sector number ${sectorNumber}`)
    requireInvariant(sectorNumber < MAX_BIT_FIELD_END, 'no set has such a number')
    numbers.add(sectorNumber)
    validateSector(rt, sector)
  }
}

function validateSector({ policy, currEpoch }: Runtime, sector: SectorPreCommitInfoParams): void {
  const { sectorNumber, sealRandEpoch, unsealedCid } = sector
  const sealProof = Number(sector.sealProof)
  requireParam(
    policy.validPreCommitProofTypes.includes(sealProof),
    () => `unsupported seal proof type ${sector.sealProof}`,
  )
  requireParam(sectorNumber <= MAX_SECTOR_NUMBER, () => `sector number ${sectorNumber} out of range`)
  requireParam(isSealedSector(sector.sealedCid), 'the sealed CID is of something else')
  requireParam(sealRandEpoch < currEpoch, () => `seal challenge epoch ${sealRandEpoch} must be before now`)
  const earliest = currEpoch - policy.maxPreCommitRandomnessLookback
  requireParam(sealRandEpoch >= earliest, () => `seal challenge epoch ${sealRandEpoch} too old`)
  requireParam(unsealedCid === null || isUnsealedSector(unsealedCid), 'the unsealed CID is of something else')
  const lastActivation = currEpoch + (maxProveCommitDuration(policy, sealProof) ?? 0)
  validateExpiration(policy, currEpoch, lastActivation, sector.expiration, sealProof)
}

/**
 * The data commitments of the sectors' deals, null for a sector without; the market is asked only when there are any.
 *
 * Source: `verify_deals`.
 *
 * @throws {ActorError} what the market ends with; `USR_ILLEGAL_STATE` for an answer about other sectors.
 */
function verifyDeals(rt: Runtime, sectors: readonly SectorPreCommitInfoParams[]): readonly (Cid | null)[] {
  if (sectors.every(({ dealIds }) => dealIds.length === 0)) {
    return sectors.map(() => null)
  }
  const params = serialize(VerifyDealsForActivationParams, {
    sectors: sectors.map(({ sectorNumber, sealProof, expiration, dealIds }) => ({
      sectorNumber,
      sectorType: sealProof,
      sectorExpiry: expiration,
      dealIds,
    })),
  })
  const answer = sendAndReturn(rt, STORAGE_MARKET_ACTOR_ADDR, VERIFY_DEALS_FOR_ACTIVATION_METHOD, params)
  const { unsealedCids } = deserialize(VerifyDealsForActivationReturn, answer)
  requireState(unsealedCids.length === sectors.length, 'the market answered for another number of sectors')
  return unsealedCids
}

function requireFitsMiner(
  { policy }: Runtime,
  info: MinerInfo,
  sector: SectorPreCommitInfoParams,
  computedCid: Cid | null,
): void {
  const sealProof = Number(sector.sealProof)
  requireParam(
    windowPoStProofOf(sealProof) === info.windowPostProofType,
    () => `seal proof type ${sealProof} is of another sector size than the miner's`,
  )
  const maxDeals = sectorDealsMax(policy, info.sectorSize)
  requireParam(
    sector.dealIds.length <= maxDeals,
    () => `too many deals: ${sector.dealIds.length} > ${maxDeals}`,
  )
  requireParam(
    computedCid === null || commDOf(sector.unsealedCid, sealProof) === computedCid,
    'the declared data commitment is not that of the deals',
  )
}

function recordPreCommits(
  rt: Runtime,
  state: Draft<MinerState>,
  info: MinerInfo,
  sectors: readonly SectorPreCommitInfoParams[],
  estimates: NetworkEstimates,
  available: bigint,
): void {
  const { store, policy, currEpoch } = rt
  const deposit = preCommitDepositForPower(estimates, depositPower(powerTermsOf(policy, info)))
  const total = deposit * BigInt(sectors.length)
  requireFunds(available >= total, () => `insufficient funds ${available} for pre-commit deposit: ${total}`)
  addPreCommitDeposit(state, total)
  const numbers = bitFieldOf(sectors.map(({ sectorNumber }) => sectorNumber))
  allocateSectorNumbers(store, state, numbers, 'denyCollisions')
  const preCommits = sectors.map((sector) => ({
    info: {
      sealProof: Number(sector.sealProof),
      sectorNumber: storableSectorNumber(sector.sectorNumber),
      sealedCid: sector.sealedCid,
      sealRandEpoch: Number(sector.sealRandEpoch),
      dealIds: sector.dealIds,
      expiration: Number(sector.expiration),
      unsealedCid: sector.unsealedCid,
    },
    preCommitDeposit: deposit,
    preCommitEpoch: currEpoch,
  }))
  putPreCommits(store, state, preCommits)
  addPreCommitCleanUps(
    policy,
    store,
    state,
    preCommits.map(({ info: { sealProof, sectorNumber } }) => [cleanUpEpoch(rt, sealProof), sectorNumber]),
  )
  for (const number of bitsOf(numbers)) {
    emitSectorPreCommitted(rt, number)
  }
}

/** When a pre-commitment that was not proven is dropped. Its proof type was checked. */
function cleanUpEpoch({ policy, currEpoch }: Runtime, sealProof: number): ChainEpoch {
  const maxDuration = maxProveCommitDuration(policy, sealProof)
  requireParam(maxDuration !== undefined, () => `no max seal duration for proof type ${sealProof}`)
  return currEpoch + maxDuration + policy.expiredPreCommitCleanUpDelay
}
