import { ExitCode } from '@plimsoll/primitives'
import { requireAllowed, requireFunds, requireParam, withExitCode } from '../../runtime/actor-error.ts'
import { type BatchReturn, successesOf } from '../../runtime/batch-return.ts'
import type { Draft } from '../../runtime/draft.ts'
import type { Runtime } from '../../runtime/runtime.ts'
import { lastEpoch } from '../deadline-info.ts'
import { isDeadlineMutable } from '../deadlines.ts'
import { emitSectorActivated } from '../emit.ts'
import type { ProveCommitSectorsNIParams, SectorNIActivationInfo } from '../method-types.ts'
import { initialPledgeForPower } from '../monies.ts'
import { dailyProofFee } from '../policy.ts'
import { SNARK_PACK_V2, validateSealAggregateProof, verifyAggregateSeal } from '../seal-proofs.ts'
import { qaPowerOfTerm } from '../sector-power.ts'
import {
  burnFunds,
  enrollProvingDeadline,
  type NetworkInputs,
  notifyPledgeChanged,
  requestNetworkInputs,
} from '../sends.ts'
import { assignSectorsToDeadline, putSectors } from '../state/assign-sectors.ts'
import {
  addInitialPledge,
  checkBalanceInvariants,
  getUnlockedBalance,
  repayDebtsOrAbort,
} from '../state/funds.ts'
import {
  currentDeadlineInfo,
  currentProvingPeriodStart,
  getInfo,
  getInfoForController,
  isConsensusFaultActive,
  powerTermsOf,
} from '../state/info.ts'
import { allocateSectorNumbers } from '../state/sector-numbers.ts'
import { type MinerInfo, MinerState } from '../state.ts'
import { storableSectorNumber } from '../storable.ts'
import { type SectorOnChainInfo, SIMPLE_QA_POWER } from '../types.ts'
import { validateNISectors } from '../validate-ni-sectors.ts'

/** Source of everything here: builtin-actors v18, `actors/miner/src/lib.rs`. */

/**
 * Method 36, `ProveCommitSectorsNI` (FIP-0092): commits empty sectors without a pre-commitment, to a deadline of the
 * caller's choice. Fee debt is paid last.
 *
 * Source: `prove_commit_sectors_ni`.
 *
 * @returns how each sector ended.
 * @throws {ActorError} `USR_ILLEGAL_ARGUMENT` for a proof that does not hold or sectors that may not be;
 * `USR_FORBIDDEN`, also for a deadline that is open or next and during the exclusion for a consensus fault;
 * `USR_INSUFFICIENT_FUNDS` for pledge or debt; `USR_ILLEGAL_STATE`
 */
export function proveCommitSectorsNI(rt: Runtime, params: ProveCommitSectorsNIParams): BatchReturn {
  const { info, deadline } = validateParams(rt, params)
  const validated = validateNISectors(
    rt,
    params.sectors,
    Number(params.sealProofType),
    params.requireActivationSuccess,
  )
  const sectors = successesOf(validated.batch, params.sectors)
  const [first] = sectors
  requireParam(first !== undefined, 'no valid NI commits specified')
  verifyAggregateSeal(rt, {
    sealer: first.sealerId,
    sealProof: Number(params.sealProofType),
    aggregateProof: params.aggregateProofType,
    proof: params.aggregateProof,
    claims: validated.claims,
  })
  const network = requestNetworkInputs(rt)
  const newSectors = sectors.map((sector) =>
    newSector(rt, info, Number(params.sealProofType), network, sector),
  )
  const totalPledge = newSectors.reduce((sum, { initialPledge }) => sum + initialPledge, 0n)
  const { needsCron, feeToBurn } = rt.transaction(MinerState, (state) => {
    const unlocked = getUnlockedBalance(state, rt.currentBalance())
    requireFunds(
      unlocked >= totalPledge,
      () => `insufficient funds for initial pledge ${totalPledge}, available ${unlocked}`,
    )
    const isFirst = !state.deadlineCronActive
    state.deadlineCronActive = true
    allocateSectorNumbers(rt.store, state, validated.sectorNumbers, 'denyCollisions')
    recordSectors(rt, state, info, deadline, newSectors)
    addInitialPledge(state, totalPledge)
    return { needsCron: isFirst, feeToBurn: repayDebtsOrAbort(rt, state) }
  })
  burnFunds(rt, feeToBurn)
  notifyPledgeChanged(rt, totalPledge)
  const state = rt.state(MinerState)
  checkBalanceInvariants(state, rt.currentBalance())
  for (const { sectorNumber } of sectors) {
    emitSectorActivated(rt, sectorNumber, null, [])
  }
  if (needsCron) {
    enrollProvingDeadline(rt, lastEpoch(currentDeadlineInfo(rt.policy, state, rt.currEpoch)))
  }
  return validated.batch
}

