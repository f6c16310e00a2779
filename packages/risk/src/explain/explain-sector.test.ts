import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { filterEstimate } from '@plimsoll/actors'
import { createCarReader, createMemoryBlockstore, SlabBlockstore } from '@plimsoll/ipld'
import { type ActorId, createHashes, parseDecimal } from '@plimsoll/primitives'
import { buildState, SECTOR_BYTES, type SectorPlan } from '@plimsoll/testkit'
import { describe, expect, test } from 'vitest'
import { openMiner, sectorFees } from '../assess/assess-miner.ts'
import { findMiners, requireMiner } from '../assess/find-miners.ts'
import { AssessError, openNetworkView } from '../assess/network-view.ts'
import { findRow } from '../book/sector-columns.ts'
import { explainSector } from './explain-sector.ts'
import type { Term } from './term.ts'

const hashes = await createHashes()
const EPOCH = 1_000_000
const REWARDS = { expectedDayReward: mFil('2'), expectedStoragePledge: mFil('40'), replacedDayReward: 0n }
const SECTORS: readonly SectorPlan[] = [
  { sectorNumber: 1 },
  { sectorNumber: 2, activation: EPOCH - 201_600 },
  { sectorNumber: 3, activation: EPOCH - 1 },
  { sectorNumber: 4, initialPledge: mFil('100') },
  { sectorNumber: 5, activation: EPOCH - 201_600, powerBaseEpoch: EPOCH - 57_600, ...REWARDS },
  { sectorNumber: 6, ...REWARDS, expectedDayReward: 0n, expectedStoragePledge: 0n },
  { sectorNumber: 20, activation: 499_200, condition: { queuedSince: 600_000 }, ...REWARDS },
  { sectorNumber: 22, activation: 499_200, condition: { queuedSince: 700_800 } },
  { sectorNumber: 23, activation: 499_200, condition: { queuedSince: 700_800 } },
]

function mFil(text: string): bigint {
  return parseDecimal(text, 15)
}

function open() {
  const store = createMemoryBlockstore(hashes)
  const id = 1000 as ActorId
  const root = buildState(store, {
    epoch: EPOCH,
    miners: [{ id, sectors: SECTORS }],
    // A plain sector earns 10^12 attoFIL an epoch: 10.108 mFIL as a fault fee, 10.08 mFIL in 3.5 days.
    reward: filterEstimate(10_108n * 10n ** 12n, 0n),
    qaPower: filterEstimate(10_108n * BigInt(SECTOR_BYTES), 0n),
  })
  const view = openNetworkView(store, [root])
  return { view, opened: openMiner(view, id, requireMiner(view, id).record) }
}

/** The wound-up miner of the reference: every sector is terminated and charged. */
function openWoundUp() {
  const store = new SlabBlockstore(hashes)
  const reader = createCarReader(hashes, (bytes, start, end, block) => store.putAt(bytes, start, end, block))
  const path = new URL('../../../../fixtures/liquidation/tiny.final.car.gz', import.meta.url)
  reader.push(gunzipSync(readFileSync(path)))
  const view = openNetworkView(store, reader.finish())
  const [{ id, record } = { id: 0 as ActorId, record: undefined }] = findMiners(view)
  if (record === undefined) {
    throw new Error('the state has a miner')
  }
  return { view, opened: openMiner(view, id, record) }
}

function find(tree: Term, wanted: string): Term | undefined {
  return tree.name === wanted ? tree : tree.terms.map((term) => find(term, wanted)).find((term) => term)
}

function errorOf(read: () => unknown): unknown {
  try {
    return read()
  } catch (error) {
    return error
  }
}

const { view, opened } = open()

