import { addressFromBytes, createHashes, ExitCode } from '@plimsoll/primitives'
import {
  MINER_CONTROL,
  MINER_EPOCH,
  MINER_OWNER,
  MINER_WORKER,
  ScriptedMiner,
  STRANGER,
} from '@plimsoll/testkit'
import { describe, expect, test } from 'vitest'
import type { ChangeBeneficiaryParams } from '../method-types.ts'

const hashes = await createHashes()
const EXPIRATION = MINER_EPOCH + 1000
const OFFER = { newBeneficiary: STRANGER, newQuota: 100n, newExpiration: BigInt(EXPIRATION) }
const REVOCATION = { newBeneficiary: MINER_OWNER, newQuota: 0n, newExpiration: 0n }
const TERM = { quota: 100n, usedQuota: 0n, expiration: EXPIRATION }

const plain = () => new ScriptedMiner(hashes, { unlockedBalance: 1000n })

function propose(miner: ScriptedMiner, params: ChangeBeneficiaryParams = OFFER, caller = MINER_OWNER) {
  miner.call('ChangeBeneficiary', params, caller)
}

/** A miner whose beneficiary is a stranger. */
function mortgaged(used = 0n, expiration = EXPIRATION) {
  const miner = plain()
  const beneficiaryTerm = { quota: 100n, usedQuota: used, expiration }
  miner.changeInfo({ beneficiary: STRANGER, beneficiaryTerm })
  return miner
}

// Source of the cases: builtin-actors v18, `actors/miner/tests/change_beneficiary_test.rs`.
describe('ChangeBeneficiary', () => {
  test('to somebody else needs the proposal of the owner, who approves of it, and of the nominee', () => {
    const miner = plain()
    propose(miner)
    expect(miner.info.pendingBeneficiaryTerm).toEqual({
      newBeneficiary: STRANGER,
      newQuota: 100n,
      newExpiration: EXPIRATION,
      approvedByBeneficiary: true,
      approvedByNominee: false,
    })
    expect(miner.info.beneficiary).toBe(MINER_OWNER)
    propose(miner, OFFER, STRANGER)
    expect(miner.info).toMatchObject({
      beneficiary: STRANGER,
      beneficiaryTerm: TERM,
      pendingBeneficiaryTerm: null,
    })
  })

  test('from somebody to another one needs three approvals, in any order', () => {
    for (const order of [
      [STRANGER, MINER_WORKER],
      [MINER_WORKER, STRANGER],
    ]) {
      const miner = mortgaged()
      const offer = { ...OFFER, newBeneficiary: MINER_WORKER }
      propose(miner, offer)
      expect(miner.info.pendingBeneficiaryTerm).toMatchObject({
        approvedByBeneficiary: false,
        approvedByNominee: false,
      })
      for (const approver of order) {
        expect(miner.info.beneficiary).toBe(STRANGER)
        propose(miner, offer, approver)
      }
      expect(miner.info).toMatchObject({ beneficiary: MINER_WORKER, beneficiaryTerm: TERM })
    }
  })

  test.each([
    { what: 'used its quota up', used: 100n, expiration: EXPIRATION },
    // `self.expiration > cur` in beneficiary.rs.
    { what: 'whose term ends now', used: 0n, expiration: MINER_EPOCH },
  ])('does not ask a beneficiary who has $what', ({ used, expiration }) => {
    const miner = mortgaged(used, expiration)
    const offer = { ...OFFER, newBeneficiary: MINER_WORKER }
    propose(miner, offer)
    expect(miner.info.pendingBeneficiaryTerm?.approvedByBeneficiary).toBe(true)
    propose(miner, offer, MINER_WORKER)
    expect(miner.info.beneficiary).toBe(MINER_WORKER)
  })

  test('back to the owner is done at once where the beneficiary need not be asked', () => {
    const miner = mortgaged(100n)
    propose(miner, REVOCATION)
    expect(miner.info).toMatchObject({
      beneficiary: MINER_OWNER,
      beneficiaryTerm: { quota: 0n, usedQuota: 0n, expiration: 0 },
      pendingBeneficiaryTerm: null,
    })
  })

  test('back to the owner waits for a beneficiary who has something left', () => {
    const miner = mortgaged(99n)
    propose(miner, REVOCATION)
    expect(miner.info.beneficiary).toBe(STRANGER)
    propose(miner, REVOCATION, STRANGER)
    expect(miner.info.beneficiary).toBe(MINER_OWNER)
  })

  test('is taken back by the owner who proposes himself', () => {
    const miner = plain()
    propose(miner)
    propose(miner, REVOCATION)
    expect(miner.info).toMatchObject({ beneficiary: MINER_OWNER, pendingBeneficiaryTerm: null })
  })

  test('replaces a proposal by the next one, with no approval left', () => {
    const miner = mortgaged()
    propose(miner, { ...OFFER, newBeneficiary: MINER_WORKER })
    propose(miner, { ...OFFER, newBeneficiary: MINER_WORKER }, MINER_WORKER)
    propose(miner, { ...OFFER, newBeneficiary: MINER_CONTROL, newQuota: 5n })
    expect(miner.info.pendingBeneficiaryTerm).toMatchObject({
      newBeneficiary: MINER_CONTROL,
      approvedByNominee: false,
    })
  })

  test('of the terms alone keeps what is used, which may be more than the new quota', () => {
    const miner = mortgaged(30n)
    const offer = { ...OFFER, newQuota: 20n }
    propose(miner, offer)
    propose(miner, offer, STRANGER)
    expect(miner.info.beneficiaryTerm).toEqual({ quota: 20n, usedQuota: 30n, expiration: EXPIRATION })
    // What is left is not less than nothing.
    const exitCode = miner.exitCode('WithdrawBalance', { amountRequested: 1n }, STRANGER)
    expect(exitCode).toBe(ExitCode.USR_FORBIDDEN)
  })

  test('takes an address of another form', () => {
    const key = addressFromBytes(new Uint8Array(21).fill(7).fill(1, 0, 1))
    const miner = plain()
    miner.rt.idAddresses.set(key, STRANGER)
    propose(miner, { ...OFFER, newBeneficiary: key })
    expect(miner.info.pendingBeneficiaryTerm?.newBeneficiary).toBe(STRANGER)
  })
})

