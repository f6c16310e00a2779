import { bool } from '@plimsoll/ipld'
import {
  type Address,
  createHashes,
  ExitCode,
  idAddress,
  VERIFIED_REGISTRY_ACTOR_ADDR,
} from '@plimsoll/primitives'
import {
  CLIENT_ID,
  cborBlock,
  exitCodeOf,
  OTHER_VERIFIER,
  REGISTRY_ROOT,
  SENT,
  TestVerifreg,
  VERIFIER,
} from '@plimsoll/testkit'
import { beforeEach, describe, expect, test } from 'vitest'
import { AUTHENTICATE_MESSAGE_METHOD, AuthenticateMessageParams } from '../../account/types.ts'
import { DESTROY_METHOD, DestroyParams, TOKEN_PRECISION } from '../../datacap/types.ts'
import type { SendResult } from '../../runtime/runtime.ts'
import { proposalMessage } from '../remove-data-cap-proposals.ts'
import type { RemoveDataCapParams } from '../types.ts'

// Source of the rules: builtin-actors v18, actors/verifreg/src/lib.rs, remove_verified_client_data_cap.

const hashes = await createHashes()
const CLIENT = idAddress(CLIENT_ID)
const CAP = 1n << 30n
const SIGNATURE = Uint8Array.of(1, 2, 3)

let registry: TestVerifreg

beforeEach(() => {
  registry = new TestVerifreg(hashes)
  registry.addVerifier(VERIFIER, CAP)
  registry.addVerifier(OTHER_VERIFIER, CAP)
})

function paramsOf(changes: Partial<RemoveDataCapParams> = {}): RemoveDataCapParams {
  return {
    verifiedClientToRemove: CLIENT,
    dataCapAmountToRemove: 100n,
    verifierRequest1: requestOf(VERIFIER),
    verifierRequest2: requestOf(OTHER_VERIFIER),
    ...changes,
  }
}

function requestOf(verifier: Address): RemoveDataCapParams['verifierRequest1'] {
  return { verifier, signature: { type: 2, bytes: SIGNATURE } }
}

function expectAuthentication(
  verifier: Address,
  id: bigint,
  amount = 100n,
  result: SendResult = yes(true),
): void {
  const message = proposalMessage({
    verifiedClient: CLIENT,
    dataCapAmount: amount,
    removalProposalId: { id },
  })
  registry.rt.expectSend({
    to: verifier,
    method: AUTHENTICATE_MESSAGE_METHOD,
    params: cborBlock(AuthenticateMessageParams, { signature: SIGNATURE, message }),
    isReadOnly: true,
    result,
  })
}

function expectDestruction(amount: bigint): void {
  const params = cborBlock(DestroyParams, { owner: CLIENT, amount: amount * TOKEN_PRECISION })
  registry.rt.expectSend({ to: idAddress(7n), method: DESTROY_METHOD, params })
}

function yes(answer: boolean): SendResult {
  return { ...SENT, returnData: cborBlock(bool, answer) }
}

function remove(changes: Partial<RemoveDataCapParams> = {}, caller = REGISTRY_ROOT): unknown {
  return registry.call(caller, 7, paramsOf(changes))
}

describe('RemoveVerifiedClientDataCap', () => {
  test('takes what was asked for, when both verifiers have signed', () => {
    expectAuthentication(VERIFIER, 0n)
    expectAuthentication(OTHER_VERIFIER, 0n)
    registry.expectBalance(CLIENT, 500n)
    expectDestruction(100n)
    expect(remove()).toEqual({ verifiedClient: CLIENT, dataCapRemoved: 100n })
  })

  test('takes no more than there is', () => {
    expectAuthentication(VERIFIER, 0n)
    expectAuthentication(OTHER_VERIFIER, 0n)
    registry.expectBalance(CLIENT, 40n)
    expectDestruction(40n)
    expect(remove()).toEqual({ verifiedClient: CLIENT, dataCapRemoved: 40n })
  })

  test('destroys nothing where there is nothing', () => {
    expectAuthentication(VERIFIER, 0n)
    expectAuthentication(OTHER_VERIFIER, 0n)
    registry.expectBalance(CLIENT, 0n)
    expect(remove()).toEqual({ verifiedClient: CLIENT, dataCapRemoved: 0n })
  })

  test('counts the proposals of each verifier and client', () => {
    for (const id of [0n, 1n, 2n]) {
      expectAuthentication(VERIFIER, id)
      expectAuthentication(OTHER_VERIFIER, id)
      registry.expectBalance(CLIENT, 0n)
      remove()
    }
  })

  test('uses no proposal up when a signature is bad', () => {
    const { cid } = registry.state.removeDataCapProposalIds
    expectAuthentication(VERIFIER, 0n)
    expectAuthentication(OTHER_VERIFIER, 0n, 100n, {
      exitCode: ExitCode.USR_ILLEGAL_ARGUMENT,
      returnData: null,
    })
    expect(exitCodeOf(remove)).toBe(ExitCode.USR_ILLEGAL_ARGUMENT)
    expect(registry.state.removeDataCapProposalIds.cid).toBe(cid)
  })

  test.each([
    { what: 'says no', result: yes(false), code: ExitCode.USR_ILLEGAL_ARGUMENT },
    { what: 'says nothing', result: SENT, code: ExitCode.USR_SERIALIZATION },
    {
      what: 'ends with another code',
      result: { exitCode: ExitCode.USR_UNHANDLED_MESSAGE, returnData: null },
      code: ExitCode.USR_UNHANDLED_MESSAGE,
    },
  ])('refuses a verifier that $what', ({ result, code }) => {
    expectAuthentication(VERIFIER, 0n, 100n, result)
    expect(exitCodeOf(remove)).toBe(code)
  })

  test.each([
    {
      what: 'twice the same verifier',
      changes: { verifierRequest2: requestOf(VERIFIER) },
      code: ExitCode.USR_ILLEGAL_ARGUMENT,
    },
    {
      what: 'a verifier without an actor',
      changes: { verifierRequest2: requestOf(idAddress(999n)) },
      code: ExitCode.USR_NOT_FOUND,
    },
    {
      what: 'who is no verifier',
      changes: { verifierRequest2: requestOf(CLIENT) },
      code: ExitCode.USR_NOT_FOUND,
    },
    {
      what: 'the registry as a client',
      changes: { verifiedClientToRemove: VERIFIED_REGISTRY_ACTOR_ADDR },
      code: ExitCode.USR_ILLEGAL_ARGUMENT,
    },
  ])('refuses $what', ({ changes, code }) => {
    expect(exitCodeOf(() => remove(changes))).toBe(code)
  })

  test('is the root’s, but looks at the verifiers first', () => {
    expect(exitCodeOf(() => remove({}, VERIFIER))).toBe(ExitCode.USR_FORBIDDEN)
    const bothWrong = () => remove({ verifierRequest2: requestOf(VERIFIER) }, VERIFIER)
    expect(exitCodeOf(bothWrong)).toBe(ExitCode.USR_ILLEGAL_ARGUMENT)
  })
})
