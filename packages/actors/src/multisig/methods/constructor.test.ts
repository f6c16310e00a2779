import {
  type Address,
  actorId,
  createHashes,
  ExitCode,
  INIT_ACTOR_ADDR,
  idAddress,
  SYSTEM_ACTOR_ADDR,
} from '@plimsoll/primitives'
import {
  ANNE,
  ANNE_KEY,
  BOB,
  BOB_KEY,
  CHUCK,
  CHUCK_KEY,
  DARLENE_KEY,
  exitCodeOf,
  type MultisigPlan,
  TestMultisig,
} from '@plimsoll/testkit'
import { describe, expect, test } from 'vitest'
import { createFindings } from '../../invariants/findings.ts'
import { METHOD_SEND } from '../../runtime/runtime.ts'
import { checkMultisigInvariants } from '../invariants.ts'

const hashes = await createHashes()

function construct(plan: MultisigPlan, prepare: (multisig: TestMultisig) => void = () => {}): TestMultisig {
  const multisig = new TestMultisig(hashes)
  prepare(multisig)
  multisig.construct(plan)
  const findings = createFindings()
  checkMultisigInvariants(multisig.rt.store, multisig.state, findings)
  expect(findings.list).toEqual([])
  return multisig
}

function manySigners(count: number): readonly Address[] {
  return Array.from({ length: count }, (_, index) => idAddress(actorId(1000 + index)))
}

// Source of the cases: builtin-actors v18, `actors/multisig/tests/multisig_actor_test.rs`, `constructor_tests`.
describe('a new multisig', () => {
  test('has the signers in their order and locks what it receives', () => {
    const plan = { numApprovalsThreshold: 2n, unlockDuration: 200n, startEpoch: 100n, value: 100n }
    expect(construct(plan).state).toMatchObject({
      signers: [ANNE, BOB, CHUCK],
      numApprovalsThreshold: 2,
      nextTxId: 0n,
      initialBalance: 100n,
      unlockDuration: 200n,
      startEpoch: 100n,
    })
  })

  test('locks nothing where there is no time to unlock it in, and forgets the start', () => {
    const plan = { unlockDuration: 0n, startEpoch: 100n, value: 100n }
    expect(construct(plan).state).toMatchObject({ initialBalance: 0n, unlockDuration: 0n, startEpoch: 0n })
  })

  test('may begin to unlock at any epoch that there is', () => {
    const plan = { unlockDuration: (1n << 63n) - 1n, startEpoch: -(1n << 63n), value: 5n }
    expect(construct(plan).state).toMatchObject({
      unlockDuration: (1n << 63n) - 1n,
      startEpoch: -(1n << 63n),
      initialBalance: 5n,
    })
  })

  test('knows signers by their ID addresses', () => {
    expect(construct({ signers: [CHUCK_KEY, ANNE_KEY, BOB] }).state.signers).toEqual([CHUCK, ANNE, BOB])
  })

  test('makes the account of a signer that has none', () => {
    const account = idAddress(actorId(105))
    const { state } = construct({ signers: [DARLENE_KEY, ANNE] }, ({ rt }) => {
      rt.idAddresses.delete(DARLENE_KEY)
      const meanwhile = () => {
        rt.idAddresses.set(DARLENE_KEY, account)
        rt.actors.set(account, { type: 'account' })
      }
      rt.expectSend({ to: DARLENE_KEY, method: METHOD_SEND, meanwhile })
    })
    expect(state.signers).toEqual([account, ANNE])
  })

  test('may have 256 signers', () => {
    const signers = manySigners(256)
    const { state } = construct({ signers }, ({ rt }) => {
      for (const signer of signers) {
        rt.actors.set(signer, { type: 'account' })
      }
    })
    expect(state.signers).toHaveLength(256)
  })

  test.each<{ readonly fault: string; readonly plan: MultisigPlan; readonly code: number }>([
    { fault: 'no signers', plan: { signers: [] }, code: ExitCode.USR_ILLEGAL_ARGUMENT },
    { fault: '257 signers', plan: { signers: manySigners(257) }, code: ExitCode.USR_ILLEGAL_ARGUMENT },
    { fault: 'a signer that is no actor', plan: { signers: manySigners(1) }, code: ExitCode.USR_NOT_FOUND },
    { fault: 'a signer twice', plan: { signers: [ANNE, BOB, BOB] }, code: ExitCode.USR_ILLEGAL_ARGUMENT },
    {
      fault: 'a signer by id and by key',
      plan: { signers: [ANNE, BOB_KEY, BOB] },
      code: ExitCode.USR_ILLEGAL_ARGUMENT,
    },
    {
      fault: 'more approvals than signers',
      plan: { signers: [ANNE], numApprovalsThreshold: 2n },
      code: ExitCode.USR_ILLEGAL_ARGUMENT,
    },
    {
      fault: 'a threshold of 64 bits',
      plan: { numApprovalsThreshold: (1n << 64n) - 1n },
      code: ExitCode.USR_ILLEGAL_ARGUMENT,
    },
    { fault: 'no approvals', plan: { numApprovalsThreshold: 0n }, code: ExitCode.USR_ILLEGAL_ARGUMENT },
    { fault: 'a negative duration', plan: { unlockDuration: -1n }, code: ExitCode.USR_ILLEGAL_ARGUMENT },
  ])('is not made with $fault: $code', ({ plan, code }) => {
    expect(exitCodeOf(() => construct(plan))).toBe(code)
  })

  test('is not made with a signer whose account does not come into being', () => {
    const body = () =>
      construct({ signers: [DARLENE_KEY, BOB] }, ({ rt }) => {
        rt.idAddresses.delete(DARLENE_KEY)
        rt.expectSend({ to: DARLENE_KEY, method: METHOD_SEND })
      })
    expect(exitCodeOf(body)).toBe(ExitCode.USR_ILLEGAL_ARGUMENT)
  })

  test('is made by the init actor alone, and once', () => {
    const multisig = new TestMultisig(hashes)
    multisig.rt.actors.set(SYSTEM_ACTOR_ADDR, { type: 'system' })
    const params = { signers: [ANNE], numApprovalsThreshold: 1n, unlockDuration: 0n, startEpoch: 0n }
    expect(exitCodeOf(() => multisig.call(SYSTEM_ACTOR_ADDR, 1, params))).toBe(ExitCode.USR_FORBIDDEN)
    expect(exitCodeOf(() => multisig.call(INIT_ACTOR_ADDR, 1, params))).toBe(ExitCode.OK)
    expect(exitCodeOf(() => multisig.call(INIT_ACTOR_ADDR, 1, params))).toBe(ExitCode.USR_ILLEGAL_STATE)
  })
})
