import {
  address,
  addressKey,
  attoFil,
  type Codec,
  cid,
  hamt,
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
  head: cid,
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
