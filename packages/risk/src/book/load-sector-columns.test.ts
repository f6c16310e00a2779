import { fc, test } from '@fast-check/vitest'
import {
  type ActorsVersion,
  amountAt,
  loadMiner,
  type Miner,
  minerLayout,
  type SectorOnChainInfo,
  setFigures,
} from '@plimsoll/actors'
import {
  type Amt,
  type Cid,
  CodecError,
  createMemoryBlockstore,
  encodeCbor,
  linkTo,
  MissingBlockError,
  SlabBlockstore,
  saveBlock,
} from '@plimsoll/ipld'
import { type ActorId, createHashes } from '@plimsoll/primitives'
import { anySector, buildMiner, concat, mutated, plannedSector, sampleSectors } from '@plimsoll/testkit'
import { describe, expect } from 'vitest'
import { loadSectorColumns } from './load-sector-columns.ts'
import { createSectorColumns, type SectorColumns } from './sector-columns.ts'

const hashes = await createHashes()
const LAYOUTS: readonly ActorsVersion[] = [8, 9, 12, 16]
const EMPTY = { id: 1000 as ActorId }

/**
 * Where blocks lie one behind the other, as those of a snapshot do; in other stores each has memory of its own.
 */
const store = new SlabBlockstore(hashes)
const { state: emptyState } = loadMiner(store, minerLayout(18), buildMiner(store, EMPTY, 1_000_000).head)

/** A miner of that version with the sectors behind a root. */
function minerWith(version: ActorsVersion, root: Cid): Miner {
  const state = { ...emptyState, sectors: linkTo<Amt<SectorOnChainInfo>>(root) }
  return { store, layout: minerLayout(version), state }
}

/** The same miner with every block in memory of its own. */
function apart(miner: Miner): Miner {
  return {
    ...miner,
    store: {
      hashes: store.hashes,
      decoding: 'on demand',
      find: (cid) => store.find(cid)?.slice(),
      findAt: (bytes, start, end) => store.findAt(bytes, start, end)?.slice(),
      put: (cid, block) => store.put(cid, block),
    },
  }
}

function minerOf(version: ActorsVersion, sectors: Iterable<SectorOnChainInfo>): Miner {
  const tree = minerLayout(version).sectors.empty(store)
  for (const sector of sectors) {
    tree.set(sector.sectorNumber, recorded(sector))
  }
  return minerWith(version, tree.flush().cid)
}

/** The bytes of a root that is a leaf, with records in the slots from 0 on; it may count wrongly. */
function leaf(records: readonly Uint8Array[], counted = records.length): Uint8Array {
  const head = [0x84, 5, 0, counted, 0x83, 0x44, (1 << records.length) - 1, 0, 0, 0, 0x80]
  return concat(Uint8Array.from([...head, 0x80 + records.length]), ...records)
}

function minerWithLeaf(version: ActorsVersion, block: Uint8Array): Miner {
  return minerWith(version, saveBlock(store, block))
}

/** What every version can store: rewards, and the age of a replaced sector. */
function recorded(sector: SectorOnChainInfo): SectorOnChainInfo {
  const { expectedDayReward, expectedStoragePledge, replacedDayReward } = sector
  return {
    ...sector,
    expectedDayReward: expectedDayReward ?? 0n,
    expectedStoragePledge: expectedStoragePledge ?? 0n,
    replacedDayReward: replacedDayReward ?? 0n,
    replacedSectorAge: 9,
  }
}

function rowsOf(columns: SectorColumns) {
  return Array.from({ length: columns.count }, (_, row) => ({
    sectorNumber: columns.sectorNumber[row],
    activation: columns.activation[row],
    expiration: columns.expiration[row],
    powerBaseEpoch: columns.powerBaseEpoch[row],
    initialPledge: amountAt(columns.initialPledge, row),
    verifiedDealWeight: amountAt(columns.verifiedDealWeight, row),
    dailyFee: amountAt(columns.dailyFee, row),
  }))
}

