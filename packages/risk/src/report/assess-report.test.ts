import { createMemoryBlockstore, formatCid } from '@plimsoll/ipld'
import { type ActorId, createHashes } from '@plimsoll/primitives'
import { buildState, type MinerPlan } from '@plimsoll/testkit'
import { describe, expect, test } from 'vitest'
import { assessMiner, type MinerTerms, NO_TERMS, openMiner } from '../assess/assess-miner.ts'
import { findMiners } from '../assess/find-miners.ts'
import { openNetworkView } from '../assess/network-view.ts'
import type { FeeRules } from '../fees/fee-rules.ts'
import { assessReport, reportHead, stateHead } from './assess-report.ts'

const hashes = await createHashes()
const EPOCH = 1_000_000
const REWARDS = { expectedDayReward: 0n, expectedStoragePledge: 2n * 10n ** 17n, replacedDayReward: 0n }

const MINERS: readonly MinerPlan[] = [
  {
    id: 1000 as ActorId,
    unlockedBalance: 5n,
    feeDebt: 10n ** 20n,
    vesting: [{ epoch: EPOCH + 9, amount: 10n ** 25n }],
    sectors: [
      { sectorNumber: 1, ...REWARDS },
      { sectorNumber: 2, condition: 'faulty', ...REWARDS },
      { sectorNumber: 3, condition: { queuedSince: 900_000 }, ...REWARDS },
    ],
  },
  {
    id: 1001 as ActorId,
    unlockedBalance: 7n,
    sectors: [
      { sectorNumber: 1, condition: 'recovering', ...REWARDS },
      { sectorNumber: 2, condition: 'unproven', ...REWARDS },
    ],
  },
  { id: 1002 as ActorId, unlockedBalance: 11n, sectors: [{ sectorNumber: 4, ...REWARDS }] },
]
const TERMS: readonly MinerTerms[] = [
  { outstanding: 100n, buffer: { days: 2 } },
  { outstanding: 20n, buffer: { amount: 4n } },
  { outstanding: 3n, buffer: { days: 0 }, label: 'a small one' },
]

/** A state without vesting in the way: the pledge is 1 FIL a sector, and all are of full age, 85 mFIL each. */
function reportOf(
  miners: readonly MinerPlan[],
  rules: readonly [FeeRules, ...FeeRules[]],
  terms: readonly MinerTerms[] = TERMS,
) {
  const store = createMemoryBlockstore(hashes)
  const root = buildState(store, { epoch: EPOCH, miners, networkName: 'reported' })
  const view = openNetworkView(store, [root])
  const assessments = findMiners(view).map(({ id, record }, i) =>
    assessMiner(view, openMiner(view, id, record), rules, terms[i] ?? NO_TERMS),
  )
  const [first, other] = rules
  const head = reportHead(view, other === undefined ? first : 'both')
  return { view, root, assessments, report: assessReport(head, assessments) }
}

/** Every field of a report that is neither text for people nor one of the state. */
function* amountsOf(value: unknown, name = ''): Generator<readonly [string, unknown]> {
  if (typeof value === 'object' && value !== null) {
    for (const [key, field] of Object.entries(value)) {
      yield* amountsOf(field, Array.isArray(value) ? name : key)
    }
  } else {
    yield [name, value]
  }
}

const TEXTS = ['bufferRule', 'stateRoot', 'network', 'feeRules', 'miner', 'label']
const COUNTS = [
  'format',
  'stateEpoch',
  'actorsVersion',
  'assessedEpoch',
  'liveSectors',
  'faultySectors',
  'recoveringSectors',
  'unprovenSectors',
  'queuedSectors',
  'sectorsWithoutRewards',
]

describe('the head of a report', () => {
  test('says of which state and for when it is', () => {
    const { view, root } = reportOf([], ['fip0098'])
    const state = {
      format: 1,
      stateRoot: formatCid(root),
      network: 'reported',
      stateEpoch: EPOCH - 1,
      actorsVersion: 18,
    }
    expect(stateHead(view)).toEqual(state)
    expect(reportHead(view, 'both')).toEqual({ ...state, assessedEpoch: EPOCH, feeRules: 'both' })
    const later = openNetworkView(view.tree.store, [root], { epoch: EPOCH + 5 })
    expect(reportHead(later, 'fip0098')).toEqual({ ...state, assessedEpoch: EPOCH + 5, feeRules: 'fip0098' })
  })
})

