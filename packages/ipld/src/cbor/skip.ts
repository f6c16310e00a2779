import { scanCid } from '../cid.ts'
import { CodecError } from '../errors.ts'
import { readLength } from './length.ts'
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
import { readLinkStart } from './scalars.ts'

/**
 * Passes over one item of any kind and checks on the way that it is DAG-CBOR.
 *
 * Calls `onLink` with the extent of the CID of every link inside it.
 */
export function skipItem(reader: CborReader, onLink?: (start: number, end: number) => void): void {
  const majorType = peekMajorType(reader)
  switch (majorType) {
    case MajorType.UINT:
    case MajorType.NEGATIVE:
      readHead64(reader, majorType)
      return
    case MajorType.BYTES:
    case MajorType.TEXT:
      readLength(reader, majorType)
      return
    case MajorType.ARRAY:
      skipItems(reader, enter(reader, majorType), onLink)
      leave(reader)
      return
    case MajorType.MAP:
      skipMap(reader, onLink)
      return
    case MajorType.TAG:
      skipLink(reader, onLink)
      return
    default:
      skipSimple(reader)
  }
}

function skipItems(reader: CborReader, count: number, onLink?: (start: number, end: number) => void): void {
  for (let i = 0; i < count; i++) {
    skipItem(reader, onLink)
  }
}

function skipMap(reader: CborReader, onLink?: (start: number, end: number) => void): void {
  const count = enter(reader, MajorType.MAP)
  let previous: Uint8Array | undefined
  for (let i = 0; i < count; i++) {
    const start = reader.offset
    readLength(reader, MajorType.TEXT)
    const key = reader.bytes.subarray(start, reader.offset)
    if (previous !== undefined && compareMapKeys(previous, key) >= 0) {
      throw new CodecError('CBOR_NOT_CANONICAL', 'map keys out of order or twice', { offset: start })
    }
    previous = key
    skipItem(reader, onLink)
  }
  leave(reader)
}

function skipLink(reader: CborReader, onLink?: (start: number, end: number) => void): void {
  const start = readLinkStart(reader)
  if (scanCid(reader.bytes, start).end !== reader.offset) {
    throw new CodecError('INVALID_CID', 'a link that is more than a CID', { offset: start })
  }
  onLink?.(start, reader.offset)
}

function skipSimple(reader: CborReader): void {
  const byte = peekByte(reader)
  if (byte !== CBOR_NULL && byte !== CBOR_TRUE && byte !== CBOR_FALSE) {
    throw unexpected(reader, 'a boolean or null; DAG-CBOR in the state has no other simple values')
  }
  reader.offset++
}

/**
 * Compares two encoded map keys: shorter ones first, then by bytes. Their heads say how long they are, so that
 * the order of the encoded keys is that of the bytes.
 *
 * Source: IPLD DAG-CBOR specification, Strictness.
 */
function compareMapKeys(a: Uint8Array, b: Uint8Array): number {
  if (a.length !== b.length) {
    return a.length - b.length
  }
  const differs = a.findIndex((byte, i) => byte !== b[i])
  return differs < 0 ? 0 : (a[differs] as number) - (b[differs] as number)
}
