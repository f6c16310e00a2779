import type { ActorsVersion } from '@plimsoll/actors'
import type { AmountColumn, SectorColumns } from './sector-columns.ts'

/**
 * Reads sectors from their CBOR straight into columns, as fast as JavaScript can.
 *
 * Knows only the forms that the actors write: a sealed CID of the one kind, heads in their shortest form,
 * non-negative amounts below 2^64. Whatever looks different is left to the strict codec, which either knows it
 * too or says what is wrong; so nothing is accepted here that the codec would refuse.
 */
export type SectorRecordReader = (
  bytes: Uint8Array,
  offset: number,
  row: number,
  columns: SectorColumns,
) => number

/** The end of a record that has another form than expected. */
export const UNUSUAL_RECORD = -1

/** The reader for the layout of a version. */
export function sectorRecordReader(version: ActorsVersion): SectorRecordReader {
  if (version >= 16) {
    return readRecordV16
  }
  if (version >= 12) {
    return readRecordV12
  }
  return version >= 9 ? readRecordV9 : readRecordV8
}

/** v16 and later: 16 fields, or the 15 that v15 wrote; rewards are null in sectors committed since. */
function readRecordV16(bytes: Uint8Array, offset: number, row: number, columns: SectorColumns): number {
  const head = bytes[offset]
  if (head !== ARRAY_15 && head !== ARRAY_16) {
    return UNUSUAL_RECORD
  }
  let at = readHead(bytes, offset + 1, row, columns)
  at = skipNullableAmount(bytes, skipNullableAmount(bytes, at))
  at = readEpoch(bytes, at, row, columns.powerBaseEpoch)
  at = skipNullableAmount(bytes, at)
  at = skipSmallUint(bytes, skipSectorKey(bytes, at))
  return head === ARRAY_15 ? at : readAmount(bytes, at, row, columns.dailyFee)
}

/** v12 to v15: 15 fields, rewards always recorded. */
function readRecordV12(bytes: Uint8Array, offset: number, row: number, columns: SectorColumns): number {
  if (bytes[offset] !== ARRAY_15) {
    return UNUSUAL_RECORD
  }
  let at = readHead(bytes, offset + 1, row, columns)
  at = readEpoch(bytes, skipAmount(bytes, skipAmount(bytes, at)), row, columns.powerBaseEpoch)
  at = skipAmount(bytes, at)
  return skipSmallUint(bytes, skipSectorKey(bytes, at))
}

/** v9 to v11: the age of a replaced sector instead of the power base, and a flag for the quality. */
function readRecordV9(bytes: Uint8Array, offset: number, row: number, columns: SectorColumns): number {
  if (bytes[offset] !== ARRAY_15) {
    return UNUSUAL_RECORD
  }
  const at = readTailV8(bytes, readHead(bytes, offset + 1, row, columns), row, columns)
  return at >= 0 && (bytes[at] === FALSE || bytes[at] === TRUE) ? at + 1 : UNUSUAL_RECORD
}

function readRecordV8(bytes: Uint8Array, offset: number, row: number, columns: SectorColumns): number {
  if (bytes[offset] !== ARRAY_14) {
    return UNUSUAL_RECORD
  }
  return readTailV8(bytes, readHead(bytes, offset + 1, row, columns), row, columns)
}

function readTailV8(bytes: Uint8Array, offset: number, row: number, columns: SectorColumns): number {
  columns.powerBaseEpoch[row] = columns.activation[row] as number
  let at = skipAmount(bytes, skipAmount(bytes, offset))
  at = skipEpoch(bytes, at)
  at = skipAmount(bytes, at)
  return skipSectorKey(bytes, at)
}

/** The nine fields that all layouts begin with. */
function readHead(bytes: Uint8Array, offset: number, row: number, columns: SectorColumns): number {
  const number = uintAt(bytes, offset)
  if (number < 0) {
    return UNUSUAL_RECORD
  }
  columns.sectorNumber[row] = number
  let at = offset + headBytes(bytes, offset)
  at = skipSmallUint(bytes, at)
  at = skipSealedCid(bytes, at)
  at = skipDealIds(bytes, at)
  at = readEpoch(bytes, at, row, columns.activation)
  at = readEpoch(bytes, at, row, columns.expiration)
  at = skipAmount(bytes, at)
  at = readAmount(bytes, at, row, columns.verifiedDealWeight)
  return readAmount(bytes, at, row, columns.initialPledge)
}

const ARRAY_14 = 0x8e
const ARRAY_15 = 0x8f
const ARRAY_16 = 0x90
const EMPTY_ARRAY = 0x80
const FALSE = 0xf4
const TRUE = 0xf5
const NULL = 0xf6

