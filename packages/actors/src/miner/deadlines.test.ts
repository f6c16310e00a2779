import { fc, test } from '@fast-check/vitest'
import { bitFieldOf, createMemoryBlockstore } from '@plimsoll/ipld'
import { createHashes, ExitCode } from '@plimsoll/primitives'
import {
  DEADLINE_SECTORS,
  emptyMinerState,
  exitCodeOf,
  PARTITION_QUANT,
  PARTITION_TERMS,
} from '@plimsoll/testkit'
import { describe, expect } from 'vitest'
import { MAINNET_POLICY } from '../policy.ts'
import {
  deadlineInfo,
  hasPeriodStarted,
  isFaultCutoffPassed,
  isOpen,
  lastEpoch,
  nextNotElapsed,
  quantSpecOfDeadline,
} from './deadline-info.ts'
import { addSectorsToDeadline } from './deadline-state/add-sectors.ts'
import { recordDeadlineFaults } from './deadline-state/faults.ts'
import { terminateDeadlineSectors } from './deadline-state/terminations.ts'
import {
  deadlineInfoFromOffsetAndEpoch,
  findSector,
  isAvailableForCompaction,
  isAvailableForDispute,
  isDeadlineMutable,
  isSectorActive,
  loadDeadline,
  updateDeadline,
} from './deadlines.ts'
import { quantizeUp } from './quantize.ts'
import { Sectors, storeSectors } from './sectors.ts'
import { loadDeadlinesDraft } from './state/assign-sectors.ts'

const store = createMemoryBlockstore(await createHashes())
const policy = MAINNET_POLICY

// A period has 48 deadlines of 60 epochs; a proof may be disputed for 1,800 epochs after its deadline.
// Source of the cases: builtin-actors v18, `actors/miner/tests/deadlines.rs`.
describe('deadlineInfoFromOffsetAndEpoch', () => {
  const start = 103 * 2880 + 7

  test.each([
    { after: 0, index: 0, periods: 0 },
    { after: 59, index: 0, periods: 0 },
    { after: 60, index: 1, periods: 0 },
    { after: 40 * 60 - 1, index: 39, periods: 0 },
    { after: 40 * 60, index: 40, periods: 0 },
    { after: 40 * 60 + 1, index: 40, periods: 0 },
    { after: 48 * 60 - 1, index: 47, periods: 0 },
    { after: 48 * 60, index: 0, periods: 1 },
  ])(
    '$after epochs into a period is in deadline $index, $periods periods on',
    ({ after, index, periods }) => {
      expect(deadlineInfoFromOffsetAndEpoch(policy, 7, start + after)).toMatchObject({
        index,
        periodStart: start + periods * 2880,
      })
    },
  )

  test.prop([fc.nat(6_000_000), fc.nat(2879), fc.nat(1000)])(
    'depends on the offset of the period alone, and lies around the epoch',
    (epoch, offset, periods) => {
      const info = deadlineInfoFromOffsetAndEpoch(policy, offset, epoch)
      expect(deadlineInfoFromOffsetAndEpoch(policy, offset + periods * 2880, epoch)).toEqual(info)
      expect(isOpen(info)).toBe(true)
      expect(hasPeriodStarted(info)).toBe(true)
    },
  )
})

describe('nextNotElapsed', () => {
  test.prop([fc.nat(47), fc.integer({ min: -100, max: 10_000 })])(
    'is the first instance of a deadline that has not closed',
    (index, after) => {
      const first = deadlineInfo(policy, 12_345, index, 12_345 + index * 60 + after)
      let expected = first
      while (expected.currentEpoch >= expected.close) {
        expected = deadlineInfo(policy, expected.periodStart + 2880, index, expected.currentEpoch)
      }
      expect(nextNotElapsed(policy, first)).toEqual(expected)
    },
  )

  test('is where an epoch lies on the grid of the deadline', () => {
    const info = deadlineInfo(policy, 2, 10, 2 + 2880)
    expect(quantizeUp(quantSpecOfDeadline(policy, info), 2 + 2880)).toBe(
      lastEpoch(nextNotElapsed(policy, info)),
    )
  })
})

