import { fc, test } from '@fast-check/vitest'
import { divFloor } from '@plimsoll/primitives'
import { describe, expect } from 'vitest'
import { assessCustom } from '../packs/custom.ts'
import type { PackSubject } from '../packs/rule-pack.ts'
import { chooseSectors } from './choose-sectors.ts'
import { type Candidate, cashOf, type SafeTarget, slackOf, subjectAfter, topUpOf } from './safe-target.ts'

const PAR = { num: 1n, denom: 1n }
const NO_QUEUE = { fee: 0n, pledge: 0n, quota: 1n << 100n }

/** A miner of which everything but the pledge and the vesting funds is free. */
function subjectOf(sheet: Partial<PackSubject['sheet']>, outstanding: bigint): PackSubject {
  const filled = {
    ...{ actorBalance: 0n, preCommitDeposit: 0n, initialPledge: 0n, lockedFunds: 0n, feeDebt: 0n },
    ...{ vestedFunds: 0n, vestingTable: [] },
    ...sheet,
  }
  const unlockedBalance =
    filled.actorBalance - filled.preCommitDeposit - filled.initialPledge - filled.lockedFunds
  return {
    sheet: { ...filled, unlockedBalance, availableBalance: unlockedBalance - filled.feeDebt },
    ...{
      terminationFee: 0n,
      queuedTerminationFee: 0n,
      faultFeeOfClaim: 0n,
      liveSectors: 0,
      faultySectors: 0,
    },
    ...{ outstanding, buffer: null },
  }
}

/** Debt over balance must not rise above a half. */
function halfDebt(subject: PackSubject, price = PAR): SafeTarget {
  const levels = {
    compared: 'debtRatio',
    warning: { num: 1n, denom: 2n },
    termination: { num: 1n, denom: 1n },
  } as const
  return {
    subject,
    price,
    judge: (judged) => assessCustom(judged, { name: 'half', deductions: [], levels }).compared,
  }
}

/** What is left of the balance after debt must not fall below a level. */
function left(subject: PackSubject, warning: bigint, price = PAR): SafeTarget {
  const levels = { compared: 'valueAfterDebt', warning, termination: 0n } as const
  return {
    subject,
    price,
    judge: (judged) => assessCustom(judged, { name: 'left', deductions: [], levels }).compared,
  }
}

const candidate = (number: number, pledge: bigint, fee: bigint): Candidate => ({ number, pledge, fee })

describe('cashOf', () => {
  // Balance 100, pledge 60, of which 20 are released, vesting 30: 100 − fee 5 − (30 − 5) − 40 = 30.
  test('has fees paid from vesting funds first', () => {
    const subject = subjectOf({ actorBalance: 100n, initialPledge: 60n, lockedFunds: 30n }, 1000n)
    expect(cashOf(subject, NO_QUEUE, { fee: 5n, pledge: 20n }, PAR)).toBe(30n)
    // Beyond the 30 that vest, fees lower it: 100 − 35 − 0 − 40 = 25.
    expect(cashOf(subject, NO_QUEUE, { fee: 35n, pledge: 20n }, PAR)).toBe(25n)
  })

  test('is no more than the debt costs, nor than the quota', () => {
    const subject = subjectOf({ actorBalance: 100n }, 10n)
    expect(cashOf(subject, NO_QUEUE, { fee: 0n, pledge: 0n }, { num: 95n, denom: 100n })).toBe(10n)
    expect(cashOf(subject, { ...NO_QUEUE, quota: 7n }, { fee: 0n, pledge: 0n }, PAR)).toBe(7n)
  })
})

