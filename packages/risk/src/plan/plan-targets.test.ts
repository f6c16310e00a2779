import { Claims, PowerState, parseRuleSet } from '@plimsoll/actors'
import { createMemoryBlockstore } from '@plimsoll/ipld'
import {
  type ActorId,
  ATTO_FIL_PER_FIL,
  type AttoFil,
  createHashes,
  idAddress,
  STORAGE_POWER_ACTOR_ID,
} from '@plimsoll/primitives'
import { buildState, editActor, editMiner } from '@plimsoll/testkit'
import { describe, expect, test } from 'vitest'
import { type NetworkView, openNetworkView } from '../assess/network-view.ts'
import { assessCustom } from '../packs/custom.ts'
import { planLiquidation } from './plan-liquidation.ts'

const hashes = await createHashes()
const ID = 1000 as ActorId
/** 640 epochs into a proving period: deadline 10 is open until 1,000,019, and deadline 3 can be changed. */
const EPOCH = 1_000_000
/** Thousandths of a FIL. A sector of 1000 is older than 140 days, and costs 85. */
const MILLI = ATTO_FIL_PER_FIL / 1000n
/** What 32 GiB are charged for 10,108 epochs at 75 FIL an epoch for 20 EiB, and 105 % of it, which ends a sector at least. */
const FAULT_FEE = (10_108n * 75n * ATTO_FIL_PER_FIL * 32n * 2n ** 30n) / (20n * 2n ** 60n)
const LEAST_FEE = (FAULT_FEE * 105n) / 100n

type Sectors = NonNullable<Parameters<typeof buildState>[1]['miners'][number]['sectors']>

/** Sectors of 1 FIL in a deadline, from number 1 on, the last ones of them faulty. */
function sectors(count: number, { deadline = 3, faulty = 0 } = {}): Sectors {
  return Array.from({ length: count }, (_, i) => ({
    ...{ sectorNumber: i + 1, deadline },
    condition: i >= count - faulty ? 'faulty' : 'active',
  }))
}

function viewOf(
  planned: Sectors,
  unlockedBalance: AttoFil = 0n,
  ...edits: readonly ReturnType<typeof editMiner>[]
): NetworkView {
  const store = createMemoryBlockstore(hashes)
  const root = buildState(store, {
    ...{ epoch: EPOCH, miners: [{ id: ID, sectors: planned, unlockedBalance }] },
  })
  return openNetworkView(store, [edits.reduce((state, edit) => edit(store, state), root)])
}

const base = { hashes, ruleSet: parseRuleSet('v18', EPOCH), instalmentDays: 30 }

/** What is owed must not be more than half of the balance. */
function planSafe(view: NetworkView, outstanding: AttoFil) {
  const levels = { compared: 'debtRatio', warning: { num: 1n, denom: 2n } } as const
  return planLiquidation(view, ID, {
    ...base,
    target: {
      ...{ kind: 'safe', price: { num: 1n, denom: 1n }, terms: { outstanding, buffer: undefined } },
      judge: (subject) => assessCustom(subject, { name: 'half', deductions: [], levels }).compared,
    },
  })
}

const declaredIn = ({ steps }: ReturnType<typeof planSafe>) =>
  steps.flatMap(({ declared }) => declared.flatMap((part) => part.sectors))
const cashOf = ({ cash }: ReturnType<typeof planSafe>) => cash.map(({ amount }) => amount)

