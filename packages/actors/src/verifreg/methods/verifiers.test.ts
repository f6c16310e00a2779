import { bigInt, decodeCbor, u64 } from '@plimsoll/ipld'
import {
  type Address,
  addressFromBytes,
  createHashes,
  ExitCode,
  idAddress,
  parseHex,
  SYSTEM_ACTOR_ADDR,
  VERIFIED_REGISTRY_ACTOR_ADDR,
} from '@plimsoll/primitives'
import {
  CLIENT_ID,
  exitCodeOf,
  OTHER_VERIFIER,
  REGISTRY_ROOT,
  TestRuntime,
  TestVerifreg,
  VERIFIER,
} from '@plimsoll/testkit'
import { beforeEach, describe, expect, test } from 'vitest'
import { createFindings } from '../../invariants/findings.ts'
import { VERIFREG_ACTOR } from '../actor.ts'
import { checkVerifregInvariants } from '../invariants.ts'
import { Verifiers, VerifregState } from '../state.ts'

// Source of the cases: builtin-actors v18, actors/verifreg/tests/verifreg_actor_test.rs, construction and verifiers.

const hashes = await createHashes()
const MIN_SIZE = 1n << 20n
const KEY = addressFromBytes(parseHex(`03${'07'.repeat(48)}`))

let registry: TestVerifreg

beforeEach(() => {
  registry = new TestVerifreg(hashes)
})

function requireSound(): void {
  const findings = createFindings()
  checkVerifregInvariants(registry.rt.policy, registry.rt.store, registry.state, 0, findings)
  expect(findings.list).toEqual([])
}

describe('the constructor', () => {
  test('begins with a root, and nothing else', () => {
    const { rt, state } = registry
    expect(state.rootKey).toBe(REGISTRY_ROOT)
    expect(state.nextAllocationId).toBe(1n)
    const empty = Verifiers.empty(rt.store).flush().cid
    const { verifiers, removeDataCapProposalIds, allocations, claims } = state
    expect([verifiers, removeDataCapProposalIds, allocations, claims].map(({ cid }) => cid)).toEqual(
      Array(4).fill(empty),
    )
    requireSound()
  })

  function construct(root: Address, caller: Address = SYSTEM_ACTOR_ADDR): TestRuntime {
    const rt = new TestRuntime(hashes, VERIFIED_REGISTRY_ACTOR_ADDR, 'verifiedregistry')
    rt.actors.set(SYSTEM_ACTOR_ADDR, { type: 'system' })
    rt.actors.set(VERIFIER, { type: 'account' })
    rt.idAddresses.set(KEY, REGISTRY_ROOT)
    rt.caller = caller
    rt.call(VERIFREG_ACTOR, 1, root)
    return rt
  }

  test('resolves the root', () => {
    expect(construct(KEY).state(VerifregState).rootKey).toBe(REGISTRY_ROOT)
  })

  test('refuses a root that is unknown', () => {
    const unknown = addressFromBytes(parseHex(`03${'08'.repeat(48)}`))
    expect(exitCodeOf(() => construct(unknown))).toBe(ExitCode.USR_ILLEGAL_ARGUMENT)
  })

  test('is the system’s', () => {
    expect(exitCodeOf(() => construct(REGISTRY_ROOT, VERIFIER))).toBe(ExitCode.USR_FORBIDDEN)
  })
})

