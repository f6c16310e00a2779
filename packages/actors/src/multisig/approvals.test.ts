import { type Address, actorId, createHashes, ExitCode, idAddress } from '@plimsoll/primitives'
import {
  ANNE,
  ANNE_KEY,
  BOB,
  BOB_KEY,
  CHUCK,
  CHUCK_KEY,
  DARLENE,
  exitCodeOf,
  MULTISIG,
  type MultisigPlan,
  TestMultisig,
} from '@plimsoll/testkit'
import { afterEach, describe, expect, test } from 'vitest'
import { createFindings } from '../invariants/findings.ts'
import { METHOD_SEND } from '../runtime/runtime.ts'
import { checkMultisigInvariants } from './invariants.ts'

const hashes = await createHashes()
let multisig: TestMultisig

function construct(plan: MultisigPlan): void {
  multisig = new TestMultisig(hashes).construct(plan)
}

const addSigner = (signer: Address, increase: boolean) => () =>
  multisig.call(MULTISIG, 5, { signer, increase })
const removeSigner = (signer: Address, decrease: boolean) => () =>
  multisig.call(MULTISIG, 6, { signer, decrease })
const swapSigner = (from: Address, to: Address) => () => multisig.call(MULTISIG, 7, { from, to })
const changeThreshold = (newThreshold: bigint) => () => multisig.call(MULTISIG, 8, { newThreshold })

const NOBODY = idAddress(actorId(999))

afterEach(() => {
  const findings = createFindings()
  checkMultisigInvariants(multisig.rt.store, multisig.state, findings)
  expect(findings.list).toEqual([])
})

// Source of the cases: builtin-actors v18, `actors/multisig/tests/multisig_actor_test.rs`.
describe('AddSigner', () => {
  test.each([
    { rule: 'puts the signer last', signer: DARLENE, increase: false, threshold: 2 },
    { rule: 'may need one approval more', signer: DARLENE, increase: true, threshold: 3 },
  ])('$rule', ({ signer, increase, threshold }) => {
    construct({ signers: [ANNE, BOB] })
    addSigner(signer, increase)()
    expect(multisig.state).toMatchObject({ signers: [ANNE, BOB, DARLENE], numApprovalsThreshold: threshold })
  })

  test.each([
    { fault: 'a signer', signers: [ANNE, CHUCK], signer: CHUCK, code: ExitCode.USR_FORBIDDEN },
    {
      fault: 'a signer known by its key',
      signers: [ANNE, CHUCK_KEY],
      signer: CHUCK,
      code: ExitCode.USR_FORBIDDEN,
    },
    { fault: 'the key of a signer', signers: [ANNE, CHUCK], signer: CHUCK_KEY, code: ExitCode.USR_FORBIDDEN },
    { fault: 'no actor', signers: [ANNE, CHUCK], signer: NOBODY, code: ExitCode.USR_NOT_FOUND },
  ])('refuses $fault: $code', ({ signers, signer, code }) => {
    construct({ signers })
    expect(exitCodeOf(addSigner(signer, false))).toBe(code)
  })

  test('refuses the 257th', () => {
    const signers = Array.from({ length: 256 }, (_, index) => idAddress(actorId(1000 + index)))
    multisig = new TestMultisig(hashes)
    for (const signer of signers) {
      multisig.rt.actors.set(signer, { type: 'account' })
    }
    multisig.construct({ signers })
    expect(exitCodeOf(addSigner(ANNE, false))).toBe(ExitCode.USR_FORBIDDEN)
  })

  test('makes the account of a key that has none', () => {
    construct({ signers: [ANNE, BOB] })
    const { rt } = multisig
    rt.idAddresses.delete(CHUCK_KEY)
    rt.expectSend({
      to: CHUCK_KEY,
      method: METHOD_SEND,
      meanwhile: () => rt.idAddresses.set(CHUCK_KEY, CHUCK),
    })
    addSigner(CHUCK_KEY, false)()
    expect(multisig.state.signers).toEqual([ANNE, BOB, CHUCK])
  })
})