/** Tag 42, 41 bytes: zero, CIDv1, fil-commitment-sealed, poseidon-bls12_381-a1-fc1, 32 bytes of digest. */
const SEALED_CID_HEAD = Uint8Array.of(0xd8, 0x2a, 0x58, 0x29, 0, 1, 0x82, 0xe2, 0x03, 0x81, 0xe8, 0x02, 0x20)
const SEALED_CID_BYTES = SEALED_CID_HEAD.length + 32

/** The value of an unsigned integer below 2^32 in its shortest form; negative for anything else. */
function uintAt(bytes: Uint8Array, at: number): number {
  const first = bytes[at] as number
  if (first < 24) {
    return first
  }
  switch (first) {
    case 24: {
      const value = bytes[at + 1] as number
      return value >= 24 ? value : UNUSUAL_RECORD
    }
    case 25: {
      const value = ((bytes[at + 1] as number) << 8) | (bytes[at + 2] as number)
      return value >= 0x100 ? value : UNUSUAL_RECORD
    }
    case 26: {
      const value =
        (bytes[at + 1] as number) * 0x100_0000 +
        (((bytes[at + 2] as number) << 16) | ((bytes[at + 3] as number) << 8) | (bytes[at + 4] as number))
      return value >= 0x1_0000 ? value : UNUSUAL_RECORD
    }
    default:
      return UNUSUAL_RECORD
  }
}

/** How many bytes the head of an integer that {@link uintAt} knows has. */
function headBytes(bytes: Uint8Array, at: number): number {
  const first = bytes[at] as number
  return first < 24 ? 1 : 1 + (1 << (first - 24))
}

function readEpoch(bytes: Uint8Array, at: number, row: number, column: Int32Array): number {
  if (at < 0) {
    return UNUSUAL_RECORD
  }
  const epoch = uintAt(bytes, at)
  if (epoch < 0 || epoch > 0x7fff_ffff) {
    return UNUSUAL_RECORD
  }
  column[row] = epoch
  return at + headBytes(bytes, at)
}

function skipEpoch(bytes: Uint8Array, at: number): number {
  return at < 0 || uintAt(bytes, at) < 0 ? UNUSUAL_RECORD : at + headBytes(bytes, at)
}

function skipSmallUint(bytes: Uint8Array, at: number): number {
  return at >= 0 && (bytes[at] as number) < 24 ? at + 1 : UNUSUAL_RECORD
}

function skipSealedCid(bytes: Uint8Array, at: number): number {
  if (at < 0) {
    return UNUSUAL_RECORD
  }
  for (let i = 0; i < SEALED_CID_HEAD.length; i++) {
    if (bytes[at + i] !== SEALED_CID_HEAD[i]) {
      return UNUSUAL_RECORD
    }
  }
  return at + SEALED_CID_BYTES
}

function skipSectorKey(bytes: Uint8Array, at: number): number {
  return at >= 0 && bytes[at] === NULL ? at + 1 : skipSealedCid(bytes, at)
}

function skipDealIds(bytes: Uint8Array, at: number): number {
  if (at < 0) {
    return UNUSUAL_RECORD
  }
  if (bytes[at] === EMPTY_ARRAY) {
    return at + 1
  }
  const count = (bytes[at] as number) - EMPTY_ARRAY
  if (count < 0 || count >= 24) {
    return UNUSUAL_RECORD
  }
  let next = at + 1
  for (let i = 0; i < count; i++) {
    next = skipEpoch(bytes, next)
  }
  return next
}

/** Where an amount ends that is zero or positive, with at most 22 bytes of minimal magnitude. */
function skipAmount(bytes: Uint8Array, at: number): number {
  if (at < 0) {
    return UNUSUAL_RECORD
  }
  const length = (bytes[at] as number) - 0x40
  if (length === 0) {
    return at + 1
  }
  return length >= 2 && length < 24 && bytes[at + 1] === 0 && bytes[at + 2] !== 0
    ? at + 1 + length
    : UNUSUAL_RECORD
}

function skipNullableAmount(bytes: Uint8Array, at: number): number {
  return at >= 0 && bytes[at] === NULL ? at + 1 : skipAmount(bytes, at)
}

/** Reads an amount below 2^64 − 1 into a column, as two words of 32 bits. */
function readAmount(bytes: Uint8Array, at: number, row: number, column: AmountColumn): number {
  const end = skipAmount(bytes, at)
  if (end < 0 || end - at > 10) {
    return UNUSUAL_RECORD
  }
  let high = 0
  let low = 0
  const lowStart = Math.max(at + 2, end - 4)
  for (let i = at + 2; i < lowStart; i++) {
    high = high * 0x100 + (bytes[i] as number)
  }
  for (let i = lowStart; i < end; i++) {
    low = low * 0x100 + (bytes[i] as number)
  }
  if (high === 0xffff_ffff && low === 0xffff_ffff) {
    return UNUSUAL_RECORD
  }
  column.halves[2 * row] = low
  column.halves[2 * row + 1] = high
  return end
}
