import {
  AccountState,
  type ActorRecord,
  type ActorsVersion,
  AddressMap,
  type AnyDeadline,
  BalanceTable,
  BuiltinActors,
  Claims,
  CronEventQueue,
  CronEvents,
  CronState,
  DatacapState,
  DeadlineExpirations,
  Deadlines,
  DealOpsByEpoch,
  DealProposals,
  DealStates,
  EarlyTerminated,
  InitState,
  loadActorState,
  loadMiner,
  MarketState,
  type Miner,
  minerLayout,
  OptimisticPoStSubmissions,
  Partitions,
  PendingDealAllocations,
  PendingProposals,
  PreCommitCleanup,
  ProviderSectors,
  powerStateCodec,
  RemoveDataCapProposalIds,
  RewardState,
  SystemState,
  tokenMaps,
  Verifiers,
  VerifregAllocations,
  VerifregClaims,
  VerifregState,
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
  record: ActorRecord,
): Outcome {
  const { cid } = record.head
  switch (name) {
    case 'system':
      return allOf(reencodeSystem(store, record))
    case 'init':
      return allOf(reencodeInit(store, record))
    case 'cron':
      return sameBlock(store, CronState, cid)
    case 'account':
      return sameBlock(store, AccountState, cid)
    case 'reward':
      return sameBlock(store, RewardState, cid)
    case 'storagepower':
      return allOf(reencodePower(store, version, record))
    case 'storageminer':
      return allOf(reencodeMiner(store, version, record))
    case 'storagemarket':
      return version < 13
        ? { status: 'skipped', reason: 'no types for a market from before v13' }
        : allOf(reencodeMarket(store, record))
    case 'verifiedregistry':
      return version < 9
        ? { status: 'skipped', reason: 'no types for a registry from before FIP-0045' }
        : allOf(reencodeVerifreg(store, record))
    case 'datacap':
      return allOf(reencodeDatacap(store, record))
    default:
      return { status: 'skipped', reason: `no types for ${name} actors yet` }
  }
}

/** Decodes a block and encodes it again. */
export function sameBlock<T>(store: Blockstore, codec: Codec<T>, cid: Cid): Outcome {
  const block = requireBlock(store, cid)
  return expectEqual(formatHex(block), formatHex(encodeCbor(codec, decodeCbor(codec, block))))
}

function* reencodeSystem(store: Blockstore, record: ActorRecord): Generator<Outcome> {
  yield sameBlock(store, SystemState, record.head.cid)
  yield sameBlock(store, BuiltinActors, loadActorState(store, SystemState, record).builtinActors.cid)
}

function* reencodeInit(store: Blockstore, record: ActorRecord): Generator<Outcome> {
  yield sameBlock(store, InitState, record.head.cid)
  yield sameHamt(store, AddressMap, loadActorState(store, InitState, record).addressMap)
}

function* reencodePower(store: Blockstore, version: ActorsVersion, record: ActorRecord): Generator<Outcome> {
  const codec = powerStateCodec(version)
  yield sameBlock(store, codec, record.head.cid)
  const state = loadActorState(store, codec, record)
  yield sameHamt(store, Claims, state.claims)
  yield sameHamt(store, CronEventQueue, state.cronEventQueue)
  for (const [, events] of CronEventQueue.load(store, state.cronEventQueue).entries()) {
    yield sameAmt(store, CronEvents, events)
  }
}

function* reencodeMarket(store: Blockstore, record: ActorRecord): Generator<Outcome> {
  yield sameBlock(store, MarketState, record.head.cid)
  const state = loadActorState(store, MarketState, record)
  yield sameAmt(store, DealProposals, state.proposals)
  yield sameAmt(store, DealStates, state.states)
  yield sameHamt(store, PendingProposals, state.pendingProposals)
  yield sameHamt(store, BalanceTable, state.escrowTable)
  yield sameHamt(store, BalanceTable, state.lockedTable)
  yield sameHamt(store, DealOpsByEpoch.outer, state.dealOpsByEpoch)
  for (const [, root] of DealOpsByEpoch.outer.load(store, state.dealOpsByEpoch).entries()) {
    yield sameHamt(store, DealOpsByEpoch.inner, root)
  }
  yield sameHamt(store, PendingDealAllocations, state.pendingDealAllocationIds)
  yield sameHamt(store, ProviderSectors.outer, state.providerSectors)
  for (const [, root] of ProviderSectors.outer.load(store, state.providerSectors).entries()) {
    yield sameHamt(store, ProviderSectors.inner, root)
  }
}

