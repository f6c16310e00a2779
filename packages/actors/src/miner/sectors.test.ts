import { bitFieldOf, createMemoryBlockstore } from '@plimsoll/ipld'
import { createHashes, ExitCode } from '@plimsoll/primitives'
import { emptyMinerState, exitCodeOf, quickSector } from '@plimsoll/testkit'
import { describe, expect, test } from 'vitest'
import {
  deleteSectors,
  getSector,
  loadSectors,
  loadSectorsArray,
  loadSectorsForProof,
  mustGetSector,
  Sectors,
  storeSectors,
} from './sectors.ts'
import { putSectors } from './state/assign-sectors.ts'

const store = createMemoryBlockstore(await createHashes())
const sector = (number: number) => quickSector(100, number, 0n, 1000n, 10n)

/** Sectors 0, 1 and 5. */
function threeSectors() {
  const sectors = Sectors.empty(store)
  storeSectors(sectors, [0, 1, 5].map(sector))
  return sectors
}

const numbersOf = (infos: readonly { readonly sectorNumber: number }[]) =>
  infos.map(({ sectorNumber }) => sectorNumber)

// Source of the cases: builtin-actors v18, `actors/miner/tests/sectors.rs` and `sectors_stores_test.rs`.
describe('loadSectors', () => {
  test('gives the sectors of a set, ascending', () => {
    expect(loadSectors(threeSectors(), bitFieldOf([5, 0]))).toEqual([sector(0), sector(5)])
    expect(loadSectors(threeSectors(), bitFieldOf([]))).toEqual([])
  })

  test('fails when one is not there', () => {
    expect(exitCodeOf(() => loadSectors(threeSectors(), bitFieldOf([0, 3])))).toBe(ExitCode.USR_NOT_FOUND)
  })
})

describe('storeSectors', () => {
  test('adds sectors and replaces others, and leaves the rest', () => {
    const sectors = threeSectors()
    const changed = { ...sector(1), activation: 1 }
    storeSectors(sectors, [sector(3), changed])
    expect(loadSectors(sectors, bitFieldOf([0, 1, 3, 5]))).toEqual([sector(0), changed, sector(3), sector(5)])
  })
})

describe('getSector and mustGetSector', () => {
  test('give a sector by its number', () => {
    expect(getSector(threeSectors(), 0)).toEqual(sector(0))
    expect(mustGetSector(threeSectors(), 0n)).toEqual(sector(0))
  })

  test('say that there is none, or fail', () => {
    expect(getSector(threeSectors(), 3)).toBeUndefined()
    expect(exitCodeOf(() => mustGetSector(threeSectors(), 3))).toBe(ExitCode.USR_NOT_FOUND)
  })

  // Source: ref-fvm `ipld/amt/src/lib.rs`, `MAX_INDEX`: 2^64 − 2 is the last index of an array.
  test.each([
    { number: 2n ** 64n - 2n, exitCode: ExitCode.USR_NOT_FOUND },
    { number: 2n ** 64n - 1n, exitCode: ExitCode.USR_ILLEGAL_STATE },
  ])('of $number end with $exitCode', ({ number, exitCode }) => {
    expect(exitCodeOf(() => mustGetSector(threeSectors(), number))).toBe(exitCode)
  })
})

describe('deleteSectors', () => {
  test('takes sectors out', () => {
    const sectors = threeSectors()
    deleteSectors(sectors, bitFieldOf([0, 5]))
    expect([...sectors.entries()]).toEqual([[1, sector(1)]])
  })

  test.each([{ numbers: [100] }, { numbers: [0, 100] }])(
    'fails for $numbers, of which one is not there',
    (row) => {
      expect(exitCodeOf(() => deleteSectors(threeSectors(), bitFieldOf(row.numbers)))).toBe(
        ExitCode.USR_NOT_FOUND,
      )
    },
  )
})

describe('loadSectorsForProof', () => {
  test.each([
    { rule: 'has the proven sectors', proven: [0, 1], faults: [], expected: [0, 1] },
    {
      rule: 'has the first good one in the place of a faulty one',
      proven: [0, 1],
      faults: [0],
      expected: [1, 1],
    },
    { rule: 'does so for each', proven: [0, 1, 5], faults: [0, 5], expected: [1, 1, 1] },
    { rule: 'ignores faults of others', proven: [1, 5], faults: [0], expected: [1, 5] },
    { rule: 'is empty when nothing is proven', proven: [], faults: [], expected: [] },
    { rule: 'is empty when everything is faulty', proven: [1], faults: [1], expected: [] },
    // A faulty sector is never looked for.
    { rule: 'needs no faulty sector', proven: [1, 3], faults: [3], expected: [1, 1] },
  ])('$rule', ({ proven, faults, expected }) => {
    const infos = loadSectorsForProof(threeSectors(), bitFieldOf(proven), bitFieldOf(faults))
    expect(numbersOf(infos)).toEqual(expected)
  })

  test('fails when a good sector is not there', () => {
    const loading = () => loadSectorsForProof(threeSectors(), bitFieldOf([1, 3]), bitFieldOf([]))
    expect(exitCodeOf(loading)).toBe(ExitCode.USR_NOT_FOUND)
  })
})

describe('the sectors of a state', () => {
  test('are what was put there last, ascending', () => {
    const state = emptyMinerState(store)
    putSectors(store, state, [sector(300), sector(7)])
    putSectors(store, state, [{ ...sector(7), expiration: 200 }])
    expect([...loadSectorsArray(store, state).entries()]).toEqual([
      [7, { ...sector(7), expiration: 200 }],
      [300, sector(300)],
    ])
  })
})
