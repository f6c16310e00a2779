import type { Cid } from '../cid.ts'
import { CodecError } from '../errors.ts'
import type { Codec } from './codec.ts'
import {
  CBOR_FALSE,
  CBOR_NULL,
  CBOR_TRUE,
  type CborReader,
  enter,
  leave,
  MajorType,
  peekByte,
  peekMajorType,
  readHead64,
  unexpected,
} from './reader.ts'
import { bytes, cid, text, u64 } from './scalars.ts'
import { type CborWriter, writeByte, writeHead, writeHead64 } from './writer.ts'

/** A link, apart from the text that its CID is in memory. */
export interface IpldLink {
  readonly link: Cid
}

/** Any value of DAG-CBOR; integers are bigints, maps keep their order. */
export type IpldValue =
  | null
  | boolean
  | bigint
  | string
  | Uint8Array
  | IpldLink
  | readonly IpldValue[]
  | ReadonlyMap<string, IpldValue>

/** A block whose type is not known, or does not matter. */
export const ipldValue: Codec<IpldValue> = {
  name: 'ipldValue',
  encode: encodeIpldValue,
  decode: decodeIpldValue,
}

function decodeIpldValue(reader: CborReader): IpldValue {
  switch (peekMajorType(reader)) {
    case MajorType.UINT:
      return u64.decode(reader)
    case MajorType.NEGATIVE:
      return -1n - readHead64(reader, MajorType.NEGATIVE)
    case MajorType.BYTES:
      return bytes.decode(reader)
    case MajorType.TEXT:
      return text.decode(reader)
    case MajorType.ARRAY:
      return decodeArray(reader)
    case MajorType.MAP:
      return decodeMap(reader)
    case MajorType.TAG:
      return { link: cid.decode(reader) }
    default:
      return decodeSimple(reader)
  }
}

function decodeArray(reader: CborReader): readonly IpldValue[] {
  const values: IpldValue[] = []
  const count = enter(reader, MajorType.ARRAY)
  for (let i = 0; i < count; i++) {
    values.push(decodeIpldValue(reader))
  }
  leave(reader)
  return values
}

/** Keeps the order that a map has: the genesis of mainnet holds a map out of order, and it is what it is. */
function decodeMap(reader: CborReader): ReadonlyMap<string, IpldValue> {
  const values = new Map<string, IpldValue>()
  const count = enter(reader, MajorType.MAP)
  for (let i = 0; i < count; i++) {
    const key = text.decode(reader)
    if (values.has(key)) {
      throw new CodecError('CBOR_NOT_CANONICAL', `a map has the key "${key}" twice`, { key })
    }
    values.set(key, decodeIpldValue(reader))
  }
  leave(reader)
  return values
}

function decodeSimple(reader: CborReader): null | boolean {
  const byte = peekByte(reader)
  if (byte !== CBOR_NULL && byte !== CBOR_TRUE && byte !== CBOR_FALSE) {
    throw unexpected(reader, 'a value of DAG-CBOR')
  }
  reader.offset++
  return byte === CBOR_NULL ? null : byte === CBOR_TRUE
}

function encodeIpldValue(writer: CborWriter, value: IpldValue): void {
  if (value === null || typeof value === 'boolean') {
    writeByte(writer, value === null ? CBOR_NULL : value ? CBOR_TRUE : CBOR_FALSE)
  } else if (typeof value === 'bigint') {
    encodeInteger(writer, value)
  } else if (typeof value === 'string') {
    text.encode(writer, value)
  } else if (value instanceof Uint8Array) {
    bytes.encode(writer, value)
  } else if ('link' in value) {
    cid.encode(writer, value.link)
  } else {
    encodeCollection(writer, value)
  }
}

function encodeCollection(
  writer: CborWriter,
  value: readonly IpldValue[] | ReadonlyMap<string, IpldValue>,
): void {
  if (value instanceof Map) {
    writeHead(writer, MajorType.MAP, value.size)
    for (const [key, item] of value) {
      text.encode(writer, key)
      encodeIpldValue(writer, item)
    }
    return
  }
  const items = value as readonly IpldValue[]
  writeHead(writer, MajorType.ARRAY, items.length)
  for (const item of items) {
    encodeIpldValue(writer, item)
  }
}

function encodeInteger(writer: CborWriter, value: bigint): void {
  if (value < 0n) {
    writeHead64(writer, MajorType.NEGATIVE, -1n - value)
  } else {
    writeHead64(writer, MajorType.UINT, value)
  }
}
