import {
  attoFil,
  bigInt,
  CBOR_NULL,
  type CborReader,
  chainEpoch,
  enter,
  equalInViews,
  leave,
  MajorType,
  type PartOf,
  peekByte,
  skipBigInt,
  skipCid,
  uint,
  viewOf,
} from '@plimsoll/ipld'
import { decodeSector, HEAD_OF_16_FIELDS, readCurrent, type SectorOnChainInfo, sectorHead } from './types.ts'

/** Source of all types here: builtin-actors v18, `actors/miner/src/types.rs`. */

/** What of a sector decides power, money and when it leaves: all that most messages ask of it. */
export type SectorFigures = Pick<
  SectorOnChainInfo,
  | 'sectorNumber'
  | 'activation'
  | 'expiration'
  | 'dealWeight'
  | 'verifiedDealWeight'
  | 'initialPledge'
  | 'powerBaseEpoch'
  | 'dailyFee'
>

/**
 * Reads the figures of one sector after another out of sectors in today's layout; a sector in any other, or one that
 * is damaged, is read whole.
 *
 * Sectors that were sealed together lie near each other and differ in number and CIDs alone. So the reader remembers
 * the last few different ones, and takes over the figures of one whose bytes are repeated: in canonical CBOR equal
 * bytes are equal values.
 */
export function sectorFigures(): PartOf<SectorOnChainInfo, SectorFigures> {
  const recent: RecentSectors = { sectors: [], block: NO_BLOCK, view: viewOf(NO_BLOCK) }
  const readNew = (reader: CborReader) => readFigures(reader, recent)
  return {
    of: (sector) => sector,
    decode: (reader) =>
      takeRepeated(reader, recent) ?? readCurrent<SectorFigures>(reader, readNew, decodeSector),
  }
}

const NO_BLOCK = new Uint8Array()

interface RecentSectors {
  /**
   * The last different ones, the latest first. Of one epoch and price a provider has sectors with data and without in
   * turn, and among them one that is like no other; more than three are hardly ever met again.
   */
  readonly sectors: ReadSector[]
  /** What is read at present, and a view of it. */
  block: Uint8Array
  view: DataView
}

const REMEMBERED = 3

/** A sector that was read, and where in its block the parts of it lie that others repeat. */
interface ReadSector {
  readonly figures: SectorFigures
  readonly view: DataView
  readonly proofStart: number
  readonly sealedCidStart: number
  /** The digest of the sealed CID, which is another one in every sector. */
  readonly digestStart: number
  readonly dealIdsStart: number
  /** The CID of a replica key, or null: no figure, and another one in every sector that has one. */
  readonly keyStart: number
  readonly keyEnd: number
  readonly end: number
}

/**
 * The figures of the sector at the cursor, which then stands after it, where one of the recent ones is repeated. Reads
 * bytes and no values, and leaves alone whatever is not plainly a repetition.
 */
function takeRepeated(reader: CborReader, recent: RecentSectors): SectorFigures | undefined {
  const { bytes, offset } = reader
  if (reader.isLoose || bytes[offset] !== HEAD_OF_16_FIELDS) {
    return undefined
  }
  if (bytes !== recent.block) {
    recent.block = bytes
    recent.view = viewOf(bytes)
  }
  const { sectors, view } = recent
  const numberAt = offset + 1
  const proofAt = endOfPlainUint(bytes, numberAt)
  for (let i = 0; i < sectors.length && proofAt !== -1; i++) {
    const known = sectors[i] as ReadSector
    const end = endOfRepeated(view, proofAt, known)
    if (end !== -1) {
      moveToFront(sectors, i, known)
      reader.offset = end
      return numbered(known.figures, plainUint(bytes, numberAt, proofAt))
    }
  }
  return undefined
}

/** Where an integer of up to 32 bits ends that has the shortest head there is for it; −1 of anything else. */
function endOfPlainUint(bytes: Uint8Array, at: number): number {
  const head = bytes[at] as number
  if (head < 24) {
    return at + 1
  }
  if (head === 24) {
    return (bytes[at + 1] as number) >= 24 ? at + 2 : -1
  }
  if (head === 25) {
    return (bytes[at + 1] as number) > 0 ? at + 3 : -1
  }
  return head === 26 && ((bytes[at + 1] as number) > 0 || (bytes[at + 2] as number) > 0) ? at + 5 : -1
}

