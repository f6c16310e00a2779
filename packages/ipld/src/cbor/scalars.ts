import {
  type Address,
  type AttoFil,
  addressFromBytes,
  BaseError,
  type ByteString,
  type ChainEpoch,
  MAX_ADDRESS_BYTES,
  type StoragePower,
} from '@plimsoll/primitives'
import { BLAKE2B_CID_BYTES, type Cid, cidFromBytes, scanCid } from '../cid.ts'
import { CodecError } from '../errors.ts'
import { MAX_BIG_INT_BYTES, MAX_CID_BYTES } from '../limits.ts'
import { type Link, linkTo } from '../link.ts'
import { readBigIntMagnitude, writeBigIntMagnitude } from './big-int-magnitude.ts'
import { type Codec, invalidValue } from './codec.ts'
import { readLength } from './length.ts'
import {
  CBOR_FALSE,
  CBOR_NULL,
  CBOR_TRUE,
  type CborReader,
  LINK_TAG,
  MajorType,
  peekByte,
  peekMajorType,
  readHead,
  readHead64,
  unexpected,
} from './reader.ts'
import {
  type CborWriter,
  writeByte,
  writeByteStringValue,
  writeBytes,
  writeCharacters,
  writeHead,
  writeHead64,
  writeSlice,
} from './writer.ts'

/**
 * An unsigned integer below 2^53. Stored counts, indices and sector numbers; the wire's whole u64 is {@link u64}.
 *
 * @throws {CodecError} `CBOR_INTEGER_TOO_LARGE`
 */
export const uint: Codec<number> = {
  name: 'uint',
  encode: (writer, value) => writeHead(writer, MajorType.UINT, value),
  decode: (reader) => readHead(reader, MajorType.UINT),
}

/** A signed integer whose magnitude is below 2^53. */
export const int: Codec<number> = {
  name: 'int',
  encode: (writer, value) =>
    value < 0 ? writeHead(writer, MajorType.NEGATIVE, -1 - value) : writeHead(writer, MajorType.UINT, value),
  decode: (reader) =>
    peekMajorType(reader) === MajorType.NEGATIVE
      ? -1 - readHead(reader, MajorType.NEGATIVE)
      : readHead(reader, MajorType.UINT),
}

/** An unsigned 64-bit integer, whole. */
export const u64: Codec<bigint> = {
  name: 'u64',
  encode: (writer, value) => writeHead64(writer, MajorType.UINT, value),
  decode: (reader) => readHead64(reader, MajorType.UINT),
}

/** An unsigned integer of 8 bits, in a head of no more. Source: cbor4ii 0.2.14, `src/core/dec.rs`, `decode_u8`. */
export const u8: Codec<number> = narrowUint('u8', 24)

/** An unsigned integer of 32 bits, in a head of no more. Source: the same file, `decode_u32`. */
export const u32: Codec<number> = narrowUint('u32', 26)

/** The widest head that an integer may have, by its additional information. */
function narrowUint(name: string, widestHead: number): Codec<number> {
  return {
    name,
    encode: uint.encode,
    decode: (reader) => {
      if ((peekByte(reader) & 0x1f) > widestHead) {
        throw unexpected(reader, name)
      }
      return readHead(reader, MajorType.UINT)
    },
  }
}

const I64_LIMIT = 1n << 63n

/** A signed 64-bit integer, whole. */
export const i64: Codec<bigint> = {
  name: 'i64',
  encode: (writer, value) =>
    value < 0n
      ? writeHead64(writer, MajorType.NEGATIVE, -1n - value)
      : writeHead64(writer, MajorType.UINT, value),
  decode: (reader) => {
    const isNegative = peekMajorType(reader) === MajorType.NEGATIVE
    const argument = readHead64(reader, isNegative ? MajorType.NEGATIVE : MajorType.UINT)
    if (argument >= I64_LIMIT) {
      throw invalidValue('i64', 'more than 63 bits', reader)
    }
    return isNegative ? -1n - argument : argument
  },
}

export const bool: Codec<boolean> = {
  name: 'bool',
  encode: (writer, value) => writeByte(writer, value ? CBOR_TRUE : CBOR_FALSE),
  decode: (reader) => {
    const byte = peekByte(reader)
    if (byte !== CBOR_TRUE && byte !== CBOR_FALSE) {
      throw unexpected(reader, 'a boolean')
    }
    reader.offset++
    return byte === CBOR_TRUE
  },
}

/** A byte string, copied out of the block. */
export const bytes: Codec<Uint8Array> = {
  name: 'bytes',
  encode: writeBytes,
  decode: (reader) => readBytes(reader).slice(),
}

const utf8Encoder = new TextEncoder()
const utf8Decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

export const text: Codec<string> = {
  name: 'text',
  encode: (writer, value) => {
    const encoded = utf8Encoder.encode(value)
    writeHead(writer, MajorType.TEXT, encoded.length)
    for (const byte of encoded) {
      writeByte(writer, byte)
    }
  },
  decode: (reader) => {
    const start = readLength(reader, MajorType.TEXT)
    try {
      return utf8Decoder.decode(reader.bytes.subarray(start, reader.offset))
    } catch {
      throw invalidValue('text', 'not UTF-8', reader)
    }
  },
}