describe('explainSector', () => {
  test.each([
    { branch: 'cap', sector: 1, fee: '85', rules: 'fip0098' },
    { branch: 'age', sector: 2, fee: '42.5', rules: 'fip0098' },
    { branch: 'floorPledge', sector: 3, fee: '20', rules: 'fip0098' },
    { branch: 'floorFault', sector: 4, fee: '10.6134', rules: 'fip0098' },
    { branch: 'recordedReward', sector: 5, fee: '60', rules: 'pre-fip0098' },
    { branch: 'lowerBound', sector: 6, fee: '10.08', rules: 'pre-fip0098' },
  ] as const)('explains a fee of $fee mFIL that $branch decided', ({ branch, sector, fee, rules }) => {
    const tree = explainSector(view, opened, sector, rules)
    expect(tree).toMatchObject({ name: 'terminationFee', value: mFil(fee), unit: 'attoFIL' })
    expect(sectorFees(view, opened, rules)(findRow(opened.book.columns, sector), EPOCH)).toMatchObject({
      fee: mFil(fee),
      branch,
    })
  })

  test('names every step of the fee of FIP-0098, down to the state', () => {
    const tree = explainSector(view, opened, 4, 'fip0098')
    const values = Object.fromEntries(
      ['initialPledge', 'sectorAge', 'simpleTerminationFee', 'minimumFeeAbs', 'minimumFeeFf', 'faultFee'].map(
        (name) => [name, find(tree, name)?.value],
      ),
    )
    expect(values).toEqual({
      initialPledge: mFil('100'),
      sectorAge: 999_000,
      simpleTerminationFee: mFil('8.5'),
      minimumFeeAbs: mFil('2'),
      minimumFeeFf: mFil('10.6134'),
      faultFee: mFil('10.108'),
    })
    expect(find(tree, 'qaPower')).toMatchObject({ value: BigInt(SECTOR_BYTES), unit: 'bytes' })
    expect(find(tree, 'CONTINUED_FAULT_PROJECTION_PERIOD')?.value).toBe(10_108)
    expect(tree.note).toContain('floorFault')
  })

  test('names every step of the older fee, with the age since the base of power', () => {
    const tree = explainSector(view, opened, 5, 'pre-fip0098')
    const values = [
      'sectorAge',
      'replacedSectorAge',
      'expectedDayReward',
      'recordedReward',
      'lowerBound',
    ].map((name) => find(tree, name)?.value)
    expect(values).toEqual([57_600, 144_000, mFil('2'), mFil('60'), mFil('10.08')])
    expect(find(tree, 'TERMINATION_PENALTY_LOWER_BOUND_PROJECTION_PERIOD')?.value).toBe(10_080)
  })

  // A quarter and a half of 140 days old when they were terminated, whatever the epoch of the assessment.
  test.each([
    { sector: 20, epoch: 600_000, fee: '21.25' },
    { sector: 22, epoch: 700_800, fee: '42.5' },
    { sector: 23, epoch: 700_800, fee: '42.5' },
  ])('explains the queued sector $sector at its own epoch', ({ sector, epoch, fee }) => {
    const tree = explainSector(view, opened, sector, 'fip0098')
    expect(tree.value).toBe(mFil(fee))
    expect(find(tree, 'epoch')?.value).toBe(epoch)
  })
})

describe('what explainSector cannot explain', () => {
  test.each([0, 7, 21, 24, 2 ** 40])('is sector %i, which the miner does not have', (sectorNumber) => {
    const error = errorOf(() => explainSector(view, opened, sectorNumber, 'fip0098'))
    expect(error).toBeInstanceOf(AssessError)
    expect(error).toMatchObject({ code: 'SECTOR_NOT_FOUND', data: { sectorNumber } })
  })

  test('is a sector that was terminated and charged', () => {
    const woundUp = openWoundUp()
    const [sectorNumber = -1] = woundUp.opened.book.columns.sectorNumber
    const error = errorOf(() => explainSector(woundUp.view, woundUp.opened, sectorNumber, 'fip0098'))
    expect(error).toBeInstanceOf(AssessError)
    expect(error).toMatchObject({ code: 'SECTOR_SETTLED', data: { sectorNumber } })
  })

  test.each([1, 22])('is sector %i by the older rules, which has no rewards recorded', (sectorNumber) => {
    const error = errorOf(() => explainSector(view, opened, sectorNumber, 'pre-fip0098'))
    expect(error).toBeInstanceOf(AssessError)
    expect(error).toMatchObject({ code: 'NO_RECORDED_REWARDS', data: { sectorNumber } })
  })
})
