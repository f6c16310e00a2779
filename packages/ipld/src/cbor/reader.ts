import { CodecError } from '../errors.ts'
import { MAX_CBOR_DEPTH } from '../limits.ts'

/**
 * A cursor over the CBOR of one block, and the functions that read heads from it.
 *
 * Reads strictly the subset that DAG-CBOR is: definite lengths, heads in their shortest form, no floats, no
 * tag but 42 for links. The reference writes nothing else, so anything else in a state is corruption.
 *
 * What a message brings was written by anybody, and has to be read as the reference reads it: loosely. Then
 * heads may be longer than need be; byte strings and texts may come in chunks; and a head counts as one of every
 * major type that has the bits of its own, so that an integer passes for a length.
 *
 * Source: IPLD DAG-CBOR specification, section Strictness; RFC 8949 section 4.2.1; cbor4ii 0.2.14,
 * `src/core/dec.rs`, `TypeNum`.
 */
export interface CborReader {
  /** The block; joined chunks stand in it joined. */
  bytes: Uint8Array
  offset: number
  /** Arrays and maps that enclose the cursor. */
  depth: number
  readonly isLoose: boolean
}

/** Major types of a CBOR head. Source: RFC 8949 section 3.1. */
export const MajorType = {
  UINT: 0,
  NEGATIVE: 1,
  BYTES: 2,
  TEXT: 3,
  ARRAY: 4,
  MAP: 5,
  TAG: 6,
  SIMPLE: 7,
} as const

const MAJOR_TYPE_NAMES = [
  'integer',
  'negative integer',
  'bytes',
  'text',
  'array',
  'map',
  'tag',
  'simple value',
]

export const CBOR_FALSE = 0xf4
export const CBOR_TRUE = 0xf5
export const CBOR_NULL = 0xf6
export const LINK_TAG = 42

export function cborReader(bytes: Uint8Array, offset = 0): CborReader {
  return { bytes, offset, depth: 0, isLoose: false }
}

export function looseCborReader(bytes: Uint8Array): CborReader {
  return { bytes, offset: 0, depth: 0, isLoose: true }
}

/** The major type of the next item. */
export function peekMajorType(reader: CborReader): number {
  return peekByte(reader) >> 5
}

export function peekByte(reader: CborReader): number {
  const byte = reader.bytes[reader.offset]
  if (byte === undefined) {
    throw truncated(reader)
  }
  return byte
}

/**
 * Reads a head of the given major type and returns its argument as a number.
 *
 * @throws {CodecError} `CBOR_INTEGER_TOO_LARGE` for an argument from 2^53 up.
 */
export function readHead(reader: CborReader, majorType: number): number {
  const first = readFirstByte(reader, majorType)
  const info = first & 0x1f
  if (info < 24) {
    return info
  }
  const argument = info === 27 ? Number(readU64(reader)) : readShortArgument(reader, info)
  if (argument > Number.MAX_SAFE_INTEGER) {
    throw new CodecError('CBOR_INTEGER_TOO_LARGE', 'an integer of 2^53 or more where fewer bits are needed', {
      offset: reader.offset,
    })
  }
  return argument
}

/** Reads a head of the given major type and returns its whole 64-bit argument. */
export function readHead64(reader: CborReader, majorType: number): bigint {
  const first = readFirstByte(reader, majorType)
  const info = first & 0x1f
  if (info < 24) {
    return BigInt(info)
  }
  return info === 27 ? readU64(reader) : BigInt(readShortArgument(reader, info))
}

/**
 * Reads the head of an array or a map and goes one level down; {@link leave} comes back up.
 *
 * A count that the remaining bytes cannot hold is refused before anything is allocated for it.
 *
 * @throws {CodecError} `CBOR_TOO_DEEP`
 */
export function enter(reader: CborReader, majorType: number): number {
  const count = readHead(reader, majorType)
  if (count > reader.bytes.length - reader.offset) {
    throw truncated(reader)
  }
  goDown(reader)
  return count
}

/** Goes one level down; {@link leave} comes back up. @throws {CodecError} `CBOR_TOO_DEEP` */
export function goDown(reader: CborReader): void {
  reader.depth++
  if (reader.depth > MAX_CBOR_DEPTH) {
    throw new CodecError('CBOR_TOO_DEEP', `CBOR nested more than ${MAX_CBOR_DEPTH} deep`, {
      offset: reader.offset,
    })
  }
}

export function leave(reader: CborReader): void {
  reader.depth--
}

/** @throws {CodecError} `CBOR_TRAILING_BYTES` unless the cursor stands at the end. */
export function requireEnd(reader: CborReader): void {
  if (reader.offset !== reader.bytes.length) {
    throw new CodecError(
      'CBOR_TRAILING_BYTES',
      `${reader.bytes.length - reader.offset} bytes after the value`,
      {
        offset: reader.offset,
      },
    )
  }
}

/** An item of another kind than expected stands at the cursor. */
export function unexpected(reader: CborReader, expected: string): CodecError {
  const found = describeItem(reader)
  return new CodecError('CBOR_UNEXPECTED_TYPE', `expected ${expected}, found ${found}`, {
    expected,
    found,
    offset: reader.offset,
  })
}

function readFirstByte(reader: CborReader, majorType: number): number {
  const first = peekByte(reader)
  const found = first >> 5
  if (found !== majorType && !(reader.isLoose && (found & ~majorType) === 0)) {
    throw unexpected(reader, MAJOR_TYPE_NAMES[majorType] ?? 'a value')
  }
  reader.offset++
  return first
}

function readShortArgument(reader: CborReader, info: number): number {
  switch (info) {
    case 24:
      return requireShortest(reader, readBigEndian(reader, 1), 24)
    case 25:
      return requireShortest(reader, readBigEndian(reader, 2), 0x100)
    case 26:
      return requireShortest(reader, readBigEndian(reader, 4), 0x1_0000)
    default:
      throw new CodecError('CBOR_NOT_CANONICAL', `an indefinite or reserved length (${info})`, {
        offset: reader.offset - 1,
      })
  }
}

function readU64(reader: CborReader): bigint {
  const high = readBigEndian(reader, 4)
  const low = readBigEndian(reader, 4)
  requireShortest(reader, high, 1)
  return (BigInt(high) << 32n) | BigInt(low)
}

function readBigEndian(reader: CborReader, size: number): number {
  const { bytes, offset } = reader
  if (offset + size > bytes.length) {
    throw truncated(reader)
  }
  let value = 0
  for (let i = 0; i < size; i++) {
    value = value * 0x100 + (bytes[offset + i] as number)
  }
  reader.offset = offset + size
  return value
}

function requireShortest(reader: CborReader, value: number, smallest: number): number {
  if (value < smallest && !reader.isLoose) {
    throw new CodecError('CBOR_NOT_CANONICAL', 'a head that is longer than its value needs', {
      offset: reader.offset,
    })
  }
  return value
}

function describeItem(reader: CborReader): string {
  const byte = reader.bytes[reader.offset]
  if (byte === undefined) {
    return 'the end of the block'
  }
  if (byte === CBOR_NULL) {
    return 'null'
  }
  if (byte === CBOR_TRUE || byte === CBOR_FALSE) {
    return 'a boolean'
  }
  return byte >> 5 === MajorType.TAG ? 'a tag' : `${MAJOR_TYPE_NAMES[byte >> 5]}`
}

export function truncated(reader: CborReader): CodecError {
  return new CodecError('CBOR_TRUNCATED', 'the block ends inside a value', { offset: reader.offset })
}
