import type { Amt, Blockstore, Hamt, Link } from '@plimsoll/ipld'
import type { ChainEpoch } from '@plimsoll/primitives'
import type { Draft } from '../runtime/draft.ts'
import { type CronEvent, CronEventQueue, CronEvents, type PowerState } from './state.ts'

/** Source of everything here: builtin-actors v18, `actors/power/src/state.rs`; `runtime/src/util/multimap.rs`. */

type Queue = Hamt<ChainEpoch, Link<Amt<CronEvent>>>

/** Puts an event at the end of its epoch's. Source: `append_cron_event`. */
export function appendCronEvent(
  store: Blockstore,
  state: Draft<PowerState>,
  epoch: ChainEpoch,
  event: CronEvent,
): void {
  state.firstCronEpoch = Math.min(state.firstCronEpoch, epoch)
  const queue = CronEventQueue.load(store, state.cronEventQueue)
  const present = queue.get(epoch)
  const events = present === undefined ? CronEvents.empty(store) : CronEvents.load(store, present)
  events.set(events.count, event)
  queue.set(epoch, events.flush())
  state.cronEventQueue = queue.flush()
}

/** Takes the events of all epochs up to `currEpoch` out of the queue, in their order. Source: `process_deferred_cron_events`. */
export function takeCronEvents(
  store: Blockstore,
  state: Draft<PowerState>,
  currEpoch: ChainEpoch,
): readonly CronEvent[] {
  const queue = CronEventQueue.load(store, state.cronEventQueue)
  const taken: CronEvent[] = []
  for (const epoch of dueEpochs(queue, state.firstCronEpoch, currEpoch)) {
    const events = queue.get(epoch)
    if (events !== undefined) {
      taken.push(...CronEvents.load(store, events).values())
      queue.delete(epoch)
    }
  }
  state.firstCronEpoch = currEpoch + 1
  state.cronEventQueue = queue.flush()
  return taken
}

/** Epochs that are looked up one by one; of more, it is the queue that is searched, which has an entry per miner. */
const MAX_LOOK_UPS = 4

function* dueEpochs(queue: Queue, first: ChainEpoch, last: ChainEpoch): Generator<ChainEpoch> {
  if (last - first >= MAX_LOOK_UPS) {
    yield* [...queue.keys()].filter((epoch) => epoch >= first && epoch <= last).sort((a, b) => a - b)
    return
  }
  for (let epoch = first; epoch <= last; epoch++) {
    yield epoch
  }
}
