import {
  type ActorRecord,
  Actors,
  type AnyDeadline,
  checkStateInvariants,
  Deadlines,
  type ExpirationSet,
  type Finding,
  loadActorCodes,
  loadActorState,
  loadStateTree,
  MAINNET_POLICY,
  type MinerInfo,
  type MinerState,
  minerLayout,
  type Partition,
  Partitions,
  type SectorOnChainInfo,
} from '@plimsoll/actors'
import { type Amt, type Blockstore, type Cid, type Codec, linkTo, load, save } from '@plimsoll/ipld'
import { type ActorId, type Address, assert, idAddress } from '@plimsoll/primitives'
import { buildState, type StatePlan } from './build-state.ts'

/** A change to one piece of a state that {@link buildState} made; takes the old root and returns the new one. */
export type StateEdit = (store: Blockstore, root: Cid) => Cid

/**
 * A state with a sector of every condition, in which no rule is broken: what edits break is theirs.
 *
 * Deadline 0 ends its periods in the epochs 999,419 + 2880 n. Sectors of its first partition expire at
 * 1,558,139, and the faulty ones among them early, at 1,123,259.
 */
export const SOUND_STATE = {
  epoch: 1_000_000,
  miners: [
    {
      id: 1000 as ActorId,
      unlockedBalance: 7n,
      feeDebt: 3n,
      vesting: [
        { epoch: 1_001_520, amount: 5n },
        { epoch: 1_004_400, amount: 6n },
      ],
      sectors: [
        { sectorNumber: 1, dailyFee: 9n },
        { sectorNumber: 2, condition: 'unproven' },
        { sectorNumber: 3, condition: 'faulty' },
        { sectorNumber: 4, condition: 'recovering' },
        { sectorNumber: 5, condition: { queuedSince: 998_000 } },
        { sectorNumber: 6, partition: 1 },
        { sectorNumber: 7, deadline: 5 },
        { sectorNumber: 8, deadline: 7, condition: { queuedSince: 998_000 } },
      ],
    },
    { id: 1001 as ActorId },
  ],
} as const satisfies StatePlan

/** Where a partition is. */
export interface PartitionPlace {
  readonly id: ActorId
  readonly deadline: number
  readonly partition: number
}

const LAYOUT = minerLayout(18)

/** What the invariants find in a state that was built and then changed. */
export function findingsAfter(store: Blockstore, plan: StatePlan, edit: StateEdit): readonly Finding[] {
  const tree = loadStateTree(store, [edit(store, buildState(store, plan))])
  return checkStateInvariants(MAINNET_POLICY, tree, loadActorCodes(tree), plan.epoch - 1).findings
}

/** Makes several changes, one after another; none is a change too. */
export function editAll(...edits: readonly StateEdit[]): StateEdit {
  return (store, root) => edits.reduce((current, edit) => edit(store, current), root)
}

/** Puts an actor into the tree, whatever its address is. */
export function putActor(address: Address, record: ActorRecord): StateEdit {
  return (store, root) => {
    const actors = Actors.load(store, linkTo(root))
    actors.set(address, record)
    return actors.flush().cid
  }
}

export function editRecord(
  id: ActorId,
  change: (record: ActorRecord, store: Blockstore) => ActorRecord,
): StateEdit {
  return (store, root) => {
    const record = Actors.load(store, linkTo(root)).get(idAddress(id))
    assert(record !== undefined, `the state has no actor ${id}`)
    return putActor(idAddress(id), change(record, store))(store, root)
  }
}

/** Changes the state of an actor, which is of the codec's type. */
export function editActor<T>(
  id: ActorId,
  codec: Codec<T>,
  change: (state: T, store: Blockstore) => T,
): StateEdit {
  return editRecord(id, (record, store) => ({
    ...record,
    head: save(store, codec, change(loadActorState(store, codec, record), store)),
  }))
}

export function editMiner(
  id: ActorId,
  change: (state: MinerState, store: Blockstore) => MinerState,
): StateEdit {
  return editActor(id, LAYOUT.state, change)
}

export function editMinerInfo(id: ActorId, change: (info: MinerInfo) => MinerInfo): StateEdit {
  return editMiner(id, (state, store) => ({
    ...state,
    info: save(store, LAYOUT.info, change(load(store, LAYOUT.info, state.info))),
  }))
}

/** Changes the sectors of a miner in place; sums that others keep of them stay as they are. */
export function editSectors(id: ActorId, change: (sectors: Amt<SectorOnChainInfo>) => void): StateEdit {
  return editMiner(id, (state, store) => {
    const sectors = LAYOUT.sectors.load(store, state.sectors)
    change(sectors)
    return { ...state, sectors: sectors.flush() }
  })
}

export function editDeadline(
  id: ActorId,
  index: number,
  change: (deadline: AnyDeadline, store: Blockstore) => AnyDeadline,
): StateEdit {
  return editMiner(id, (state, store) => {
    const { due } = load(store, Deadlines, state.deadlines)
    const link = due[index]
    assert(link !== undefined, `the miner has no deadline ${index}`)
    const changed = save(store, LAYOUT.deadline, change(load(store, LAYOUT.deadline, link), store))
    return { ...state, deadlines: save(store, Deadlines, { due: due.with(index, changed) }) }
  })
}

export function editPartition(
  { id, deadline, partition: index }: PartitionPlace,
  change: (partition: Partition, store: Blockstore) => Partition,
): StateEdit {
  return editDeadline(id, deadline, (state, store) => {
    const partitions = Partitions.load(store, state.partitions)
    const partition = partitions.get(index)
    assert(partition !== undefined, `the deadline has no partition ${index}`)
    partitions.set(index, change(partition, store))
    return { ...state, partitions: partitions.flush() }
  })
}

/** Changes the expiration queue of a partition in place. */
export function editExpirations(
  place: PartitionPlace,
  change: (queue: Amt<ExpirationSet>) => void,
): StateEdit {
  return editPartition(place, (partition, store) => {
    const queue = LAYOUT.partitionExpirations.load(store, partition.expirationsEpochs)
    change(queue)
    return { ...partition, expirationsEpochs: queue.flush() }
  })
}
