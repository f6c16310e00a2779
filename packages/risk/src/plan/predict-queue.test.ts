import type { NetworkEstimates } from '@plimsoll/actors'
import { describe, expect, test } from 'vitest'
import type { PredictedDeadline, PredictedMiner } from './predict-state.ts'
import {
  endSectors,
  enqueue,
  gainClaim,
  loseClaim,
  predictTermination,
  settleRound,
} from './predict-terminations.ts'
import { plainDeadline, plainMiner, plainSector } from './testing/plain-miner.ts'

/** So much power for so little reward that no fault fee decides. */
const CHEAP: NetworkEstimates = {
  reward: { position: 1n << 128n, velocity: 0n },
  qaPower: { position: 1n << 200n, velocity: 0n },
}
const DAY = 2880
const NOW = 200 * DAY

/** Sectors that wait, by partition and the epoch in which they were ended. */
function waitingDeadline(
  ...partitions: readonly (readonly (readonly [epoch: number, ...numbers: number[]])[])[]
) {
  const deadline = plainDeadline(...partitions.map(() => []))
  for (const [index, queues] of partitions.entries()) {
    const partition = deadline.partitions[index]
    for (const [epoch, ...numbers] of queues) {
      if (partition !== undefined) {
        enqueue(
          deadline,
          partition,
          epoch,
          numbers.map((number) => plainSector(number)),
        )
      }
    }
  }
  return deadline
}

function minerWith(
  deadlines: readonly PredictedDeadline[],
  limits: { readonly sectors?: number; readonly partitions?: number } = {},
  fields: Partial<PredictedMiner> = {},
): PredictedMiner {
  const { policy } = plainMiner()
  return plainMiner({
    policy: {
      ...policy,
      settledSectorsMax: limits.sectors ?? policy.settledSectorsMax,
      settledPartitionsMax: limits.partitions ?? policy.settledPartitionsMax,
    },
    ...{ balance: 50_000n, initialPledge: 20_000n, deadlines, pending: new Set(deadlines.keys()) },
    ...fields,
  })
}

const settled = (miner: PredictedMiner) =>
  settleRound(miner, NOW, CHEAP).fees.map(({ epoch, sector }) => [epoch, sector])

describe('what waits to be charged', () => {
  test('is kept by epoch, then by number, however it came', () => {
    const deadline = waitingDeadline([
      [20, 5, 3],
      [10, 9],
      [20, 4],
      [15, 1],
    ])
    const queued = deadline.partitions[0]?.queued.map(({ epoch, sectors }) => [
      epoch,
      ...sectors.map(({ number }) => number),
    ])
    expect(queued).toEqual([
      [10, 9],
      [15, 1],
      [20, 3, 4, 5],
    ])
    expect([...deadline.pending]).toEqual([0])
  })

  // `process_early_terminations` charges epoch by epoch, over all partitions.
  test('is charged by epoch, then by number, wherever it waits', () => {
    const deadlines = [
      waitingDeadline(
        [
          [20, 8],
          [30, 4],
        ],
        [[10, 7]],
      ),
      waitingDeadline([
        [10, 1],
        [20, 2],
      ]),
    ]
    expect(settled(minerWith(deadlines))).toEqual([
      [10, 1],
      [10, 7],
      [20, 2],
      [20, 8],
      [30, 4],
    ])
  })

  // `pop_early_terminations`: deadlines and partitions ascending, in whatever order they were marked.
  test('is taken from the lowest deadline, and from the lowest partition of it', () => {
    const deadlines = [waitingDeadline([[20, 8]], [[10, 7]], [[10, 6]]), waitingDeadline([[5, 1]])]
    const [first] = deadlines
    first?.pending.clear()
    for (const index of [2, 1, 0]) {
      first?.pending.add(index)
    }
    const miner = minerWith(deadlines, { sectors: 1 }, { pending: new Set([1, 0]) })
    const order = [settled(miner), settled(miner), settled(miner), settled(miner)]
    expect(order).toEqual([[[20, 8]], [[10, 7]], [[10, 6]], [[5, 1]]])
    expect(miner.pending.size).toBe(0)
  })

  test('is charged for the age from activation to its end', () => {
    const deadline = plainDeadline([])
    const [partition] = deadline.partitions
    if (partition !== undefined) {
      enqueue(deadline, partition, NOW, [plainSector(1, { activation: 130 * DAY })])
    }
    // Half of 85 after 70 of 140 days.
    expect(settleRound(minerWith([deadline]), NOW + DAY, CHEAP)).toMatchObject({
      ...{ fee: 42n, pledgeReleased: 1000n, burned: 42n, hasMore: false },
    })
  })

  test('where nothing waits is no occasion to pay debt', () => {
    const miner = minerWith([], {}, { feeDebt: 5n })
    expect(settleRound(miner, NOW, CHEAP)).toMatchObject({ fee: 0n, burned: 0n, hasMore: false })
    expect(miner.feeDebt).toBe(5n)
  })
})

