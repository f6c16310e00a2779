import { fc, test } from '@fast-check/vitest'
import { decodeCbor, encodeCbor, Multicodec, Multihash, makeCid } from '@plimsoll/ipld'
import { anySector, concat, plannedSector, sampleSectors, sealedCid } from '@plimsoll/testkit'
import { describe, expect } from 'vitest'
import type { ActorsVersion } from '../actors-version.ts'
import { amountAt } from './amount-column.ts'
import { createFigureColumns, type FigureColumns, setFigures } from './figure-columns.ts'
import { minerLayout } from './layout.ts'
import { hasDealWeight, MAX_RECORD_BYTES, sectorRecordReader, UNUSUAL_RECORD } from './sector-record.ts'
import type { SectorOnChainInfo } from './types.ts'

/** The first version of each layout of a sector. */
const LAYOUTS: readonly ActorsVersion[] = [8, 9, 12, 16]
const VERSIONS: readonly ActorsVersion[] = [8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18]

const USUAL = plannedSector({ sectorNumber: 7, activation: 5_000_000, initialPledge: 5n })
/** What the row held before. */
const ANOTHER = plannedSector({
  sectorNumber: 8,
  activation: 6_000_000,
  initialPledge: 6n,
  verifiedDealWeight: 7n,
  dailyFee: 8n,
})
const DIGEST = new Uint8Array(32)
const ROOM = new Uint8Array(MAX_RECORD_BYTES)
/** Sealed, and not by the hash that sealed commitments have. */
const OTHER_CID = makeCid(Multicodec.FIL_COMMITMENT_SEALED, Multihash.SHA2_256, DIGEST)

/** What every version can store: rewards, and the age of a replaced sector. */
function recorded(sector: SectorOnChainInfo): SectorOnChainInfo {
  const { expectedDayReward, expectedStoragePledge, replacedDayReward, replacedSectorAge } = sector
  return {
    ...sector,
    expectedDayReward: expectedDayReward ?? 0n,
    expectedStoragePledge: expectedStoragePledge ?? 0n,
    replacedDayReward: replacedDayReward ?? 0n,
    replacedSectorAge: replacedSectorAge ?? 9,
  }
}

function encode(version: ActorsVersion, sector: SectorOnChainInfo): Uint8Array {
  return encodeCbor(minerLayout(version).sectors.value, version >= 16 ? sector : recorded(sector))
}

function rowOf(columns: FigureColumns, row: number) {
  return {
    sectorNumber: columns.sectorNumber[row],
    activation: columns.activation[row],
    expiration: columns.expiration[row],
    powerBaseEpoch: columns.powerBaseEpoch[row],
    initialPledge: amountAt(columns.initialPledge, row),
    verifiedDealWeight: amountAt(columns.verifiedDealWeight, row),
    dailyFee: amountAt(columns.dailyFee, row),
  }
}

/** What the strict codec makes of a record, in columns. */
function strictRow(version: ActorsVersion, bytes: Uint8Array) {
  const columns = createFigureColumns(1)
  setFigures(columns, 0, decodeCbor(minerLayout(version).sectors.value, bytes))
  return rowOf(columns, 0)
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
}

/** What the fast reader makes of a record with other bytes behind it; undefined for an unusual one. */
function fastRow(version: ActorsVersion, bytes: Uint8Array, behind: Uint8Array = ROOM) {
  const columns = createFigureColumns(1)
  setFigures(columns, 0, ANOTHER)
  const end = sectorRecordReader(version)(viewOf(concat(bytes, behind)), 0, 0, columns)
  if (end === UNUSUAL_RECORD) {
    return undefined
  }
  expect(end).toBe(bytes.length)
  return rowOf(columns, 0)
}

/** A record with some of its bytes replaced by others, maybe more or fewer. */
function spliced(bytes: Uint8Array, at: number, count: number, ...by: readonly number[]): Uint8Array {
  return concat(bytes.subarray(0, at), Uint8Array.from(by), bytes.subarray(at + count))
}

