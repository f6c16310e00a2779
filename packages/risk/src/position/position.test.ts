import { fc, test } from '@fast-check/vitest'
import { maxBigInt } from '@plimsoll/primitives'
import { anyAmount, anyPositiveAmount } from '@plimsoll/testkit'
import { describe, expect } from 'vitest'
import type { BalanceSheet } from './balance-sheet.ts'
import { type Claims, positionOf } from './position.ts'

function sheetOf(given: Partial<BalanceSheet>): BalanceSheet {
  return {
    actorBalance: 0n,
    preCommitDeposit: 0n,
    initialPledge: 0n,
    lockedFunds: 0n,
    feeDebt: 0n,
    unlockedBalance: 0n,
    availableBalance: 0n,
    vestedFunds: 0n,
    vestingTable: [],
    ...given,
  }
}

const SHEET = sheetOf({
  actorBalance: 10_000n,
  preCommitDeposit: 1000n,
  initialPledge: 5000n,
  lockedFunds: 3000n,
  feeDebt: 20n,
  vestedFunds: 500n,
})
const CLAIMS: Claims = { terminationFee: 600n, queuedTerminationFee: 7n, outstanding: 2000n, buffer: 40n }

describe('positionOf', () => {
  test('subtracts from each figure what its rule names', () => {
    expect(positionOf(SHEET, CLAIMS)).toEqual({
      // 10,000 − 1000 − 20 − 600 − 7
      liquidationValue: 8373n,
      // Of 3000 locked, 500 have vested and 627 pay the debt.
      recoverableLater: 1873n,
      recoverableNow: 6500n,
      // 10,000 − 1000 − 2000
      eligibleAsset: 7000n,
      // 7000 − 600 − 40
      safePledge: 6360n,
      // 6360 − 20 − 7
      safePledgeStrict: 6333n,
    })
  })

  test('is before buffer when none was given', () => {
    const { safePledge, safePledgeStrict, liquidationValue } = positionOf(SHEET, { ...CLAIMS, buffer: null })
    expect({ safePledge, safePledgeStrict, liquidationValue }).toEqual({
      safePledge: 6400n,
      safePledgeStrict: 6373n,
      liquidationValue: 8373n,
    })
  })

  test('has negative figures, and then nothing that comes back', () => {
    const indebted = sheetOf({ actorBalance: 100n, preCommitDeposit: 10n, lockedFunds: 60n, feeDebt: 200n })
    expect(positionOf(indebted, { ...CLAIMS, outstanding: 300n })).toEqual({
      liquidationValue: 100n - 10n - 200n - 600n - 7n,
      recoverableNow: 0n,
      recoverableLater: 0n,
      eligibleAsset: 100n - 10n - 300n,
      safePledge: -210n - 600n - 40n,
      safePledgeStrict: -850n - 200n - 7n,
    })
  })

  test('S7: knows neither value nor Safe Pledge without the fee of the live sectors', () => {
    expect(positionOf(SHEET, { ...CLAIMS, terminationFee: null })).toEqual({
      liquidationValue: null,
      recoverableNow: null,
      recoverableLater: null,
      eligibleAsset: 7000n,
      safePledge: null,
      safePledgeStrict: null,
    })
  })

  test('S7: knows the published Safe Pledge without the fee of the queued sectors, and nothing else', () => {
    expect(positionOf(SHEET, { ...CLAIMS, queuedTerminationFee: null })).toEqual({
      liquidationValue: null,
      recoverableNow: null,
      recoverableLater: null,
      eligibleAsset: 7000n,
      safePledge: 6360n,
      safePledgeStrict: null,
    })
  })
})

