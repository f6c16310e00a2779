import { fc, test } from '@fast-check/vitest'
import { MAINNET_POLICY, type NetworkEstimates } from '@plimsoll/actors'
import { describe, expect } from 'vitest'
import { batchesOf, openParts } from './declare-parts.ts'
import { countQueued, isWoundDown } from './predict-state.ts'
import { predictTermination, predictTermination2, settleRound } from './predict-terminations.ts'
import { predictTick } from './predict-tick.ts'
import { plainDeadline, plainMiner, plainSector } from './testing/plain-miner.ts'

/** So much power for so little reward that no fault fee decides: 2 % of the pledge, or 8.5 % by age up to 140 days. */
const CHEAP: NetworkEstimates = {
  reward: { position: 1n << 128n, velocity: 0n },
  qaPower: { position: 1n << 200n, velocity: 0n },
}
const DAY = 2880

/** Three partitions of two sectors in deadline 5, one in deadline 6; pledge 1000 each, 8000 in all. */
function eightSectors(limits: { readonly sectors?: number; readonly partitions?: number } = {}) {
  const numbers = (...list: readonly number[]) => list.map((number) => plainSector(number))
  const deadlines = Array.from({ length: 5 }, () => plainDeadline())
  return plainMiner({
    policy: {
      ...MAINNET_POLICY,
      settledSectorsMax: limits.sectors ?? MAINNET_POLICY.settledSectorsMax,
      settledPartitionsMax: limits.partitions ?? MAINNET_POLICY.settledPartitionsMax,
    },
    ...{ balance: 9000n, initialPledge: 8000n, claim: { raw: 8n << 35n, qa: 8n << 35n } },
    deadlines: [
      ...deadlines,
      plainDeadline(numbers(0, 1), numbers(2, 3), numbers(4, 5)),
      plainDeadline(numbers(6, 7)),
    ],
  })
}

const ALL = [
  { deadline: 5, partition: 0, sectors: [0, 1] },
  { deadline: 5, partition: 1, sectors: [2, 3] },
  { deadline: 5, partition: 2, sectors: [4, 5] },
  { deadline: 6, partition: 0, sectors: [6, 7] },
]

describe('I9: the parts that may be named', () => {
  // Deadline 5 opens at 300, and can be changed until 60 epochs before: `deadline_is_mutable`, curr < open − 60.
  test.each([
    { epoch: 239, deadlines: [5, 5, 5, 6] },
    { epoch: 240, deadlines: [6] },
    { epoch: 299, deadlines: [6] },
    { epoch: 300, deadlines: [] },
    // It closes at 360, and its next window is a day away.
    { epoch: 360, deadlines: [5, 5, 5] },
    { epoch: 420, deadlines: [5, 5, 5, 6] },
  ])('at $epoch are of the deadlines $deadlines', ({ epoch, deadlines }) => {
    expect(openParts(eightSectors(), epoch).map(({ deadline }) => deadline)).toEqual(deadlines)
  })
})

describe('batchesOf', () => {
  test.prop([fc.integer({ min: 1, max: 9 })])('keeps order and size, and loses nothing', (size) => {
    const batches = batchesOf(ALL, size)
    const counts = batches.map((batch) => batch.reduce((sum, { sectors }) => sum + sectors.length, 0))
    expect(batches.flat().flatMap(({ sectors }) => sectors)).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
    expect(counts.slice(0, -1).every((count) => count === size)).toBe(true)
  })
})

describe('predictTermination', () => {
  // 140 days and more: 8.5 % of 1000 each; the pledge is released and the fee burned from it.
  test('charges every sector, and releases its pledge', () => {
    const miner = eightSectors()
    const outcome = predictTermination(miner, 200 * DAY, ALL, CHEAP)
    expect(outcome).toMatchObject({ isDone: true, debtBefore: 0n, debtAfter: 0n })
    expect(outcome.rounds[0]).toMatchObject({ fee: 680n, pledgeReleased: 8000n, burned: 680n })
    expect(miner).toMatchObject({ balance: 8320n, initialPledge: 0n, claim: { raw: 0n, qa: 0n } })
    expect(isWoundDown(miner)).toBe(true)
  })

  // `pop_early_terminations`: deadlines, partitions and epochs ascending, lowest numbers first.
  test('leaves what a round may not take to cron, which goes on where it ended', () => {
    const miner = eightSectors({ sectors: 3 })
    const first = predictTermination(miner, 200 * DAY, ALL, CHEAP)
    expect(first.isDone).toBe(false)
    expect(first.rounds[0]?.fees.map(({ sector }) => sector)).toEqual([0, 1, 2])
    expect(miner.events).toEqual([{ epoch: 200 * DAY + 1, kind: 'early terminations' }])
    const second = predictTick(miner, 200 * DAY + 1, () => CHEAP)
    expect(second?.rounds[0]?.fees.map(({ sector }) => sector)).toEqual([3, 4, 5])
    const third = predictTick(miner, 200 * DAY + 2, () => CHEAP)
    expect(third?.rounds[0]?.fees.map(({ sector }) => sector)).toEqual([6, 7])
    expect(miner.events).toEqual([])
    expect(isWoundDown(miner)).toBe(true)
  })

  test('counts a partition as one whatever it gives', () => {
    const miner = eightSectors({ partitions: 2 })
    const { rounds } = predictTermination(miner, 200 * DAY, ALL, CHEAP)
    expect(rounds[0]?.fees.map(({ sector }) => sector)).toEqual([0, 1, 2, 3])
  })

  test('has cron called once only, however often a message finds more', () => {
    const miner = eightSectors({ sectors: 1 })
    predictTermination(miner, 200 * DAY, ALL.slice(0, 1), CHEAP)
    predictTermination(miner, 200 * DAY, ALL.slice(1, 2), CHEAP)
    expect(miner.events).toHaveLength(1)
    expect(countQueued(miner)).toBe(2)
  })

  test('marks a deadline that is named with no sectors', () => {
    const miner = eightSectors()
    const { isDone } = predictTermination(
      miner,
      200 * DAY,
      [{ deadline: 6, partition: 0, sectors: [] }],
      CHEAP,
    )
    expect(isDone).toBe(true)
    expect(miner.pending.size).toBe(0)
  })

  // 2 % of 1000 at any age below 32.9 days; of a sector of 70 days 4.25 %.
  test('charges for the age that a sector had when it was terminated', () => {
    const miner = eightSectors({ sectors: 1 })
    predictTermination(miner, 70 * DAY, ALL.slice(0, 1), CHEAP)
    expect(settleRound(miner, 400 * DAY, CHEAP).fees).toEqual([{ sector: 1, epoch: 70 * DAY, fee: 42n }])
  })
})

describe('predictTermination2', () => {
  test('charges the queue, and then everything of its own, in as many rounds as that takes', () => {
    const miner = eightSectors({ sectors: 3 })
    predictTermination(miner, 200 * DAY, ALL.slice(0, 2), CHEAP)
    const { rounds, isDone } = predictTermination2(miner, 200 * DAY + 1, ALL.slice(2), CHEAP)
    expect(isDone).toBe(true)
    expect(rounds.map(({ fees }) => fees.map(({ sector }) => sector))).toEqual([[3], [4, 5, 6], [7]])
    expect(isWoundDown(miner)).toBe(true)
  })
})
