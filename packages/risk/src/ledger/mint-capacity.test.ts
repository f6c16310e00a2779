import { fc, test } from '@fast-check/vitest'
import { anyPositiveAmount } from '@plimsoll/testkit'
import { describe, expect } from 'vitest'
import { positionOf } from '../position/position.ts'
import { type Appraisal, bindingTerm, eligibleAssetOf, mintCapacity } from './mint-capacity.ts'

const APPRAISAL: Appraisal = {
  actorBalance: 1000n,
  preCommitDeposit: 100n,
  terminationFee: 85n,
  buffer: 15n,
  feeDebt: 50n,
  queuedTerminationFee: 30n,
}

describe('the capacity for minting', () => {
  test('is Safe Pledge, term by term', () => {
    expect(mintCapacity(APPRAISAL, 200n, 'published')).toEqual({
      capacity: 600n,
      steps: [
        { term: 'actorBalance', left: 1000n },
        { term: 'preCommitDeposit', left: 900n },
        { term: 'outstanding', left: 700n },
        { term: 'terminationFee', left: 615n },
        { term: 'buffer', left: 600n },
      ],
    })
    expect(mintCapacity(APPRAISAL, 200n, 'strict').capacity).toBe(520n)
  })

  // What is left falls 1000, 900, 700, 615, 600, and strict 550, 520.
  test.each([
    { asked: 520n, published: undefined, strict: undefined },
    { asked: 521n, published: undefined, strict: 'queuedTerminationFee' },
    { asked: 551n, published: undefined, strict: 'feeDebt' },
    { asked: 600n, published: undefined, strict: 'feeDebt' },
    { asked: 601n, published: 'buffer', strict: 'buffer' },
    { asked: 616n, published: 'terminationFee', strict: 'terminationFee' },
    { asked: 701n, published: 'outstanding', strict: 'outstanding' },
    { asked: 901n, published: 'preCommitDeposit', strict: 'preCommitDeposit' },
    { asked: 1001n, published: 'actorBalance', strict: 'actorBalance' },
  ])('for $asked is bound by $published, and by the strict rule by $strict', (given) => {
    const { asked, published, strict } = given
    expect(bindingTerm(mintCapacity(APPRAISAL, 200n, 'published'), asked)).toBe(published)
    expect(bindingTerm(mintCapacity(APPRAISAL, 200n, 'strict'), asked)).toBe(strict)
  })

  const anyAppraisal: fc.Arbitrary<Appraisal> = fc.record({
    actorBalance: anyPositiveAmount,
    preCommitDeposit: anyPositiveAmount,
    terminationFee: anyPositiveAmount,
    buffer: anyPositiveAmount,
    feeDebt: anyPositiveAmount,
    queuedTerminationFee: anyPositiveAmount,
  })

  test.prop([anyAppraisal, anyPositiveAmount])(
    'is what a position says of the same miner',
    (appraisal, outstanding) => {
      const sheet = {
        ...appraisal,
        initialPledge: 0n,
        lockedFunds: 0n,
        unlockedBalance: 0n,
        availableBalance: 0n,
        vestedFunds: 0n,
        vestingTable: [],
      }
      const position = positionOf(sheet, { ...appraisal, outstanding })
      expect(mintCapacity(appraisal, outstanding, 'published').capacity).toBe(position.safePledge)
      expect(mintCapacity(appraisal, outstanding, 'strict').capacity).toBe(position.safePledgeStrict)
      expect(eligibleAssetOf(appraisal, outstanding)).toBe(position.eligibleAsset)
    },
  )
})