describe('a plan to be safe', () => {
  // 12 may not be owed on 10. A sector of 1 brings 1 − 0.085 of cash: after three 10 − 0.255 − 2.745 = 7, and 3.255 is owed.
  test('terminates as many as that takes, and draws what they leave', () => {
    const plan = planSafe(viewOf(sectors(10)), 6000n * MILLI)
    expect(plan).toMatchObject({
      ...{ target: 'safe', forced: false, level: null },
      safe: { outcome: 'reached', sectors: [1, 2, 3], fee: 255n * MILLI },
      end: { balance: 7000n * MILLI, liveSectors: 7, feeDebt: 0n },
    })
    expect(declaredIn(plan)).toEqual([1, 2, 3])
    expect(cashOf(plan)).toEqual([2745n * MILLI])
  })

  // Of 10 with 2 free half is 5: 5 of it is owed.
  test('does nothing for a miner that is', () => {
    const plan = planSafe(viewOf(sectors(8), 2000n * MILLI), 5000n * MILLI)
    expect(plan).toMatchObject({
      ...{ safe: { outcome: 'already safe' }, steps: [], cash: [], everyEpochUntil: EPOCH - 1 },
      end: { balance: 10_000n * MILLI, epoch: EPOCH },
    })
  })

  // Of 10 with 2 free 5.5 are owed: 3.5 of 8 are left.
  test('draws where that is enough', () => {
    const plan = planSafe(viewOf(sectors(8), 2000n * MILLI), 5500n * MILLI)
    expect(plan.safe).toMatchObject({ outcome: 'reached by drawing', sectors: [] })
    expect([declaredIn(plan), cashOf(plan)]).toEqual([[], [2000n * MILLI]])
  })

  test('draws no more than what is owed costs', () => {
    const plan = planSafe(viewOf(sectors(1), 3000n * MILLI), 2500n * MILLI)
    expect(cashOf(plan)).toEqual([2500n * MILLI])
  })

  // Three are exactly enough in the epoch of the state: 10 − 2 · 6.245 + 3 · 0.83 = 0. Their deadline is open until it
  // ends, where it is charged for the five that are faulty; so a fourth goes as well.
  test('takes a sector more where what happens until then costs more', () => {
    const open = viewOf(sectors(10, { deadline: 10, faulty: 5 }))
    const plan = planSafe(open, 6245n * MILLI)
    expect(plan.totals.faultFees).toBeGreaterThanOrEqual(5n * FAULT_FEE - 5n)
    expect(plan.safe).toMatchObject({ outcome: 'reached', sectors: [1, 2, 3, 4], fee: 255n * MILLI })
    expect(declaredIn(plan)).toEqual([1, 2, 3, 4])
    const shut = viewOf(sectors(10, { faulty: 5 }))
    expect(planSafe(shut, 6245n * MILLI).safe).toMatchObject({ sectors: [1, 2, 3] })
  })

  // All three are exactly enough, 3 − 2 · 2.745 + 3 · 0.83 = 0, and there is none more.
  test('is not to be had where there is no sector more', () => {
    const plan = planSafe(viewOf(sectors(3, { deadline: 10, faulty: 1 })), 2745n * MILLI)
    expect(plan).toMatchObject({ safe: { outcome: 'unreachable', sectors: [] }, steps: [], cash: [] })
    expect(planSafe(viewOf(sectors(3, { faulty: 1 })), 2745n * MILLI).safe).toMatchObject({
      ...{ outcome: 'reached', sectors: [1, 2, 3] },
    })
  })

  // Beside one of 1 FIL there is one whose end costs more than its pledge. When nothing but that is left in the miner, nobody
  // would ever end it.
  test('leaves no sector behind that is worth less than its own end', () => {
    const small = { sectorNumber: 2, deadline: 3, initialPledge: 10n ** 12n }
    const view = viewOf([{ sectorNumber: 1, deadline: 3 }, small])
    // 0.915 come free. What is not drawn stays, with the small pledge; the fee moves a little with the estimates.
    const leaving = (left: AttoFil) => planSafe(view, 915n * MILLI - (left - 10n ** 12n)).safe
    expect(leaving((LEAST_FEE * 11n) / 10n)).toMatchObject({ outcome: 'reached', sectors: [1] })
    expect(leaving((LEAST_FEE * 9n) / 10n)).toMatchObject({ outcome: 'unreachable', sectors: [] })
    // Deposits pay for no end.
    const deposited = editMiner(ID, (state) => ({ ...state, preCommitDeposits: 70n * MILLI }))
    const withDeposits = viewOf([{ sectorNumber: 1, deadline: 3 }, small], 70n * MILLI, deposited)
    const outstanding = 915n * MILLI - (LEAST_FEE * 9n) / 10n + 10n ** 12n
    expect(planSafe(withDeposits, outstanding).safe).toMatchObject({ outcome: 'unreachable', sectors: [] })
  })
})

describe('a plan for everything', () => {
  const planAll = (view: NetworkView, level?: { outstanding: bigint; termination: bigint }) =>
    planLiquidation(view, ID, { ...base, target: { kind: 'all', level } })

  // With less power than its active sectors have the claim lets none of them end; what is faulty is not in it.
  test('leaves out what is blocked', () => {
    const drifted = editActor(STORAGE_POWER_ACTOR_ID, PowerState, (state, store) => {
      const claims = Claims.load(store, state.claims)
      claims.set(idAddress(ID), { windowPostProofType: 13, rawBytePower: 1n, qualityAdjPower: 1n })
      return { ...state, claims: claims.flush() }
    })
    const plan = planAll(viewOf(sectors(4, { faulty: 1 }), 0n, drifted))
    expect(plan.blockers.map(({ kind, sectors: blocked }) => [kind, blocked])).toEqual([
      ['frozen-miner', [1, 2, 3]],
    ])
    expect(declaredIn(plan)).toEqual([4])
  })

  // 1000 and 70 of balance, of which 70 are deposits, and 300 are owed.
  test('compares with a level what is left without deposits and debt', () => {
    const deposited = editMiner(ID, (state) => ({ ...state, preCommitDeposits: 70n * MILLI }))
    const view = viewOf(sectors(1), 70n * MILLI, deposited)
    const level = { outstanding: 300n * MILLI, termination: 700n * MILLI }
    expect(planAll(view, level)).toMatchObject({
      ...{ forced: true, level: { ...level, eligibleAsset: 700n * MILLI } },
    })
    const above = { ...level, termination: 700n * MILLI + 1n }
    expect(planAll(view, above)).toMatchObject({ forced: false, level: above })
  })

  test('is refused under rules that cannot be executed', () => {
    const ruleSet = parseRuleSet('v17', EPOCH)
    expect(() =>
      planLiquidation(viewOf(sectors(1)), ID, { ...base, ruleSet, target: { kind: 'all' } }),
    ).toThrow(expect.objectContaining({ code: 'RULES_NOT_EXECUTABLE' }))
  })
})
