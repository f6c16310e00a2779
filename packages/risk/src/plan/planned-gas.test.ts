import {
  type AnyDeadline,
  loadDeadlines,
  loadMiner,
  MAINNET_POLICY,
  minerLayout,
  Partitions,
} from '@plimsoll/actors'
import { bitFieldOf } from '@plimsoll/ipld'
import { createHashes, formatIdAddress, parseActorId } from '@plimsoll/primitives'
import { buildMixedMiner, openNetwork } from '@plimsoll/testkit'
import { describe, expect, test } from 'vitest'
import { requireMiner } from '../assess/find-miners.ts'
import { openNetworkView } from '../assess/network-view.ts'
import { terminateWork } from '../gas/terminate-gas.ts'
import { loadPredictedMiner } from './load-predicted-miner.ts'
import { countDeclared, createWorkSum, gasBand, NO_WORK, plannedGas } from './planned-gas.ts'
import { plainDeadline, plainMiner, plainSector } from './testing/plain-miner.ts'

const hashes = await createHashes()

describe('the work of a message', () => {
  const network = openNetwork(hashes)
  const { id } = buildMixedMiner(network, {
    ...{ committedCapacity: 5, faulty: 1, terminated: 1 },
    batches: 2,
    daysBetween: 2,
  })
  const view = openNetworkView(network.vm.store, [network.vm.root()])
  const miner = requireMiner(view, parseActorId(formatIdAddress(id)))
  const predicted = loadPredictedMiner(view, miner.id, MAINNET_POLICY)
  const stored = loadDeadlines(loadMiner(view.tree.store, minerLayout(view.version), miner.record.head))

  /** The partitions of a deadline as they are stored, by number. */
  const storedPartitions = ({ partitions }: AnyDeadline) =>
    new Map(
      [...Partitions.load(view.tree.store, partitions).entries()].map(
        ([index, partition]) => [Number(index), partition] as const,
      ),
    )
  const places = stored.flatMap((deadline, i) => {
    const neighbours = storedPartitions(deadline)
    return [...neighbours].map(([index, partition]) => ({ deadline: i, index, partition, neighbours }))
  })

  // All sectors of a partition, then one of them: sets that are emptied, and sets that are not.
  test.each([Number.POSITIVE_INFINITY, 1])(
    'counted in a prediction is what is counted in the state, for up to %d sectors of a partition',
    (most) => {
      for (const place of places) {
        const { deadline, index } = place
        const partition = predicted.deadlines[deadline]?.partitions.find((found) => found.index === index)
        const sectors = [...(partition?.live.keys() ?? [])].slice(0, most)
        const work = createWorkSum(predicted).add({ deadline, partition: index, sectors })
        expect(work).toEqual(terminateWork(view.tree.store, [{ ...place, sectors: bitFieldOf(sectors) }]))
      }
      expect(places.length).toBeGreaterThan(0)
    },
  )
})

describe('the work of several parts', () => {
  const part = (deadline: number, partition: number, ...sectors: readonly number[]) => ({
    ...{ deadline, partition, sectors },
  })

  // A set of expirations is emptied when all of its sectors are terminated, and changed when some are.
  test.each([
    { sectors: [1], setsPartlyEmptied: 1, setsFullyEmptied: 0 },
    { sectors: [1, 2], setsPartlyEmptied: 0, setsFullyEmptied: 1 },
    { sectors: [3], setsPartlyEmptied: 0, setsFullyEmptied: 1 },
    { sectors: [1, 3], setsPartlyEmptied: 1, setsFullyEmptied: 1 },
    { sectors: [1, 2, 3], setsPartlyEmptied: 0, setsFullyEmptied: 2 },
  ])('has the sets that sectors $sectors leave', ({ sectors, ...sets }) => {
    const leaving = (number: number, expiresAt: number) => plainSector(number, { expiresAt })
    const deadline = plainDeadline([leaving(1, 100), leaving(2, 100), leaving(3, 200)])
    const work = createWorkSum(plainMiner({ deadlines: [deadline] })).add(part(0, 0, ...sectors))
    expect(work).toMatchObject({ sectors: sectors.length, partitions: 1, deadlines: 1, ...sets })
  })

  // Eight partitions share a block: with one sector each, 0 and 1 in 2 bytes of CBOR, others below 16 in 3, and 2 for empty sets
  // of faults and of what is terminated.
  test('counts a block of partitions once, whichever of them come', () => {
    const nine = plainDeadline(...Array.from({ length: 9 }, (_, i) => [plainSector(i)]))
    const one = plainDeadline([plainSector(31), plainSector(32)])
    const sum = createWorkSum(plainMiner({ deadlines: [nine, one] }))
    const first = 2 + 2 + 6 * 3 + 8 * 2
    expect(sum.add(part(0, 3, 3))).toMatchObject({ partitions: 1, deadlines: 1, bytesOfSets: first })
    expect(sum.add(part(0, 7, 7))).toMatchObject({ partitions: 2, deadlines: 1, bytesOfSets: first })
    const second = first + 3 + 2
    expect(sum.add(part(0, 8, 8))).toMatchObject({ partitions: 3, deadlines: 1, bytesOfSets: second })
    // Another deadline has blocks of its own; 31 zeros take 13 bits, the two sectors 6, and 3 are before them.
    expect(sum.add(part(1, 0, 31, 32))).toEqual({
      ...{ sectors: 5, partitions: 4, deadlines: 2, bytesOfSets: second + 4 + 2 },
      // Sectors of 32 consecutive numbers share a block.
      ...{ setsPartlyEmptied: 0, setsFullyEmptied: 4, sectorsLeaves: 2 },
    })
  })

  test('has faults in the bytes of a partition', () => {
    const faulty = plainDeadline([plainSector(0, { isFaulty: true })])
    const work = createWorkSum(plainMiner({ deadlines: [faulty] })).add(part(0, 0, 0))
    expect(work.bytesOfSets).toBe(2 + 2 + 1)
  })

  test('declares so many sectors', () => {
    expect(countDeclared([part(0, 0, 1, 2), part(0, 1, 3)])).toBe(3)
    expect(countDeclared([])).toBe(0)
  })
})

describe('gas', () => {
  // 58,719,404 for the message, and for one sector of one partition of a deadline 578,793 + 15,615,184 + 3,745,887,
  // one set emptied 609,082, one leaf 2,568,623, and 10 bytes of sets at 11,380.599 each.
  test('of method 9 is the sum of what it does', () => {
    const work = {
      ...{ sectors: 1, partitions: 1, deadlines: 1, setsPartlyEmptied: 0, setsFullyEmptied: 1 },
      ...{ sectorsLeaves: 1, bytesOfSets: 10 },
    }
    expect(plannedGas(work, 0, false)).toBe(81_950_778n)
    // 47,058,842 and 540,457 a sector for what is queued.
    expect(plannedGas(work, 2, false)).toBe(81_950_778n + 48_139_756n)
    expect(plannedGas(NO_WORK, 2, false)).toBe(48_139_756n)
    expect(plannedGas(work, 2, true)).toBe(81_950_778n + 48_139_756n)
  })

  test('has a band of 21 % around it', () => {
    expect(gasBand(1000n)).toEqual({ low: 790n, estimate: 1000n, high: 1210n })
  })
})
