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
import { createWorkSum, gasBand, NO_WORK, plannedGas } from './planned-gas.ts'

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