describe('a deadline', () => {
  // Of deadline 5 from 1000: open from 1,300 until 1,360, faults until 1,230.
  test.each([
    { epoch: 999, hasStarted: false, isNowOpen: false, isCutOff: false },
    { epoch: 1000, hasStarted: true, isNowOpen: false, isCutOff: false },
    { epoch: 1229, hasStarted: true, isNowOpen: false, isCutOff: false },
    { epoch: 1230, hasStarted: true, isNowOpen: false, isCutOff: true },
    { epoch: 1299, hasStarted: true, isNowOpen: false, isCutOff: true },
    { epoch: 1300, hasStarted: true, isNowOpen: true, isCutOff: true },
    { epoch: 1359, hasStarted: true, isNowOpen: true, isCutOff: true },
    { epoch: 1360, hasStarted: true, isNowOpen: false, isCutOff: true },
  ])('at $epoch is open: $isNowOpen, past its cutoff: $isCutOff', (row) => {
    const info = deadlineInfo(policy, 1000, 5, row.epoch)
    expect(hasPeriodStarted(info)).toBe(row.hasStarted)
    expect(isOpen(info)).toBe(row.isNowOpen)
    expect(isFaultCutoffPassed(info)).toBe(row.isCutOff)
  })
})

// Source of the cases: the same repository, `actors/miner/tests/deadline_helper.rs`, of deadline 0 from 1,024.
describe('what may be done with a deadline', () => {
  const [open, close] = [1024, 1084]

  test.each([
    { when: 'until a window before it opens', epoch: open - 61, isMutable: true },
    { when: 'in the window before it opens', epoch: open - 60, isMutable: false },
    { when: 'while it is open', epoch: open + 10, isMutable: false },
    { when: 'from when it has closed', epoch: close, isMutable: true },
    { when: 'until a window before it opens again', epoch: open + 2880 - 61, isMutable: true },
    { when: 'in that window', epoch: open + 2880 - 60, isMutable: false },
  ])('to be changed $when: $isMutable', ({ epoch, isMutable }) => {
    expect(isDeadlineMutable(policy, 1024, 0, epoch)).toBe(isMutable)
  })

  test.each([
    { when: 'before the first period', epoch: open - 1, isAvailable: false },
    { when: 'while it is open', epoch: open, isAvailable: false },
    { when: 'from when it has closed', epoch: close, isAvailable: true },
    { when: 'for 1,800 epochs', epoch: close + 1799, isAvailable: true },
    { when: 'no longer', epoch: close + 1800, isAvailable: false },
  ])('to be disputed $when: $isAvailable', ({ epoch, isAvailable }) => {
    expect(isAvailableForDispute(policy, 1024, 0, epoch)).toBe(isAvailable)
  })

  test.each([
    { when: 'until a window before it opens', epoch: open - 61, isAvailable: true },
    { when: 'in the window before it opens', epoch: open - 60, isAvailable: false },
    { when: 'while it is open', epoch: open + 10, isAvailable: false },
    { when: 'at once when it has closed', epoch: close, isAvailable: false },
    { when: 'while its proofs may be disputed', epoch: close + 1799, isAvailable: false },
    { when: 'after that', epoch: close + 1800, isAvailable: true },
    { when: 'until a window before it opens again', epoch: open + 2880 - 61, isAvailable: true },
    { when: 'in that window', epoch: open + 2880 - 60, isAvailable: false },
  ])('to be compacted $when: $isAvailable', ({ epoch, isAvailable }) => {
    expect(isAvailableForCompaction(policy, 1024, 0, epoch)).toBe(isAvailable)
  })
})

/** The deadlines of a miner whose deadline 3 has partitions 1 to 4, 5 to 8, and 9; 1 is faulty, 2 terminated. */
function deadlinesWithNine(isProven = true) {
  const deadlines = loadDeadlinesDraft(store, emptyMinerState(store))
  const deadline = loadDeadline(store, deadlines, 3)
  const nine = DEADLINE_SECTORS.slice(0, 9)
  const arrival = { partitionSize: 4, isProven, hasNewFees: true }
  addSectorsToDeadline(store, deadline, nine, arrival, PARTITION_TERMS, PARTITION_QUANT)
  const sectors = Sectors.empty(store)
  storeSectors(sectors, nine)
  const faults = new Map([[0n, bitFieldOf([1])]])
  recordDeadlineFaults(store, deadline, sectors, faults, 9, PARTITION_TERMS, PARTITION_QUANT)
  const gone = new Map([[0n, bitFieldOf([2])]])
  terminateDeadlineSectors(store, policy, deadline, sectors, 1, gone, PARTITION_TERMS, PARTITION_QUANT)
  updateDeadline(store, deadlines, 3, deadline)
  return deadlines
}