function* reencodeVerifreg(store: Blockstore, record: ActorRecord): Generator<Outcome> {
  yield sameBlock(store, VerifregState, record.head.cid)
  const state = loadActorState(store, VerifregState, record)
  yield sameHamt(store, Verifiers, state.verifiers)
  yield sameHamt(store, RemoveDataCapProposalIds, state.removeDataCapProposalIds)
  yield sameHamt(store, VerifregAllocations.outer, state.allocations)
  for (const [, root] of VerifregAllocations.outer.load(store, state.allocations).entries()) {
    yield sameHamt(store, VerifregAllocations.inner, root)
  }
  yield sameHamt(store, VerifregClaims.outer, state.claims)
  for (const [, root] of VerifregClaims.outer.load(store, state.claims).entries()) {
    yield sameHamt(store, VerifregClaims.inner, root)
  }
}

function* reencodeDatacap(store: Blockstore, record: ActorRecord): Generator<Outcome> {
  yield sameBlock(store, DatacapState, record.head.cid)
  const { token } = loadActorState(store, DatacapState, record)
  const { balances, allowances, ownerAllowances } = tokenMaps(token.hamtBitWidth)
  yield sameHamt(store, balances, token.balances)
  yield sameHamt(store, allowances, token.allowances)
  for (const [, root] of allowances.load(store, token.allowances).entries()) {
    yield sameHamt(store, ownerAllowances, root)
  }
}

function* reencodeMiner(store: Blockstore, version: ActorsVersion, record: ActorRecord): Generator<Outcome> {
  const layout = minerLayout(version)
  yield sameBlock(store, layout.state, record.head.cid)
  const { state } = loadMiner(store, layout, record.head)
  yield sameBlock(store, layout.info, state.info.cid)
  if (state.vestingFunds.tail !== null) {
    yield sameBlock(store, layout.vestingTail, state.vestingFunds.tail.cid)
  }
  yield sameHamt(store, layout.preCommits, state.preCommittedSectors)
  yield sameAmt(store, PreCommitCleanup, state.preCommittedSectorsCleanup)
  yield sameBlock(store, bitField, state.allocatedSectors.cid)
  yield sameRecords(store, layout.sectors, state.sectors, OLDER_SECTOR_HEAD)
  yield sameBlock(store, Deadlines, state.deadlines.cid)
  for (const deadline of distinct(load(store, Deadlines, state.deadlines).due)) {
    yield* reencodeDeadline({ store, layout, state }, deadline)
  }
}

function* reencodeDeadline({ store, layout }: Miner, link: Link<AnyDeadline>): Generator<Outcome> {
  yield sameBlock(store, layout.deadline, link.cid)
  const deadline = load(store, layout.deadline, link)
  yield sameAmt(store, DeadlineExpirations, deadline.expirationsEpochs)
  yield sameRecords(store, layout.sectors, deadline.sectorsSnapshot, OLDER_SECTOR_HEAD)
  yield sameAmt(store, OptimisticPoStSubmissions, deadline.optimisticPostSubmissions)
  yield sameAmt(store, OptimisticPoStSubmissions, deadline.optimisticPostSubmissionsSnapshot)
  for (const partitions of distinct([deadline.partitions, deadline.partitionsSnapshot])) {
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

/** The links without those that lead where an earlier one leads. */
function distinct<T>(links: readonly Link<T>[]): Iterable<Link<T>> {
  return new Map(links.map((link) => [link.cid, link])).values()
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
  if (!isWrittenAnew || !hasRecordsWith(store, type, root.cid, olderHead)) {
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
  return expectEqual(formatCid(root.cid), formatCid(rebuilt.flush().cid))
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
  return expectEqual(formatCid(root.cid), formatCid(rebuilt.flush().cid))
}