describe('chooseSectors', () => {
  test('does nothing for a miner that is safe', () => {
    const verdict = chooseSectors(halfDebt(subjectOf({ actorBalance: 100n }, 50n)), NO_QUEUE, [])
    expect(verdict).toMatchObject({ outcome: 'already safe', topUp: 0n, sectors: [] })
  })

  // Debt 60 of 100; drawing the 20 that are free leaves 40 of 80.
  test('draws before it terminates', () => {
    const subject = subjectOf({ actorBalance: 100n, initialPledge: 80n }, 60n)
    const verdict = chooseSectors(halfDebt(subject), NO_QUEUE, [candidate(1, 80n, 1n)])
    expect(verdict).toMatchObject({ outcome: 'reached by drawing', topUp: 20n, sectors: [] })
  })

  // Debt 60 of 100, nothing free: with 20 of pledge and no fee it is 40 of 80. The cheapest per gain come first.
  test('takes the sectors that cost least for what they bring', () => {
    const subject = subjectOf({ actorBalance: 100n, initialPledge: 100n }, 60n)
    const sectors = [
      candidate(1, 20n, 8n),
      candidate(2, 25n, 1n),
      candidate(3, 25n, 2n),
      candidate(4, 30n, 30n),
    ]
    const verdict = chooseSectors(halfDebt(subject), NO_QUEUE, sectors)
    expect(verdict).toMatchObject({ outcome: 'reached', sectors: [2], fee: 1n })
    expect(verdict.lowerBound).toBeLessThanOrEqual(1n)
  })

  test('prefers the lower number where the rates are equal', () => {
    const subject = subjectOf({ actorBalance: 100n, initialPledge: 100n }, 60n)
    const sectors = [candidate(9, 30n, 1n), candidate(5, 30n, 1n)]
    expect(chooseSectors(halfDebt(subject), NO_QUEUE, sectors).sectors).toEqual([5])
  })

  // A termination always costs, and at par the cash lowers the debt by no more than the balance.
  test('never reaches an amount at par', () => {
    const subject = subjectOf({ actorBalance: 100n, initialPledge: 100n }, 60n)
    const verdict = chooseSectors(left(subject, 50n), NO_QUEUE, [candidate(1, 50n, 1n)])
    expect(verdict).toMatchObject({ outcome: 'unreachable', topUp: 10n, sectors: [], fee: 0n })
    // With a debt that is bought at half its price, 50 less the fee of cash take 98 off it: 100 − 1 − 49 − 0 = 50.
    const cheap = left(subject, 50n, { num: 1n, denom: 2n })
    const reached = chooseSectors(cheap, NO_QUEUE, [candidate(1, 50n, 1n)])
    expect(reached).toMatchObject({ outcome: 'reached', sectors: [1] })
  })

  /** Debt of 6000 on a balance of 10,000 that is all pledged: 2000 of slack are missing. */
  const owing = (outstanding: bigint) =>
    halfDebt(subjectOf({ actorBalance: 10_000n, initialPledge: 10_000n }, outstanding))
  const choice = (sectors: readonly Candidate[], outstanding = 6000n) =>
    chooseSectors(owing(outstanding), NO_QUEUE, sectors)

  // A pledge of which all but the fee buys debt back brings pledge less twice the fee: the balance falls by it, and twice the
  // debt by twice what is left. At best the fee is paid otherwise, and counts once.
  test('has what it found, the least that any choice costs, and every candidate that helps, by rate', () => {
    const sectors = [
      // rates of 100/900, 30/1470 and 40/760
      ...[candidate(1, 1000n, 100n), candidate(2, 1500n, 30n), candidate(3, 800n, 40n)],
      // neither helps: one costs all that it brings, the other more
      ...[candidate(4, 500n, 500n), candidate(5, 100n, 110n)],
    ]
    expect(choice(sectors)).toEqual({
      outcome: 'reached',
      ...{ quantity: 'debtRatio', unit: 'ratio', price: PAR, outstanding: 6000n, topUp: 2000n },
      ladder: [
        { step: 'draw', amount: 0n, sectors: null, isEnough: false },
        { step: 'recover', amount: null, sectors: 0, isEnough: false },
        { step: 'top up', amount: 2000n, sectors: null, isEnough: true },
      ],
      // 1440 and 720; at best 1470, and of 760 the 530 that are missing then, for 30 and 40 · 530 / 760 = 27.9.
      ...{ sectors: [2, 3], fee: 70n, lowerBound: 57n, order: [2, 3, 1] },
    })
  })

  test('is enough where nothing is missing, to the attoFIL', () => {
    const sectors = [candidate(2, 1500n, 30n), candidate(3, 800n, 40n)]
    expect(choice(sectors, 6080n)).toMatchObject({ outcome: 'reached', sectors: [2, 3] })
    expect(choice(sectors, 6081n)).toMatchObject({ outcome: 'unreachable', sectors: [], order: [] })
  })

  // 492, 590 and 1540, by rate: all three are taken. Without the dearest 1082 are left, without the second 2032, and without
  // it and the first 1540.
  test('drops what it does not need, the dearest first', () => {
    const sectors = [candidate(1, 500n, 4n), candidate(2, 600n, 5n), candidate(3, 1600n, 30n)]
    expect(choice(sectors)).toMatchObject({ sectors: [1, 3], fee: 34n, order: [1, 2, 3] })
    // Where 2032 are missing, what is left without the second is just enough.
    expect(choice(sectors, 6016n)).toMatchObject({ sectors: [1, 3], fee: 34n })
  })

  test('names by number what it found by rate', () => {
    const sectors = [candidate(7, 1500n, 30n), candidate(3, 800n, 40n)]
    expect(choice(sectors)).toMatchObject({ sectors: [3, 7], order: [7, 3] })
  })

  test('says the same of a miner that needs no termination, whatever could be terminated', () => {
    const nothing = { fee: 0n, lowerBound: 0n, sectors: [], order: [] }
    const base = { quantity: 'debtRatio', unit: 'ratio', price: PAR }
    const safe = halfDebt({ ...subjectOf({ actorBalance: 100n }, 50n), faultySectors: 3 })
    expect(chooseSectors(safe, NO_QUEUE, [candidate(1, 10n, 1n)])).toEqual({
      ...{ ...base, ...nothing, outcome: 'already safe', outstanding: 50n, topUp: 0n },
      ladder: [
        { step: 'draw', amount: 50n, sectors: null, isEnough: true },
        { step: 'recover', amount: null, sectors: 3, isEnough: false },
        { step: 'top up', amount: 0n, sectors: null, isEnough: true },
      ],
    })
    // Of 100 with 80 pledged 20 are free: 40 of 80.
    const drawing = halfDebt(subjectOf({ actorBalance: 100n, initialPledge: 80n }, 60n))
    expect(chooseSectors(drawing, NO_QUEUE, [candidate(1, 80n, 1n)])).toEqual({
      ...{ ...base, ...nothing, outcome: 'reached by drawing', outstanding: 60n, topUp: 20n },
      ladder: [
        { step: 'draw', amount: 20n, sectors: null, isEnough: true },
        { step: 'recover', amount: null, sectors: 0, isEnough: false },
        { step: 'top up', amount: 20n, sectors: null, isEnough: true },
      ],
    })
  })

  const anyCandidates = fc
    .array(fc.tuple(fc.bigInt({ min: 1n, max: 100n }), fc.bigInt({ min: 0n, max: 50n })), { maxLength: 7 })
    .map((pairs) => pairs.map(([pledge, fee], i) => candidate(i, pledge, divFloor(fee * pledge, 100n))))

  test.prop([anyCandidates, fc.bigInt({ min: 1n, max: 1000n })])(
    'is between its lower bound and what the best of all choices costs, or there is none',
    (candidates, outstanding) => {
      const initialPledge = candidates.reduce((sum, { pledge }) => sum + pledge, 0n)
      const target = halfDebt(subjectOf({ actorBalance: initialPledge, initialPledge }, outstanding))
      const { outcome, fee, lowerBound } = chooseSectors(target, NO_QUEUE, candidates)
      const best = cheapestChoice(target, candidates)
      if (outcome === 'reached') {
        expect(best).toBeDefined()
        expect(lowerBound).toBeLessThanOrEqual(best ?? 0n)
        expect(fee).toBeGreaterThanOrEqual(best ?? 0n)
      }
      if (outcome === 'unreachable') {
        expect(best).toBeUndefined()
      }
    },
  )
})

