import { formatBase32, parseBase32 } from './base32.ts'
import { byteString, bytesOf } from './byte-string.ts'
import { ParseError } from './errors.ts'
import type { Hashes } from './hashes.ts'
import type { Identity } from './identity.ts'
import { decodeVarint, encodeVarint } from './varint.ts'

/**
 * An actor's address as the byte string that stands in the state: a protocol byte and a payload.
 *
 * Source: ref-fvm `shared/src/address/mod.rs`; Filecoin specification, appendix Address.
 */
export type Address = Identity<string, 'Address'>

/** The number of an actor, the payload of its f0 address. Numbers from 2^53 up are refused where one is made. */
export type ActorId = Identity<number, 'ActorId'>

/** Source: ref-fvm `shared/src/address/protocol.rs`. */
export const AddressProtocol = { Id: 0, Secp256k1: 1, Actor: 2, Bls: 3, Delegated: 4 } as const
export type AddressProtocol = (typeof AddressProtocol)[keyof typeof AddressProtocol]

/** Mainnet writes addresses with `f`, every other network with `t`; both are read everywhere. */
export type AddressPrefix = 'f' | 't'

/** Source: ref-fvm `shared/src/address/mod.rs`: `MAX_ADDRESS_LEN`, `MAX_ADDRRESS_TEXT_LEN`. */
export const MAX_ADDRESS_BYTES = 65
const MAX_ADDRESS_TEXT_LENGTH = 138

const HASH_PAYLOAD_BYTES = 20
const BLS_PAYLOAD_BYTES = 48
const MAX_SUBADDRESS_BYTES = 54
const CHECKSUM_BYTES = 4
const U64_MAX = (1n << 64n) - 1n

/** @throws {ParseError} `INVALID_ADDRESS` when the number is no safe integer from 0 up. */
export function actorId(id: number): ActorId {
  if (!Number.isSafeInteger(id) || id < 0) {
    throw invalidAddress(String(id), 'the actor id is not a whole number below 2^53')
  }
  return id as ActorId
}

export function idAddress(id: ActorId | bigint): Address {
  const varint = encodeVarint(id)
  const bytes = new Uint8Array(1 + varint.length)
  bytes[0] = AddressProtocol.Id
  bytes.set(varint, 1)
  return byteString(bytes) as string as Address
}

/**
 * Reads an address from its bytes.
 *
 * @throws {ParseError} `INVALID_ADDRESS`
 */
export function addressFromBytes(bytes: Uint8Array): Address {
  const defect = findDefect(bytes)
  if (defect !== undefined) {
    throw invalidAddress(`${bytes.length} bytes`, defect)
  }
  return byteString(bytes) as string as Address
}

export function addressBytes(address: Address): Uint8Array {
  return bytesOf(address as string as ReturnType<typeof byteString>)
}

export function protocolOf(address: Address): AddressProtocol {
  return address.charCodeAt(0) as AddressProtocol
}

/** The actor id of an f0 address, or undefined for an address of another protocol. */
export function findActorId(address: Address): ActorId | undefined {
  if (protocolOf(address) !== AddressProtocol.Id) {
    return undefined
  }
  return actorId(Number(decodeVarint(addressBytes(address), 1).value))
}

/** The address of an actor that is named after bytes, such as who made it when (f2). */
export function actorAddress(preimage: Uint8Array, hashes: Hashes): Address {
  const bytes = new Uint8Array(1 + HASH_PAYLOAD_BYTES)
  bytes[0] = AddressProtocol.Actor
  bytes.set(hashes.blake2b160(preimage), 1)
  return byteString(bytes) as string as Address
}

/**
 * The address that an actor gives out (f4).
 *
 * @throws {ParseError} `INVALID_ADDRESS` for a subaddress that is too long.
 */
export function delegatedAddress(namespace: ActorId, subaddress: Uint8Array): Address {
  const varint = encodeVarint(namespace)
  const bytes = new Uint8Array(1 + varint.length + subaddress.length)
  bytes[0] = AddressProtocol.Delegated
  bytes.set(varint, 1)
  bytes.set(subaddress, 1 + varint.length)
  return addressFromBytes(bytes)
}

/** Who gave an f4 address out; undefined for an address of another protocol. */
export function delegatedNamespaceOf(address: Address): Address | undefined {
  return protocolOf(address) === AddressProtocol.Delegated
    ? idAddress(decodeVarint(addressBytes(address), 1).value)
    : undefined
}

/** Writes an ID address of any 64-bit id. */
export function formatIdAddress(address: Address, prefix: AddressPrefix = 'f'): string {
  return `${prefix}0${decodeVarint(addressBytes(address), 1).value}`
}

/** The actor id of an ID address. @throws {ParseError} `INVALID_ADDRESS` for any other, and from 2^53 up. */
export function requireActorId(address: Address): ActorId {
  const id = findActorId(address)
  if (id === undefined) {
    throw invalidAddress(`${address.length} bytes`, 'it is no ID address')
  }
  return id
}

/**
 * Reads an address in text, of either network.
 *
 * @throws {ParseError} `INVALID_ADDRESS`
 */
