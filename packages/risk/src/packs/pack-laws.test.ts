import { fc, test } from '@fast-check/vitest'
import { anyPositiveAmount } from '@plimsoll/testkit'
import { describe, expect } from 'vitest'
import { positionOf } from '../position/position.ts'
import { assessPacks, type PackParameters } from './assess-packs.ts'
import { CUSTOM_DEDUCTIONS } from './custom.ts'
import { type Figure, known, none } from './figure.ts'
import { GLIF_TIERS } from './glif-formulas.ts'
import type { PackSubject } from './rule-pack.ts'
import { STFIL_MODES } from './stfil.ts'

/** Amounts as a state may hold them; what is available follows from the rest. */
const anySubject: fc.Arbitrary<PackSubject> = fc
  .record({
    actorBalance: anyPositiveAmount,
    preCommitDeposit: anyPositiveAmount,
    initialPledge: anyPositiveAmount,
    lockedFunds: anyPositiveAmount,
    feeDebt: anyPositiveAmount,
    terminationFee: anyPositiveAmount,
    queuedTerminationFee: anyPositiveAmount,
    faultFeeOfClaim: anyPositiveAmount,
    outstanding: anyPositiveAmount,
    buffer: anyPositiveAmount,
    faultySectors: fc.nat(100),
  })
  .map(({ terminationFee, queuedTerminationFee, faultFeeOfClaim, outstanding, buffer, ...rest }) => {
    const { faultySectors, ...amounts } = rest
    const unlockedBalance =
      amounts.actorBalance - amounts.lockedFunds - amounts.preCommitDeposit - amounts.initialPledge
    return {
      sheet: {
        ...amounts,
        unlockedBalance,
        availableBalance: unlockedBalance - amounts.feeDebt,
        vestedFunds: 0n,
        vestingTable: [],
      },
      terminationFee,
      queuedTerminationFee,
      faultFeeOfClaim,
      liveSectors: 100,
      faultySectors,
      outstanding,
      buffer,
    }
  })

const anyParameters: fc.Arbitrary<PackParameters> = fc
  .record({
    tier: fc.constantFrom(...GLIF_TIERS),
    mode: fc.constantFrom(...STFIL_MODES),
    deductions: fc.subarray([...CUSTOM_DEDUCTIONS]),
    futureIncome: anyPositiveAmount,
  })
  .map(({ tier, mode, deductions, futureIncome }) => ({
    repl: {
      warningThreshold: 900n,
      terminationThreshold: 600n,
      filPerPfil: { num: 21n, denom: 20n },
      agreementDay: 0,
    },
    glif: { tier, faultySectorLimit: { num: 12n, denom: 100n } },
    stfil: { mode, liquidationDebtRatio: { num: 85n, denom: 100n }, withdrawMargin: 10n },
    filliquid: { openLoans: 1, principal: 0n },
    filus: { futureIncome },
    custom: [
      { name: 'own', deductions, levels: { compared: 'debtRatio', max: { num: 2n, denom: 3n } } },
      { name: 'own', deductions, levels: { compared: 'valueAfterDebt' } },
    ],
  }))

function amountIn(figure: Figure<bigint>): bigint {
  if (figure.state !== 'known') {
    throw new Error(`not known: ${JSON.stringify(figure)}`)
  }
  return figure.value
}

describe('the laws of the packs', () => {
  test.prop([anySubject, anyParameters])(
    'the exact value and what a pack leaves out make its own value',
    (subject, parameters) => {
      const { liquidationValue } = positionOf(subject.sheet, subject)
      for (const { value, difference } of assessPacks(subject, parameters)) {
        const left = difference.reduce((sum, figure) => sum + amountIn(figure.value), 0n)
        expect((liquidationValue ?? 0n) + left).toBe(amountIn(value.value))
      }
    },
  )

  test.prop([anySubject, anyParameters])(
    'no limit is negative, and each is its binding constraint or nothing',
    (subject, parameters) => {
      for (const { limits: all } of assessPacks(subject, parameters)) {
        for (const { value, binding, constraints } of all) {
          const bound = constraints.find(({ name }) => name === binding)
          const amount = amountIn(bound?.value ?? none('nothing binds'))
          expect(amountIn(value)).toBe(amount < 0n ? 0n : amount)
        }
      }
    },
  )

  // What is taken away leaves the value as it is. GLIF rounds one attoFIL in favour of whoever borrows.
  test.prop([anySubject, anyParameters])(
    'whoever takes out all that a pack allows stays within its first level',
    (subject, parameters) => {
      for (const { pack, limits: all } of assessPacks(subject, parameters)) {
        const takenOut = all.find(({ use }) => use === 'takenOut')
        const amount = takenOut === undefined ? 0n : amountIn(takenOut.value)
        const rounding = pack === 'glif' ? 1n : 0n
        if (amount <= rounding || pack === 'repl' || pack === 'custom') {
          continue
        }
        const lent = { ...subject, outstanding: subject.outstanding + amount - rounding }
        const after = assessPacks(lent, parameters).find((figures) => figures.pack === pack)
        expect(after?.standing).toEqual(known('sound'))
      }
    },
  )

  // Sealing raises balance and pledge together, and GLIF counts a fee on the new pledge only later.
  test.prop([anySubject, anyParameters])(
    'a loan that stays in the miner may be larger than one that is taken away',
    (subject, parameters) => {
      const sizes = assessPacks(subject, { ...parameters, stfil: { ...parameters.stfil, mode: 'owner' } })
      for (const { limits: all } of sizes) {
        const sealed = all.find(({ use }) => use === 'sealed')
        const takenOut = all.find(({ use }) => use === 'takenOut')
        if (sealed !== undefined && takenOut !== undefined) {
          expect(amountIn(sealed.value) >= amountIn(takenOut.value)).toBe(true)
        }
      }
    },
  )

  test.prop([anySubject, anyParameters, anyPositiveAmount])(
    'more debt never raises a limit, and never improves where a miner stands',
    (subject, parameters, more) => {
      const order = ['sound', 'warned', 'terminable']
      const before = assessPacks(subject, parameters)
      const after = assessPacks({ ...subject, outstanding: subject.outstanding + more }, parameters)
      before.forEach(({ limits: all, standing }, i) => {
        all.forEach(({ value }, j) => {
          const later = after[i]?.limits[j]?.value ?? none('no such limit')
          expect(amountIn(later) <= amountIn(value)).toBe(true)
        })
        const later = after[i]?.standing
        if (standing.state === 'known' && later?.state === 'known') {
          expect(order.indexOf(later.value)).toBeGreaterThanOrEqual(order.indexOf(standing.value))
        }
      })
    },
  )
})