describe('ChangeBeneficiary refuses', () => {
  const illegal = ExitCode.USR_ILLEGAL_ARGUMENT
  const exitCode = (miner: ScriptedMiner, params: ChangeBeneficiaryParams, caller = MINER_OWNER) =>
    miner.exitCode('ChangeBeneficiary', params, caller)

  test.each([
    { what: 'no quota', params: { ...OFFER, newQuota: 0n } },
    { what: 'a negative quota', params: { ...OFFER, newQuota: -1n } },
    { what: 'an owner with a quota', params: { ...REVOCATION, newQuota: 1n } },
    { what: 'an owner with an expiration', params: { ...REVOCATION, newExpiration: 1n } },
  ])('$what', ({ params }) => {
    expect(exitCode(plain(), params)).toBe(illegal)
  })

  test('an address of nobody before it looks at who calls', () => {
    const unknown = addressFromBytes(new Uint8Array(21).fill(9).fill(1, 0, 1))
    expect(exitCode(plain(), { ...OFFER, newBeneficiary: unknown }, STRANGER)).toBe(illegal)
  })

  test('approvals where nothing is proposed, and of those who are not asked', () => {
    expect(exitCode(plain(), OFFER, STRANGER)).toBe(ExitCode.USR_FORBIDDEN)
    const miner = plain()
    propose(miner)
    expect(exitCode(miner, OFFER, MINER_WORKER)).toBe(ExitCode.USR_FORBIDDEN)
    // The caller is looked at before the terms are.
    expect(exitCode(miner, { ...OFFER, newQuota: 1n }, MINER_WORKER)).toBe(ExitCode.USR_FORBIDDEN)
  })

  test.each([
    { what: 'another address', params: { ...OFFER, newBeneficiary: MINER_WORKER } },
    { what: 'another quota', params: { ...OFFER, newQuota: 99n } },
    { what: 'another expiration', params: { ...OFFER, newExpiration: OFFER.newExpiration + 1n } },
  ])('the approval of $what than was proposed', ({ params }) => {
    const miner = plain()
    propose(miner)
    expect(exitCode(miner, params, STRANGER)).toBe(illegal)
  })
})
