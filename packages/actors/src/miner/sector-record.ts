import type { ActorsVersion } from '../actors-version.ts'
import type { AmountColumn } from './amount-column.ts'
import type { FigureColumns } from './figure-columns.ts'

/**
 * Reads sectors from their CBOR straight into columns, as fast as JavaScript can.
 *
 * Knows only the form that the actors write of nearly every sector: no deals, a sealed CID of the one kind,
 * heads in their shortest form, epochs of 32 bits, amounts below 2^64. Whatever looks different is left to the
 * strict codec, which either knows it too or says what is wrong; so nothing is accepted here that the codec
 * would refuse.
 *
 * Source: builtin-actors v18, `actors/miner/src/types.rs`, `SectorOnChainInfo`, and the same file of the versions before.
 *
 * Cost: reads words and not bytes, and has few and small functions, since what V8 does not inline costs as much
 * as what it does.
 */
export type SectorRecordReader = (
  view: DataView,
  offset: number,
  row: number,
  columns: FigureColumns,
) => number

/** The end of a record that has another form than expected. */
export const UNUSUAL_RECORD = -1

/**
 * Bytes from the start of a record that its reader may look at; there must be so many.
 *
 * A head, a number, a proof type, no deals: 8. Two commitments: 90. Three epochs: 15. Seven amounts of at most
 * 24 bytes: 168. One byte of flags, and the words that reach beyond an end.
 */
export const MAX_RECORD_BYTES = 8 + 90 + 15 + 168 + 1 + 8

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

/**
 * v16 and later: 16 fields, or the 15 that v15 wrote; rewards are null in sectors committed since.
 *
 * Cost: everything of a book goes through here, so what is the same in every record is written out. V8 puts into a
 * function only so much of what it calls, and a long one is not put into its caller, which leaves more for this.
 */
function readRecordV16(view: DataView, offset: number, row: number, columns: FigureColumns): number {
  const head = view.getUint8(offset)
  if (head !== ARRAY_15 && head !== ARRAY_16) {
    return UNUSUAL_RECORD
  }
  const first = view.getUint8(offset + 1)
  let at = offset + 2
  let number = first
  let smallest = 0
  if (first === UINT_32) {
    number = view.getUint32(at)
    smallest = 0x1_0000
    at += 4
  } else if (first === UINT_16) {
    number = view.getUint16(at)
    smallest = 0x100
    at += 2
  } else if (first > MAX_SMALL_UINT) {
    at = readNumber(view, offset + 1, row, columns.sectorNumber)
    number = columns.sectorNumber[row] as number
  }
  if (
    at < 0 ||
    number < smallest ||
    view.getUint8(at) > MAX_SMALL_UINT ||
    !isSealedCid(view, at + 1) ||
    view.getUint16(at + DEALS) !== NO_DEALS_AND_UINT_32 ||
    view.getUint8(at + DEALS + 6) !== UINT_32
  ) {
    return UNUSUAL_RECORD
  }
  const activation = view.getInt32(at + DEALS + 2)
  const expiration = view.getInt32(at + DEALS + 7)
  if (activation <= 0xffff || expiration <= 0xffff) {
    return UNUSUAL_RECORD
  }
  columns.sectorNumber[row] = number
  columns.activation[row] = activation
  columns.expiration[row] = expiration
  at += DEALS + 11
  at = view.getUint8(at) === EMPTY_BYTES ? at + 1 : skipAmount(view, at)
  at = readAmount(view, at, row, columns.verifiedDealWeight)
  at = readAmount(view, at, row, columns.initialPledge)
  at = at >= 0 && view.getUint16(at) === TWO_NULLS ? at + 2 : skipRewards(view, at)
  at = readEpoch(view, at, row, columns.powerBaseEpoch)
  at = at >= 0 && view.getUint16(at) === TWO_NULLS ? at + 2 : skipReplaced(view, at)
  at = skipSmallUint(view, at)
  return head === ARRAY_15 ? withoutFee(at, row, columns) : readAmount(view, at, row, columns.dailyFee)
}

/** What is seldom null in sectors from before FIP-0098, and always since: two recorded rewards. */
function skipRewards(view: DataView, at: number): number {
  return skipNullableAmount(view, skipNullableAmount(view, at))
}

/** What is seldom there: the reward of a replaced sector, and the key of a snapped one. */
function skipReplaced(view: DataView, at: number): number {
  return skipSectorKey(view, skipNullableAmount(view, at))
}