function plainUint(bytes: Uint8Array, at: number, end: number): number {
  let value = end === at + 1 ? (bytes[at] as number) : 0
  for (let i = at + 1; i < end; i++) {
    value = value * 0x100 + (bytes[i] as number)
  }
  return value
}

/** Where the sector ends whose seal proof stands at `proofAt`, if it repeats a known one but for the CIDs; else −1. */
function endOfRepeated(view: DataView, proofAt: number, known: ReadSector): number {
  const { proofStart, sealedCidStart, digestStart, dealIdsStart, keyStart, keyEnd, end } = known
  const dealIdsAt = proofAt + dealIdsStart - proofStart
  if (
    !equalInViews(known.view, dealIdsStart, view, dealIdsAt, keyStart - dealIdsStart) ||
    !equalInViews(known.view, proofStart, view, proofAt, digestStart - proofStart)
  ) {
    return -1
  }
  const keyAt = dealIdsAt + keyStart - dealIdsStart
  let afterKey = keyAt + 1
  if (keyAt >= view.byteLength || view.getUint8(keyAt) !== CBOR_NULL) {
    // A replica key is a CID of the same kind.
    if (!equalInViews(known.view, sealedCidStart, view, keyAt, digestStart - sealedCidStart)) {
      return -1
    }
    afterKey = keyAt + dealIdsStart - sealedCidStart
  }
  return equalInViews(known.view, keyEnd, view, afterKey, end - keyEnd) ? afterKey + end - keyEnd : -1
}

function numbered(known: SectorFigures, sectorNumber: number): SectorFigures {
  return {
    sectorNumber,
    activation: known.activation,
    expiration: known.expiration,
    dealWeight: known.dealWeight,
    verifiedDealWeight: known.verifiedDealWeight,
    initialPledge: known.initialPledge,
    powerBaseEpoch: known.powerBaseEpoch,
    dailyFee: known.dailyFee,
  }
}

function remember(sectors: ReadSector[], read: ReadSector): void {
  moveToFront(sectors, Math.min(sectors.length, REMEMBERED - 1), read)
}

/** Puts a sector first, and moves those before `place` by one. */
function moveToFront(sectors: ReadSector[], place: number, sector: ReadSector): void {
  for (let i = place; i > 0; i--) {
    sectors[i] = sectors[i - 1] as ReadSector
  }
  sectors[0] = sector
}

/** The order of the fields is that on the wire; what is not returned is gone over as strictly. */
function readFigures(reader: CborReader, recent: RecentSectors): SectorFigures {
  enter(reader, MajorType.ARRAY)
  const sectorNumber = sectorHead.sectorNumber.decode(reader)
  const proofStart = reader.offset
  sectorHead.sealProof.decode(reader)
  const sealedCidStart = reader.offset
  const digestStart = skipCid(reader)
  const dealIdsStart = reader.offset
  if (peekByte(reader) === EMPTY_LIST) {
    reader.offset++
  } else {
    sectorHead.deprecatedDealIds.decode(reader)
  }
  const activation = chainEpoch.decode(reader)
  const expiration = chainEpoch.decode(reader)
  const dealWeight = bigInt.decode(reader)
  const verifiedDealWeight = bigInt.decode(reader)
  const initialPledge = attoFil.decode(reader)
  skipNullable(reader, skipBigInt)
  skipNullable(reader, skipBigInt)
  const powerBaseEpoch = chainEpoch.decode(reader)
  skipNullable(reader, skipBigInt)
  const keyStart = reader.offset
  skipNullable(reader, skipCid)
  const keyEnd = reader.offset
  uint.decode(reader)
  const dailyFee = attoFil.decode(reader)
  leave(reader)
  const figures = {
    sectorNumber,
    activation,
    expiration,
    dealWeight,
    verifiedDealWeight,
    initialPledge,
    powerBaseEpoch,
    dailyFee,
  }
  if (digestStart !== -1) {
    remember(recent.sectors, {
      figures,
      view: recent.view,
      proofStart,
      sealedCidStart,
      digestStart,
      dealIdsStart,
      keyStart,
      keyEnd,
      end: reader.offset,
    })
  }
  return figures
}

const EMPTY_LIST = 0x80

function skipNullable(reader: CborReader, skip: (reader: CborReader) => unknown): void {
  if (peekByte(reader) === CBOR_NULL) {
    reader.offset++
  } else {
    skip(reader)
  }
}