/** The literal way: the strict codec for every record, and then the checks that columns need. */
function strictRows({ store, layout, state }: Miner) {
  const entries = [...layout.sectors.load(store, state.sectors).entries()]
  const columns = createSectorColumns(entries.length)
  entries.forEach(([index, sector], row) => {
    if (sector.sectorNumber !== index) {
      throw new CodecError('SECTOR_NUMBER_MISMATCH', 'not its number')
    }
    setFigures(columns, row, sector)
  })
  return rowsOf(columns)
}

/** What a reader gives, or that it refuses the data; any other error is a failure of the test. */
function outcomeOf<T>(read: () => T): T | 'refused' {
  try {
    return read()
  } catch (error) {
    if (error instanceof CodecError) {
      return 'refused'
    }
    throw error
  }
}

function errorOf(read: () => unknown): CodecError {
  try {
    read()
  } catch (error) {
    if (error instanceof CodecError) {
      return error
    }
    throw error
  }
  throw new Error('nothing was refused')
}

/** Sectors as they nearly all are, and any that there may be. */
const storedSector = fc.oneof(fc.constantFrom(...sampleSectors({ count: 100 })), anySector)

/** A version, records of it in slots from 0 on, and one of them damaged. */
const damagedLeaf = fc
  .tuple(fc.constantFrom(...LAYOUTS), fc.array(storedSector, { minLength: 1, maxLength: 3 }), fc.nat(2))
  .chain(([version, sectors, at]) => {
    const { value } = minerLayout(version).sectors
    const records = sectors.map((sector, sectorNumber) =>
      encodeCbor(value, { ...(version < 16 ? recorded(sector) : sector), sectorNumber }),
    )
    const place = at % records.length
    return mutated(records[place] as Uint8Array).map((damaged) => ({
      version,
      block: leaf(records.map((record, i) => (i === place ? damaged : record))),
    }))
  })

describe('loadSectorColumns', () => {
  test.each(LAYOUTS)('reads every sector of a tree of v%i into its row', (version) => {
    const sectors = [...sampleSectors({ count: 1100 })]
    const miner = minerOf(version, sectors)
    const rows = rowsOf(loadSectorColumns(version, miner))
    expect(rows.map(({ initialPledge }) => initialPledge)).toEqual(
      sectors.map(({ initialPledge }) => initialPledge),
    )
    expect(rows).toEqual(strictRows(miner))
    expect(rowsOf(loadSectorColumns(version, apart(miner)))).toEqual(rows)
  })

  test('takes no sectors', () => {
    expect(loadSectorColumns(18, minerOf(18, [])).count).toBe(0)
  })

  test('puts sparse sector numbers in ascending order', () => {
    const numbers = [2 ** 40, 31, 32, 0, 1_000_000]
    const miner = minerOf(
      18,
      numbers.map((sectorNumber) => plannedSector({ sectorNumber })),
    )
    expect([...loadSectorColumns(18, miner).sectorNumber]).toEqual([0, 31, 32, 1_000_000, 2 ** 40])
  })

  test('reads usual and unusual records side by side', () => {
    const pledges = [5n, 2n ** 64n - 1n, 7n, 2n ** 80n, 2n ** 64n - 2n]
    const miner = minerOf(
      18,
      pledges.map((initialPledge, sectorNumber) => plannedSector({ sectorNumber, initialPledge })),
    )
    const columns = loadSectorColumns(18, miner)
    expect(pledges.map((_, row) => amountAt(columns.initialPledge, row))).toEqual(pledges)
  })

  test.prop([fc.constantFrom(...LAYOUTS), fc.array(anySector, { maxLength: 12 })])(
    'reads any sectors as the strict codec does',
    (version, sectors) => {
      const miner = minerOf(version, sectors)
      const rows = rowsOf(loadSectorColumns(version, miner))
      expect(rows).toEqual(strictRows(miner))
      expect(rowsOf(loadSectorColumns(version, apart(miner)))).toEqual(rows)
    },
  )

  test.prop([damagedLeaf], { numRuns: 2000 })(
    'accepts of damaged records exactly what the strict codec accepts',
    ({ version, block }) => {
      const miner = minerWithLeaf(version, block)
      const rows = outcomeOf(() => rowsOf(loadSectorColumns(version, miner)))
      expect(rows).toEqual(outcomeOf(() => strictRows(miner)))
      expect(outcomeOf(() => rowsOf(loadSectorColumns(version, apart(miner))))).toEqual(rows)
    },
  )
})

