import {
  AccountState,
  type ActorRecord,
  type ActorsVersion,
  AddressMap,
  type AnyDeadline,
  BuiltinActors,
  Claims,
  CronEventQueue,
  CronEvents,
  CronState,
  DeadlineExpirations,
  Deadlines,
  EarlyTerminated,
  InitState,
  type Miner,
  minerLayout,
  OptimisticPoStSubmissions,
  Partitions,
  PreCommitCleanup,
  powerStateCodec,
  RewardState,
  SystemState,
} from '@plimsoll/actors'
import {
  type AmtType,
  type Blockstore,
  bitField,
  type Cid,
  type Codec,
  createMemoryBlockstore,
  decodeCbor,
  encodeCbor,
  formatCid,
  type HamtType,
  itemEnd,
  type Link,
  load,
  requireBlock,
  visitAmtLeaves,
} from '@plimsoll/ipld'
import { type ActorName, formatHex } from '@plimsoll/primitives'
import { allOf, expectEqual, type Outcome } from '../outcome.ts'

/**
 * Decodes every block of an actor's state that has a type, and encodes it again: the same bytes must come out.
 * Arrays and maps are built anew from their decoded values, so that their shape is checked as well.
 */
export function reencodeActor(
  store: Blockstore,
  version: ActorsVersion,
  name: ActorName,
  { head }: ActorRecord,
): Outcome {
  switch (name) {
    case 'system':
      return allOf(reencodeSystem(store, head))
    case 'init':
      return allOf(reencodeInit(store, head))
    case 'cron':
      return sameBlock(store, CronState, head)
    case 'account':
      return sameBlock(store, AccountState, head)
    case 'reward':
      return sameBlock(store, RewardState, head)
    case 'storagepower':
      return allOf(reencodePower(store, version, head))
    case 'storageminer':
      return allOf(reencodeMiner(store, version, head))
    default:
      return { status: 'skipped', reason: `no types for ${name} actors yet` }
  }
}

/** Decodes a block and encodes it again. */
export function sameBlock<T>(store: Blockstore, codec: Codec<T>, cid: Cid): Outcome {
  const block = requireBlock(store, cid)
  return expectEqual(formatHex(block), formatHex(encodeCbor(codec, decodeCbor(codec, block))))
}

function* reencodeSystem(store: Blockstore, head: Cid): Generator<Outcome> {
  yield sameBlock(store, SystemState, head)
  yield sameBlock(store, BuiltinActors, load(store, SystemState, head).builtinActors)
}

function* reencodeInit(store: Blockstore, head: Cid): Generator<Outcome> {
  yield sameBlock(store, InitState, head)
  yield sameHamt(store, AddressMap, load(store, InitState, head).addressMap)
}

function* reencodePower(store: Blockstore, version: ActorsVersion, head: Cid): Generator<Outcome> {
  const codec = powerStateCodec(version)
  yield sameBlock(store, codec, head)
  const state = load(store, codec, head)
  yield sameHamt(store, Claims, state.claims)
  yield sameHamt(store, CronEventQueue, state.cronEventQueue)
  for (const [, events] of CronEventQueue.load(store, state.cronEventQueue).entries()) {
    yield sameAmt(store, CronEvents, events)
  }
}

function* reencodeMiner(store: Blockstore, version: ActorsVersion, head: Cid): Generator<Outcome> {
  const layout = minerLayout(version)
  yield sameBlock(store, layout.state, head)
  const state = load(store, layout.state, head)
  yield sameBlock(store, layout.info, state.info)
  if (state.vestingFunds.tail !== null) {
    yield sameBlock(store, layout.vestingTail, state.vestingFunds.tail)
  }
  yield sameHamt(store, layout.preCommits, state.preCommittedSectors)
  yield sameAmt(store, PreCommitCleanup, state.preCommittedSectorsCleanup)
  yield sameBlock(store, bitField, state.allocatedSectors)
  yield sameRecords(store, layout.sectors, state.sectors, OLDER_SECTOR_HEAD)
  yield sameBlock(store, Deadlines, state.deadlines)
  for (const deadline of new Set(load(store, Deadlines, state.deadlines).due)) {
    yield* reencodeDeadline({ store, layout, state }, deadline)
  }
}

