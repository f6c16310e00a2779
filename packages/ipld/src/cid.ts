import {
  BaseError,
  type ByteString,
  byteString,
  bytesOf,
  decodeVarint,
  encodeVarint,
  formatBase32,
  type Hashes,
  type Identity,
  parseBase32,
} from '@plimsoll/primitives'
import { CodecError } from './errors.ts'
import { MAX_CID_BYTES } from './limits.ts'

/**
 * A content identifier, as the byte string that stands after the zero byte in a CBOR link. Two CIDs are equal
 * when `===` says so; {@link formatCid} writes one for people.
 *
 * Source: multiformats CID specification.
 */
export type Cid = Identity<string, 'Cid'>

/** Multicodec numbers. Source: multiformats `table.csv`. */
export const Multicodec = {
  RAW: 0x55,
  DAG_CBOR: 0x71,
  FIL_COMMITMENT_UNSEALED: 0xf101,
  FIL_COMMITMENT_SEALED: 0xf102,
} as const

/** Multihash numbers. Source: multiformats `table.csv`. */
export const Multihash = {
  IDENTITY: 0x00,
  SHA2_256: 0x12,
  SHA2_256_TRUNC254_PADDED: 0x1012,
  BLAKE2B_256: 0xb220,
  POSEIDON_BLS12_381_A1_FC1: 0xb401,
} as const

/** What a CID says of the block that it names. */
export interface CidParts {
  readonly version: 0 | 1
  readonly codec: number
  readonly multihash: number
  readonly digest: Uint8Array
}

/** Where the parts of a CID lie in the bytes that it was read from. */
export interface CidExtent {
  readonly version: 0 | 1
  readonly codec: number
  readonly multihash: number
  readonly digestStart: number
  readonly end: number
}

/** How the blocks of Filecoin's state are addressed: CIDv1, dag-cbor, blake2b-256. */
export const BLAKE2B_DAG_CBOR_PREFIX = Uint8Array.of(0x01, 0x71, 0xa0, 0xe4, 0x02, 0x20)

/** The length of a CID of that kind in bytes. */
export const BLAKE2B_CID_BYTES = BLAKE2B_DAG_CBOR_PREFIX.length + 32

/** Holds the bytes of one CID after another: V8 makes a string of them faster than of a prefix and a digest. */
const BLAKE2B_CID = new Uint8Array(BLAKE2B_CID_BYTES)
BLAKE2B_CID.set(BLAKE2B_DAG_CBOR_PREFIX)

/** The CID of a block of state. */
export function cidOfBlock(bytes: Uint8Array, hashes: Hashes): Cid {
  BLAKE2B_CID.set(hashes.blake2b256(bytes), BLAKE2B_DAG_CBOR_PREFIX.length)
  return byteString(BLAKE2B_CID) as string as Cid
}

export function makeCid(codec: number, multihash: number, digest: Uint8Array): Cid {
  const parts = [encodeVarint(1), encodeVarint(codec), encodeVarint(multihash), encodeVarint(digest.length)]
  return (parts.map(byteString).join('') + byteString(digest)) as Cid
}

/**
 * Reads a CID that fills `bytes` exactly.
 *
 * @throws {CodecError} `INVALID_CID`
 */
export function cidFromBytes(bytes: Uint8Array): Cid {
  if (shortDigestStart(bytes, 0, bytes.length) === -1) {
    const { end } = scanCid(bytes, 0)
    if (end !== bytes.length) {
      throw invalidCid(`${bytes.length - end} bytes are left over`, bytes.length)
    }
  }
  return byteString(bytes) as string as Cid
}

export function cidBytes(cid: Cid): Uint8Array {
  return bytesOf(cid as string as ByteString)
}

export function cidParts(cid: Cid): CidParts {
  const bytes = cidBytes(cid)
  const { version, codec, multihash, digestStart, end } = scanCid(bytes, 0)
  return { version, codec, multihash, digest: bytes.subarray(digestStart, end) }
}

