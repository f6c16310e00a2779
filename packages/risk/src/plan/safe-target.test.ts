import { describe, expect, test } from 'vitest'
import { assessCustom, type CustomRules } from '../packs/custom.ts'
import { known } from '../packs/figure.ts'
import type { Compared, PackSubject } from '../packs/rule-pack.ts'
import { cashOf, priceOfDebt, slackOf, subjectAfter, topUpOf } from './safe-target.ts'

const PAR = { num: 1n, denom: 1n }

function subjectOf(sheet: Partial<PackSubject['sheet']>, fields: Partial<PackSubject> = {}): PackSubject {
  return {
    sheet: {
      ...{ actorBalance: 1000n, preCommitDeposit: 100n, initialPledge: 400n, lockedFunds: 300n },
      ...{ feeDebt: 20n, vestedFunds: 50n, unlockedBalance: 200n, availableBalance: 180n, vestingTable: [] },
      ...sheet,
    },
    ...{
      terminationFee: 90n,
      queuedTerminationFee: 7n,
      faultFeeOfClaim: 0n,
      liveSectors: 0,
      faultySectors: 0,
    },
    ...{ outstanding: 500n, buffer: null },
    ...fields,
  }
}

/** Two sectors wait: charges of 7, and 30 of pledge. */
const QUEUE = { fee: 7n, pledge: 30n, quota: 1n << 100n }
const CHOICE = { fee: 40n, pledge: 200n }

function judgedBy(levels: CustomRules['levels'], deductions: CustomRules['deductions'] = []) {
  return (subject: PackSubject) => assessCustom(subject, { name: 'own', deductions, levels }).compared
}

describe('cashOf', () => {
  // Charges are 20 + 7 + 40 = 67. Of 250 that vest they leave 183, and of 400 of pledge 170 stay: 1000 − 67 − 183 − 100 − 170.
  test('is what is neither charged, locked, deposited nor pledged any more', () => {
    const rich = { outstanding: 10n ** 6n }
    expect(cashOf(subjectOf({}, rich), QUEUE, CHOICE, PAR)).toBe(480n)
    expect(cashOf(subjectOf({ actorBalance: 521n }, rich), QUEUE, CHOICE, PAR)).toBe(1n)
    expect(cashOf(subjectOf({ actorBalance: 400n }, rich), QUEUE, CHOICE, PAR)).toBe(0n)
  })

  // Charges of 251 and more leave nothing locked, so that 1000 − 300 − 100 − 170 = 430.
  test('has charges paid from what is free once nothing vests any more', () => {
    const rich = { outstanding: 10n ** 6n }
    expect(cashOf(subjectOf({ feeDebt: 253n }, rich), QUEUE, CHOICE, PAR)).toBe(430n)
  })

  test('is no more than the debt costs', () => {
    expect(cashOf(subjectOf({}, { outstanding: 450n }), QUEUE, CHOICE, PAR)).toBe(450n)
    expect(cashOf(subjectOf({}, { outstanding: 0n }), QUEUE, CHOICE, PAR)).toBe(0n)
  })
})

describe('priceOfDebt', () => {
  test.each([
    { outstanding: 10n, price: { num: 1n, denom: 2n }, cost: 5n },
    { outstanding: 11n, price: { num: 1n, denom: 2n }, cost: 6n },
    { outstanding: 3n, price: { num: 7n, denom: 5n }, cost: 5n },
    { outstanding: 0n, price: { num: 7n, denom: 5n }, cost: 0n },
  ])('of $outstanding is $cost, rounded up', ({ outstanding, price, cost }) => {
    expect(priceOfDebt(outstanding, price)).toBe(cost)
  })
})