/** The checks before the sectors are looked at, in their order. */
function validateParams(
  rt: Runtime,
  params: ProveCommitSectorsNIParams,
): { readonly info: MinerInfo; readonly deadline: number } {
  const { policy, currEpoch } = rt
  const state = rt.state(MinerState)
  getInfo(rt.store, state)
  const { minAggregatedSectorsNi: min, maxAggregatedSectorsNi: max } = policy
  validateSealAggregateProof(policy, params.aggregateProof, params.sectors.length, { min, max })
  const info = getInfoForController(rt, state)
  requireParam(
    params.provingDeadline < policy.wpostPeriodDeadlines,
    () => `proving deadline index ${params.provingDeadline} invalid`,
  )
  const deadline = Number(params.provingDeadline)
  const periodStart = currentProvingPeriodStart(policy, state, currEpoch)
  requireAllowed(
    isDeadlineMutable(policy, periodStart, deadline, currEpoch),
    () => `proving deadline ${deadline} must not be the current or next deadline`,
  )
  requireAllowed(
    !isConsensusFaultActive(info, currEpoch),
    'ProveCommitSectorsNI not allowed during active consensus fault',
  )
  requireParam(
    policy.validProveCommitNiProofTypes.includes(Number(params.sealProofType)),
    () => `unsupported seal proof type ${params.sealProofType}`,
  )
  requireParam(params.aggregateProofType === SNARK_PACK_V2, 'aggregate proof type must be SnarkPackV2')
  return { info, deadline }
}

/** A sector without data: its power is its size, unless its duration multiplies it. */
function newSector(
  { policy, currEpoch }: Runtime,
  info: MinerInfo,
  sealProof: number,
  { estimates, pledge }: NetworkInputs,
  sector: SectorNIActivationInfo,
): SectorOnChainInfo {
  const term = { powerBaseEpoch: currEpoch, expiration: Number(sector.expiration), verifiedDealWeight: 0n }
  const power = qaPowerOfTerm(powerTermsOf(policy, info), term)
  return {
    ...term,
    sectorNumber: storableSectorNumber(sector.sectorNumber),
    sealProof,
    sealedCid: sector.sealedCid,
    deprecatedDealIds: [],
    activation: currEpoch,
    dealWeight: 0n,
    initialPledge: initialPledgeForPower(power, estimates, pledge),
    expectedDayReward: null,
    expectedStoragePledge: null,
    replacedDayReward: null,
    sectorKeyCid: null,
    flags: SIMPLE_QA_POWER,
    dailyFee: dailyProofFee(policy, pledge.circulatingSupply, power),
  }
}

function recordSectors(
  rt: Runtime,
  state: Draft<MinerState>,
  info: MinerInfo,
  deadline: number,
  sectors: readonly SectorOnChainInfo[],
): void {
  withExitCode(ExitCode.USR_ILLEGAL_STATE, () => putSectors(rt.store, state, sectors))
  assignSectorsToDeadline(rt.policy, rt.store, state, rt.currEpoch, sectors, info, deadline)
}