// Source: builtin-actors v18, `actors/miner/src/deadlines.rs` and `deadline_state.rs`.
describe('loadDeadline', () => {
  test.each([
    { index: 0, exitCode: ExitCode.OK },
    { index: 47n, exitCode: ExitCode.OK },
    { index: 48, exitCode: ExitCode.USR_ILLEGAL_ARGUMENT },
    { index: 2n ** 64n - 1n, exitCode: ExitCode.USR_ILLEGAL_ARGUMENT },
  ])('of deadline $index ends with $exitCode', ({ index, exitCode }) => {
    const deadlines = loadDeadlinesDraft(store, emptyMinerState(store))
    expect(exitCodeOf(() => loadDeadline(store, deadlines, index))).toBe(exitCode)
  })
})

describe('updateDeadline', () => {
  test('takes a deadline without sectors, and one whose sectors are all live', () => {
    const deadlines = loadDeadlinesDraft(store, emptyMinerState(store))
    const deadline = loadDeadline(store, deadlines, 3)
    for (const count of [0, 9]) {
      Object.assign(deadline, { liveSectors: count, totalSectors: count })
      expect(exitCodeOf(() => updateDeadline(store, deadlines, 3, deadline))).toBe(ExitCode.OK)
    }
  })

  test('puts a deadline in its place, and leaves the others', () => {
    const deadlines = deadlinesWithNine()
    expect(loadDeadline(store, deadlines, 3).totalSectors).toBe(9)
    expect(loadDeadline(store, deadlines, 2).totalSectors).toBe(0)
  })

  test.each([
    {
      what: 'more live sectors than sectors',
      change: { liveSectors: 10 },
      exitCode: ExitCode.USR_ILLEGAL_STATE,
    },
    {
      what: 'negative faulty power',
      change: { faultyPower: { raw: -1n, qa: 0n } },
      exitCode: ExitCode.USR_ILLEGAL_STATE,
    },
    {
      what: 'negative faulty quality',
      change: { faultyPower: { raw: 0n, qa: -1n } },
      exitCode: ExitCode.USR_ILLEGAL_STATE,
    },
    // The reference counts without a sign, so that its subtraction panics.
    { what: 'fewer than no sectors', change: { liveSectors: -1 }, exitCode: ExitCode.USR_ASSERTION_FAILED },
  ])('refuses $what', ({ change, exitCode }) => {
    const deadlines = deadlinesWithNine()
    const deadline = Object.assign(loadDeadline(store, deadlines, 3), change)
    expect(exitCodeOf(() => updateDeadline(store, deadlines, 3, deadline))).toBe(exitCode)
  })
})

describe('findSector', () => {
  test.each([
    { sector: 4, partition: 0 },
    { sector: 5, partition: 1 },
    { sector: 9, partition: 2 },
    // A terminated sector stays until its partition is compacted.
    { sector: 2, partition: 0 },
  ])('finds sector $sector in partition $partition', ({ sector, partition }) => {
    expect(findSector(store, deadlinesWithNine(), sector)).toEqual({ deadline: 3, partition })
  })

  test.each([10, 2n ** 63n])('fails for sector %s, which is nowhere', (sector) => {
    expect(exitCodeOf(() => findSector(store, deadlinesWithNine(), sector))).toBe(ExitCode.USR_ILLEGAL_STATE)
  })
})

describe('isSectorActive', () => {
  test.each([
    { what: 'a proven sector', sector: 3, isProven: true, isActive: true },
    { what: 'a faulty one', sector: 1, isProven: true, isActive: false },
    { what: 'a terminated one', sector: 2, isProven: true, isActive: false },
    { what: 'an unproven one', sector: 3, isProven: false, isActive: false },
  ])('is $isActive of $what', ({ sector, isProven, isActive }) => {
    expect(isSectorActive(store, deadlinesWithNine(isProven), 3, 0, sector)).toBe(isActive)
  })

  test.each([
    { what: 'another partition', deadline: 3, partition: 1 },
    { what: 'a partition that there is not', deadline: 3, partition: 5 },
    { what: 'another deadline', deadline: 2, partition: 0 },
  ])('fails in $what', ({ deadline, partition }) => {
    const deadlines = deadlinesWithNine()
    expect(exitCodeOf(() => isSectorActive(store, deadlines, deadline, partition, 3))).toBe(
      ExitCode.USR_NOT_FOUND,
    )
  })
})
