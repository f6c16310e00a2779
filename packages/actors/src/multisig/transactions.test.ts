import { text } from '@plimsoll/ipld'
import { createHashes, ExitCode, parseHex } from '@plimsoll/primitives'
import {
  ANNE,
  BOB,
  CHUCK,
  cborBlock,
  DARLENE,
  type ExpectedSend,
  exitCodeOf,
  MULTISIG,
  type Proposal,
  TestMultisig,
} from '@plimsoll/testkit'
import { afterEach, describe, expect, test } from 'vitest'
import { createFindings } from '../invariants/findings.ts'
import { ErrorNumber } from '../runtime/runtime.ts'
import { checkMultisigInvariants } from './invariants.ts'
import { computeProposalHash } from './transactions.ts'

const hashes = await createHashes()
let multisig: TestMultisig

function construct(numApprovalsThreshold: bigint, value = 0n): void {
  multisig = new TestMultisig(hashes).construct({ numApprovalsThreshold, value })
}

/** The hash of a proposal that Anne has made. */
function hashOf(proposal: Required<Proposal>): Uint8Array {
  return computeProposalHash(multisig.rt, { ...proposal, approved: [ANNE] })
}

const TRANSFER = { to: DARLENE, value: 10n, method: 0, params: new Uint8Array() }
const CALL = { to: DARLENE, value: 0n, method: 42, params: parseHex('820102') }
const NOTHING = { applied: false, code: ExitCode.OK, ret: new Uint8Array() }
const SENT = { applied: true, code: ExitCode.OK, ret: new Uint8Array() }

afterEach(() => {
  const findings = createFindings()
  checkMultisigInvariants(multisig.rt.store, multisig.state, findings)
  // A threshold that is lowered may leave something pending that has approvals enough.
  expect(findings.list.filter(({ kind }) => kind !== 'multisig/approved-and-pending')).toEqual([])
})

// Source of the cases: builtin-actors v18, `actors/multisig/tests/multisig_actor_test.rs`.
describe('a proposal', () => {
  test('waits for approvals, the first of which is that of who made it', () => {
    construct(2n)
    expect(multisig.propose(ANNE, TRANSFER)).toEqual({ txnId: 0n, ...NOTHING })
    expect(multisig.propose(BOB, TRANSFER)).toEqual({ txnId: 1n, ...NOTHING })
    expect(multisig.approvals).toEqual(
      new Map([
        [0n, [ANNE]],
        [1n, [BOB]],
      ]),
    )
    expect(multisig.state.nextTxId).toBe(2n)
  })

  test('is executed at once where one approval is enough', () => {
    construct(1n, 20n)
    multisig.expectTransfer(DARLENE, 10n)
    expect(multisig.propose(ANNE, TRANSFER)).toEqual({ txnId: 0n, ...SENT })
    expect(multisig.approvals).toEqual(new Map())
    expect(multisig.rt.balance).toBe(10n)
  })

  test('is gone before it is executed, so that it can be executed once', () => {
    construct(1n, 20n)
    const meanwhile = () => expect(multisig.approvals).toEqual(new Map())
    multisig.rt.expectSend({ to: DARLENE, method: 0, value: 10n, meanwhile })
    multisig.propose(ANNE, TRANSFER)
  })

  test.each<{
    readonly way: string
    readonly result: ExpectedSend['result']
    readonly code: number
    readonly ret: Uint8Array
  }>([
    {
      way: 'well and returns something',
      result: { exitCode: ExitCode.OK, returnData: cborBlock(text, 'result') },
      code: ExitCode.OK,
      ret: cborBlock(text, 'result').data,
    },
    {
      way: 'badly and returns something',
      result: { exitCode: ExitCode.USR_FORBIDDEN, returnData: cborBlock(text, 'no') },
      code: ExitCode.USR_FORBIDDEN,
      ret: cborBlock(text, 'no').data,
    },
    {
      way: 'badly',
      result: { exitCode: ExitCode.USR_NOT_FOUND, returnData: null },
      code: ExitCode.USR_NOT_FOUND,
      ret: new Uint8Array(),
    },
    {
      way: "by the machine's own doing",
      result: { exitCode: ExitCode.SYS_OUT_OF_GAS, returnData: null },
      code: ExitCode.USR_ASSERTION_FAILED,
      ret: new Uint8Array(),
    },
    {
      way: 'before it began',
      result: { errorNumber: ErrorNumber.NOT_FOUND },
      code: ExitCode.USR_UNSPECIFIED,
      ret: new Uint8Array(),
    },
  ])('is done when its call ends $way', ({ result, code, ret }) => {
    construct(1n)
    const params = { codec: 0x51, data: CALL.params }
    multisig.rt.expectSend({ to: DARLENE, method: 42, params, ...(result && { result }) })
    expect(multisig.propose(ANNE, CALL)).toEqual({ txnId: 0n, applied: true, code, ret })
    expect(multisig.approvals).toEqual(new Map())
  })

  test('may be of any method number', () => {
    construct(1n)
    multisig.rt.expectSend({ to: DARLENE, method: (1n << 64n) - 1n })
    multisig.propose(ANNE, { to: DARLENE, method: (1n << 64n) - 1n })
  })

  test.each([
    { fault: 'more than is there', caller: ANNE, value: 11n, code: ExitCode.USR_INSUFFICIENT_FUNDS },
    { fault: 'less than nothing', caller: ANNE, value: -1n, code: ExitCode.USR_ILLEGAL_ARGUMENT },
    {
      fault: 'less than nothing by anybody',
      caller: DARLENE,
      value: -1n,
      code: ExitCode.USR_ILLEGAL_ARGUMENT,
    },
    { fault: 'something by one who is no signer', caller: DARLENE, value: 1n, code: ExitCode.USR_FORBIDDEN },
  ])('of $fault is refused: $code', ({ caller, value, code }) => {
    construct(1n, 10n)
    expect(exitCodeOf(() => multisig.propose(caller, { value }))).toBe(code)
    expect(multisig.state.nextTxId).toBe(0n)
  })
})

