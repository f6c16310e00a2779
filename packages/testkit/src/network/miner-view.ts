import {
  type AnyDeadline,
  type DeadlineInfo,
  deadlineInfo,
  loadDeadlines,
  loadInfo,
  type MinerInfo,
  MinerState,
  minerLayout,
  NEWEST_ACTORS_VERSION,
  type Partition,
  Partitions,
  type SectorOnChainInfo,
} from '@plimsoll/actors'
import { bitsOf, subtractBitFields } from '@plimsoll/ipld'
import type { Address, ChainEpoch } from '@plimsoll/primitives'
import type { TestNetwork } from './test-network.ts'

type Machine = Pick<TestNetwork, 'vm'>

const LAYOUT = minerLayout(NEWEST_ACTORS_VERSION)

/** Where a sector is proven. */
export interface SectorPlace {
  readonly deadline: number
  readonly partition: number
}

export function minerState({ vm }: Machine, miner: Address): MinerState {
  return vm.stateOf(miner, MinerState)
}

export function infoOf(network: Machine, miner: Address): MinerInfo {
  return loadInfo({ store: network.vm.store, layout: LAYOUT, state: minerState(network, miner) })
}

export function deadlinesOf(network: Machine, miner: Address): readonly AnyDeadline[] {
  return loadDeadlines({ store: network.vm.store, layout: LAYOUT, state: minerState(network, miner) })
}

export function partitionsOf({ vm }: Machine, deadline: AnyDeadline): readonly Partition[] {
  return [...Partitions.load(vm.store, deadline.partitions).entries()].map(([, partition]) => partition)
}

/** The sectors that the miner has infos of, by number: dead ones too, until their partitions are compacted. */
export function sectorsOf(network: Machine, miner: Address): ReadonlyMap<number, SectorOnChainInfo> {
  const sectors = LAYOUT.sectors.load(network.vm.store, minerState(network, miner).sectors)
  return new Map([...sectors.entries()].map(([number, sector]) => [Number(number), sector]))
}

/** The sectors that live, faulty ones included, by number. */
export function liveSectorsOf(network: Machine, miner: Address): ReadonlyMap<number, SectorOnChainInfo> {
  const infos = sectorsOf(network, miner)
  const live = new Map<number, SectorOnChainInfo>()
  for (const deadline of deadlinesOf(network, miner)) {
    for (const { sectors, terminated } of partitionsOf(network, deadline)) {
      for (const number of bitsOf(subtractBitFields(sectors, terminated))) {
        live.set(Number(number), infos.get(Number(number)) as SectorOnChainInfo)
      }
    }
  }
  return new Map([...live].sort(([a], [b]) => a - b))
}

/** The first epoch of the proving period that a miner is in, whether or not cron has kept up with it. */
function periodStartAt({ vm }: Machine, { provingPeriodStart }: MinerState): ChainEpoch {
  const { wpostProvingPeriod } = vm.host.policy
  const periods = Math.floor((vm.epoch - provingPeriodStart) / wpostProvingPeriod)
  return provingPeriodStart + periods * wpostProvingPeriod
}

/** When a deadline opens and closes in the present proving period. */
export function deadlineInPeriod(network: Machine, miner: Address, index: number): DeadlineInfo {
  const start = periodStartAt(network, minerState(network, miner))
  return deadlineInfo(network.vm.host.policy, start, index, network.vm.epoch)
}

/** The deadline that is open. */
export function openDeadline(network: Machine, miner: Address): DeadlineInfo {
  const { policy } = network.vm.host
  const start = periodStartAt(network, minerState(network, miner))
  const index = Math.floor((network.vm.epoch - start) / policy.wpostChallengeWindow)
  return deadlineInfo(policy, start, index, network.vm.epoch)
}

/** Where sectors are proven, by number; those that were terminated too, until their partitions are compacted. */
export function placesOf(network: Machine, miner: Address): ReadonlyMap<number, SectorPlace> {
  const places = new Map<number, SectorPlace>()
  for (const [deadline, state] of deadlinesOf(network, miner).entries()) {
    for (const [partition, { sectors }] of partitionsOf(network, state).entries()) {
      for (const number of bitsOf(sectors)) {
        places.set(Number(number), { deadline, partition })
      }
    }
  }
  return places
}

/** Sectors by the partition in which they are proven. @throws when one is in none. */
export function bySectorPlace(
  network: Machine,
  miner: Address,
  numbers: readonly number[],
): readonly (SectorPlace & { readonly sectors: readonly number[] })[] {
  const places = placesOf(network, miner)
  const groups = Map.groupBy(numbers, (number) => {
    const place = places.get(number)
    if (place === undefined) {
      throw new Error(`sector ${number} is in no partition`)
    }
    return `${place.deadline}/${place.partition}`
  })
  return [...groups.values()].map((sectors) => ({
    ...(places.get(sectors[0] as number) as SectorPlace),
    sectors,
  }))
}
