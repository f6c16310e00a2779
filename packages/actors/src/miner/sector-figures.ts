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
import { decodeSector, readCurrent, type SectorOnChainInfo, sectorHead } from './types.ts'

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
  const readNext = (reader: CborReader) => readFigures(reader, recent)
  return {
    of: (sector) => sector,
    decode: (reader) => readCurrent<SectorFigures>(reader, readNext, decodeSector),
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
  /** The digest of the sealed CID, which is another one in every sector. */
  readonly digestStart: number
  readonly dealIdsStart: number
  /** The CID of a replica key, or null: no figure, and another one in every sector that has one. */
  readonly keyStart: number
  readonly keyEnd: number
  readonly end: number
}

/** The order of the fields is that on the wire; what is not returned is gone over as strictly. */
function readFigures(reader: CborReader, recent: RecentSectors): SectorFigures {
  enter(reader, MajorType.ARRAY)
  const sectorNumber = sectorHead.sectorNumber.decode(reader)
  if (reader.bytes !== recent.block) {
    recent.block = reader.bytes
    recent.view = viewOf(reader.bytes)
  }
  const known = findRepeated(reader, recent)
  const figures =
    known === undefined ? readNewFigures(reader, sectorNumber, recent) : numbered(known, sectorNumber)
  leave(reader)
  return figures
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

/** The figures of a recent sector that is repeated from the cursor on, which then stands after it. */
function findRepeated(reader: CborReader, { sectors, view }: RecentSectors): SectorFigures | undefined {
  for (let i = 0; i < sectors.length; i++) {
    const known = sectors[i] as ReadSector
    if (passRepeated(reader, view, known)) {
      moveToFront(sectors, i, known)
      return known.figures
    }
  }
  return undefined
}

function remember({ sectors }: RecentSectors, read: ReadSector): void {
  moveToFront(sectors, Math.min(sectors.length, REMEMBERED - 1), read)
}

/** Puts a sector first, and moves those before `place` by one. */
function moveToFront(sectors: ReadSector[], place: number, sector: ReadSector): void {
  for (let i = place; i > 0; i--) {
    sectors[i] = sectors[i - 1] as ReadSector
  }
  sectors[0] = sector
}

/** Passes over the fields of a known sector if they stand at the cursor, with any CIDs; says whether they do. */
function passRepeated(reader: CborReader, view: DataView, known: ReadSector): boolean {
  const { offset } = reader
  const { proofStart, digestStart, dealIdsStart, keyStart, keyEnd, end } = known
  const dealIdsAt = offset + dealIdsStart - proofStart
  if (
    !equalInViews(known.view, dealIdsStart, view, dealIdsAt, keyStart - dealIdsStart) ||
    !equalInViews(known.view, proofStart, view, offset, digestStart - proofStart)
  ) {
    return false
  }
  reader.offset = dealIdsAt + keyStart - dealIdsStart
  passOptionalCid(reader)
  if (equalInViews(known.view, keyEnd, view, reader.offset, end - keyEnd)) {
    reader.offset += end - keyEnd
    return true
  }
  reader.offset = offset
  return false
}

function passOptionalCid(reader: CborReader): void {
  if (peekByte(reader) === CBOR_NULL) {
    reader.offset++
  } else {
    skipCid(reader)
  }
}

function readNewFigures(reader: CborReader, sectorNumber: number, recent: RecentSectors): SectorFigures {
  const proofStart = reader.offset
  sectorHead.sealProof.decode(reader)
  const digestStart = skipCid(reader)
  const dealIdsStart = reader.offset
  sectorHead.deprecatedDealIds.decode(reader)
  const activation = chainEpoch.decode(reader)
  const expiration = chainEpoch.decode(reader)
  const dealWeight = bigInt.decode(reader)
  const verifiedDealWeight = bigInt.decode(reader)
  const initialPledge = attoFil.decode(reader)
  skipOptionalAmount(reader)
  skipOptionalAmount(reader)
  const powerBaseEpoch = chainEpoch.decode(reader)
  skipOptionalAmount(reader)
  const keyStart = reader.offset
  passOptionalCid(reader)
  const keyEnd = reader.offset
  uint.decode(reader)
  const dailyFee = attoFil.decode(reader)
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
    const { view } = recent
    const { offset: end } = reader
    remember(recent, { figures, view, proofStart, digestStart, dealIdsStart, keyStart, keyEnd, end })
  }
  return figures
}

function skipOptionalAmount(reader: CborReader): void {
  if (peekByte(reader) === CBOR_NULL) {
    reader.offset++
  } else {
    skipBigInt(reader)
  }
}
