import { fc, test } from '@fast-check/vitest'
import { createHashes, ExitCode } from '@plimsoll/primitives'
import { ANNE, BOB, DARLENE, exitCodeOf, MULTISIG, TestMultisig } from '@plimsoll/testkit'
import { describe, expect } from 'vitest'
import { createFindings } from '../invariants/findings.ts'
import { checkMultisigInvariants } from './invariants.ts'
import { amountLocked } from './lock.ts'

const hashes = await createHashes()

function singleSigner(plan = {}): TestMultisig {
  return new TestMultisig(hashes).construct({ numApprovalsThreshold: 1n, ...plan })
}

/** What Anne may send at an epoch: the code of sending it. */
function send(multisig: TestMultisig, epoch: number, value: bigint, balance: bigint): number {
  multisig.rt.currEpoch = epoch
  multisig.rt.balance = balance
  return exitCodeOf(() => multisig.propose(ANNE, { to: DARLENE, value }))
}

function expectSent(multisig: TestMultisig, epoch: number, value: bigint, balance: bigint): void {
  multisig.expectTransfer(DARLENE, value)
  expect(send(multisig, epoch, value, balance)).toBe(ExitCode.OK)
  expect(multisig.rt.balance).toBe(balance - value)
  const findings = createFindings()
  checkMultisigInvariants(multisig.rt.store, multisig.state, findings)
  expect(findings.list).toEqual([])
}

const { USR_INSUFFICIENT_FUNDS: TOO_LITTLE } = ExitCode

// Source of the cases: builtin-actors v18, `actors/multisig/tests/multisig_actor_test.rs`, `vesting_tests`.
describe('what a multisig was made with', () => {
  const plan = { unlockDuration: 10n, startEpoch: 0n, value: 100n }

  test('can be sent when all of it is unlocked, and not before', () => {
    const multisig = new TestMultisig(hashes).construct(plan)
    multisig.propose(ANNE, { to: DARLENE, value: 100n })
    multisig.rt.currEpoch = 9
    expect(exitCodeOf(() => multisig.approve(BOB, 0n))).toBe(TOO_LITTLE)
    multisig.rt.currEpoch = 10
    multisig.expectTransfer(DARLENE, 100n)
    multisig.approve(BOB, 0n)
    expect(multisig.rt.balance).toBe(0n)
  })

  test('unlocks by the epoch', () => {
    expect(send(singleSigner(plan), 0, 1n, 100n)).toBe(TOO_LITTLE)
    expect(send(singleSigner(plan), 1, 11n, 100n)).toBe(TOO_LITTLE)
    expectSent(singleSigner(plan), 1, 10n, 100n)
    expectSent(singleSigner(plan), 5, 50n, 100n)
  })

  test('is locked to the last attoFIL that is not unlocked whole', () => {
    const few = { ...plan, value: 9n }
    expect(send(singleSigner(few), 1, 1n, 9n)).toBe(TOO_LITTLE)
    expectSent(singleSigner(few), 2, 1n, 9n)
    expect(send(singleSigner(few), 9, 9n, 9n)).toBe(TOO_LITTLE)
    expectSent(singleSigner(few), 9, 8n, 9n)
    expectSent(singleSigner(few), 10, 9n, 9n)
  })

  test('does not keep nothing from being sent', () => {
    expectSent(singleSigner(plan), 0, 0n, 100n)
    expectSent(singleSigner(plan), 0, 0n, 0n)
  })

  test('has to be there', () => {
    expect(send(singleSigner(), 0, 8n, 7n)).toBe(TOO_LITTLE)
    expectSent(singleSigner(), 0, 7n, 7n)
  })

  test('cannot be unlocked since before 64 bits of epochs', () => {
    const since = (startEpoch: bigint) => singleSigner({ unlockDuration: 1n, startEpoch, value: 1n })
    // 1 − (−2^63 + 2) = 2^63 − 1 is the largest, one more overflows.
    expectSent(since(-(1n << 63n) + 2n), 1, 1n, 1n)
    expect(send(since(-(1n << 63n) + 1n), 1, 1n, 1n)).toBe(ExitCode.USR_ASSERTION_FAILED)
  })
})

