import {
  address,
  addressKey,
  attoFil,
  type Blockstore,
  type Codec,
  cid,
  hamt,
  type Link,
  link,
  load,
  mapped,
  nullable,
  tuple,
  u64,
  type ValueOf,
} from '@plimsoll/ipld'

/** Source of everything here: ref-fvm `shared/src/state/mod.rs`; `fvm/src/state_tree.rs`. */

const recordFields = {
  code: cid,
  /** The actor's state. */
  head: link<unknown>(),
  /** Messages sent, for accounts. */
  sequence: u64,
  balance: attoFil,
}

/** An actor in a state tree of version 5, and in a bare one. CBOR tuple. */
export const ActorRecord = tuple('ActorRecord', { ...recordFields, delegatedAddress: nullable(address) })
export type ActorRecord = ValueOf<typeof ActorRecord>

const ActorRecordWireV4 = tuple('ActorRecord', recordFields)

/** An actor in a state tree of version 4, which knew no delegated addresses. CBOR tuple. */
export const ActorRecordV4: Codec<ActorRecord> = mapped<ValueOf<typeof ActorRecordWireV4>, ActorRecord>(
  'ActorRecord',
  ActorRecordWireV4,
  (record) => ({ ...record, delegatedAddress: null }),
  (record) => record,
)

/** ID address to actor. */
export const Actors = hamt(addressKey, ActorRecord, { bitWidth: 5 })
export const ActorsV4 = hamt(addressKey, ActorRecordV4, { bitWidth: 5 })

/**
 * Loads the state of an actor, which the codec says the type of.
 *
 * @throws {CodecError} when the block is missing or not one of the type.
 */
export function loadActorState<T>(
  store: Blockstore,
  codec: Codec<T>,
  { head }: Pick<ActorRecord, 'head'>,
): T {
  return load(store, codec, head as Link<T>)
}
