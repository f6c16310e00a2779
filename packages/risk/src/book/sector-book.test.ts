import {
  type ActorsVersion,
  type Deadline,
  Deadlines,
  EarlyTerminated,
  loadInfo,
  loadMiner,
  type Miner,
  minerLayout,
  type Partition,
  Partitions,
} from '@plimsoll/actors'
import { bitFieldOf, CodecError, createMemoryBlockstore, load, save } from '@plimsoll/ipld'
import { type ActorId, createHashes } from '@plimsoll/primitives'
import { buildMiner, type MinerPlan, SECTOR_BYTES, type SectorPlan } from '@plimsoll/testkit'
import { describe, expect, test } from 'vitest'
import { loadSectorBook, type SectorBook } from './sector-book.ts'
import { findRow, SectorStatus } from './sector-columns.ts'

const hashes = await createHashes()
const EPOCH = 1_000_000
const { LIVE, FAULTY, RECOVERING, UNPROVEN, QUEUED } = SectorStatus
const RAW = BigInt(SECTOR_BYTES)

function minerOf(sectors: readonly SectorPlan[], plan: Partial<MinerPlan> = {}): Miner {
  const store = createMemoryBlockstore(hashes)
  const { head } = buildMiner(store, { id: 1000 as ActorId, ...plan, sectors }, EPOCH)
  return loadMiner(store, minerLayout(18), head)
}

/** The miner with one deadline replaced. */
function withDeadline(
  miner: Miner,
  index: number,
  change: (deadline: Deadline, store: Miner['store']) => Deadline,
): Miner {
  const { store, layout, state } = miner
  const { due } = load(store, Deadlines, state.deadlines)
  const changed = due.map((link, i) => {
    const deadline = load(store, layout.deadline, link)
    return i === index ? save(store, layout.deadline, change(deadline as Deadline, store)) : link
  })
  return { ...miner, state: { ...state, deadlines: save(store, Deadlines, { due: changed }) } }
}

/** The miner with the first partition of its first deadline changed and put under an index. */
function withPartition(miner: Miner, change: Partial<Partition>, index = 0): Miner {
  return withDeadline(miner, 0, (deadline, store) => {
    const partitions = Partitions.load(store, deadline.partitions)
    partitions.set(index, { ...(partitions.get(0) as Partition), ...change })
    return { ...deadline, partitions: partitions.flush() }
  })
}

/** A queue with these sectors, terminated in epoch 900. */
function queueOf({ store }: Miner, sectors: readonly number[]): Partition['earlyTerminated'] {
  const queue = EarlyTerminated.empty(store)
  if (sectors.length > 0) {
    queue.set(900, bitFieldOf(sectors))
  }
  return queue.flush()
}

/** The same miner as an older version stores it. */
function inVersion(version: ActorsVersion, miner: Miner): Miner {
  const { store, state } = miner
  const layout = minerLayout(version)
  const sectors = layout.sectors.empty(store)
  for (const [number, sector] of miner.layout.sectors.load(store, state.sectors).entries()) {
    const rewards = { expectedDayReward: 1n, expectedStoragePledge: 1n, replacedDayReward: 1n }
    sectors.set(number, { ...sector, ...rewards, replacedSectorAge: 0 })
  }
  const due = load(store, Deadlines, state.deadlines).due.map((link) => {
    const { livePower: _, dailyFee: __, ...old } = load(store, miner.layout.deadline, link) as Deadline
    return save(store, layout.deadline, old)
  })
  const info = save(store, layout.info, loadInfo(miner))
  const deadlines = save(store, Deadlines, { due })
  return { store, layout, state: { ...state, info, sectors: sectors.flush(), deadlines } }
}

function bookOf(sectors: readonly SectorPlan[]): SectorBook {
  return loadSectorBook(18, minerOf(sectors))
}