/** v12 to v15: 15 fields, rewards always recorded. */
function readRecordV12(view: DataView, offset: number, row: number, columns: FigureColumns): number {
  if (view.getUint8(offset) !== ARRAY_15) {
    return UNUSUAL_RECORD
  }
  let at = readHead(view, offset + 1, row, columns)
  at = readEpoch(view, skipAmount(view, skipAmount(view, at)), row, columns.powerBaseEpoch)
  at = skipAmount(view, at)
  return withoutFee(skipSmallUint(view, skipSectorKey(view, at)), row, columns)
}

/** Before v16 no sector has a daily fee; its row may have been another sector's before. */
function withoutFee(at: number, row: number, { dailyFee }: FigureColumns): number {
  dailyFee.halves[2 * row] = 0
  dailyFee.halves[2 * row + 1] = 0
  return at
}

/** v9 to v11: the age of a replaced sector instead of the power base, and a flag for the quality. */
function readRecordV9(view: DataView, offset: number, row: number, columns: FigureColumns): number {
  if (view.getUint8(offset) !== ARRAY_15) {
    return UNUSUAL_RECORD
  }
  const at = readTailV8(view, readHead(view, offset + 1, row, columns), row, columns)
  return at >= 0 && (view.getUint8(at) & ~1) === FALSE ? at + 1 : UNUSUAL_RECORD
}

function readRecordV8(view: DataView, offset: number, row: number, columns: FigureColumns): number {
  if (view.getUint8(offset) !== ARRAY_14) {
    return UNUSUAL_RECORD
  }
  return readTailV8(view, readHead(view, offset + 1, row, columns), row, columns)
}

function readTailV8(view: DataView, offset: number, row: number, columns: FigureColumns): number {
  columns.powerBaseEpoch[row] = columns.activation[row] as number
  let at = skipAmount(view, skipAmount(view, offset))
  // The age of the sector that was replaced, mostly zero; it is among the rewards' columns.
  at = skipSmallUint(view, at)
  return withoutFee(skipSectorKey(view, skipAmount(view, at)), row, columns)
}

/** The nine fields that all layouts begin with. From the proof type to the epochs they have a fixed form. */
function readHead(view: DataView, offset: number, row: number, columns: FigureColumns): number {
  const at = readNumber(view, offset, row, columns.sectorNumber)
  if (at < 0 || view.getUint8(at) > MAX_SMALL_UINT || !isSealedCid(view, at + 1)) {
    return UNUSUAL_RECORD
  }
  const deals = at + 1 + SEALED_CID_BYTES
  if (view.getUint8(deals) !== EMPTY_ARRAY) {
    return UNUSUAL_RECORD
  }
  const epochs = readEpoch(view, deals + 1, row, columns.activation)
  const amounts = skipAmount(view, readEpoch(view, epochs, row, columns.expiration))
  return readAmount(
    view,
    readAmount(view, amounts, row, columns.verifiedDealWeight),
    row,
    columns.initialPledge,
  )
}

const ARRAY_14 = 0x8e
const ARRAY_15 = 0x8f
const ARRAY_16 = 0x90
const EMPTY_ARRAY = 0x80
const TWO_NULLS = 0xf6f6
const NO_DEALS_AND_UINT_32 = 0x801a
const FALSE = 0xf4
const NULL = 0xf6
const MAX_SMALL_UINT = 23
const UINT_8 = 24
const UINT_16 = 25
const UINT_32 = 26

/** Reads a sector number below 2^32. */
function readNumber(view: DataView, at: number, row: number, column: Float64Array): number {
  const first = view.getUint8(at)
  if (first === UINT_32) {
    const value = view.getUint32(at + 1)
    column[row] = value
    return value > 0xffff ? at + 5 : UNUSUAL_RECORD
  }
  if (first === UINT_16) {
    const value = view.getUint16(at + 1)
    column[row] = value
    return value > 0xff ? at + 3 : UNUSUAL_RECORD
  }
  const value = first === UINT_8 ? view.getUint8(at + 1) : first
  column[row] = value
  if (first === UINT_8) {
    return value >= UINT_8 ? at + 2 : UNUSUAL_RECORD
  }
  return first <= MAX_SMALL_UINT ? at + 1 : UNUSUAL_RECORD
}

