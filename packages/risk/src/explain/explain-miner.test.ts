import { filterEstimate } from '@plimsoll/actors'
import { createMemoryBlockstore } from '@plimsoll/ipld'
import { type ActorId, createHashes, parseDecimal } from '@plimsoll/primitives'
import { buildState, SECTOR_BYTES, type SectorPlan } from '@plimsoll/testkit'
import { describe, expect, test } from 'vitest'
import { assessMiner, type BufferChoice, openMiner } from '../assess/assess-miner.ts'
import { requireMiner } from '../assess/find-miners.ts'
import { openNetworkView } from '../assess/network-view.ts'
import type { FeeRules } from '../fees/fee-rules.ts'
import { explainMiner } from './explain-miner.ts'
import type { Term } from './term.ts'

const hashes = await createHashes()
const EPOCH = 1_000_000
const REWARDS = { expectedDayReward: 0n, expectedStoragePledge: mFil('60'), replacedDayReward: 0n }

/** Two sectors that the cap decides, one new one, and two that are queued; 8.5 % of 1 FIL is 85 mFIL. */
const SECTORS: readonly SectorPlan[] = [
  { sectorNumber: 1, ...REWARDS },
  { sectorNumber: 2, initialPledge: mFil('3000'), ...REWARDS },
  { sectorNumber: 3, activation: EPOCH - 1, ...REWARDS },
  { sectorNumber: 4, activation: 499_200, condition: { queuedSince: 600_000 }, ...REWARDS },
  { sectorNumber: 5, activation: 499_200, condition: { queuedSince: 700_800 }, ...REWARDS },
]

function mFil(text: string): bigint {
  return parseDecimal(text, 15)
}

function explain(sectors: readonly SectorPlan[], buffer?: BufferChoice, rules: FeeRules = 'fip0098') {
  const store = createMemoryBlockstore(hashes)
  const id = 1000 as ActorId
  const root = buildState(store, {
    epoch: EPOCH,
    miners: [{ id, sectors, unlockedBalance: mFil('9'), feeDebt: mFil('8') }],
    // A plain sector earns 10^12 attoFIL an epoch, so its fault fee is 10.108 mFIL.
    reward: filterEstimate(10_108n * 10n ** 12n, 0n),
    qaPower: filterEstimate(10_108n * BigInt(SECTOR_BYTES), 0n),
  })
  const view = openNetworkView(store, [root])
  const opened = openMiner(view, id, requireMiner(view, id).record)
  const assessment = assessMiner(view, opened, [rules], { outstanding: mFil('7'), buffer })
  const [rule] = assessment.byRules
  return { assessment, position: rule.position, tree: explainMiner(view, opened, assessment, rule) }
}

/** The term that the names lead to, from the root's own terms on. */
function find(tree: Term | undefined, ...names: readonly string[]): Term | undefined {
  return names.reduce<Term | undefined>(
    (term, wanted) => term?.terms.find(({ name }) => name === wanted),
    tree,
  )
}

describe('explainMiner', () => {
  test('explains the strict Safe Pledge of the assessment by the terms of its rule', () => {
    const { tree, position } = explain(SECTORS)
    expect(tree).toMatchObject({
      name: 'safePledgeStrict',
      value: position.safePledgeStrict,
      unit: 'attoFIL',
    })
    expect(tree?.terms.map(({ name, value }) => [name, value])).toEqual([
      ['safePledge', position.safePledge],
      ['feeDebt', mFil('8')],
      // A quarter and a half of 85 mFIL.
      ['queuedTerminationFee', mFil('21.25') + mFil('42.5')],
    ])
    expect(find(tree, 'safePledge')?.terms.map(({ name, value }) => [name, value])).toEqual([
      ['eligibleAsset', position.eligibleAsset],
      ['terminationFee', mFil('85') + mFil('255') + mFil('20')],
      ['buffer', 0n],
    ])
    const eligible = find(tree, 'safePledge', 'eligibleAsset')
    expect(eligible?.terms.map(({ name, value }) => [name, value])).toEqual([
      // Pledges of 1, 3, 1, 1 and 1 FIL, and 9 mFIL beyond.
      ['actorBalance', mFil('7009')],
      ['preCommitDeposit', 0n],
      ['outstanding', mFil('7')],
    ])
  })

  test('sums the fees by branch, and shows below each branch its dearest sector', () => {
    const { tree } = explain(SECTORS)
    const fees = find(tree, 'safePledge', 'terminationFee')
    expect(fees?.terms.map(({ name, value }) => [name, value])).toEqual([
      ['cap', mFil('340')],
      ['floorPledge', mFil('20')],
    ])
    expect(find(fees, 'cap', 'terminationFee')).toMatchObject({ value: mFil('255') })
    expect(find(fees, 'cap', 'terminationFee')?.note).toContain('sector 2,')
    const queued = find(tree, 'queuedTerminationFee', 'age', 'terminationFee')
    expect(queued).toMatchObject({ value: mFil('42.5') })
    expect(queued?.note).toContain('sector 5,')
  })

  test('has no branches for a miner without sectors', () => {
    const { tree } = explain([])
    expect(find(tree, 'safePledge', 'terminationFee')).toMatchObject({ value: 0n, terms: [] })
    expect(find(tree, 'queuedTerminationFee')).toMatchObject({ value: 0n, terms: [] })
  })

  test('explains the older rules too', () => {
    const { tree, position } = explain(SECTORS, undefined, 'pre-fip0098')
    expect(tree?.value).toBe(position.safePledgeStrict)
    const fees = find(tree, 'safePledge', 'terminationFee')
    expect(fees?.terms.map(({ name, value }) => [name, value])).toEqual([['recordedReward', mFil('180')]])
  })

  test('explains nothing when the fee of one sector is not known', () => {
    const live = [...SECTORS, { sectorNumber: 9 }]
    const queued = [...SECTORS, { sectorNumber: 9, condition: { queuedSince: 5000 } }]
    expect(explain(live, undefined, 'pre-fip0098').tree).toBeUndefined()
    expect(explain(queued, undefined, 'pre-fip0098').tree).toBeUndefined()
    expect(explain(live).tree).toBeDefined()
  })
})

describe('the buffer of an explanation', () => {
  test('is zero, and the figure before buffer, when none was given', () => {
    const { tree } = explain(SECTORS)
    expect(find(tree, 'safePledge', 'buffer')).toMatchObject({ value: 0n, terms: [] })
    expect(tree?.note).toBeDefined()
  })

  test('is the amount that was given', () => {
    const { tree } = explain(SECTORS, { amount: 5n })
    expect(find(tree, 'safePledge', 'buffer')).toMatchObject({ value: 5n, terms: [] })
    expect(tree?.note).toBeUndefined()
  })

  test('is days of the slashing of the assessment', () => {
    const { tree, assessment } = explain(SECTORS, { days: 2 })
    const buffer = find(tree, 'safePledge', 'buffer')
    // Three live sectors, 10.108 mFIL each, and no daily fees; two days.
    expect(buffer).toMatchObject({ value: mFil('60.648') })
    expect(find(buffer, 'days')).toMatchObject({ value: 2, unit: 'days' })
    expect(find(buffer, 'dailySlashing')?.value).toBe(assessment.slashing.total)
    expect(find(buffer, 'dailySlashing', 'faultFees')?.value).toBe(mFil('30.324'))
    expect(find(buffer, 'dailySlashing', 'dailyFees')?.value).toBe(0n)
    expect(tree?.note).toBeUndefined()
  })
})