describe('AddVerifier', () => {
  test('makes a verifier, and tells of it', () => {
    registry.addVerifier(VERIFIER, MIN_SIZE)
    expect(registry.cap(VERIFIER)).toBe(MIN_SIZE)
    const [event] = registry.rt.events
    expect(event?.map(({ key, flags }) => [key, flags])).toEqual([
      ['$type', 3],
      ['verifier', 3],
      ['balance', 1],
    ])
    expect(decodeCbor(u64, event?.[1]?.value as Uint8Array)).toBe(201n)
    expect(decodeCbor(bigInt, event?.[2]?.value as Uint8Array)).toBe(MIN_SIZE)
    requireSound()
  })

  test('sets the cap of a verifier anew', () => {
    registry.addVerifier(VERIFIER, 3n * MIN_SIZE)
    registry.addVerifier(VERIFIER, MIN_SIZE)
    expect(registry.cap(VERIFIER)).toBe(MIN_SIZE)
  })

  test('resolves an address', () => {
    registry.rt.idAddresses.set(KEY, VERIFIER)
    registry.expectBalance(VERIFIER, 0n)
    registry.call(REGISTRY_ROOT, 2, { address: KEY, allowance: MIN_SIZE })
    expect(registry.cap(VERIFIER)).toBe(MIN_SIZE)
  })

  test.each([
    { what: 'another caller', caller: VERIFIER, code: ExitCode.USR_FORBIDDEN },
    { what: 'an allowance below the minimum', allowance: MIN_SIZE - 1n, code: ExitCode.USR_ILLEGAL_ARGUMENT },
    {
      what: 'an allowance below the minimum, of another caller',
      caller: VERIFIER,
      allowance: -1n,
      code: ExitCode.USR_ILLEGAL_ARGUMENT,
    },
    { what: 'the root', address: REGISTRY_ROOT, code: ExitCode.USR_ILLEGAL_ARGUMENT },
    { what: 'an id without an actor', address: idAddress(999n), code: ExitCode.USR_NOT_FOUND },
  ])('refuses $what', ({ caller = REGISTRY_ROOT, address = VERIFIER, allowance = MIN_SIZE, code }) => {
    expect(exitCodeOf(() => registry.call(caller, 2, { address, allowance }))).toBe(code)
    requireSound()
  })

  test('refuses a client', () => {
    registry.expectBalance(VERIFIER, 1n)
    const add = () => registry.call(REGISTRY_ROOT, 2, { address: VERIFIER, allowance: MIN_SIZE })
    expect(exitCodeOf(add)).toBe(ExitCode.USR_ILLEGAL_ARGUMENT)
  })

  test('refuses an address that stays unknown when it is sent nothing', () => {
    registry.rt.expectSend({ to: KEY, method: 0 })
    const add = () => registry.call(REGISTRY_ROOT, 2, { address: KEY, allowance: MIN_SIZE })
    expect(exitCodeOf(add)).toBe(ExitCode.USR_ILLEGAL_ARGUMENT)
  })
})

describe('RemoveVerifier', () => {
  beforeEach(() => {
    registry.addVerifier(VERIFIER, MIN_SIZE)
    registry.rt.events.length = 0
  })

  test('removes a verifier, and tells of a cap of nothing', () => {
    registry.call(REGISTRY_ROOT, 3, VERIFIER)
    expect(registry.cap(VERIFIER)).toBeUndefined()
    expect(registry.rt.events[0]?.map(({ key }) => key)).toEqual(['$type', 'verifier', 'balance'])
    expect(registry.rt.events[0]?.[2]?.value).toEqual(parseHex('40'))
    requireSound()
  })

  test.each([
    { what: 'another caller', caller: VERIFIER, address: VERIFIER, code: ExitCode.USR_FORBIDDEN },
    {
      what: 'who is no verifier',
      caller: REGISTRY_ROOT,
      address: OTHER_VERIFIER,
      code: ExitCode.USR_ILLEGAL_ARGUMENT,
    },
    {
      what: 'an id without an actor, as who is no verifier',
      caller: REGISTRY_ROOT,
      address: idAddress(2n ** 64n - 1n),
      code: ExitCode.USR_ILLEGAL_ARGUMENT,
    },
  ])('refuses $what', ({ caller, address, code }) => {
    expect(exitCodeOf(() => registry.call(caller, 3, address))).toBe(code)
    expect(registry.cap(VERIFIER)).toBe(MIN_SIZE)
  })
})