describe('subjectAfter', () => {
  // At 2/3 of a FIL for each, 60 buy 90. The balance is 1000 − 67 − 60; nothing of it is owed any more.
  test('has charges burned, pledge released, vesting funds used, and debt bought back', () => {
    const after = subjectAfter(subjectOf({}), QUEUE, CHOICE, { cash: 60n, price: { num: 2n, denom: 3n } })
    expect(after).toEqual({
      ...subjectOf({}),
      sheet: {
        ...{ actorBalance: 873n, preCommitDeposit: 100n, initialPledge: 170n, lockedFunds: 183n },
        // 873 − 170 − 183 − 100
        ...{ feeDebt: 0n, vestedFunds: 0n, unlockedBalance: 420n, availableBalance: 420n, vestingTable: [] },
      },
      ...{ terminationFee: 50n, queuedTerminationFee: 0n, outstanding: 410n },
    })
  })

  // Of 120 only 20 may be burned: 47 of 67 stay as debt. 120 − 20 − 170 − 183 − 100 = −353.
  test('leaves as debt what the balance without deposits does not cover', () => {
    const poor = subjectOf({ actorBalance: 120n })
    expect(subjectAfter(poor, QUEUE, CHOICE, { cash: 0n, price: PAR }).sheet).toMatchObject({
      ...{ actorBalance: 100n, feeDebt: 47n, unlockedBalance: -353n, availableBalance: -400n },
    })
  })

  test('has no locked funds and no debt below nothing, and no fee where none was known', () => {
    const subject = subjectOf({ feeDebt: 300n }, { terminationFee: null, outstanding: 30n })
    const after = subjectAfter(subject, QUEUE, CHOICE, { cash: 60n, price: PAR })
    expect(after).toMatchObject({ sheet: { lockedFunds: 0n }, terminationFee: null, outstanding: 0n })
  })
})

describe('slackOf', () => {
  // 1000 − 500 against 450, and 500 / 1000 against 2 / 3: 2 × 1000 − 3 × 500.
  test('is the difference of amounts, and of ratios over one denominator', () => {
    expect(slackOf(judgedBy({ compared: 'valueAfterDebt', warning: 450n })(subjectOf({})))).toBe(50n)
    const ratio = { compared: 'debtRatio', warning: { num: 2n, denom: 3n } } as const
    expect(slackOf(judgedBy(ratio)(subjectOf({})))).toBe(500n)
  })

  test.each([
    { levels: { compared: 'valueAfterDebt' }, missing: 'custom.termination and custom.warning' },
    { levels: { compared: 'debtRatio' }, missing: 'custom.termination and custom.warning' },
    { levels: { compared: 'debtRatio', termination: PAR }, missing: 'custom.warning' },
  ] as const)('is refused where levels are not given, by their names: $missing', ({ levels, missing }) => {
    expect(() => slackOf(judgedBy(levels)(subjectOf({})))).toThrow(
      expect.objectContaining({ code: 'COMPARED_QUANTITY_UNKNOWN', data: { missing } }),
    )
  })

  test.each([
    { levels: { compared: 'valueAfterDebt', warning: 1n, termination: 0n } },
    { levels: { compared: 'debtRatio', warning: PAR, termination: PAR } },
  ] as const)('is refused where the value of $levels.compared is not known', ({ levels }) => {
    const unknown = subjectOf({}, { terminationFee: null })
    expect(() => slackOf(judgedBy(levels, ['terminationFee'])(unknown))).toThrow(
      expect.objectContaining({
        code: 'COMPARED_QUANTITY_UNKNOWN',
        data: { missing: 'its value or the level' },
      }),
    )
  })
})

describe('topUpOf', () => {
  /** An amount of the sheet must not fall below a level. */
  const comparing = (name: 'actorBalance' | 'unlockedBalance' | 'availableBalance', level: bigint) => ({
    subject: subjectOf({}),
    price: PAR,
    judge: ({ sheet }: PackSubject): Compared => {
      const limit = { name, threshold: known(level), source: 'own' }
      return {
        ...{ unit: 'attoFIL', actsWhen: 'below', name, formula: name, source: 'own' },
        ...{ value: known(sheet[name]), warning: limit, termination: limit },
      }
    },
  })

  // FIL that is sent to a miner is in its balance, and is neither locked nor owed.
  test.each([
    { name: 'actorBalance', has: 1000n },
    { name: 'unlockedBalance', has: 200n },
    { name: 'availableBalance', has: 180n },
  ] as const)('raises the $name, and is the least that is enough', ({ name, has }) => {
    for (const missing of [-1n, 0n, 1n, 2n, 3n, 4n, 5n, 1_000_000n]) {
      expect(topUpOf(comparing(name, has + missing))).toBe(missing > 0n ? missing : 0n)
    }
  })

  test('is more than there will ever be where nothing is enough', () => {
    expect(topUpOf(comparing('actorBalance', 1n << 120n))).toBe(1n << 100n)
  })
})
