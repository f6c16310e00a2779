import {
  type Address,
  AddressProtocol,
  addressBytes,
  addressFromBytes,
  BaseError,
  type ByteString,
  byteString,
  bytesOf,
  type ChainEpoch,
  decodeVarint,
  decodeZigZagVarint,
  encodeVarint,
  encodeZigZagVarint,
  formatHex,
  protocolOf,
} from '@plimsoll/primitives'
import { type Cid, cidFromBytes, formatCid } from '../cid.ts'
import { CodecError } from '../errors.ts'

/** How the keys of a HAMT stand in bytes, and in the path of an error. */
export interface HamtKey<K> {
  readonly toBytes: (key: K) => ByteString
  /** @throws {CodecError} `HAMT_KEY` */
  readonly fromBytes: (key: ByteString) => K
  readonly format: (key: K) => string
}

/** Numbers as unsigned varints. Source: builtin-actors v18, `runtime/src/util/map.rs`. */
export const uintKey: HamtKey<number> = {
  toBytes: (key) => byteString(encodeVarint(key)),
  fromBytes: (key) => wholeVarint(key, decodeVarint),
  format: String,
}

/** Numbers of up to 64 bits, in the same form. */
export const u64Key: HamtKey<bigint> = {
  toBytes: (key) => byteString(encodeVarint(key)),
  fromBytes: (key) => wholeVarint64(key, decodeVarint),
  format: String,
}

/** Epochs as zig-zag varints. Source: builtin-actors v18, `actors/power/src/state.rs`, `epoch_key`. */
export const epochKey: HamtKey<ChainEpoch> = {
  toBytes: (key) => byteString(encodeZigZagVarint(key)),
  fromBytes: (key) => wholeVarint(key, decodeZigZagVarint),
  format: String,
}

/** Signed numbers of up to 64 bits, in the form of epochs. Source: builtin-actors v18, `runtime/src/util/map.rs`. */
export const i64Key: HamtKey<bigint> = {
  toBytes: (key) => byteString(encodeZigZagVarint(key)),
  fromBytes: (key) => wholeVarint64(key, decodeZigZagVarint),
  format: String,
}

/** CIDs, as they stand in a link. Source: the same file. */
export const cidKey: HamtKey<Cid> = {
  toBytes: (key) => key as string as ByteString,
  fromBytes: (key) => {
    try {
      return cidFromBytes(bytesOf(key))
    } catch (error) {
      throw error instanceof BaseError ? invalidKey(key, error.message) : error
    }
  },
  format: formatCid,
}

export const addressKey: HamtKey<Address> = {
  toBytes: (key) => key as string as ByteString,
  fromBytes: (key) => {
    try {
      return addressFromBytes(bytesOf(key))
    } catch (error) {
      throw error instanceof BaseError ? invalidKey(key, error.message) : error
    }
  },
  format: (key) =>
    protocolOf(key) === AddressProtocol.Id
      ? `f0${decodeVarint(addressBytes(key), 1).value}`
      : `address ${formatHex(addressBytes(key))}`,
}

/** Keys that are bytes and mean nothing here. */
export const bytesKey: HamtKey<ByteString> = {
  toBytes: (key) => key,
  fromBytes: (key) => key,
  format: (key) => formatHex(bytesOf(key)),
}

function wholeVarint(key: ByteString, decode: typeof decodeVarint): number {
  const number = Number(wholeVarint64(key, decode))
  if (!Number.isSafeInteger(number)) {
    throw invalidKey(key, 'it is no varint below 2^53')
  }
  return number
}

function wholeVarint64(key: ByteString, decode: typeof decodeVarint): bigint {
  const bytes = bytesOf(key)
  try {
    const { value, end } = decode(bytes)
    if (end === bytes.length) {
      return value
    }
  } catch (error) {
    throw error instanceof BaseError ? invalidKey(key, error.message) : error
  }
  throw invalidKey(key, 'bytes after the varint')
}

function invalidKey(key: ByteString, reason: string): CodecError {
  const hex = formatHex(bytesOf(key))
  return new CodecError('HAMT_KEY', `HAMT: the key ${hex} is invalid: ${reason}`, { key: hex })
}
