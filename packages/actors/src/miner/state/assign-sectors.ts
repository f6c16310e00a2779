import { type Blockstore, load, save } from '@plimsoll/ipld'
import type { ChainEpoch } from '@plimsoll/primitives'
import type { Policy } from '../../policy.ts'
import { requireParam } from '../../runtime/actor-error.ts'
import { type Draft, draftOf, valueOfDraft } from '../../runtime/draft.ts'
import { assignDeadlines } from '../deadline-assignment.ts'
import { addSectorsToDeadline } from '../deadline-state/add-sectors.ts'
import { Deadlines } from '../deadline-state.ts'
import { isDeadlineMutable, loadDeadline, updateDeadline } from '../deadlines.ts'
import { quantSpecForDeadline } from '../quant-specs.ts'
import { loadSectorsArray, storeSectors } from '../sectors.ts'
import type { MinerInfo, MinerState } from '../state.ts'
import type { SectorOnChainInfo } from '../types.ts'
import { currentProvingPeriodStart, powerTermsOf } from './info.ts'

/** Source of everything here: builtin-actors v18, `actors/miner/src/state.rs`. */

/** Source: `load_deadlines`. */
export function loadDeadlinesDraft(
  store: Blockstore,
  state: MinerState | Draft<MinerState>,
): Draft<Deadlines> {
  return draftOf(load(store, Deadlines, state.deadlines))
}

/** Source: `save_deadlines`. */
export function saveDeadlines(
  store: Blockstore,
  state: Draft<MinerState>,
  deadlines: Draft<Deadlines>,
): void {
  state.deadlines = save(store, Deadlines, valueOfDraft(deadlines))
}

/** Source: `put_sectors`. */
export function putSectors(
  store: Blockstore,
  state: Draft<MinerState>,
  added: readonly SectorOnChainInfo[],
): void {
  const sectors = loadSectorsArray(store, state)
  storeSectors(sectors, added)
  state.sectors = sectors.flush()
}

/** Spreads new sectors over the deadlines that are neither open nor next. Source: `assign_sectors_to_deadlines`. */
export function assignSectorsToDeadlines(
  policy: Policy,
  store: Blockstore,
  state: Draft<MinerState>,
  currEpoch: ChainEpoch,
  sectors: readonly SectorOnChainInfo[],
  info: MinerInfo,
): void {
  const deadlines = loadDeadlinesDraft(store, state)
  const periodStart = currentProvingPeriodStart(policy, state, currEpoch)
  const candidates = deadlines.due.flatMap((_, index) => {
    if (!isDeadlineMutable(policy, periodStart, index, currEpoch)) {
      return []
    }
    const { liveSectors, totalSectors } = loadDeadline(store, deadlines, index)
    return [{ index, liveSectors, totalSectors }]
  })
  const assigned = assignDeadlines(
    policy.maxPartitionsPerDeadline,
    info.windowPostPartitionSectors,
    candidates,
    byNumber(sectors),
  )
  for (const index of [...assigned.keys()].sort((a, b) => a - b)) {
    addNewSectors(policy, store, state, deadlines, index, assigned.get(index) ?? [], info)
  }
  saveDeadlines(store, state, deadlines)
}

/**
 * Puts new sectors into a deadline that was asked for.
 *
 * Source: `assign_sectors_to_deadline`.
 *
 * @throws {ActorError} `USR_ILLEGAL_ARGUMENT` for a deadline that is open or next.
 */
export function assignSectorsToDeadline(
  policy: Policy,
  store: Blockstore,
  state: Draft<MinerState>,
  currEpoch: ChainEpoch,
  sectors: readonly SectorOnChainInfo[],
  info: MinerInfo,
  index: number,
): void {
  const deadlines = loadDeadlinesDraft(store, state)
  const periodStart = currentProvingPeriodStart(policy, state, currEpoch)
  requireParam(
    isDeadlineMutable(policy, periodStart, index, currEpoch),
    'the proving deadline must not be the current or the next',
  )
  addNewSectors(policy, store, state, deadlines, index, byNumber(sectors), info)
  saveDeadlines(store, state, deadlines)
}

function addNewSectors(
  policy: Policy,
  store: Blockstore,
  state: Draft<MinerState>,
  deadlines: Draft<Deadlines>,
  index: number,
  sectors: readonly SectorOnChainInfo[],
  info: MinerInfo,
): void {
  const deadline = loadDeadline(store, deadlines, index)
  const quant = quantSpecForDeadline(policy, state, index)
  const arrival = { partitionSize: info.windowPostPartitionSectors, isProven: false, hasNewFees: true }
  addSectorsToDeadline(store, deadline, sectors, arrival, powerTermsOf(policy, info), quant)
  updateDeadline(store, deadlines, index, deadline)
}

function byNumber(sectors: readonly SectorOnChainInfo[]): readonly SectorOnChainInfo[] {
  return sectors.toSorted((a, b) => a.sectorNumber - b.sectorNumber)
}