describe('what loadSectorColumns refuses', () => {
  const record = (sector: Partial<SectorOnChainInfo>) =>
    encodeCbor(minerLayout(18).sectors.value, { ...plannedSector({ sectorNumber: 0 }), ...sector })

  test.each([
    {
      name: 'a sector under the number of another one',
      block: leaf([record({}), record({ sectorNumber: 2 })]),
      code: 'SECTOR_NUMBER_MISMATCH',
      data: { sectorNumber: 2, index: 1 },
      path: ['sectors'],
    },
    {
      name: 'an unusual sector under the number of another one',
      block: leaf([record({ sectorNumber: 2 ** 33 })]),
      code: 'SECTOR_NUMBER_MISMATCH',
      data: { sectorNumber: 2 ** 33, index: 0 },
      path: ['sectors'],
    },
    {
      name: 'bytes after the records of a leaf',
      block: concat(leaf([record({})]), Uint8Array.of(0)),
      code: 'CBOR_TRAILING_BYTES',
      data: { offset: leaf([record({})]).length },
      path: ['sectors'],
    },
    {
      name: 'a record that ends in the middle',
      block: leaf([record({}).subarray(0, -1)]),
      code: 'CBOR_TRUNCATED',
      data: {},
      path: ['sectors', 0, 'dailyFee'],
    },
    {
      name: 'a root that counts one sector too many',
      block: leaf([record({})], 2),
      code: 'AMT_COUNT',
      data: { counted: 2, found: 1 },
      path: ['sectors'],
    },
    {
      name: 'an epoch of 2^31',
      block: leaf([record({ expiration: 2 ** 31 })]),
      code: 'SECTOR_OUT_OF_RANGE',
      data: { sectorNumber: 0 },
      path: ['sectors', 0],
    },
    {
      name: 'a negative pledge',
      block: leaf([record({ initialPledge: -1n })]),
      code: 'SECTOR_OUT_OF_RANGE',
      data: { sectorNumber: 0 },
      path: ['sectors', 0],
    },
  ])('is $name', ({ block, code, data, path }) => {
    const error = errorOf(() => loadSectorColumns(18, minerWithLeaf(18, block)))
    expect(error).toMatchObject({ code, data, path })
  })

  test.each(LAYOUTS)('is a leaf of v%i that is cut, though its other bytes lie behind it', (version) => {
    const { value } = minerLayout(version).sectors
    const whole = leaf([
      encodeCbor(value, recorded(plannedSector({ sectorNumber: 0, activation: 5_000_000 }))),
    ])
    const memory = concat(whole, new Uint8Array(1000))
    const views = createMemoryBlockstore(hashes)
    for (let length = leaf([]).length; length <= whole.length; length++) {
      const miner = minerWithLeaf(version, memory.subarray(0, length))
      views.put(miner.state.sectors.cid, memory.subarray(0, length))
      const outcome = outcomeOf(() => loadSectorColumns(version, { ...miner, store: views }).count)
      expect(outcome, `${length} bytes`).toBe(length < whole.length ? 'refused' : 1)
    }
  })

  test('is a tree that is not in the store', () => {
    const { state, layout } = minerOf(18, [plannedSector({ sectorNumber: 0 })])
    const elsewhere: Miner = { store: createMemoryBlockstore(hashes), layout, state }
    const error = errorOf(() => loadSectorColumns(18, elsewhere))
    expect(error).toBeInstanceOf(MissingBlockError)
    expect(error).toMatchObject({ code: 'MISSING_BLOCK', path: ['sectors'] })
  })
})
