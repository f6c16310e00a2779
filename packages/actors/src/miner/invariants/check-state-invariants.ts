import { bitField, bitFieldOf, equalBitFields, hasBit, load, unionOfBitFields, within } from '@plimsoll/ipld'
import { type AttoFil, formatFil } from '@plimsoll/primitives'
import type { ActorsVersion } from '../../actors-version.ts'
import type { Findings } from '../../invariants/findings.ts'
import { formatMembers } from '../../invariants/members.ts'
import type { Policy } from '../../policy.ts'
import { loadDeadlines, loadInfo, loadSectorsByNumber, type Miner } from '../load-miner.ts'
import { addPower, type PowerPair, ZERO_POWER } from '../power-pair.ts'
import { quantSpecForDeadline } from '../quant-specs.ts'
import { powerTermsOf } from '../state/info.ts'
import type { SectorOnChainInfo } from '../types.ts'
import { checkMinerBalances } from './balances.ts'
import { checkDeadline, type DeadlineSummary } from './deadline.ts'
import { checkMinerInfo } from './info.ts'
import { checkPreCommits } from './pre-commits.ts'
import { type SectorSet, sectorSet } from './sector-set.ts'

/** What other actors are compared with. */
export interface MinerSummary {
  readonly activePower: PowerPair
  readonly windowPostProofType: number
  readonly deadlineCronActive: boolean
  /** Sectors that hold data, verified or not, and so may hold deals and claims. */
  readonly liveDataSectors: ReadonlyMap<number, SectorOnChainInfo>
}

/**
 * The rules that a miner's state keeps at all times.
 *
 * Beside the reference's own it checks that the deadlines with early terminations are exactly those that the
 * state names, and that the pledge is that of the live and of the queued sectors. Before v12 there is no power
 * base, before v16 there are no daily fees and no live power of deadlines, so those rules say nothing there.
 *
 * Source: builtin-actors v18, `actors/miner/src/testing.rs`, `check_state_invariants`.
 *
 * @throws {CodecError} when a block is missing or malformed.
 */
export function checkMinerInvariants(
  policy: Policy,
  version: ActorsVersion,
  miner: Miner,
  balance: AttoFil,
  findings: Findings,
): MinerSummary {
  const { state } = miner
  const info = loadInfo(miner)
  checkMinerInfo(info, version, findings.under('info'))
  checkMinerBalances(policy, miner, balance, findings)
  const allocated = within('allocatedSectors', () => load(miner.store, bitField, state.allocatedSectors))
  checkPreCommits(policy, miner, allocated, findings)
  const sectors = sectorSet(loadSectorsByNumber(miner))
  for (const sector of sectors.byNumber.values()) {
    const here = findings.under('sectors', sector.sectorNumber)
    here.require(
      hasBit(allocated, sector.sectorNumber),
      'miner/sector-not-allocated',
      () => 'the number is free',
    )
    checkSectorEpochs(sector, version, here)
  }
  findings.require(
    state.currentDeadline < policy.wpostPeriodDeadlines,
    'miner/current-deadline',
    () => `${state.currentDeadline}, where there are ${policy.wpostPeriodDeadlines}`,
  )
  const deadlines = loadDeadlines(miner).map((deadline, index) =>
    within('deadlines', () =>
      within(index, () => {
        const quant = quantSpecForDeadline(policy, state, index)
        const context = { miner, quant, terms: powerTermsOf(policy, info), sectors }
        return checkDeadline(deadline, context, findings.under('deadlines', index))
      }),
    ),
  )
  checkEarlyTerminations(miner, deadlines, findings)
  checkInitialPledge(miner, sectors, deadlines, findings)
  return {
    activePower: deadlines.reduce((sum, deadline) => addPower(sum, deadline.activePower), ZERO_POWER),
    windowPostProofType: info.windowPostProofType,
    deadlineCronActive: state.deadlineCronActive,
    liveDataSectors: new Map(
      [...sectors.byNumber].filter(
        ([, { dealWeight, verifiedDealWeight }]) => dealWeight !== 0n || verifiedDealWeight !== 0n,
      ),
    ),
  }
}

function checkSectorEpochs(sector: SectorOnChainInfo, version: ActorsVersion, findings: Findings): void {
  if (version < 12) {
    return
  }
  const { activation, powerBaseEpoch, expiration } = sector
  findings.require(
    activation <= powerBaseEpoch,
    'miner/power-base-before-activation',
    () => `power base ${powerBaseEpoch}, activation ${activation}`,
  )
  findings.require(
    powerBaseEpoch < expiration,
    'miner/power-base-not-before-expiration',
    () => `power base ${powerBaseEpoch}, expiration ${expiration}`,
  )
}

/** Not in the reference. */
function checkEarlyTerminations(
  { state }: Miner,
  deadlines: readonly DeadlineSummary[],
  findings: Findings,
): void {
  const expected = bitFieldOf(
    deadlines.flatMap(({ hasEarlyTerminations }, index) => (hasEarlyTerminations ? [index] : [])),
  )
  findings.require(
    equalBitFields(state.earlyTerminations, expected),
    'miner/early-terminations',
    () => `${formatMembers(state.earlyTerminations)}, where the deadlines are ${formatMembers(expected)}`,
  )
}

/** Not in the reference. */
function checkInitialPledge(
  { state }: Miner,
  sectors: SectorSet,
  deadlines: readonly DeadlineSummary[],
  findings: Findings,
): void {
  const pledged = unionOfBitFields(deadlines.flatMap(({ live, queued }) => [live, queued]))
  let sum = 0n
  for (const { sectorNumber, initialPledge } of sectors.byNumber.values()) {
    sum += hasBit(pledged, sectorNumber) ? initialPledge : 0n
  }
  findings.require(
    state.initialPledge === sum,
    'miner/initial-pledge',
    () => `${formatFil(state.initialPledge)}, where live and queued sectors have ${formatFil(sum)}`,
  )
}