// Source: actors/verifreg/tests/verifreg_actor_test.rs, clients.
describe('AddVerifiedClient', () => {
  const CAP = 4n * MIN_SIZE

  beforeEach(() => {
    registry.addVerifier(VERIFIER, CAP)
    registry.rt.events.length = 0
  })

  test('takes from the verifier what it mints for the client, and tells of it', () => {
    registry.addClient(VERIFIER, CLIENT_ID, MIN_SIZE)
    expect(registry.cap(VERIFIER)).toBe(3n * MIN_SIZE)
    const [event] = registry.rt.events
    expect(event?.map(({ key, flags }) => [key, flags])).toEqual([
      ['$type', 3],
      ['verifier', 3],
      ['balance', 1],
      ['client', 3],
    ])
    expect(decodeCbor(u64, event?.[3]?.value as Uint8Array)).toBe(CLIENT_ID)
    requireSound()
  })

  test('lets a verifier give all that it has, and nothing after that', () => {
    registry.addClient(VERIFIER, CLIENT_ID, CAP)
    expect(registry.cap(VERIFIER)).toBe(0n)
    const again = () => registry.call(VERIFIER, 4, { address: idAddress(CLIENT_ID), allowance: MIN_SIZE })
    expect(exitCodeOf(again)).toBe(ExitCode.USR_ILLEGAL_ARGUMENT)
  })

  test('resolves the client', () => {
    registry.rt.idAddresses.set(KEY, idAddress(CLIENT_ID))
    registry.expectMint(CLIENT_ID, MIN_SIZE)
    registry.call(VERIFIER, 4, { address: KEY, allowance: MIN_SIZE })
  })

  test.each([
    { what: 'a caller that is no verifier', caller: OTHER_VERIFIER, code: ExitCode.USR_NOT_FOUND },
    { what: 'less than the minimum', allowance: MIN_SIZE - 1n, code: ExitCode.USR_ILLEGAL_ARGUMENT },
    { what: 'more than the verifier has', allowance: CAP + 1n, code: ExitCode.USR_ILLEGAL_ARGUMENT },
    { what: 'the root', address: REGISTRY_ROOT, code: ExitCode.USR_ILLEGAL_ARGUMENT },
    { what: 'the verifier itself', address: VERIFIER, code: ExitCode.USR_ILLEGAL_ARGUMENT },
    { what: 'an id without an actor', address: idAddress(999n), code: ExitCode.USR_NOT_FOUND },
    {
      what: 'the root, of a caller that is no verifier',
      caller: OTHER_VERIFIER,
      address: REGISTRY_ROOT,
      code: ExitCode.USR_ILLEGAL_ARGUMENT,
    },
  ])('refuses $what', ({ caller = VERIFIER, address = idAddress(CLIENT_ID), allowance = MIN_SIZE, code }) => {
    expect(exitCodeOf(() => registry.call(caller, 4, { address, allowance }))).toBe(code)
    expect(registry.cap(VERIFIER)).toBe(CAP)
  })

  test('is for contracts under its exported number only', () => {
    registry.rt.actors.set(VERIFIER, { type: 'evm' })
    const params = { address: idAddress(CLIENT_ID), allowance: MIN_SIZE }
    expect(exitCodeOf(() => registry.call(VERIFIER, 4, params))).toBe(ExitCode.USR_FORBIDDEN)
    registry.expectMint(CLIENT_ID, MIN_SIZE)
    registry.call(VERIFIER, 3916220144, params)
    expect(registry.cap(VERIFIER)).toBe(3n * MIN_SIZE)
  })

  // 2^1015 bytes have 128 bytes with their sign; 10^18 times as many tokens have more.
  test('refuses DataCap of which a message cannot hold the tokens', () => {
    registry.addVerifier(VERIFIER, 2n ** 1015n)
    const add = () => registry.call(VERIFIER, 4, { address: idAddress(CLIENT_ID), allowance: 2n ** 1015n })
    expect(exitCodeOf(add)).toBe(ExitCode.USR_SERIALIZATION)
  })
})