// Source of the cases: the same file, `lock_balance_tests`.
describe('LockBalance', () => {
  const lock = (multisig: TestMultisig, startEpoch: bigint, unlockDuration: bigint, amount: bigint) =>
    exitCodeOf(() => multisig.call(MULTISIG, 9, { startEpoch, unlockDuration, amount }))

  test('may have begun to unlock long ago', () => {
    const multisig = singleSigner()
    expect(lock(multisig, 0n, 1000n, 100_000n)).toBe(ExitCode.OK)
    expect(send(multisig, 300, 30_000n, 0n)).toBe(TOO_LITTLE)
    expect(send(multisig, 300, 30_001n, 100_000n)).toBe(TOO_LITTLE)
    expectSent(multisig, 300, 30_000n, 100_000n)
    expect(send(multisig, 300, 1n, 70_000n)).toBe(TOO_LITTLE)
    expectSent(multisig, 1000, 70_000n, 70_000n)
  })

  test('may begin to unlock later, and locks no more than it was told', () => {
    const multisig = singleSigner()
    expect(lock(multisig, 1000n, 1000n, 100_000n)).toBe(ExitCode.OK)
    expectSent(multisig, 300, 1n, 100_001n)
    expect(send(multisig, 300, 1n, 100_000n)).toBe(TOO_LITTLE)
    expectSent(multisig, 1200, 20_000n, 100_000n)
    expect(send(multisig, 1200, 1n, 80_000n)).toBe(TOO_LITTLE)
    expectSent(multisig, 2000, 80_000n, 80_000n)
  })

  test('may lock what is not there yet, and nothing at all', () => {
    const multisig = singleSigner()
    expect(lock(multisig, -5n, 10n, 10n)).toBe(ExitCode.OK)
    expectSent(multisig, 0, 0n, 0n)
    expect(send(multisig, 0, 1n, 5n)).toBe(TOO_LITTLE)
    expect(lock(singleSigner(), 0n, 1n, 0n)).toBe(ExitCode.OK)
  })

  test.each([
    { change: 'the start', startEpoch: -1n, unlockDuration: 1000n, amount: 100_000n },
    { change: 'the duration', startEpoch: 0n, unlockDuration: 999n, amount: 100_000n },
    { change: 'the amount', startEpoch: 0n, unlockDuration: 1000n, amount: 99_999n },
    { change: 'nothing', startEpoch: 0n, unlockDuration: 1000n, amount: 100_000n },
  ])('is for once: not to change $change', ({ startEpoch, unlockDuration, amount }) => {
    const locked = singleSigner()
    lock(locked, 0n, 1000n, 100_000n)
    const madeLocked = singleSigner({ unlockDuration: 1000n })
    for (const multisig of [locked, madeLocked]) {
      expect(lock(multisig, startEpoch, unlockDuration, amount)).toBe(ExitCode.USR_FORBIDDEN)
    }
  })

  test.each([
    { fault: 'no duration', unlockDuration: 0n, amount: 1n },
    { fault: 'a negative duration', unlockDuration: -1n, amount: 1n },
    { fault: 'a negative amount', unlockDuration: 1000n, amount: -1n },
  ])('refuses $fault', ({ unlockDuration, amount }) => {
    expect(lock(singleSigner(), 0n, unlockDuration, amount)).toBe(ExitCode.USR_ILLEGAL_ARGUMENT)
  })

  test('is for the multisig itself', () => {
    const params = { startEpoch: 0n, unlockDuration: 1n, amount: 1n }
    expect(exitCodeOf(() => singleSigner().call(ANNE, 9, params))).toBe(ExitCode.USR_FORBIDDEN)
  })
})

describe('the amount that is locked', () => {
  const anyLock = fc.record({
    initialBalance: fc.bigInt({ min: 0n, max: 10n ** 27n }),
    unlockDuration: fc.bigInt({ min: 1n, max: 1n << 40n }),
  })

  test.prop([anyLock, fc.bigInt({ min: -10n, max: 1n << 41n })])('never grows', (lock, elapsed) => {
    expect(amountLocked(lock, elapsed + 1n)).toBeLessThanOrEqual(amountLocked(lock, elapsed))
  })

  test.prop([anyLock, fc.bigInt({ min: 0n, max: 1n << 41n })])(
    'is at least its share and less than an attoFIL more',
    (lock, elapsed) => {
      const left = lock.unlockDuration > elapsed ? lock.unlockDuration - elapsed : 0n
      const locked = amountLocked(lock, elapsed) * lock.unlockDuration
      expect(locked).toBeGreaterThanOrEqual(lock.initialBalance * left)
      expect(locked).toBeLessThan(lock.initialBalance * left + lock.unlockDuration)
    },
  )
})
