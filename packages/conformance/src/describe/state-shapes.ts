import {
  AccountState,
  AddressMap,
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
  MarketState,
  MultisigState,
  minerLayout,
  NEWEST_ACTORS_VERSION,
  OptimisticPoStSubmissions,
  Partitions,
  PendingDealAllocations,
  PendingProposals,
  PendingTxns,
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
  addressKey,
  type Blockstore,
  bitField,
  type Codec,
  type HamtType,
  type Link,
  load,
} from '@plimsoll/ipld'
import { type ActorName, type Address, formatAddress } from '@plimsoll/primitives'

/** What is behind a link: one value, or the entries of a collection by their keys. */
export type Opened =
  | { readonly value: unknown }
  | { readonly entries: readonly (readonly [string, unknown])[] }

/** How a link is opened, and where the links lead that are in what it names, by the names of their fields. */
export interface Shape {
  readonly open: (store: Blockstore, link: Link<unknown>) => Opened
  readonly links: Links
}

export type Links = Readonly<Record<string, Shape>>

/** The name of the links in a collection whose values are links themselves. */
export const ENTRY = '*'

export function block<T>(codec: Codec<T>, links: Links = {}): Shape {
  return { links, open: (store, link) => ({ value: load(store, codec, link as Link<T>) }) }
}

export function array<T>(type: AmtType<T>, links: Links = {}): Shape {
  return {
    links,
    open: (store, link) => {
      const values = type.load(store, link as Parameters<typeof type.load>[1]).entries()
      return { entries: [...values].map(([index, value]) => [`[${index}]`, value] as const) }
    },
  }
}

export function map<K, V>(type: HamtType<K, V>, links: Links = {}): Shape {
  return {
    links,
    open: (store, link) => {
      const values = type.load(store, link as Parameters<typeof type.load>[1]).entries()
      return {
        entries: [...values].map(([key, value]) => [`[${formatKey(store, type, key)}]`, value] as const),
      }
    },
  }
}

/** A key in text; those that are addresses with their checksum, as people write them. */
function formatKey<K, V>(store: Blockstore, type: HamtType<K, V>, key: K): string {
  return type.key === (addressKey as unknown)
    ? formatAddress(key as Address, store.hashes)
    : type.key.format(key)
}

/** The states of actors v18, from their heads down. An actor that is not here has no state but an empty array. */
export const STATE_SHAPES: Readonly<Partial<Record<ActorName, Shape>>> = {
  account: block(AccountState),
  cron: block(CronState),
  datacap: datacapShape(),
  init: block(InitState, { addressMap: map(AddressMap) }),
  multisig: block(MultisigState, { pendingTxs: map(PendingTxns) }),
  reward: block(RewardState),
  storagemarket: block(MarketState, {
    proposals: array(DealProposals),
    states: array(DealStates),
    pendingProposals: map(PendingProposals),
    escrowTable: map(BalanceTable),
    lockedTable: map(BalanceTable),
    dealOpsByEpoch: map(DealOpsByEpoch.outer, { [ENTRY]: map(DealOpsByEpoch.inner) }),
    pendingDealAllocationIds: map(PendingDealAllocations),
    providerSectors: map(ProviderSectors.outer, { [ENTRY]: map(ProviderSectors.inner) }),
  }),
  storageminer: minerShape(),
  storagepower: block(powerStateCodec(NEWEST_ACTORS_VERSION), {
    claims: map(Claims),
    cronEventQueue: map(CronEventQueue, { [ENTRY]: array(CronEvents) }),
  }),
  system: block(SystemState, { builtinActors: block(BuiltinActors) }),
  verifiedregistry: block(VerifregState, {
    verifiers: map(Verifiers),
    removeDataCapProposalIds: map(RemoveDataCapProposalIds),
    allocations: map(VerifregAllocations.outer, { [ENTRY]: map(VerifregAllocations.inner) }),
    claims: map(VerifregClaims.outer, { [ENTRY]: map(VerifregClaims.inner) }),
  }),
}

function datacapShape(): Shape {
  const { balances, allowances, ownerAllowances } = tokenMaps()
  return block(DatacapState, {
    balances: map(balances),
    allowances: map(allowances, { [ENTRY]: map(ownerAllowances) }),
  })
}

function minerShape(): Shape {
  const layout = minerLayout(NEWEST_ACTORS_VERSION)
  const partitions = array(Partitions, {
    expirationsEpochs: array(layout.partitionExpirations),
    earlyTerminated: array(EarlyTerminated),
  })
  const deadline = block(layout.deadline, {
    partitions,
    partitionsSnapshot: partitions,
    expirationsEpochs: array(DeadlineExpirations),
    sectorsSnapshot: array(layout.sectors),
    optimisticPostSubmissions: array(OptimisticPoStSubmissions),
    optimisticPostSubmissionsSnapshot: array(OptimisticPoStSubmissions),
  })
  return block(layout.state, {
    info: block(layout.info),
    tail: block(layout.vestingTail),
    preCommittedSectors: map(layout.preCommits),
    preCommittedSectorsCleanup: array(PreCommitCleanup),
    allocatedSectors: block(bitField),
    sectors: array(layout.sectors),
    deadlines: block(Deadlines, { due: deadline }),
  })
}