function placeOf({ columns }: SectorBook, sectorNumber: number) {
  const row = findRow(columns, sectorNumber)
  return [columns.status[row], columns.deadline[row], columns.partition[row]]
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

describe('the place of a sector', () => {
  test.each([
    { condition: 'active', status: LIVE },
    { condition: 'unproven', status: LIVE | UNPROVEN },
    { condition: 'faulty', status: LIVE | FAULTY },
    // A recovering sector is faulty until it is proven.
    { condition: 'recovering', status: LIVE | FAULTY | RECOVERING },
    { condition: { queuedSince: 900_000 }, status: QUEUED },
  ] as const)('has the status $status when the sector is $condition', ({ condition, status }) => {
    const book = bookOf([
      { sectorNumber: 1 },
      { sectorNumber: 2, condition, deadline: 47, partition: 2 },
      { sectorNumber: 3, deadline: 47, partition: 1 },
    ])
    expect(placeOf(book, 2)).toEqual([status, 47, 2])
    expect(placeOf(book, 1)).toEqual([LIVE, 0, 0])
    expect(placeOf(book, 3)).toEqual([LIVE, 47, 1])
  })

  test('tells the sectors of one partition apart, whatever their numbers', () => {
    const book = bookOf([
      { sectorNumber: 3 },
      { sectorNumber: 4, condition: 'faulty' },
      { sectorNumber: 5, condition: 'faulty' },
      { sectorNumber: 6 },
      { sectorNumber: 900, condition: 'unproven' },
      { sectorNumber: 2 ** 40, condition: 'recovering' },
    ])
    expect([...book.columns.status]).toEqual([
      LIVE,
      LIVE | FAULTY,
      LIVE | FAULTY,
      LIVE,
      LIVE | UNPROVEN,
      LIVE | FAULTY | RECOVERING,
    ])
  })

  test('is nowhere for a sector that was terminated and charged', () => {
    const miner = minerOf([{ sectorNumber: 1, condition: { queuedSince: 5 } }])
    const book = loadSectorBook(18, withPartition(miner, { earlyTerminated: queueOf(miner, []) }))
    expect(placeOf(book, 1)).toEqual([0, 0, 0])
    expect(book.queue).toEqual([])
  })
})

describe('the queue of early terminations', () => {
  test('has the runs of rows by deadline, partition and epoch', () => {
    const book = bookOf([
      { sectorNumber: 10, deadline: 3, condition: { queuedSince: 900 } },
      { sectorNumber: 11, deadline: 3, condition: { queuedSince: 900 } },
      { sectorNumber: 13, deadline: 3, condition: { queuedSince: 900 } },
      { sectorNumber: 12, deadline: 3, condition: { queuedSince: 800 } },
      { sectorNumber: 14, deadline: 3, partition: 1, condition: { queuedSince: 700 } },
      { sectorNumber: 20, deadline: 2, condition: { queuedSince: 999 } },
      { sectorNumber: 21, deadline: 2 },
    ])
    expect(book.queue).toEqual([
      { deadline: 2, partition: 0, epoch: 999, firstRow: 5, count: 1 },
      { deadline: 3, partition: 0, epoch: 800, firstRow: 2, count: 1 },
      { deadline: 3, partition: 0, epoch: 900, firstRow: 0, count: 2 },
      { deadline: 3, partition: 0, epoch: 900, firstRow: 3, count: 1 },
      { deadline: 3, partition: 1, epoch: 700, firstRow: 4, count: 1 },
    ])
  })
})

describe('a deadline', () => {
  const sectors: readonly SectorPlan[] = [
    { sectorNumber: 1, deadline: 5, dailyFee: 3n },
    { sectorNumber: 2, deadline: 5, dailyFee: 4n, condition: 'faulty' },
    { sectorNumber: 3, deadline: 5, partition: 1, dailyFee: 5n, condition: 'unproven' },
    { sectorNumber: 4, deadline: 5, dailyFee: 90n, condition: { queuedSince: 900 } },
    { sectorNumber: 5, deadline: 9, dailyFee: 7n },
  ]

  test('has the power and the daily fees of its live sectors, and the power of the faulty ones', () => {
    const book = bookOf(sectors)
    expect(book.deadlines).toHaveLength(48)
    expect(book.sectorSizeBytes).toBe(SECTOR_BYTES)
    expect(book.deadlines[5]).toEqual({
      livePower: { raw: 3n * RAW, qa: 3n * RAW },
      faultyPower: { raw: RAW, qa: RAW },
      dailyFee: 12n,
    })
    expect(book.deadlines[9]).toMatchObject({ livePower: { raw: RAW, qa: RAW }, dailyFee: 7n })
    expect(book.deadlines[4]).toMatchObject({ livePower: { raw: 0n, qa: 0n }, dailyFee: 0n })
  })

  test.each([8, 9, 12, 15] as const)(
    'has in v%i the live power of its partitions together, and no daily fee',
    (version) => {
      const book = loadSectorBook(version, inVersion(version, minerOf(sectors)))
      expect(book.deadlines[5]).toEqual({
        livePower: { raw: 3n * RAW, qa: 3n * RAW },
        faultyPower: { raw: RAW, qa: RAW },
        dailyFee: 0n,
      })
      expect(placeOf(book, 3)).toEqual([LIVE | UNPROVEN, 5, 1])
    },
  )
})

describe('a sector that a partition names and that is not stored', () => {
  const miner = minerOf([{ sectorNumber: 4 }, { sectorNumber: 5 }, { sectorNumber: 7 }])

  test.each([
    { name: 'after the last', sectors: [4, 5, 7, 8], missing: 8 },
    { name: 'before the first', sectors: [3, 4, 5, 7], missing: 3 },
    { name: 'in the middle of a run', sectors: [4, 5, 6, 7], missing: 6 },
    { name: 'alone', sectors: [100], missing: 100 },
  ])('is refused $name', ({ sectors, missing }) => {
    const damaged = withPartition(miner, { sectors: bitFieldOf(sectors) })
    const error = errorOf(() => loadSectorBook(18, damaged))
    expect(error).toMatchObject({
      code: 'SECTOR_WITHOUT_INFO',
      data: { sectorNumber: missing },
      path: ['deadlines', 0, 'partitions', 0, 'sectors'],
    })
  })

  test.each(['faults', 'recoveries', 'unproven'] as const)('is refused among its %s', (field) => {
    const damaged = withPartition(miner, { [field]: bitFieldOf([6]) })
    const error = errorOf(() => loadSectorBook(18, damaged))
    expect(error).toMatchObject({ code: 'SECTOR_WITHOUT_INFO', data: { sectorNumber: 6 } })
    expect(error.path).toEqual(['deadlines', 0, 'partitions', 0, field])
  })

  test('is refused in the queue, with the epoch that it stands under', () => {
    const damaged = withPartition(miner, { earlyTerminated: queueOf(miner, [6]) })
    const error = errorOf(() => loadSectorBook(18, damaged))
    expect(error).toMatchObject({
      code: 'SECTOR_WITHOUT_INFO',
      data: { sectorNumber: 6 },
      path: ['deadlines', 0, 'partitions', 0, 'earlyTerminated', 900],
    })
  })
})

describe('the number of a partition', () => {
  const miner = minerOf([{ sectorNumber: 4 }])

  test('has 16 bits', () => {
    const book = loadSectorBook(18, withPartition(miner, {}, 65_535))
    expect(book.columns.partition[0]).toBe(65_535)
  })

  test('has no more', () => {
    const error = errorOf(() => loadSectorBook(18, withPartition(miner, {}, 65_536)))
    expect(error).toMatchObject({
      code: 'TOO_MANY_PARTITIONS',
      data: { index: 65_536 },
      path: ['deadlines', 0, 'partitions', 65_536],
    })
  })
})