describe('the hash of a proposal', () => {
  test('is of who made it and of what it does', () => {
    construct(2n)
    // [h'0065', h'0068', h'000a', 0, h'']: f0101, f0104, 10 attoFIL.
    const preimage = parseHex('8542006542006842000a0040')
    expect(hashOf(TRANSFER)).toEqual(hashes.blake2b256(preimage))
  })

  test('is of nobody where nobody approves it any more', () => {
    construct(2n)
    const preimage = parseHex('85f642006842000a0040')
    expect(computeProposalHash(multisig.rt, { ...TRANSFER, approved: [] })).toEqual(
      hashes.blake2b256(preimage),
    )
  })
})

describe('an approval', () => {
  test('that is the last needed executes the proposal', () => {
    construct(2n, 20n)
    multisig.propose(ANNE, TRANSFER)
    multisig.expectTransfer(DARLENE, 10n)
    expect(multisig.approve(BOB, 0n, hashOf(TRANSFER))).toEqual(SENT)
    expect(multisig.approvals).toEqual(new Map())
  })

  test('that is not the last is written down', () => {
    construct(3n)
    multisig.propose(ANNE, TRANSFER)
    expect(multisig.approve(CHUCK, 0n)).toEqual(NOTHING)
    expect(multisig.approvals).toEqual(new Map([[0n, [ANNE, CHUCK]]]))
  })

  test('without a hash is of whatever the proposal is', () => {
    construct(2n, 20n)
    multisig.propose(ANNE, TRANSFER)
    multisig.expectTransfer(DARLENE, 10n)
    expect(multisig.approve(BOB, 0n)).toEqual(SENT)
  })

  test.each([
    {
      fault: 'with the hash of another proposal',
      caller: BOB,
      id: 0n,
      proposal: { ...TRANSFER, value: 9n },
      code: ExitCode.USR_ILLEGAL_ARGUMENT,
    },
    {
      fault: 'of an unknown proposal',
      caller: BOB,
      id: 1n,
      proposal: TRANSFER,
      code: ExitCode.USR_NOT_FOUND,
    },
    {
      fault: 'of the largest number',
      caller: BOB,
      id: (1n << 63n) - 1n,
      proposal: TRANSFER,
      code: ExitCode.USR_NOT_FOUND,
    },
    {
      fault: 'of the smallest number',
      caller: BOB,
      id: -(1n << 63n),
      proposal: TRANSFER,
      code: ExitCode.USR_NOT_FOUND,
    },
    { fault: 'given twice', caller: ANNE, id: 0n, proposal: TRANSFER, code: ExitCode.USR_FORBIDDEN },
    {
      fault: 'by one who is no signer',
      caller: DARLENE,
      id: 0n,
      proposal: TRANSFER,
      code: ExitCode.USR_FORBIDDEN,
    },
    {
      fault: 'of more than is there',
      caller: BOB,
      id: 0n,
      proposal: TRANSFER,
      code: ExitCode.USR_INSUFFICIENT_FUNDS,
    },
  ])('$fault is refused: $code', ({ caller, id, proposal, code }) => {
    construct(2n, 9n)
    multisig.propose(ANNE, TRANSFER)
    expect(exitCodeOf(() => multisig.approve(caller, id, hashOf(proposal)))).toBe(code)
    expect(multisig.approvals).toEqual(new Map([[0n, [ANNE]]]))
  })

  test.each([
    { by: 'one who has approved', caller: ANNE },
    { by: 'another', caller: CHUCK },
  ])('by $by executes what a lower threshold has approved', ({ caller }) => {
    construct(3n, 20n)
    multisig.propose(ANNE, TRANSFER)
    multisig.approve(BOB, 0n)
    multisig.call(MULTISIG, 8, { newThreshold: 2n })
    expect(exitCodeOf(() => multisig.approve(DARLENE, 0n))).toBe(ExitCode.USR_FORBIDDEN)
    multisig.expectTransfer(DARLENE, 10n)
    expect(multisig.approve(caller, 0n)).toEqual(SENT)
  })
})