describe('the figures of a report', () => {
  test('are decimal text for amounts and whole numbers for counts', () => {
    const { report } = reportOf(
      [...MINERS, { id: 1003 as ActorId, sectors: [{ sectorNumber: 1 }] }],
      ['pre-fip0098', 'fip0098'],
    )
    for (const [name, value] of amountsOf(report)) {
      if (COUNTS.includes(name)) {
        expect(Number.isSafeInteger(value), name).toBe(true)
      } else if (!TEXTS.includes(name)) {
        expect(value === null || /^(0|-?[1-9]\d*)$/.test(String(value)), name).toBe(true)
        expect(value === null || typeof value === 'string', name).toBe(true)
      }
    }
  })

  test('come back from JSON as they went', () => {
    const { report } = reportOf(MINERS, ['fip0098', 'pre-fip0098'])
    expect(JSON.parse(JSON.stringify(report))).toEqual(report)
  })

  test('are of the miners in the order that was given', () => {
    const { assessments, view } = reportOf(MINERS, ['fip0098'])
    const { miners } = assessReport(reportHead(view, 'fip0098'), assessments.toReversed())
    expect(miners.map(({ miner }) => miner)).toEqual(['f01002', 'f01001', 'f01000'])
  })
})

describe('the totals of a report', () => {
  // Six pledges of 1 FIL, 10^25 that vest, and 5, 7 and 11 attoFIL beyond.
  test('add up what the miners have and owe', () => {
    const { report, assessments } = reportOf(MINERS, ['fip0098'])
    const buffer = 2n * (assessments[0]?.slashing.total ?? 0n) + 4n
    expect(report.totals).toMatchObject({
      liveSectors: 5,
      faultySectors: 2,
      recoveringSectors: 1,
      unprovenSectors: 1,
      queuedSectors: 1,
      actorBalance: String(10n ** 25n + 6n * 10n ** 18n + 23n),
      preCommitDeposit: '0',
      initialPledge: String(6n * 10n ** 18n),
      lockedFunds: String(10n ** 25n),
      feeDebt: String(10n ** 20n),
      outstanding: '123',
      eligibleAsset: String(10n ** 25n + 6n * 10n ** 18n + 23n - 123n),
      buffer: String(buffer),
      terminationFee: String(5n * 85n * 10n ** 15n),
      queuedTerminationFee: String(85n * 10n ** 15n),
      sectorsWithoutRewards: 0,
    })
  })

  test.each([
    'liquidationValue',
    'recoverableNow',
    'recoverableLater',
    'safePledge',
    'safePledgeStrict',
  ] as const)('add up the %s of every miner, by both rules', (figure) => {
    const { report, assessments } = reportOf(MINERS, ['fip0098', 'pre-fip0098'])
    const sumBy = (rule: number) =>
      assessments.reduce((sum, { byRules }) => sum + (byRules[rule]?.position[figure] ?? 0n), 0n)
    expect(report.totals[figure]).toBe(String(sumBy(0)))
    expect(report.totals.otherFeeRules?.[figure]).toBe(String(sumBy(1)))
  })

  test('have the fees of the other rules beside those of the first', () => {
    const { report } = reportOf(MINERS, ['fip0098', 'pre-fip0098'])
    expect(report.totals.terminationFee).toBe(String(5n * 85n * 10n ** 15n))
    expect(report.totals.otherFeeRules?.terminationFee).toBe(String(5n * 200n * 10n ** 15n))
    expect(reportOf(MINERS, ['fip0098']).report.totals.otherFeeRules).toBeUndefined()
  })

  test('are unknown where one miner’s figure is, and known beside it', () => {
    const unknown: MinerPlan = { id: 1003 as ActorId, sectors: [{ sectorNumber: 1 }, { sectorNumber: 2 }] }
    const { totals } = reportOf([...MINERS, unknown], ['pre-fip0098', 'fip0098']).report
    expect(totals).toMatchObject({
      terminationFee: null,
      liquidationValue: null,
      recoverableNow: null,
      recoverableLater: null,
      safePledge: null,
      safePledgeStrict: null,
      queuedTerminationFee: String(200n * 10n ** 15n),
      sectorsWithoutRewards: 2,
      liveSectors: 7,
    })
    expect(totals.otherFeeRules).toMatchObject({
      terminationFee: String(7n * 85n * 10n ** 15n),
      sectorsWithoutRewards: 0,
    })
  })

  test('have the sum of the buffers that were given, and none where none was', () => {
    const given: MinerTerms = { outstanding: 0n, buffer: { amount: 4n } }
    const bufferOf = (...terms: readonly MinerTerms[]) =>
      reportOf(MINERS, ['fip0098'], terms).report.totals.buffer
    expect(bufferOf(given, NO_TERMS, { ...given, buffer: { amount: 5n } })).toBe('9')
    expect(bufferOf(NO_TERMS, { ...given, buffer: { days: 0 } }, NO_TERMS)).toBe('0')
    expect(bufferOf(NO_TERMS, NO_TERMS, NO_TERMS)).toBeNull()
    expect(reportOf([], ['fip0098']).report.totals.buffer).toBeNull()
  })

  test('are zero for no miners', () => {
    const { totals } = reportOf([], ['fip0098']).report
    expect(totals).toMatchObject({ liveSectors: 0, actorBalance: '0', safePledgeStrict: '0' })
  })
})
