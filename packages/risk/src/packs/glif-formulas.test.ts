import { minBigInt } from '@plimsoll/primitives'
import { describe, expect, test } from 'vitest'
import {
  borrowLimit,
  GLIF_MAX_DTL,
  glifLiquidationValue,
  glifTerminationFee,
  marginCall,
  maxBorrowAndSeal,
  maxBorrowAndWithdraw,
  withdrawableByDtl,
} from './glif-formulas.ts'

/**
 * Values that GLIF's own tests expect of mainnet at epoch 4878892, the first hours of FIP-0098
 * (glifio/go-pools, `econ/terminate_test.go` and `econ/agentdata_test.go`).
 */
const NO_TIER = GLIF_MAX_DTL.none

describe('a miner without sectors', () => {
  const balance = 927372141826678333n

  test('is worth its balance', () => {
    expect(glifTerminationFee(0n, 0n)).toBe(0n)
    expect(glifLiquidationValue({ balance, feeDebt: 0n, terminationFee: 0n })).toBe(balance)
  })

  test('carries three times that when it is sealed, and three quarters when it is taken away', () => {
    expect(maxBorrowAndSeal(balance, 0n, NO_TIER)).toBe(2782116425480034999n)
    expect(maxBorrowAndWithdraw(balance, 0n, NO_TIER)).toBe(695529106370008750n)
  })
})

describe('a miner in fee debt without a balance', () => {
  test('is worth nothing and carries nothing', () => {
    const value = glifLiquidationValue({
      balance: 0n,
      feeDebt: 43697948992036495293n,
      terminationFee: 0n,
    })
    expect(value).toBe(0n)
    expect(maxBorrowAndSeal(value, 0n, NO_TIER)).toBe(0n)
    expect(maxBorrowAndWithdraw(value, 0n, NO_TIER)).toBe(0n)
  })
})

describe('an agent of many miners', () => {
  const liquidationValue = 2592356724722868806514701n
  const debt = 1551230906587664225870496n

  test('is worth its balance without the fees of its miners', () => {
    const agent = {
      balance: 2819592172520852577940854n,
      feeDebt: 0n,
      terminationFee: 227235447797983771426153n,
    }
    expect(glifLiquidationValue(agent)).toBe(liquidationValue)
  })

  // The published fee is a sum of floors over its miners; the fee of the sum is at most one attoFIL a miner more.
  test('has a fee of 85 parts of 1000 of its pledge', () => {
    expect(glifTerminationFee(2673358209388044369719498n, 0n)).toBe(227235447797983771426157n)
  })

  test('may borrow, and withdraw, what the reference says', () => {
    expect(maxBorrowAndSeal(liquidationValue, debt, NO_TIER)).toBe(3123377454405613741932615n)
    expect(borrowLimit(liquidationValue, debt, NO_TIER)).toBe(1572146547817949516062119n)
    expect(maxBorrowAndWithdraw(liquidationValue, debt, NO_TIER)).toBe(393036636954487379015530n)
  })

  test('is called for margin at its debt over 0.92', () => {
    expect(marginCall(debt)).toBe(1686120550638765462902713n)
  })

  // Debt / 0.75 is 2068307875450218967827328 exactly.
  test('may withdraw what it has available, since its debt would let it withdraw more', () => {
    const available = 12737055656823005978228n
    const byDebt = withdrawableByDtl(liquidationValue, debt, NO_TIER)
    expect(byDebt).toBe(524048849272649838687373n)
    expect(minBigInt(available, byDebt)).toBe(12737055656823005978228n)
  })
})

describe('the termination fee of a claim', () => {
  // 85 parts of 1000 of 1000 are 85; 105 parts of 100 of a fault fee of 100 are 105.
  test('is the larger of full age and fault fee', () => {
    expect(glifTerminationFee(1000n, 0n)).toBe(85n)
    expect(glifTerminationFee(1000n, 100n)).toBe(105n)
  })
})

describe('a liquidation value', () => {
  test('is nothing where fee debt or fee takes more than there is', () => {
    expect(glifLiquidationValue({ balance: 100n, feeDebt: 101n, terminationFee: 0n })).toBe(0n)
    expect(glifLiquidationValue({ balance: 100n, feeDebt: 60n, terminationFee: 41n })).toBe(0n)
    expect(glifLiquidationValue({ balance: 100n, feeDebt: 60n, terminationFee: 39n })).toBe(1n)
  })
})
