import { createMemoryBlockstore, save } from '@plimsoll/ipld'
import { actorId, createHashes } from '@plimsoll/primitives'
import { editAll, editMiner, editRecord, findingsAfter, SOUND_STATE, type StateEdit } from '@plimsoll/testkit'
import { describe, expect, test } from 'vitest'
import { minerLayout } from '../layout.ts'
import type { MinerState } from '../state.ts'
import { sumOfFunds, type VestingTable } from '../vesting-state.ts'

const store = createMemoryBlockstore(await createHashes())
const MINER = actorId(1000)
/** A miner without anything: no cron is enrolled for it. */
const EMPTY_MINER = actorId(1001)
/** Eight sectors of 1 FIL each, and 11 attoFIL that vest. */
const REQUIRED = 8n * 10n ** 18n + 11n

interface Broken {
  readonly rule: string
  readonly kind: string
  readonly edit: StateEdit
  readonly place?: string
  readonly also?: readonly string[]
}

const edit = (change: (state: MinerState) => Partial<MinerState>) =>
  editMiner(MINER, (state) => ({ ...state, ...change(state) }))

const withBalance = (balance: bigint, id = MINER) => editRecord(id, (record) => ({ ...record, balance }))

/** Gives a miner another vesting table and what it adds up to. */
function withVesting([head, ...tail]: VestingTable, id = MINER): StateEdit {
  return editMiner(id, (state, blocks) => ({
    ...state,
    lockedFunds: sumOfFunds(head === undefined ? [] : [head, ...tail]),
    vestingFunds:
      head === undefined
        ? { head: null, tail: null }
        : { head, tail: save(blocks, minerLayout(18).vestingTail, tail) },
  }))
}

describe('the balances of a miner', () => {
  test.each<Broken>([
    {
      rule: 'a balance is not negative',
      kind: 'miner/balance-negative',
      edit: withBalance(-1n, EMPTY_MINER),
      place: 'f01001',
      // Even nothing is required more than that.
      also: ['miner/balance-below-requirements'],
    },
    {
      rule: 'a balance covers the locked funds, the deposits and the pledge',
      kind: 'miner/balance-below-requirements',
      edit: withBalance(REQUIRED - 1n),
    },
    {
      rule: 'locked funds are not negative',
      kind: 'miner/locked-funds-negative',
      edit: edit(() => ({ lockedFunds: -1n })),
      also: ['miner/locked-funds'],
    },
    {
      rule: 'deposits are not negative',
      kind: 'miner/pre-commit-deposits-negative',
      edit: edit(() => ({ preCommitDeposits: -1n })),
      also: ['miner/pre-commit-deposits'],
    },
    {
      rule: 'the pledge is not negative',
      kind: 'miner/initial-pledge-negative',
      edit: edit(() => ({ initialPledge: -1n })),
      also: ['miner/initial-pledge'],
    },
    {
      rule: 'a debt is not negative',
      kind: 'miner/fee-debt-negative',
      edit: edit(() => ({ feeDebt: -1n })),
    },
    {
      rule: 'locked funds are what the vesting table adds up to',
      kind: 'miner/locked-funds',
      edit: edit(({ lockedFunds }) => ({ lockedFunds: lockedFunds - 1n })),
      place: 'f01000.vestingFunds',
    },
    {
      rule: 'a step of the table is not zero',
      kind: 'miner/vesting-amount',
      edit: withVesting([
        { epoch: 1_001_520, amount: 5n },
        { epoch: 1_004_400, amount: 0n },
      ]),
      place: 'f01000.vestingFunds',
    },
    {
      rule: 'a step of the table is not negative',
      kind: 'miner/vesting-amount',
      edit: withVesting([
        { epoch: 1_001_520, amount: 5n },
        { epoch: 1_004_400, amount: -1n },
      ]),
      place: 'f01000.vestingFunds',
    },
    {
      // The proving period starts at 999,360, and deadlines are 60 epochs long.
      rule: 'a step of the table is when a deadline opens',
      kind: 'miner/vesting-epoch',
      edit: withVesting([{ epoch: 1_001_521, amount: 5n }]),
      place: 'f01000.vestingFunds',
    },
    {
      rule: 'locked funds need the deadline cron',
      kind: 'miner/cron-inactive-with-funds',
      edit: editAll(
        withVesting([{ epoch: 1_001_520, amount: 5n }], EMPTY_MINER),
        withBalance(5n, EMPTY_MINER),
      ),
      place: 'f01001',
    },
    {
      rule: 'a pledge needs the deadline cron',
      kind: 'miner/cron-inactive-with-funds',
      edit: editAll(
        editMiner(EMPTY_MINER, (state) => ({ ...state, initialPledge: 1n })),
        withBalance(1n, EMPTY_MINER),
      ),
      place: 'f01001',
      also: ['miner/initial-pledge'],
    },
    {
      rule: 'deposits need the deadline cron',
      kind: 'miner/cron-inactive-with-funds',
      edit: editAll(
        editMiner(EMPTY_MINER, (state) => ({ ...state, preCommitDeposits: 1n })),
        withBalance(1n, EMPTY_MINER),
      ),
      place: 'f01001',
      also: ['miner/pre-commit-deposits'],
    },
  ])('$rule: $kind', ({ kind, edit: change, place = 'f01000', also = [] }) => {
    const findings = findingsAfter(store, SOUND_STATE, change)
    expect(findings.map((finding) => finding.kind).sort()).toEqual([kind, ...also].sort())
    expect(findings).toContainEqual(expect.objectContaining({ kind, place }))
  })

  test.each([
    { rule: 'a balance may be exactly what is required', change: withBalance(REQUIRED) },
    { rule: 'a debt may be any', change: edit(() => ({ feeDebt: 10n ** 30n })) },
    { rule: 'a miner may have neither funds nor cron', change: withBalance(0n, EMPTY_MINER) },
    { rule: 'a miner may have an unlocked balance without cron', change: withBalance(5n, EMPTY_MINER) },
    {
      // Paying a debt may draw the first step down to nothing; it is no step of the table then.
      rule: 'the first step of the table may be zero',
      change: withVesting([
        { epoch: 1_001_520, amount: 0n },
        { epoch: 1_004_400, amount: 6n },
      ]),
    },
  ])('$rule', ({ change }) => {
    expect(findingsAfter(store, SOUND_STATE, change)).toEqual([])
  })
})
