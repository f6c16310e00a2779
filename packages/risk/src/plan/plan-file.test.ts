import { fc, test } from '@fast-check/vitest'
import { type ActorId, createHashes } from '@plimsoll/primitives'
import { describe, expect } from 'vitest'
import { PlanError } from './load-predicted-miner.ts'
import { parsePlanFile } from './plan-file.ts'
import { hashOf } from './plan-hash.ts'
import type { LiquidationPlan, PlanBody } from './plan-types.ts'

const hashes = await createHashes()

const money = { balance: 9n, initialPledge: 5n, lockedFunds: 1n, preCommitDeposits: 0n, feeDebt: 2n ** 70n }
const gas = { low: 79n, estimate: 100n, high: 121n }

/** Every field with something in it. */
const BODY: PlanBody = {
  format: 1,
  target: 'safe',
  miner: 1000 as ActorId,
  forced: false,
  level: { outstanding: 3n, termination: 4n, eligibleAsset: 6n },
  stateRoot: 'bafy2bzaceaa',
  epoch: 100,
  rules: 'v18',
  assumptions: ['gas is paid by the sender'],
  start: { ...money, liveSectors: 2, queuedSectors: 1 },
  steps: [
    {
      epoch: 100,
      message: {
        ...{ from: 'f0102', to: 'f01000', value: 0n },
        ...{ method: 9, methodName: 'TerminateSectors', params: '8180' },
      },
      declared: [{ deadline: 5, partition: 0, sectors: [1, 7] }],
      ...{ gas, sizeBytes: 520 },
      predicted: {
        ...{ exitCode: 0, fee: 1n, settledSectors: 2, burned: 1n, paidOut: 0n },
        after: money,
      },
    },
    {
      epoch: 101,
      message: {
        ...{ from: 'f0101', to: 'f01000', value: 0n },
        ...{ method: 16, methodName: 'WithdrawBalance', params: null },
      },
      declared: [],
      ...{ gas: null, sizeBytes: 520 },
      predicted: {
        ...{ exitCode: 0, fee: 0n, settledSectors: 0, burned: 0n, paidOut: 4n },
        after: money,
      },
    },
  ],
  ticks: [
    {
      ...{ epoch: 100, deadline: null, faultFee: 1n, dailyFee: 1n, burnedDeposits: 0n, terminationFee: 0n },
      ...{ settledSectors: 0, vested: 1n, burned: 2n },
      after: money,
    },
  ],
  everyEpochUntil: 99,
  end: { ...money, epoch: 101, liveSectors: 0, queuedSectors: 0, shortfall: 0n },
  cash: [{ epoch: 101, amount: 4n, total: 4n }],
  totals: {
    ...{ terminationMessages: 1, settledSectors: 2, terminationFees: 1n, faultFees: 1n, dailyFees: 1n },
    ...{ burnedDeposits: 0n, burned: 3n, cashNow: 4n, cashLater: 0n, gas },
  },
  blockers: [{ kind: 'fee-debt', certainty: 'certain', message: 'owed', sectors: [3], lockedValue: 7n }],
  safe: {
    ...{ outcome: 'reached', quantity: 'eligible asset', outstanding: 3n, price: { num: 9n, denom: 10n } },
    unit: 'attoFIL',
    ladder: [{ step: 'draw', amount: 1n, sectors: null, isEnough: false }],
    ...{ topUp: 2n, fee: 1n, lowerBound: 1n, sectors: [1, 7] },
  },
}
const PLAN: LiquidationPlan = { ...BODY, hash: hashOf(hashes, BODY) }

/** What a file has: amounts as text. */
function saved(value: unknown): Record<string, unknown> {
  return JSON.parse(JSON.stringify(value, (_, item) => (typeof item === 'bigint' ? String(item) : item)))
}

describe('a saved plan', () => {
  test.each([
    { what: 'alone', json: saved(PLAN) },
    { what: 'in an answer', json: saved({ stateRoot: 'x', plan: PLAN, rehearsal: null }) },
  ])('$what is read as it was made', ({ json }) => {
    expect(parsePlanFile(json, hashes)).toEqual(PLAN)
  })

  test('of a miner that needs nothing is read as it was made', () => {
    const body: PlanBody = { ...BODY, ...{ target: 'all', level: null, safe: null, steps: [], ticks: [] } }
    const plan = { ...body, hash: hashOf(hashes, body) }
    expect(parsePlanFile(saved(plan), hashes)).toEqual(plan)
  })

  test.each([
    { change: 'an amount', altered: { ...PLAN, cash: [{ epoch: 101, amount: 5n, total: 4n }] } },
    { change: 'a sector', altered: { ...PLAN, safe: { ...PLAN.safe, sectors: [1] } } },
    { change: 'its hash', altered: { ...PLAN, hash: '00' } },
  ])('of which $change was changed is refused', ({ altered }) => {
    expect(() => parsePlanFile(saved(altered), hashes)).toThrow(
      expect.objectContaining({ code: 'PLAN_ALTERED' }),
    )
  })

  test.each([
    { defect: 'no plan', json: null, place: 'the file' },
    { defect: 'another format', json: saved({ ...PLAN, format: 2 }), place: 'format' },
    { defect: 'a field more', json: saved({ ...PLAN, note: 'x' }), place: 'the file' },
    {
      defect: 'an amount as a number',
      json: { ...saved(PLAN), cash: [{ epoch: 1, amount: 4, total: '4' }] },
      place: 'cash.0.amount',
    },
    {
      defect: 'an amount with a point',
      json: { ...saved(PLAN), cash: [{ epoch: 1, amount: '4.0', total: '4' }] },
      place: 'cash.0.amount',
    },
    {
      defect: 'raw bytes for an address',
      json: saved({
        ...PLAN,
        steps: [{ ...PLAN.steps[0], message: { ...PLAN.steps[0]?.message, to: '\0\u0080' } }],
      }),
      place: 'steps.0.message.to',
    },
    {
      defect: 'parameters that are no bytes',
      json: saved({
        ...PLAN,
        steps: [{ ...PLAN.steps[0], message: { ...PLAN.steps[0]?.message, params: '818' } }],
      }),
      place: 'steps.0.message.params',
    },
  ])('with $defect is refused with its place', ({ json, place }) => {
    expect(() => parsePlanFile(json, hashes)).toThrow(
      expect.objectContaining({ code: 'INVALID_PLAN_FILE', data: { place } }),
    )
  })

  test.prop([fc.jsonValue()])('that is anything is read or refused as a plan', (json) => {
    expect(() => parsePlanFile(json, hashes)).toThrow(PlanError)
  })
})