describe('the fast reader of records', () => {
  test.prop([fc.constantFrom(...VERSIONS), anySector, fc.uint8Array({ maxLength: 9 })], { numRuns: 500 })(
    'reads what the strict codec reads, or leaves the record to it',
    (version, sector, behind) => {
      const bytes = encode(version, sector)
      const row = fastRow(version, bytes, concat(behind, ROOM))
      expect(row ?? strictRow(version, bytes)).toEqual(strictRow(version, bytes))
    },
  )

  test.prop([fc.constantFrom(...VERSIONS), anySector])(
    'can be asked whether a record that it read has deals that are not verified',
    (version, sector) => {
      const bytes = concat(encode(version, sector), ROOM)
      const isRead =
        sectorRecordReader(version)(viewOf(bytes), 0, 0, createFigureColumns(1)) !== UNUSUAL_RECORD
      expect(isRead && hasDealWeight(viewOf(bytes), 0)).toBe(isRead && sector.dealWeight !== 0n)
    },
  )

  test.each(VERSIONS)('leaves no sector that is as usual to the strict codec in v%i', (version) => {
    for (const sector of sampleSectors({ count: 200 })) {
      const bytes = encode(version, sector)
      expect(fastRow(version, bytes)).toEqual(strictRow(version, bytes))
    }
  })

  test.prop([fc.constantFrom(...LAYOUTS), fc.uint8Array({ maxLength: 9 })])(
    'reads from the offset and into the row that it is given',
    (version, prefix) => {
      const bytes = encode(version, USUAL)
      const columns = createFigureColumns(3)
      const view = viewOf(concat(prefix, bytes, ROOM))
      const end = sectorRecordReader(version)(view, prefix.length, 1, columns)
      expect(end).toBe(prefix.length + bytes.length)
      expect(rowOf(columns, 1)).toEqual(strictRow(version, bytes))
      expect(rowOf(columns, 2)).toEqual(rowOf(createFigureColumns(1), 0))
    },
  )

  test('reads the activation as the base of power before v12, and the stored base from v12 on', () => {
    const sector = { ...USUAL, activation: 5_000_000, powerBaseEpoch: 5_100_000 }
    const bases = VERSIONS.map((version) => fastRow(version, encode(version, sector))?.powerBaseEpoch)
    expect(bases).toEqual([...Array(4).fill(5_000_000), ...Array(7).fill(5_100_000)])
  })

  test('reads the fifteen fields of v15 in a state of v16, without a daily fee', () => {
    const bytes = encode(15, { ...USUAL, dailyFee: 99n })
    expect(fastRow(16, bytes)).toMatchObject({ sectorNumber: 7, initialPledge: 5n, dailyFee: 0n })
  })

  test('leaves the record of another layout to the strict codec', () => {
    const read = (version: ActorsVersion, written: ActorsVersion) => fastRow(version, encode(written, USUAL))
    expect(read(8, 9)).toBeUndefined()
    expect(read(9, 8)).toBeUndefined()
    expect(read(9, 12)).toBeUndefined()
    expect(read(12, 9)).toBeUndefined()
    expect(read(12, 16)).toBeUndefined()
    expect(read(16, 9)).toBeUndefined()
  })

  // What either way is right, at the edges of each form: read as the strict codec does, or left to it.
  test.each([
    { name: 'sector numbers', sectors: [23, 24, 255, 256, 65_535, 65_536].map((n) => ({ sectorNumber: n })) },
    { name: 'large numbers', sectors: [2 ** 32 - 1, 2 ** 32, 2 ** 53 - 1].map((n) => ({ sectorNumber: n })) },
    { name: 'activations', sectors: [0, 255, 65_535, 65_536, 2 ** 31 - 1].map((n) => ({ activation: n })) },
    { name: 'expirations', sectors: [0, 255, 65_535, 65_536, 2 ** 31 - 1].map((n) => ({ expiration: n })) },
    {
      name: 'power bases',
      sectors: [0, 255, 65_535, 65_536, 2 ** 31 - 1].map((n) => ({ powerBaseEpoch: n })),
    },
    { name: 'replaced ages', sectors: [0, 23, 24, 70_000].map((n) => ({ replacedSectorAge: n })) },
    { name: 'seal proofs', sectors: [0, 23, 24, -1].map((n) => ({ sealProof: n })) },
    { name: 'flags', sectors: [0, 23, 24].map((n) => ({ flags: n })) },
    {
      name: 'numbers of deals',
      sectors: [0, 1, 23, 24].map((n) => ({ deprecatedDealIds: Array(n).fill(9n) })),
    },
    { name: 'sealed CIDs', sectors: [OTHER_CID].map((cid) => ({ sealedCid: cid })) },
    { name: 'key CIDs', sectors: [OTHER_CID, sealedCid(DIGEST)].map((cid) => ({ sectorKeyCid: cid })) },
    {
      name: 'deal weights',
      sectors: [2n ** 64n, 2n ** 176n, 2n ** 184n, -1n].map((n) => ({ dealWeight: n })),
    },
    { name: 'day rewards', sectors: [2n ** 64n, 2n ** 184n, -1n].map((n) => ({ expectedDayReward: n })) },
  ])('reads the $name at the edges as the strict codec does, or leaves them to it', ({ sectors }) => {
    for (const version of LAYOUTS) {
      for (const sector of sectors) {
        const bytes = encode(version, { ...USUAL, ...sector })
        const strict = strictRow(version, bytes)
        expect(fastRow(version, bytes) ?? strict).toEqual(strict)
      }
    }
  })

  test.each([1n, 2n, 3n, 4n, 5n, 6n, 7n, 8n])('reads amounts with a magnitude of %i bytes', (length) => {
    const ofLength = [256n ** (length - 1n), 0x0102_0304_0506_0708n % 256n ** length, 256n ** length - 2n]
    for (const amount of ofLength) {
      const amounts = { initialPledge: amount, verifiedDealWeight: amount - 1n, dailyFee: amount }
      expect(fastRow(18, encode(18, { ...USUAL, ...amounts }))).toMatchObject(amounts)
    }
  })

  test('looks at no byte beyond the most that it says a record has', () => {
    const wide = 2n ** 176n - 1n
    const amount = 2n ** 64n - 2n
    const largest: SectorOnChainInfo = {
      ...USUAL,
      sectorNumber: 2 ** 32 - 1,
      dealWeight: wide,
      verifiedDealWeight: amount,
      initialPledge: amount,
      expectedDayReward: wide,
      expectedStoragePledge: wide,
      replacedDayReward: wide,
      sectorKeyCid: sealedCid(DIGEST),
      dailyFee: amount,
    }
    for (const version of LAYOUTS) {
      const bytes = encode(version, largest)
      const rest = new Uint8Array(MAX_RECORD_BYTES - bytes.length)
      expect(fastRow(version, bytes, rest)).toEqual(strictRow(version, bytes))
    }
  })
})

