import { type BitIndex, type Blockstore, hasBit, type Link } from '@plimsoll/ipld'
import { type ChainEpoch, ExitCode } from '@plimsoll/primitives'
import type { Policy } from '../policy.ts'
import { ActorError, requireInvariant, requireState } from '../runtime/actor-error.ts'
import { type Draft, loadDraft, saveDraft } from '../runtime/draft.ts'
import { type DeadlineInfo, deadlineInfo, isOpen, nextNotElapsed } from './deadline-info.ts'
import { loadPartition } from './deadline-state/partitions.ts'
import { Deadline, type Deadlines, Partitions } from './deadline-state.ts'
import { quantizeDown } from './quantize.ts'

/** Source of everything here: builtin-actors v18, `actors/miner/src/deadlines.rs` and `deadline_state.rs`. */

/** The deadline that an epoch lies in, for a miner whose periods start like `periodStartSeed`. Source: `new_deadline_info_from_offset_and_epoch`. */
export function deadlineInfoFromOffsetAndEpoch(
  policy: Policy,
  periodStartSeed: ChainEpoch,
  currentEpoch: ChainEpoch,
): DeadlineInfo {
  const quant = { unit: policy.wpostProvingPeriod, offset: periodStartSeed }
  const periodStart = quantizeDown(quant, currentEpoch)
  const index = Math.trunc((currentEpoch - periodStart) / policy.wpostChallengeWindow)
  return deadlineInfo(policy, periodStart, index, currentEpoch)
}

/** Whether a deadline is neither open nor the next to open. Source: `deadline_is_mutable`. */
export function isDeadlineMutable(
  policy: Policy,
  periodStart: ChainEpoch,
  index: number,
  currentEpoch: ChainEpoch,
): boolean {
  const { open } = nextNotElapsed(policy, deadlineInfo(policy, periodStart, index, currentEpoch))
  return currentEpoch < open - policy.wpostChallengeWindow
}

/** Whether proofs of a deadline that were accepted unseen may be disputed. Source: `deadline_available_for_optimistic_post_dispute`. */
export function isAvailableForDispute(
  policy: Policy,
  periodStart: ChainEpoch,
  index: number,
  currentEpoch: ChainEpoch,
): boolean {
  if (periodStart > currentEpoch) {
    return false
  }
  const deadline = nextNotElapsed(policy, deadlineInfo(policy, periodStart, index, currentEpoch))
  return (
    !isOpen(deadline) && currentEpoch < deadline.close - policy.wpostProvingPeriod + policy.wpostDisputeWindow
  )
}

/** Whether nothing is going on with a deadline. Source: `deadline_available_for_compaction`. */
export function isAvailableForCompaction(
  policy: Policy,
  periodStart: ChainEpoch,
  index: number,
  currentEpoch: ChainEpoch,
): boolean {
  return (
    isDeadlineMutable(policy, periodStart, index, currentEpoch) &&
    !isAvailableForDispute(policy, periodStart, index, currentEpoch)
  )
}

/** Source: `Deadlines::load_deadline`. @throws {ActorError} `USR_ILLEGAL_ARGUMENT` beyond the last deadline. */
export function loadDeadline(
  store: Blockstore,
  deadlines: Deadlines | Draft<Deadlines>,
  index: number | bigint,
): Draft<Deadline> {
  const link = deadlines.due[Number(index)] as Link<Deadline> | undefined
  if (link === undefined) {
    throw new ActorError(ExitCode.USR_ILLEGAL_ARGUMENT, `invalid deadline index ${index}`)
  }
  return loadDraft(store, Deadline, link)
}

/** Source: `Deadlines::update_deadline` and `Deadline::validate_state`. @throws {ActorError} `USR_ILLEGAL_STATE` */
export function updateDeadline(
  store: Blockstore,
  deadlines: Draft<Deadlines>,
  index: number,
  deadline: Draft<Deadline>,
): void {
  requireInvariant(
    deadline.liveSectors >= 0 && deadline.totalSectors >= 0,
    'fewer than no sectors in a deadline',
  )
  requireState(deadline.liveSectors <= deadline.totalSectors, 'more live sectors than sectors in a deadline')
  requireState(
    deadline.faultyPower.raw >= 0n && deadline.faultyPower.qa >= 0n,
    'negative faulty power in a deadline',
  )
  deadlines.due = deadlines.due.with(index, saveDraft(store, Deadline, deadline))
}

/** Where a sector is. Source: `Deadlines::find_sector`. @throws {ActorError} `USR_ILLEGAL_STATE` when it is nowhere. */
export function findSector(
  store: Blockstore,
  deadlines: Deadlines,
  sectorNumber: number | bigint,
): { readonly deadline: number; readonly partition: number } {
  for (let deadline = 0; deadline < deadlines.due.length; deadline++) {
    const { partitions } = loadDeadline(store, deadlines, deadline)
    for (const [partition, { sectors }] of Partitions.load(store, partitions).entries()) {
      if (hasBit(sectors, sectorNumber)) {
        return { deadline, partition }
      }
    }
  }
  throw new ActorError(ExitCode.USR_ILLEGAL_STATE, `sector ${sectorNumber} is in no deadline`)
}

/**
 * Whether a sector is proven, and neither faulty nor terminated.
 *
 * Source: `actors/miner/src/state.rs`, `check_sector_active`, of proven sectors.
 *
 * @throws {ActorError} `USR_NOT_FOUND` when the partition does not have it.
 */
export function isSectorActive(
  store: Blockstore,
  deadlines: Deadlines,
  deadline: number,
  partition: BitIndex,
  sectorNumber: BitIndex,
): boolean {
  const { sectors, faults, terminated, unproven } = loadPartition(
    store,
    loadDeadline(store, deadlines, deadline),
    partition,
  )
  if (!hasBit(sectors, sectorNumber)) {
    throw new ActorError(ExitCode.USR_NOT_FOUND, `sector ${sectorNumber} is not in partition ${partition}`)
  }
  return ![faults, terminated, unproven].some((field) => hasBit(field, sectorNumber))
}
