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

/** Epochs as zig-zag varints. Source: builtin-actors v18, `actors/power/src/state.rs`, `epoch_key`. */
export const epochKey: HamtKey<ChainEpoch> = {
  toBytes: (key) => byteString(encodeZigZagVarint(key)),
  fromBytes: (key) => wholeVarint(key, decodeZigZagVarint),
  format: String,
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
  const bytes = bytesOf(key)
  try {
    const { value, end } = decode(bytes)
    const number = Number(value)
    if (end === bytes.length && Number.isSafeInteger(number)) {
      return number
    }
  } catch (error) {
    throw error instanceof BaseError ? invalidKey(key, error.message) : error
  }
  throw invalidKey(key, 'it is no varint below 2^53')
}

function invalidKey(key: ByteString, reason: string): CodecError {
  const hex = formatHex(bytesOf(key))
  return new CodecError('HAMT_KEY', `HAMT: the key ${hex} is invalid: ${reason}`, { key: hex })
}