export function parseAddress(text: string, hashes: Hashes): Address {
  if (text.length > MAX_ADDRESS_TEXT_LENGTH || !/^[ft][0-4]/.test(text)) {
    throw invalidAddress(text, 'it does not begin with f or t and a protocol from 0 to 4')
  }
  const protocol = Number(text[1]) as AddressProtocol
  const payload = text.slice(2)
  switch (protocol) {
    case AddressProtocol.Id:
      return idAddress(parseId(payload, text))
    case AddressProtocol.Delegated:
      return parseDelegated(payload, text, hashes)
    default:
      return withoutChecksum(Uint8Array.of(protocol), payload, text, hashes)
  }
}

/**
 * Reads the actor id of an f0 address in text, or a bare number.
 *
 * @throws {ParseError} `INVALID_ADDRESS`
 */
export function parseActorId(text: string): ActorId {
  const digits = /^(?:[ft]0)?(\d{1,20})$/.exec(text)?.[1]
  if (digits === undefined) {
    throw invalidAddress(text, 'an actor is named by its f0 address or by its number')
  }
  return actorId(Number(digits))
}

export function formatActorId(id: ActorId, prefix: AddressPrefix = 'f'): string {
  return `${prefix}0${id}`
}

export function formatAddress(address: Address, hashes: Hashes, prefix: AddressPrefix = 'f'): string {
  const bytes = addressBytes(address)
  const protocol = protocolOf(address)
  if (protocol === AddressProtocol.Id) {
    return `${prefix}0${decodeVarint(bytes, 1).value}`
  }
  const checksum = hashes.blake2b32(bytes)
  if (protocol === AddressProtocol.Delegated) {
    const { value: namespace, end } = decodeVarint(bytes, 1)
    return `${prefix}4${namespace}f${formatBase32(concat(bytes.subarray(end), checksum))}`
  }
  return `${prefix}${protocol}${formatBase32(concat(bytes.subarray(1), checksum))}`
}

function parseDelegated(payload: string, text: string, hashes: Hashes): Address {
  const separator = payload.indexOf('f')
  if (separator < 0) {
    throw invalidAddress(text, 'no f between the namespace and the subaddress')
  }
  const namespace = encodeVarint(parseId(payload.slice(0, separator), text))
  const head = concat(Uint8Array.of(AddressProtocol.Delegated), namespace)
  return withoutChecksum(head, payload.slice(separator + 1), text, hashes)
}

function withoutChecksum(head: Uint8Array, encoded: string, text: string, hashes: Hashes): Address {
  const payload = decodePayload(encoded, text)
  if (payload.length < CHECKSUM_BYTES) {
    throw invalidAddress(text, 'it is too short to hold a checksum')
  }
  const checksumAt = payload.length - CHECKSUM_BYTES
  const bytes = concat(head, payload.subarray(0, checksumAt))
  const expected = hashes.blake2b32(bytes)
  if (!expected.every((byte, i) => byte === payload[checksumAt + i])) {
    throw invalidAddress(text, 'its checksum is wrong')
  }
  const defect = findDefect(bytes)
  if (defect !== undefined) {
    throw invalidAddress(text, defect)
  }
  return byteString(bytes) as string as Address
}

function decodePayload(encoded: string, text: string): Uint8Array {
  try {
    return parseBase32(encoded)
  } catch (error) {
    throw invalidAddress(text, 'its payload is not base32', error)
  }
}

function parseId(digits: string, text: string): bigint {
  const id = /^\d{1,20}$/.test(digits) ? BigInt(digits) : -1n
  if (id < 0n || id > U64_MAX) {
    throw invalidAddress(text, 'its actor id is not an unsigned 64-bit number')
  }
  return id
}

function findDefect(bytes: Uint8Array): string | undefined {
  const payloadBytes = bytes.length - 1
  switch (bytes[0]) {
    case AddressProtocol.Id:
      return findVarintEnd(bytes) === bytes.length ? undefined : 'its payload is not one varint'
    case AddressProtocol.Secp256k1:
    case AddressProtocol.Actor:
      return payloadBytes === HASH_PAYLOAD_BYTES ? undefined : 'its payload is not 20 bytes'
    case AddressProtocol.Bls:
      return payloadBytes === BLS_PAYLOAD_BYTES ? undefined : 'its payload is not 48 bytes'
    case AddressProtocol.Delegated: {
      const end = findVarintEnd(bytes)
      if (end === undefined) {
        return 'its namespace is not a varint'
      }
      return bytes.length - end <= MAX_SUBADDRESS_BYTES ? undefined : 'its subaddress is over 54 bytes'
    }
    default:
      return 'its protocol is not one of 0 to 4'
  }
}

function findVarintEnd(bytes: Uint8Array): number | undefined {
  try {
    return decodeVarint(bytes, 1).end
  } catch {
    return undefined
  }
}

function concat(head: Uint8Array, tail: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(head.length + tail.length)
  bytes.set(head)
  bytes.set(tail, head.length)
  return bytes
}

function invalidAddress(found: string, reason: string, cause?: unknown): ParseError {
  return new ParseError('INVALID_ADDRESS', `"${found}" is not an address: ${reason}`, { found }, cause)
}