describe('what is recovered later', () => {
  // Debt takes the 500 vested of 3000 locked first, in order: what is left of the locked ones comes later.
  test.each([
    { name: 'all that has not vested, without debt', debt: 0n, later: 2500n },
    { name: 'one attoFIL less by a debt of one', debt: 1n, later: 2499n },
    { name: 'one attoFIL before the debt takes all', debt: 2499n, later: 1n },
    { name: 'nothing when the debt takes all', debt: 2500n, later: 0n },
    { name: 'nothing when the debt takes more than all', debt: 2501n, later: 0n },
  ])('is $name', ({ debt, later }) => {
    const claims: Claims = { ...CLAIMS, terminationFee: debt, queuedTerminationFee: 0n }
    const { recoverableLater, recoverableNow } = positionOf({ ...SHEET, feeDebt: 0n }, claims)
    expect({ recoverableLater, recoverableNow }).toEqual({
      recoverableLater: later,
      recoverableNow: 9000n - debt - later,
    })
  })

  test.each([
    { name: 'fee debt', sheet: { feeDebt: 9n }, claims: {} },
    { name: 'the fee of live sectors', sheet: {}, claims: { terminationFee: 9n } },
    { name: 'the fee of queued sectors', sheet: {}, claims: { queuedTerminationFee: 9n } },
  ])('falls by $name', ({ sheet, claims }) => {
    const free: Claims = { terminationFee: 0n, queuedTerminationFee: 0n, outstanding: 0n, buffer: null }
    expect(positionOf({ ...SHEET, feeDebt: 0n, ...sheet }, { ...free, ...claims }).recoverableLater).toBe(
      2491n,
    )
  })

  test('is never more than there is to recover, even in a state with a broken balance', () => {
    const broken = sheetOf({ actorBalance: 100n, lockedFunds: 300n })
    const claims: Claims = { terminationFee: 10n, queuedTerminationFee: 0n, outstanding: 0n, buffer: null }
    expect(positionOf(broken, claims)).toMatchObject({
      liquidationValue: 90n,
      recoverableLater: 90n,
      recoverableNow: 0n,
    })
  })
})

/** Amounts as a state may hold them: none negative, and no more vested than locked. */
const anySheet = fc
  .record({
    actorBalance: anyPositiveAmount,
    preCommitDeposit: anyPositiveAmount,
    vestedFunds: anyPositiveAmount,
    unvested: anyPositiveAmount,
    feeDebt: anyPositiveAmount,
  })
  .map(({ unvested, ...sheet }) => sheetOf({ ...sheet, lockedFunds: sheet.vestedFunds + unvested }))

const anyClaims: fc.Arbitrary<Claims> = fc.record({
  terminationFee: anyPositiveAmount,
  queuedTerminationFee: anyPositiveAmount,
  outstanding: anyPositiveAmount,
  buffer: fc.option(anyPositiveAmount),
})

/** Both Safe Pledges of a miner whose fees are known. */
function pledgesOf(sheet: BalanceSheet, claims: Claims): readonly [published: bigint, strict: bigint] {
  const { safePledge, safePledgeStrict } = positionOf(sheet, claims)
  if (safePledge === null || safePledgeStrict === null) {
    throw new Error('the fees are known')
  }
  return [safePledge, safePledgeStrict]
}

describe('the laws of a position', () => {
  test.prop([anySheet, anyClaims, anyAmount])(
    'S5: adding FIL raises both Safe Pledges by as much',
    (sheet, claims, added) => {
      const [published, strict] = pledgesOf(sheet, claims)
      const more = { ...sheet, actorBalance: sheet.actorBalance + added }
      expect(pledgesOf(more, claims)).toEqual([published + added, strict + added])
    },
  )

  test.prop([anySheet, anyClaims, anyPositiveAmount])(
    'S5: debt lowers the strict Safe Pledge by as much and leaves the published one alone',
    (sheet, claims, added) => {
      const [published, strict] = pledgesOf(sheet, claims)
      const indebted = { ...sheet, feeDebt: sheet.feeDebt + added }
      expect(pledgesOf(indebted, claims)).toEqual([published, strict - added])
    },
  )

  test.prop([anySheet, anyClaims])('the strict Safe Pledge is at most the published one', (sheet, claims) => {
    const [published, strict] = pledgesOf(sheet, claims)
    expect(strict <= published).toBe(true)
    const free = pledgesOf({ ...sheet, feeDebt: 0n }, { ...claims, queuedTerminationFee: 0n })
    expect(free[0]).toBe(free[1])
  })

  test.prop([anySheet, anyClaims])(
    'what is recovered now and later is the value, or nothing',
    (sheet, claims) => {
      const { liquidationValue, recoverableNow, recoverableLater } = positionOf(sheet, claims)
      const [value, now, later] = [liquidationValue ?? -1n, recoverableNow ?? -1n, recoverableLater ?? -1n]
      expect(now + later).toBe(maxBigInt(value, 0n))
      expect(now >= 0n && later >= 0n && later <= sheet.lockedFunds).toBe(true)
    },
  )

  test.prop([anySheet, anyClaims])(
    'the value is the strict Safe Pledge with buffer and loans back',
    (sheet, claims) => {
      const [, strict] = pledgesOf(sheet, claims)
      const { liquidationValue } = positionOf(sheet, claims)
      expect(liquidationValue).toBe(strict + (claims.buffer ?? 0n) + claims.outstanding)
    },
  )
})
