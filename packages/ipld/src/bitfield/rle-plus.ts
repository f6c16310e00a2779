import { CodecError } from '../errors.ts'
import { MAX_BIT_FIELD_BYTES } from '../limits.ts'
import {
  addIndex,
  type BitField,
  type BitIndex,
  canonicalIndex,
  MAX_BIT_FIELD_END,
  subtractIndex,
} from './bit-field.ts'

/**
 * RLE+: two bits of version, one bit that says whether the first run is of members, then the lengths of the
 * alternating runs, each in one of three blocks. Bits are taken from the low end of every byte.
 *
 * Source: ref-fvm `ipld/bitfield/src/rleplus/`; Filecoin specification, section Bitfields.
 */

const VERSION_BITS = 2
const SHORT_BLOCK_BITS = 4
/** Lengths from here on take a varint. */
const LONG_BLOCK_MIN = 16
const MAX_LENGTH_BYTES = 10
const NUMBER_LENGTH_BYTES = 7

/**
 * The encoded set; the encoding of a set is unique.
 *
 * @throws {CodecError} `RLE_TOO_LONG`
 */
export function encodeRlePlus(field: BitField): Uint8Array {
  const { boundaries } = field
  if (boundaries.length === 0) {
    return new Uint8Array(0)
  }
  const writer: BitWriter = { bytes: [], bits: 0, bitCount: 0 }
  writeBits(writer, 0, VERSION_BITS)
  writeBits(writer, boundaries[0] === 0 ? 1 : 0, 1)
  let previous: BitIndex = 0
  for (const boundary of boundaries) {
    if (boundary !== previous) {
      writeLength(writer, subtractIndex(boundary, previous))
    }
    previous = boundary
  }
  const bytes = finishBits(writer)
  if (bytes.length > MAX_BIT_FIELD_BYTES) {
    throw rleError('RLE_TOO_LONG', `${bytes.length} bytes, more than ${MAX_BIT_FIELD_BYTES}`, 0)
  }
  return bytes
}

/**
 * Reads a set strictly: every defect that makes two encodings of one set possible is refused.
 *
 * @throws {CodecError} `RLE_TOO_LONG`, `RLE_VERSION`, `RLE_NOT_MINIMAL`, `RLE_INVALID_LENGTH`, `RLE_OVERFLOW`
 */
export function decodeRlePlus(bytes: Uint8Array): BitField {
  if (bytes.length === 0) {
    return { boundaries: [] }
  }
  if (bytes.length > MAX_BIT_FIELD_BYTES) {
    throw rleError('RLE_TOO_LONG', `${bytes.length} bytes, more than ${MAX_BIT_FIELD_BYTES}`, 0)
  }
  if (bytes[bytes.length - 1] === 0) {
    throw rleError('RLE_NOT_MINIMAL', 'a trailing zero byte', bytes.length - 1)
  }
  const reader: BitReader = { bytes, bitOffset: 0 }
  const version = readBits(reader, VERSION_BITS)
  if (version !== 0) {
    throw rleError('RLE_VERSION', `version ${version} instead of 0`, 0)
  }
  let isMember = readBits(reader, 1) === 1
  let index: BitIndex = 0
  const boundaries: BitIndex[] = isMember ? [0] : []
  while (hasMoreBits(reader)) {
    index = addIndex(index, readLength(reader))
    if (index > MAX_BIT_FIELD_END) {
      throw rleError('RLE_OVERFLOW', 'more than 64 bits of index', reader.bitOffset >> 3)
    }
    boundaries.push(index)
    isMember = !isMember
  }
  // The next run would be of members, so the last one was of non-members, or there was none at all.
  if (isMember) {
    throw rleError('RLE_NOT_MINIMAL', 'a trailing run of non-members', bytes.length - 1)
  }
  return { boundaries }
}

interface BitReader {
  readonly bytes: Uint8Array
  bitOffset: number
}

function hasMoreBits(reader: BitReader): boolean {
  const byte = reader.bitOffset >> 3
  if (byte + 1 < reader.bytes.length) {
    return true
  }
  return byte < reader.bytes.length && (reader.bytes[byte] as number) >> (reader.bitOffset & 7) !== 0
}

/** Reads up to eight bits; beyond the end there are only zeros. */
function readBits(reader: BitReader, count: number): number {
  const byte = reader.bitOffset >> 3
  const pair = (reader.bytes[byte] ?? 0) | ((reader.bytes[byte + 1] ?? 0) << 8)
  const value = (pair >> (reader.bitOffset & 7)) & ((1 << count) - 1)
  reader.bitOffset += count
  return value
}

function readLength(reader: BitReader): BitIndex {
  const at = reader.bitOffset >> 3
  if (readBits(reader, 1) === 1) {
    return 1
  }
  if (readBits(reader, 1) === 1) {
    const length = readBits(reader, SHORT_BLOCK_BITS)
    if (length < 2) {
      throw rleError('RLE_NOT_MINIMAL', `a short block of length ${length}`, at)
    }
    return length
  }
  const length = readLengthVarint(reader, at)
  if (length < LONG_BLOCK_MIN) {
    throw rleError('RLE_NOT_MINIMAL', `a long block of length ${length}`, at)
  }
  return length
}

function readLengthVarint(reader: BitReader, at: number): BitIndex {
  // Seven bytes have 49 bits, which are a safe number; what follows them is added as bigints.
  let low = 0
  let high = 0n
  for (let i = 0; i < MAX_LENGTH_BYTES; i++) {
    const byte = readBits(reader, 8)
    if (i < NUMBER_LENGTH_BYTES) {
      low += (byte & 0x7f) * 2 ** (7 * i)
    } else {
      high |= BigInt(byte & 0x7f) << BigInt(7 * i)
    }
    if (byte < 0x80) {
      if ((i > 0 && byte === 0) || (i === MAX_LENGTH_BYTES - 1 && byte > 1)) {
        break
      }
      return high === 0n ? low : canonicalIndex(high + BigInt(low))
    }
  }
  throw rleError('RLE_INVALID_LENGTH', 'a length that is no minimal varint of 64 bits', at)
}

interface BitWriter {
  readonly bytes: number[]
  bits: number
  bitCount: number
}

function writeBits(writer: BitWriter, value: number, count: number): void {
  writer.bits |= value << writer.bitCount
  writer.bitCount += count
  while (writer.bitCount >= 8) {
    writer.bytes.push(writer.bits & 0xff)
    writer.bits >>= 8
    writer.bitCount -= 8
  }
}

function writeLength(writer: BitWriter, length: BitIndex): void {
  if (length === 1) {
    writeBits(writer, 1, 1)
  } else if (length < LONG_BLOCK_MIN) {
    writeBits(writer, 0b10, 2)
    writeBits(writer, Number(length), SHORT_BLOCK_BITS)
  } else {
    writeBits(writer, 0, 2)
    let rest = length
    while (typeof rest === 'bigint') {
      writeBits(writer, Number(rest & 0x7fn) | 0x80, 8)
      rest = canonicalIndex(rest >> 7n)
    }
    while (rest >= 0x80) {
      writeBits(writer, (rest % 0x80) | 0x80, 8)
      rest = Math.floor(rest / 0x80)
    }
    writeBits(writer, rest, 8)
  }
}

function finishBits(writer: BitWriter): Uint8Array {
  if (writer.bits !== 0) {
    writer.bytes.push(writer.bits)
  }
  return Uint8Array.from(writer.bytes)
}

function rleError(code: string, reason: string, offset: number): CodecError {
  return new CodecError(code, `bitfield in RLE+: ${reason}`, { offset })
}