describe('a round', () => {
  test('takes several epochs of a partition, as far as it goes', () => {
    const queues = () => [
      waitingDeadline([
        [10, 1, 2],
        [20, 3],
        [30, 4],
      ]),
    ]
    expect(settled(minerWith(queues()))).toHaveLength(4)
    const miner = minerWith(queues(), { sectors: 3 })
    expect(settled(miner)).toEqual([
      [10, 1],
      [10, 2],
      [20, 3],
    ])
    expect(settled(miner)).toEqual([[30, 4]])
  })

  // At the age of ten epochs a sector costs 2 % of 1000. Whatever is marked behind the limit stays marked, though it has nothing to give.
  test('ends when its sectors or its partitions are used up', () => {
    const marked = () => {
      const deadline = plainDeadline([], [])
      deadline.pending.add(1)
      return deadline
    }
    for (const limits of [{ sectors: 1 }, { partitions: 1 }]) {
      const two = waitingDeadline([[10, 1]], [])
      two.pending.add(1)
      const miner = minerWith([two, marked()], limits)
      expect(settleRound(miner, NOW, CHEAP)).toMatchObject({ fee: 20n, hasMore: true })
      expect([[...miner.pending], [...two.pending]]).toEqual([[0, 1], [1]])
    }
  })

  test('forgets marks of what there is not', () => {
    const deadline = waitingDeadline([[10, 1]])
    deadline.pending.add(7)
    const miner = minerWith([deadline], {}, { pending: new Set([0, 48]) })
    expect(settleRound(miner, NOW, CHEAP)).toMatchObject({ fee: 20n, hasMore: false })
    expect([miner.pending.size, deadline.pending.size]).toEqual([0, 0])
  })

  // `terminate_sectors` of a partition marks it only where something of it was ended.
  test('counts no partition of which nothing was terminated', () => {
    const deadlines = [plainDeadline([plainSector(1)]), plainDeadline([plainSector(2)])]
    const miner = minerWith(deadlines, { partitions: 1 }, { pending: new Set() })
    const declared = [
      { deadline: 0, partition: 0, sectors: [] },
      { deadline: 1, partition: 0, sectors: [2] },
    ]
    expect(predictTermination(miner, NOW, declared, CHEAP)).toMatchObject({
      ...{ isDone: true, rounds: [{ fee: 85n, hasMore: false }] },
    })
  })
})

describe('the power of a miner', () => {
  const before = { raw: 1n << 40n, qa: 1000n }
  const power = (fields: Parameters<typeof plainSector>[1]) => plainSector(1, { qaPower: 10n, ...fields })

  test('is lost and gained by a sector’s space and its quality-adjusted power', () => {
    const miner = plainMiner({ claim: before })
    loseClaim(miner, power({}))
    expect(miner.claim).toEqual({ raw: (1n << 40n) - (1n << 35n), qa: 990n })
    gainClaim(miner, power({}))
    gainClaim(miner, power({}))
    expect(miner.claim).toEqual({ raw: (1n << 40n) + (1n << 35n), qa: 1010n })
  })

  // Faulty and unproven sectors count in their deadline, and not in the claim.
  test.each([
    { what: 'active', fields: {}, lost: 10n, faulty: 0n },
    { what: 'faulty', fields: { isFaulty: true }, lost: 0n, faulty: 10n },
    { what: 'unproven', fields: { isUnproven: true }, lost: 0n, faulty: 0n },
  ])('loses $lost when a sector ends that was $what', ({ fields, lost, faulty }) => {
    const sector = power({ ...fields, dailyFee: 3n })
    const deadline = plainDeadline([sector, plainSector(2, { qaPower: 20n, dailyFee: 4n })])
    expect(deadline.faultyQaPower).toBe(faulty)
    const miner = plainMiner({ claim: before, deadlines: [deadline] })
    const [partition] = deadline.partitions
    if (partition !== undefined) {
      endSectors(miner, deadline, partition, [sector])
    }
    expect(miner.claim.qa).toBe(1000n - lost)
    expect(deadline).toMatchObject({ liveQaPower: 20n, faultyQaPower: 0n, dailyFee: 4n })
    expect([...(partition?.live.keys() ?? [])]).toEqual([2])
  })
})