/** The least fee of all subsets that reach the target. */
function cheapestChoice(target: SafeTarget, candidates: readonly Candidate[]): bigint | undefined {
  let best: bigint | undefined
  for (let bits = 0; bits < 1 << candidates.length; bits++) {
    const chosen = candidates.filter((_, i) => (bits >> i) % 2 === 1)
    const fee = chosen.reduce((sum, sector) => sum + sector.fee, 0n)
    const pledge = chosen.reduce((sum, sector) => sum + sector.pledge, 0n)
    const cash = cashOf(target.subject, NO_QUEUE, { fee, pledge }, target.price)
    const { price } = target
    const after = subjectAfter(target.subject, NO_QUEUE, { fee, pledge }, { cash, price })
    if (slackOf(target.judge(after)) >= 0n && (best === undefined || fee < best)) {
      best = fee
    }
  }
  return best
}

describe('topUpOf', () => {
  test.prop([fc.bigInt({ min: 0n, max: 10n ** 24n }), fc.bigInt({ min: 1n, max: 10n ** 24n })])(
    'is the least that is enough',
    (actorBalance, outstanding) => {
      // Debt is at most half of the balance: twice the debt is needed.
      const topUp = topUpOf(halfDebt(subjectOf({ actorBalance }, outstanding)))
      const missing = 2n * outstanding - actorBalance
      expect(topUp).toBe(missing > 0n ? missing : 0n)
    },
  )

  test('says what is missing where a level is not given', () => {
    const target = left(subjectOf({}, 1n), 1n)
    const levels = { compared: 'valueAfterDebt' } as const
    const judge: SafeTarget['judge'] = (judged) =>
      assessCustom(judged, { name: 'none', deductions: [], levels }).compared
    expect(() => topUpOf({ ...target, judge })).toThrow(
      expect.objectContaining({ code: 'COMPARED_QUANTITY_UNKNOWN' }),
    )
  })
})