describe('a proposal that is cancelled', () => {
  test('is gone', () => {
    construct(2n)
    multisig.propose(ANNE, TRANSFER)
    expect(multisig.cancel(ANNE, 0n, hashOf(TRANSFER))).toBe(undefined)
    expect(multisig.approvals).toEqual(new Map())
    multisig.propose(ANNE, TRANSFER)
    expect(multisig.cancel(ANNE, 1n)).toBe(undefined)
  })

  test.each([
    {
      fault: 'with the hash of another',
      caller: ANNE,
      id: 0n,
      proposal: { ...TRANSFER, value: 9n },
      code: ExitCode.USR_ILLEGAL_STATE,
    },
    { fault: 'that there is not', caller: ANNE, id: 1n, proposal: TRANSFER, code: ExitCode.USR_NOT_FOUND },
    { fault: 'of another signer', caller: BOB, id: 0n, proposal: TRANSFER, code: ExitCode.USR_FORBIDDEN },
    {
      fault: 'by one who is no signer',
      caller: DARLENE,
      id: 0n,
      proposal: TRANSFER,
      code: ExitCode.USR_FORBIDDEN,
    },
  ])('is not one $fault: $code', ({ caller, id, proposal, code }) => {
    construct(3n)
    multisig.propose(ANNE, TRANSFER)
    multisig.approve(BOB, 0n)
    expect(exitCodeOf(() => multisig.cancel(caller, id, hashOf(proposal)))).toBe(code)
    expect(multisig.approvals).toEqual(new Map([[0n, [ANNE, BOB]]]))
  })

  test('belongs to the next who approved it when its maker is no signer any more', () => {
    construct(3n)
    multisig.propose(ANNE, TRANSFER)
    multisig.approve(BOB, 0n)
    multisig.call(MULTISIG, 7, { from: ANNE, to: DARLENE })
    expect(exitCodeOf(() => multisig.cancel(ANNE, 0n))).toBe(ExitCode.USR_FORBIDDEN)
    expect(exitCodeOf(() => multisig.cancel(DARLENE, 0n))).toBe(ExitCode.USR_FORBIDDEN)
    // The hash is of Bob's proposal now.
    expect(exitCodeOf(() => multisig.cancel(BOB, 0n, hashOf(TRANSFER)))).toBe(ExitCode.USR_ILLEGAL_STATE)
    expect(exitCodeOf(() => multisig.cancel(BOB, 0n))).toBe(ExitCode.OK)
  })
})
