import {
  type BitIndex,
  type Blockstore,
  bitFieldOf,
  bitsOf,
  countBits,
  isEmptyBitField,
  subtractBitFields,
} from '@plimsoll/ipld'
import { requireFound } from '../../runtime/actor-error.ts'
import type { Draft } from '../../runtime/draft.ts'
import { popDeadlineEarlyTerminations } from '../deadline-state/terminations.ts'
import { Partitions } from '../deadline-state.ts'
import { loadDeadline, updateDeadline } from '../deadlines.ts'
import { EarlyTerminated } from '../partition-state.ts'
import type { MinerState } from '../state.ts'
import { addTerminations, isBelowLimit, NO_TERMINATIONS, type TerminationResult } from '../termination.ts'
import { loadDeadlinesDraft, saveDeadlines } from './assign-sectors.ts'

/** Whether sectors are terminated and not charged yet. Source: builtin-actors v18, `actors/miner/src/lib.rs`, `have_pending_early_terminations`. */
export function hasPendingEarlyTerminations(state: MinerState | Draft<MinerState>): boolean {
  return !isEmptyBitField(state.earlyTerminations)
}

/**
 * How many sectors wait to be charged: what a caller of TerminateSectors2 has to allow for beside its own.
 *
 * Source: FIPs pull request 1035, which counts them and defines no getter.
 */
export function countQueuedTerminations(store: Blockstore, state: MinerState): number {
  let count = 0
  const deadlines = loadDeadlinesDraft(store, state)
  for (const index of bitsOf(state.earlyTerminations)) {
    const deadline = loadDeadline(store, deadlines, index)
    const partitions = Partitions.load(store, deadline.partitions)
    for (const number of bitsOf(deadline.earlyTerminations)) {
      const partition = requireFound(partitions.get(number), () => `no partition ${number}`)
      for (const [, sectors] of EarlyTerminated.load(store, partition.earlyTerminated).entries()) {
        count += Number(countBits(sectors))
      }
    }
  }
  return count
}

/**
 * Takes at most so many partitions and sectors that are to be charged out of the queues.
 *
 * Source: builtin-actors v18, `actors/miner/src/state.rs`, `pop_early_terminations`.
 */
export function popEarlyTerminations(
  store: Blockstore,
  state: Draft<MinerState>,
  maxPartitions: number,
  maxSectors: number,
): { readonly result: TerminationResult; readonly hasMore: boolean } {
  if (!hasPendingEarlyTerminations(state)) {
    return { result: NO_TERMINATIONS, hasMore: false }
  }
  const deadlines = loadDeadlinesDraft(store, state)
  const finished: BitIndex[] = []
  let result = NO_TERMINATIONS
  for (const index of bitsOf(state.earlyTerminations)) {
    const deadline = loadDeadline(store, deadlines, index)
    const popped = popDeadlineEarlyTerminations(
      store,
      deadline,
      maxPartitions - result.partitionsProcessed,
      maxSectors - result.sectorsProcessed,
    )
    result = addTerminations(result, popped.result)
    if (!popped.hasMore) {
      finished.push(index)
    }
    updateDeadline(store, deadlines, Number(index), deadline)
    if (!isBelowLimit(result, maxPartitions, maxSectors)) {
      break
    }
  }
  state.earlyTerminations = subtractBitFields(state.earlyTerminations, bitFieldOf(finished))
  saveDeadlines(store, state, deadlines)
  return { result, hasMore: hasPendingEarlyTerminations(state) }
}