/** Reads an epoch that takes 32 bits: every one since the first month of a chain. */
function readEpoch(view: DataView, at: number, row: number, column: Int32Array): number {
  if (at < 0 || view.getUint8(at) !== UINT_32) {
    return UNUSUAL_RECORD
  }
  const epoch = view.getInt32(at + 1)
  column[row] = epoch
  return epoch > 0xffff ? at + 5 : UNUSUAL_RECORD
}

function skipSmallUint(view: DataView, at: number): number {
  return at >= 0 && view.getUint8(at) <= MAX_SMALL_UINT ? at + 1 : UNUSUAL_RECORD
}

/**
 * Whether the record at `offset`, which was read and has a usual form, has a weight of deals that are not verified: the
 * one amount of every sector that no column holds.
 */
export function hasDealWeight(view: DataView, offset: number): boolean {
  const first = view.getUint8(offset + 1)
  const numberBytes = first === UINT_32 ? 5 : first === UINT_16 ? 3 : first === UINT_8 ? 2 : 1
  return view.getUint8(offset + 1 + numberBytes + DEALS + 11) !== EMPTY_BYTES
}

/** Tag 42, 41 bytes: zero, CIDv1, fil-commitment-sealed, poseidon-bls12_381-a1-fc1, 32 bytes of digest. */
function isSealedCid(view: DataView, at: number): boolean {
  return (
    view.getUint32(at) === 0xd82a_5829 &&
    view.getUint32(at + 4) === 0x0001_82e2 &&
    view.getUint32(at + 8) === 0x0381_e802 &&
    view.getUint8(at + 12) === 0x20
  )
}

const SEALED_CID_BYTES = 13 + 32

/** From the type of a proof to the list of deals. */
const DEALS = 1 + SEALED_CID_BYTES

function skipSectorKey(view: DataView, at: number): number {
  if (at < 0) {
    return UNUSUAL_RECORD
  }
  if (view.getUint8(at) === NULL) {
    return at + 1
  }
  return isSealedCid(view, at) ? at + SEALED_CID_BYTES : UNUSUAL_RECORD
}

/** Where an amount ends that is zero or positive, with at most 22 bytes of minimal magnitude. */
function skipAmount(view: DataView, at: number): number {
  if (at < 0) {
    return UNUSUAL_RECORD
  }
  const length = view.getUint8(at) - EMPTY_BYTES
  if (length === 0) {
    return at + 1
  }
  // Beyond the head: a sign byte of zero and a first byte of the magnitude that is not.
  const isMinimal = (view.getUint16(at + 1) - 1) >>> 0 < 0xff
  return isMinimal && length >= 2 && length <= MAX_AMOUNT_BYTES ? at + 1 + length : UNUSUAL_RECORD
}

const EMPTY_BYTES = 0x40
const MAX_AMOUNT_BYTES = 23

function skipNullableAmount(view: DataView, at: number): number {
  return at >= 0 && view.getUint8(at) === NULL ? at + 1 : skipAmount(view, at)
}

/** Reads an amount below 2^64 − 1 into a column, as two words of 32 bits. */
function readAmount(view: DataView, at: number, row: number, { halves }: AmountColumn): number {
  if (at < 0) {
    return UNUSUAL_RECORD
  }
  const size = view.getUint8(at) - EMPTY_BYTES
  const end = at + 1 + size
  let low = 0
  let high = 0
  if (size !== 0) {
    if (size < 2 || size > 9 || (view.getUint16(at + 1) - 1) >>> 0 >= 0xff) {
      return UNUSUAL_RECORD
    }
    // The words reach back over the head and what is before it; a commitment is, so there are bytes enough.
    low = view.getInt32(end - 4) & (LOW_MASKS[size] as number)
    high = view.getInt32(end - 8) & (HIGH_MASKS[size] as number)
  }
  halves[2 * row] = low
  halves[2 * row + 1] = high
  return (low & high) === -1 ? UNUSUAL_RECORD : end
}

/** What of the last four bytes, and of the four before them, is magnitude in an amount of so many bytes with its sign. */
const LOW_MASKS = Int32Array.of(0, 0, 0xff, 0xffff, 0xff_ffff, -1, -1, -1, -1, -1)
const HIGH_MASKS = Int32Array.of(0, 0, 0, 0, 0, 0, 0xff, 0xffff, 0xff_ffff, -1)