describe('RemoveSigner', () => {
  test.each([
    { rule: 'keeps the threshold', signer: CHUCK, decrease: false, signers: [ANNE, BOB], threshold: 2 },
    { rule: 'may lower the threshold', signer: CHUCK, decrease: true, signers: [ANNE, BOB], threshold: 1 },
    { rule: 'knows keys', signer: ANNE_KEY, decrease: true, signers: [BOB, CHUCK], threshold: 1 },
  ])('$rule', ({ signer, decrease, signers, threshold }) => {
    construct({ signers: [ANNE_KEY, BOB, CHUCK] })
    removeSigner(signer, decrease)()
    expect(multisig.state).toMatchObject({ signers, numApprovalsThreshold: threshold })
  })

  test.each([
    {
      fault: 'one without whom the threshold cannot be met',
      plan: { numApprovalsThreshold: 3n },
      signer: CHUCK,
      decrease: false,
      code: ExitCode.USR_ILLEGAL_ARGUMENT,
    },
    {
      fault: 'one with whom the threshold would be zero',
      plan: { numApprovalsThreshold: 1n },
      signer: ANNE,
      decrease: true,
      code: ExitCode.USR_ILLEGAL_ARGUMENT,
    },
    {
      fault: 'the only signer',
      plan: { signers: [ANNE], numApprovalsThreshold: 1n },
      signer: ANNE,
      decrease: true,
      code: ExitCode.USR_FORBIDDEN,
    },
    {
      fault: 'one who is no signer',
      plan: {},
      signer: DARLENE,
      decrease: false,
      code: ExitCode.USR_FORBIDDEN,
    },
    { fault: 'one who is no actor', plan: {}, signer: NOBODY, decrease: false, code: ExitCode.USR_FORBIDDEN },
  ])('refuses $fault: $code', ({ plan, signer, decrease, code }) => {
    construct(plan)
    expect(exitCodeOf(removeSigner(signer, decrease))).toBe(code)
  })
})

describe('SwapSigner', () => {
  test.each([
    { from: 'by id', signers: [BOB, ANNE], old: BOB },
    { from: 'by key', signers: [BOB, ANNE], old: BOB_KEY },
    { from: 'by id where it was made with the key', signers: [BOB_KEY, ANNE], old: BOB },
  ])('replaces one $from, and the new one comes last', ({ signers, old }) => {
    construct({ signers })
    swapSigner(old, CHUCK)()
    expect(multisig.state.signers).toEqual([ANNE, CHUCK])
  })

  test.each([
    { fault: 'one who is no signer', from: DARLENE, to: CHUCK, code: ExitCode.USR_FORBIDDEN },
    { fault: 'one by another signer', from: ANNE, to: BOB, code: ExitCode.USR_ILLEGAL_ARGUMENT },
    {
      fault: 'one by the key of another signer',
      from: ANNE,
      to: BOB_KEY,
      code: ExitCode.USR_ILLEGAL_ARGUMENT,
    },
    { fault: 'one by itself', from: ANNE, to: ANNE, code: ExitCode.USR_ILLEGAL_ARGUMENT },
    { fault: 'one by nobody', from: ANNE, to: NOBODY, code: ExitCode.USR_NOT_FOUND },
  ])('does not replace $fault: $code', ({ from, to, code }) => {
    construct({ signers: [ANNE, BOB] })
    expect(exitCodeOf(swapSigner(from, to))).toBe(code)
  })
})

describe('ChangeNumApprovalsThreshold', () => {
  test.each([1n, 3n])('sets it to %s of three', (threshold) => {
    construct({})
    changeThreshold(threshold)()
    expect(multisig.state.numApprovalsThreshold).toBe(Number(threshold))
  })

  test.each([0n, 4n, (1n << 64n) - 1n])('does not set it to %s of three', (threshold) => {
    construct({})
    expect(exitCodeOf(changeThreshold(threshold))).toBe(ExitCode.USR_ILLEGAL_ARGUMENT)
  })
})

describe('the signers and the threshold', () => {
  test('are changed by the multisig itself alone', () => {
    construct({})
    for (const [method, params] of [
      [5, { signer: DARLENE, increase: false }],
      [6, { signer: CHUCK, decrease: false }],
      [7, { from: CHUCK, to: DARLENE }],
      [8, { newThreshold: 1n }],
    ] as const) {
      expect(exitCodeOf(() => multisig.call(ANNE, method, params))).toBe(ExitCode.USR_FORBIDDEN)
    }
  })
})

describe('the approvals of one who is no signer any more', () => {
  test.each([
    { of: 'removed', change: removeSigner(ANNE, true), threshold: 2 },
    { of: 'replaced', change: swapSigner(ANNE, DARLENE), threshold: 3 },
  ])('and was $of are taken back', ({ change, threshold }) => {
    construct({ numApprovalsThreshold: 3n })
    multisig.propose(ANNE)
    multisig.approve(BOB, 0n)
    multisig.propose(BOB)
    multisig.approve(ANNE, 1n)
    multisig.propose(ANNE)
    multisig.propose(CHUCK)
    change()
    expect(multisig.approvals).toEqual(
      new Map([
        [0n, [BOB]],
        [1n, [BOB]],
        [3n, [CHUCK]],
      ]),
    )
    expect(multisig.state.numApprovalsThreshold).toBe(threshold)
  })
})