function* reencodeDeadline({ store, layout }: Miner, link: Link<AnyDeadline>): Generator<Outcome> {
  yield sameBlock(store, layout.deadline, link)
  const deadline = load(store, layout.deadline, link)
  yield sameAmt(store, DeadlineExpirations, deadline.expirationsEpochs)
  yield sameRecords(store, layout.sectors, deadline.sectorsSnapshot, OLDER_SECTOR_HEAD)
  yield sameAmt(store, OptimisticPoStSubmissions, deadline.optimisticPostSubmissions)
  yield sameAmt(store, OptimisticPoStSubmissions, deadline.optimisticPostSubmissionsSnapshot)
  for (const partitions of new Set([deadline.partitions, deadline.partitionsSnapshot])) {
    yield sameAmt(store, Partitions, partitions)
    for (const partition of Partitions.load(store, partitions).values()) {
      yield sameRecords(
        store,
        layout.partitionExpirations,
        partition.expirationsEpochs,
        OLDER_EXPIRATION_SET_HEAD,
      )
      yield sameAmt(store, EarlyTerminated, partition.earlyTerminated)
    }
  }
}

/** The first bytes of records that v15 wrote: later versions read them, and write one field more. */
const OLDER_SECTOR_HEAD = 0x8f
const OLDER_EXPIRATION_SET_HEAD = 0x85

/**
 * Builds an array anew. Where it holds records of the older form that come out in the newer one, the roots must
 * differ and the values must not.
 */
function sameRecords<T>(
  store: Blockstore,
  type: AmtType<T>,
  root: Parameters<AmtType<T>['load']>[1],
  olderHead: number,
): Outcome {
  const [first] = type.load(store, root).values()
  const isWrittenAnew = first !== undefined && encodeCbor(type.value, first)[0] !== olderHead
  if (!isWrittenAnew || !hasRecordsWith(store, type, root, olderHead)) {
    return sameAmt(store, type, root)
  }
  const scratch = createMemoryBlockstore(store.hashes)
  const rebuilt = type.empty(scratch)
  const before = [...type.load(store, root).entries()]
  for (const [index, value] of before) {
    rebuilt.set(index, value)
  }
  const after = [...type.load(scratch, rebuilt.flush()).entries()]
  return expectEqual(print(before), print(after))
}

function hasRecordsWith<T>(store: Blockstore, { bitWidth }: AmtType<T>, root: Cid, head: number): boolean {
  let isFound = false
  visitAmtLeaves(store, root, bitWidth, ({ block, valuesStart, valueCount }) => {
    let at = valuesStart
    for (let i = 0; i < valueCount; i++) {
      isFound ||= block[at] === head
      at = itemEnd(block, at)
    }
  })
  return isFound
}

/** Values as text, for comparing; their fields are numbers, bigints, texts and plain objects. */
function print(values: unknown): string {
  return JSON.stringify(values, (_, value) => (typeof value === 'bigint' ? `${value}n` : value))
}

function sameAmt<T>(store: Blockstore, type: AmtType<T>, root: Parameters<AmtType<T>['load']>[1]): Outcome {
  const rebuilt = type.empty(createMemoryBlockstore(store.hashes))
  for (const [index, value] of type.load(store, root).entries()) {
    rebuilt.set(index, value)
  }
  return expectEqual(formatCid(root), formatCid(rebuilt.flush()))
}

function sameHamt<K, V>(
  store: Blockstore,
  type: HamtType<K, V>,
  root: Parameters<HamtType<K, V>['load']>[1],
): Outcome {
  const rebuilt = type.empty(createMemoryBlockstore(store.hashes))
  for (const [key, value] of type.load(store, root).entries()) {
    rebuilt.set(key, value)
  }
  return expectEqual(formatCid(root), formatCid(rebuilt.flush()))
}