describe('what the fast reader leaves to the strict codec', () => {
  test.each([
    { name: 'an activation of 2^31', sector: { activation: 2 ** 31 } },
    { name: 'an expiration of 2^31', sector: { expiration: 2 ** 31 } },
    { name: 'a power base of 2^32 − 1', sector: { powerBaseEpoch: 2 ** 32 - 1 } },
    { name: 'a pledge of 2^64 − 1', sector: { initialPledge: 2n ** 64n - 1n } },
    { name: 'a pledge of 2^64', sector: { initialPledge: 2n ** 64n } },
    { name: 'a negative pledge', sector: { initialPledge: -1n } },
    { name: 'a verified weight of 2^64 − 1', sector: { verifiedDealWeight: 2n ** 64n - 1n } },
    { name: 'a negative verified weight', sector: { verifiedDealWeight: -1n } },
    { name: 'a daily fee of 2^64 − 1', sector: { dailyFee: 2n ** 64n - 1n } },
    { name: 'a negative daily fee', sector: { dailyFee: -1n } },
  ])('is $name', ({ sector }) => {
    expect(fastRow(18, encode(18, { ...USUAL, ...sector }))).toBeUndefined()
  })

  test('is a sealed CID with any other byte in its head', () => {
    const bytes = encode(18, { ...USUAL, sectorKeyCid: sealedCid(DIGEST) })
    // After the heads of the record, the number and the proof; before the flags and an empty amount.
    for (const start of [3, bytes.length - 2 - 45]) {
      for (let i = start; i < start + 13; i++) {
        expect(fastRow(18, bytes.with(i, (bytes[i] as number) ^ 1)), `byte ${i}`).toBeUndefined()
      }
      expect(fastRow(18, bytes.with(start + 13, 99))).toEqual(strictRow(18, bytes))
    }
  })

  // The number follows the head of the record, the activation the number, the proof, the CID and no deals.
  test.each([
    { name: 'a number of 23 in two bytes', at: 1, count: 1, by: [0x18, 23] },
    { name: 'a number of 255 in three bytes', at: 1, count: 1, by: [0x19, 0, 0xff] },
    { name: 'a number of 65,535 in five bytes', at: 1, count: 1, by: [0x1a, 0, 0, 0xff, 0xff] },
    { name: 'a number of eight bytes', at: 1, count: 1, by: [0x1b, 0, 0, 0, 1, 0, 0, 0, 0] },
    { name: 'a negative number', at: 1, count: 1, by: [0x20] },
    { name: 'an activation of 65,535 in five bytes', at: 49, count: 5, by: [0x1a, 0, 0, 0xff, 0xff] },
    { name: 'a negative activation', at: 49, count: 5, by: [0x3a, 0, 0x4c, 0x4b, 0x40] },
    { name: 'a deal weight with a sign and nothing more', at: 59, count: 1, by: [0x41, 0] },
    { name: 'a deal weight of zero in two bytes', at: 59, count: 1, by: [0x42, 0, 0] },
    { name: 'a deal weight with a leading zero', at: 59, count: 1, by: [0x43, 0, 0, 5] },
    { name: 'a negative deal weight', at: 59, count: 1, by: [0x42, 1, 5] },
    { name: 'a deal weight with an unknown sign', at: 59, count: 1, by: [0x42, 2, 5] },
    { name: 'a deal weight whose length takes a byte of its own', at: 59, count: 1, by: [0x58, 2, 0, 5] },
    { name: 'a deal weight of null', at: 59, count: 1, by: [0xf6] },
    { name: 'a verified weight with a leading zero', at: 60, count: 1, by: [0x43, 0, 0, 5] },
    { name: 'a negative verified weight', at: 60, count: 1, by: [0x42, 1, 5] },
    { name: 'a verified weight of null', at: 60, count: 1, by: [0xf6] },
  ])('is $name', ({ at, count, by }) => {
    const bytes = encode(18, { ...USUAL, initialPledge: 5n })
    expect(fastRow(18, bytes)).toBeDefined()
    expect(fastRow(18, spliced(bytes, at, count, ...by))).toBeUndefined()
  })

  test.each([0, 1, 0x83, 0xf3, 0xf6])('is a flag of v9 that is the byte %i and no boolean', (byte) => {
    const bytes = encode(9, USUAL)
    expect(fastRow(9, bytes)).toBeDefined()
    expect(fastRow(9, bytes.with(bytes.length - 1, byte))).toBeUndefined()
  })
})
