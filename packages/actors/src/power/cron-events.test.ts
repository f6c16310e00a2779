import { fc, test } from '@fast-check/vitest'
import { createMemoryBlockstore } from '@plimsoll/ipld'
import { actorId, createHashes, idAddress } from '@plimsoll/primitives'
import { TestPower } from '@plimsoll/testkit'
import { describe, expect } from 'vitest'
import { draftOf, valueOfDraft } from '../runtime/draft.ts'
import { appendCronEvent, takeCronEvents } from './cron-events.ts'
import { type CronEvent, CronEventQueue, CronEvents, type PowerState } from './state.ts'

const hashes = await createHashes()
const store = createMemoryBlockstore(hashes)
const EMPTY: PowerState = {
  ...new TestPower(hashes).state,
  cronEventQueue: CronEventQueue.empty(store).flush(),
}

const eventOf = (miner: number, payload = 0): CronEvent => ({
  minerAddr: idAddress(actorId(miner)),
  callbackPayload: Uint8Array.of(payload),
})

type Enrolment = readonly [epoch: number, miner: number]

function enrolled(events: readonly Enrolment[], firstCronEpoch = 0): PowerState {
  const state = draftOf({ ...EMPTY, firstCronEpoch })
  events.forEach(([epoch, miner], index) => {
    appendCronEvent(store, state, epoch, eventOf(miner, index))
  })
  return valueOfDraft(state)
}

function take(state: PowerState, currEpoch: number) {
  const draft = draftOf(state)
  return { taken: takeCronEvents(store, draft, currEpoch), state: valueOfDraft(draft) }
}

describe('the events of cron', () => {
  test('of one epoch keep their order', () => {
    const { cronEventQueue } = enrolled([
      [7, 1],
      [9, 2],
      [7, 3],
      [7, 1],
    ])
    const queue = CronEventQueue.load(store, cronEventQueue)
    const at = (epoch: number) => {
      const events = queue.get(epoch)
      return events && [...CronEvents.load(store, events).values()]
    }
    expect(at(7)).toEqual([eventOf(1, 0), eventOf(3, 2), eventOf(1, 3)])
    expect(at(9)).toEqual([eventOf(2, 1)])
    expect(at(8)).toBe(undefined)
  })

  test.each([
    { first: 5, epoch: 3, after: 3 },
    { first: 5, epoch: 5, after: 5 },
    { first: 5, epoch: 8, after: 5 },
  ])('in $epoch make the first epoch $after where it was $first', ({ first, epoch, after }) => {
    expect(enrolled([[epoch, 1]], first).firstCronEpoch).toBe(after)
  })

  test('are taken once they are due, the earlier first', () => {
    const before = enrolled([
      [6, 1],
      [4, 2],
      [9, 3],
      [5, 4],
    ])
    const { taken, state } = take(before, 6)
    expect(taken).toEqual([eventOf(2, 1), eventOf(4, 3), eventOf(1, 0)])
    expect(state.firstCronEpoch).toBe(7)
    expect([...CronEventQueue.load(store, state.cronEventQueue).keys()]).toEqual([9])
    expect(take(state, 8).taken).toEqual([])
    expect(take(state, 9).taken).toEqual([eventOf(3, 2)])
  })

  test('leave an empty queue behind', () => {
    const { state } = take(enrolled([[1, 1]]), 100)
    expect(state.cronEventQueue.cid).toBe(EMPTY.cronEventQueue.cid)
  })

  const anyEnrolments = fc.array(fc.tuple(fc.nat(30), fc.nat(5)), { maxLength: 15 })

  // One epoch is looked up; of many, the queue is searched. The reference only looks up.
  test.prop([anyEnrolments, fc.nat(10), fc.nat(30)])(
    'are the same whether they are taken epoch by epoch or all at once',
    (events, first, last) => {
      const before = enrolled(events, first)
      const oneByOne: CronEvent[] = []
      let state = before
      for (let epoch = before.firstCronEpoch; epoch <= last; epoch++) {
        const step = take(state, epoch)
        oneByOne.push(...step.taken)
        state = step.state
      }
      const atOnce = take(before, last)
      expect(atOnce.taken).toEqual(oneByOne)
      if (before.firstCronEpoch <= last) {
        expect(atOnce.state).toEqual(state)
      }
      const due = events.filter(([epoch]) => epoch <= last)
      expect(atOnce.taken).toHaveLength(due.length)
    },
  )
})
