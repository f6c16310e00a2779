import { type Codec, encodeCbor, text } from '@plimsoll/ipld'
import { CBOR_CODEC } from './ipld-block.ts'

/** Both key and value are indexed, or only the key. Source: ref-fvm `shared/src/event/mod.rs`, `Flags`. */
const INDEXED_ALL = 0x03
const INDEXED_KEY = 0x01

/** One entry of an event. Source: ref-fvm `shared/src/event/mod.rs`, `Entry`. */
export interface EventEntry {
  readonly flags: number
  readonly key: string
  readonly codec: number
  readonly value: Uint8Array
}

/** Something that happened, for whoever watches the chain. It is no part of the state. */
export type ActorEvent = readonly EventEntry[]

/** The first entry of every event of a built-in actor. Source: builtin-actors v18, `runtime/src/util/events.rs`, `typ`. */
export function eventType(type: string): EventEntry {
  return indexed('$type', text, type)
}

/** An entry by which events can be searched. Source: the same file, `field_indexed`. */
export function indexed<T>(key: string, codec: Codec<T>, value: T): EventEntry {
  return { flags: INDEXED_ALL, key, codec: CBOR_CODEC, value: encodeCbor(codec, value) }
}

/** An entry of which only the key is indexed. Source: the same file, `field`. */
export function field<T>(key: string, codec: Codec<T>, value: T): EventEntry {
  return { flags: INDEXED_KEY, key, codec: CBOR_CODEC, value: encodeCbor(codec, value) }
}