/**
 * A big integer: a sign byte and a magnitude without leading zeros; zero is the empty byte string.
 *
 * Source: ref-fvm `shared/src/bigint/bigint_ser.rs`.
 */
export const bigInt: Codec<bigint> = {
  name: 'bigInt',
  encode: (writer, value) => {
    if (value === 0n) {
      writeHead(writer, MajorType.BYTES, 0)
      return
    }
    writeBigIntMagnitude(writer, value < 0n ? 1 : 0, value < 0n ? -value : value)
  },
  decode: (reader) => {
    const start = readLength(reader, MajorType.BYTES)
    const { bytes: block, offset: end } = reader
    if (end === start) {
      return 0n
    }
    if (end - start > MAX_BIG_INT_BYTES) {
      throw invalidValue('bigInt', `over ${MAX_BIG_INT_BYTES} bytes`, reader)
    }
    const sign = block[start]
    if (sign !== 0 && sign !== 1) {
      throw invalidValue('bigInt', `a sign byte of ${sign}`, reader)
    }
    if (!reader.isLoose && (end - start === 1 || block[start + 1] === 0)) {
      throw invalidValue('bigInt', 'a magnitude that is not minimal', reader)
    }
    const magnitude = readBigIntMagnitude(block, start + 1, end)
    return sign === 1 ? -magnitude : magnitude
  },
}

/** An amount in attoFIL. */
export const attoFil: Codec<AttoFil> = { ...bigInt, name: 'attoFil' }

/** Power in bytes. */
export const storagePower: Codec<StoragePower> = { ...bigInt, name: 'storagePower' }

export const chainEpoch: Codec<ChainEpoch> = { ...int, name: 'chainEpoch' }

/** An address as the byte string of its protocol and payload. */
export const address: Codec<Address> = {
  name: 'address',
  encode: (writer, value) => writeByteStringValue(writer, value as string as ByteString),
  decode: (reader) => {
    const encoded = readBytes(reader)
    if (encoded.length > MAX_ADDRESS_BYTES) {
      throw invalidValue('address', `over ${MAX_ADDRESS_BYTES} bytes`, reader)
    }
    try {
      return addressFromBytes(encoded)
    } catch (error) {
      throw error instanceof BaseError ? invalidValue('address', error.message, reader) : error
    }
  },
}

/** A CID: tag 42 and a byte string with a leading zero. Source: IPLD DAG-CBOR specification, Links. */
export const cid: Codec<Cid> = {
  name: 'cid',
  encode: (writer, value) => {
    writeHead(writer, MajorType.TAG, LINK_TAG)
    writeHead(writer, MajorType.BYTES, 1 + value.length)
    writeByte(writer, 0)
    writeCharacters(writer, value as string as ByteString)
  },
  decode: (reader) => {
    const start = readLinkStart(reader)
    const encoded = reader.bytes.subarray(start, reader.offset)
    return cidFromBytes(reader.isLoose ? encoded.subarray(0, scanCid(encoded, 0).end) : encoded)
  },
}

/** A link to a value of the type `T`. To write one that was not stored yet stores it first. */
export function link<T>(): Codec<Link<T>> {
  return {
    name: 'link',
    encode: (writer, value) => cid.encode(writer, value.cid),
    decode: (reader) => linkTo<T>(cid.decode(reader)),
  }
}

/** A value or CBOR null. */
export function nullable<T>(codec: Codec<T>): Codec<T | null> {
  return {
    name: codec.name,
    encode: (writer, value) => (value === null ? writeByte(writer, CBOR_NULL) : codec.encode(writer, value)),
    decode: (reader) => {
      if (peekByte(reader) !== CBOR_NULL) {
        return codec.decode(reader)
      }
      reader.offset++
      return null
    },
  }
}

/** Reads a byte string and returns it where it lies in the block. */
export function readBytes(reader: CborReader): Uint8Array {
  const start = readLength(reader, MajorType.BYTES)
  return reader.bytes.subarray(start, reader.offset)
}

/** Reads a link and returns where the CID begins, after the zero byte; it ends at the cursor. */
export function readLinkStart(reader: CborReader): number {
  if (readHead(reader, MajorType.TAG) !== LINK_TAG) {
    throw new CodecError('CBOR_UNEXPECTED_TYPE', 'a tag other than 42', { offset: reader.offset })
  }
  if (peekMajorType(reader) !== MajorType.BYTES) {
    throw unexpected(reader, 'bytes')
  }
  const start = readLength(reader, MajorType.BYTES)
  const length = reader.offset - start
  if (length < 2 || (!reader.isLoose && length > MAX_CID_BYTES + 1) || reader.bytes[start] !== 0) {
    throw invalidValue('cid', 'a link is a zero byte and a CID', reader)
  }
  return start + 1
}

/** Writes a link to the CID in `block[start, end)`, and returns where the CID begins. */
export function writeLinkOf(writer: CborWriter, block: Uint8Array, start: number, end: number): number {
  writeHead(writer, MajorType.TAG, LINK_TAG)
  writeHead(writer, MajorType.BYTES, 1 + end - start)
  writeByte(writer, 0)
  const cidStart = writer.length
  writeSlice(writer, block, start, end)
  return cidStart
}

/** The bytes that a link to a block of state takes in CBOR: tag, head, zero and CID. */
export const LINK_BYTES = 4 + 1 + BLAKE2B_CID_BYTES