/**
 * Finds the extent of a CID that begins at `offset`.
 *
 * @throws {CodecError} `INVALID_CID`
 */
export function scanCid(bytes: Uint8Array, offset: number): CidExtent {
  // A version 0 CID is a bare sha2-256 multihash; its first byte can be no version.
  if (bytes[offset] === Multihash.SHA2_256 && bytes[offset + 1] === 32) {
    return withinBounds(bytes, {
      version: 0,
      codec: 0x70,
      multihash: 0x12,
      digestStart: offset + 2,
      end: offset + 34,
    })
  }
  try {
    const version = decodeVarint(bytes, offset)
    const codec = decodeVarint(bytes, version.end)
    const multihash = decodeVarint(bytes, codec.end)
    const length = decodeVarint(bytes, multihash.end)
    if (version.value !== 1n) {
      throw invalidCid(`its version is ${version.value}`, offset)
    }
    if (length.end - offset + Number(length.value) > MAX_CID_BYTES) {
      throw invalidCid(`it is over ${MAX_CID_BYTES} bytes long`, offset)
    }
    return withinBounds(bytes, {
      version: 1,
      codec: Number(codec.value),
      multihash: Number(multihash.value),
      digestStart: length.end,
      end: length.end + Number(length.value),
    })
  } catch (error) {
    throw error instanceof BaseError && error.code === 'INVALID_VARINT'
      ? invalidCid(error.message, offset)
      : error
  }
}

/**
 * Reads a CID in text: base32 with its multibase letter `b`.
 *
 * @throws {CodecError} `INVALID_CID`
 */
export function parseCid(text: string): Cid {
  if (!text.startsWith('b')) {
    throw new CodecError('INVALID_CID', `"${text}" is not a CID: it does not begin with b for base32`, {
      text,
    })
  }
  try {
    return cidFromBytes(parseBase32(text.slice(1)))
  } catch (error) {
    if (error instanceof BaseError) {
      throw new CodecError('INVALID_CID', `"${text}" is not a CID: ${error.message}`, { text })
    }
    throw error
  }
}

export function formatCid(cid: Cid): string {
  return `b${formatBase32(cidBytes(cid))}`
}

/** The text inside an identity CID, such as `fil/8/storageminer`, or undefined for any other CID. */
export function findIdentityText(cid: Cid): string | undefined {
  const { multihash, digest } = cidParts(cid)
  return multihash === Multihash.IDENTITY ? byteString(digest) : undefined
}

/**
 * Where the digest begins of a CIDv1 that fills `bytes[start, end)`, if its numbers are short ones as in every CID of the
 * state; otherwise −1, and {@link scanCid} finds out or says what is wrong.
 */
function shortDigestStart(bytes: Uint8Array, start: number, end: number): number {
  const lengthAt = bytes[start] === 1 ? shortVarintEnd(bytes, shortVarintEnd(bytes, start + 1)) : -1
  const length = bytes[lengthAt] ?? 0x80
  const fills = length < 0x80 && lengthAt + 1 + length === end && end - start <= MAX_CID_BYTES
  return fills ? lengthAt + 1 : -1
}

/** Where a minimal varint of at most four bytes ends, or −1. */
function shortVarintEnd(bytes: Uint8Array, start: number): number {
  for (let at = start; at >= 0 && at < start + 4; at++) {
    const byte = bytes[at] ?? 0x80
    if (byte < 0x80) {
      return byte === 0 && at > start ? -1 : at + 1
    }
  }
  return -1
}

function withinBounds(bytes: Uint8Array, extent: CidExtent): CidExtent {
  if (extent.end > bytes.length) {
    throw invalidCid('it is cut short', extent.digestStart)
  }
  return extent
}

function invalidCid(reason: string, offset: number): CodecError {
  return new CodecError('INVALID_CID', `no valid CID at byte ${offset}: ${reason}`, { offset })
}
