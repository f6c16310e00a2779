import { createHashes, ExitCode, idAddress, STORAGE_MARKET_ACTOR_ADDR } from '@plimsoll/primitives'
import {
  CLIENT_ID,
  exitCodeOf,
  OTHER_CLIENT_ID,
  OTHER_PROVIDER_ID,
  PROVIDER_ID,
  plainClaim,
  plainRequest,
  TestVerifreg,
} from '@plimsoll/testkit'
import { beforeEach, describe, expect, test } from 'vitest'
import { createFindings } from '../../invariants/findings.ts'
import { batchOk } from '../../runtime/batch-return.ts'
import { UNIVERSAL_RECEIVER_HOOK_METHOD } from '../../runtime/universal-receiver.ts'
import { checkVerifregInvariants } from '../invariants.ts'

// Source of the cases: builtin-actors v18, actors/verifreg/tests/verifreg_actor_test.rs, datacap.

const hashes = await createHashes()
const { USR_FORBIDDEN, USR_NOT_FOUND, USR_ILLEGAL_ARGUMENT, USR_SERIALIZATION } = ExitCode
const SIZE = 1n << 20n
const YEAR = 1_051_897
const LIMIT = 5 * YEAR
const NONE = batchOk(0)

let registry: TestVerifreg

beforeEach(() => {
  registry = new TestVerifreg(hashes)
})

function typesOfEvents(): readonly string[] {
  return registry.rt.events.map(([type]) => new TextDecoder().decode(type?.value.subarray(1)))
}

function requireSound(): void {
  const findings = createFindings()
  checkVerifregInvariants(
    registry.rt.policy,
    registry.rt.store,
    registry.state,
    registry.rt.currEpoch,
    findings,
  )
  expect(findings.list).toEqual([])
}

describe('tokens for allocations', () => {
  test('make them, for who sent the tokens', () => {
    const allocations = [plainRequest(), plainRequest({ provider: OTHER_PROVIDER_ID, size: 2n * SIZE })]
    expect(registry.receive({ allocations, paid: 3n * SIZE })).toEqual({
      allocationResults: batchOk(2),
      extensionResults: NONE,
      newAllocations: [1n, 2n],
    })
    for (const [i, request] of allocations.entries()) {
      const { termMin, termMax, expiration, ...rest } = request
      expect(registry.allocation(CLIENT_ID, BigInt(i + 1))).toEqual({
        ...rest,
        client: CLIENT_ID,
        termMin: Number(termMin),
        termMax: Number(termMax),
        expiration: Number(expiration),
      })
    }
    expect(registry.state.nextAllocationId).toBe(3n)
    expect(typesOfEvents()).toEqual(['allocation', 'allocation'])
    requireSound()
  })

  test('have ids that go on, whoever the client is and even when they are the same', () => {
    registry.receive({ allocations: [plainRequest()], paid: SIZE })
    registry.receive({ allocations: [plainRequest()], paid: SIZE, from: OTHER_CLIENT_ID })
    const twice = { allocations: [plainRequest(), plainRequest()], paid: 2n * SIZE }
    expect(registry.receive(twice).newAllocations).toEqual([3n, 4n])
    expect(registry.allocation(OTHER_CLIENT_ID, 2n)).toBeDefined()
    requireSound()
  })

  test('may be none', () => {
    expect(registry.receive({ paid: 0n })).toEqual({
      allocationResults: NONE,
      extensionResults: NONE,
      newAllocations: [],
    })
  })

  test.each([
    { what: 'are too small', changes: { size: SIZE - 1n }, paid: SIZE - 1n },
    { what: 'have too short a least term', changes: { termMin: BigInt(180 * 2880 - 1) } },
    { what: 'have too long a term', changes: { termMax: BigInt(LIMIT + 1) } },
    {
      what: 'have a least term over the longest',
      changes: { termMin: BigInt(2 * YEAR + 1), termMax: BigInt(2 * YEAR) },
    },
    { what: 'have expired', changes: { expiration: -1n } },
    { what: 'expire too late', changes: { expiration: BigInt(60 * 2880 + 1) } },
    { what: 'are for an account', changes: { provider: CLIENT_ID } },
    { what: 'are for an id without an actor', changes: { provider: 2n ** 64n - 1n } },
    { what: 'are not paid for', changes: {}, paid: SIZE - 1n },
    { what: 'are paid for too well', changes: {}, paid: SIZE + 1n },
  ])('are refused when they $what', ({ changes, paid = SIZE }) => {
    const receive = () => registry.receive({ allocations: [plainRequest(changes)], paid })
    expect(exitCodeOf(receive)).toBe(USR_ILLEGAL_ARGUMENT)
    expect(registry.state.nextAllocationId).toBe(1n)
  })

  test.each([
    { changes: { termMin: BigInt(180 * 2880), termMax: BigInt(LIMIT) } },
    { changes: { expiration: 0n } },
    { changes: { expiration: BigInt(60 * 2880) } },
    { changes: { termMin: BigInt(LIMIT), termMax: BigInt(LIMIT) } },
  ])('are accepted at the limits: $changes', ({ changes }) => {
    const arrival = { allocations: [plainRequest(changes)], paid: SIZE }
    expect(registry.receive(arrival).newAllocations).toEqual([1n])
  })

  test('are refused together for one of them', () => {
    const allocations = [plainRequest(), plainRequest({ size: SIZE - 1n })]
    const receive = () => registry.receive({ allocations, paid: 2n * SIZE - 1n })
    expect(exitCodeOf(receive)).toBe(USR_ILLEGAL_ARGUMENT)
  })
})

describe('tokens for longer terms', () => {
  const TERM_START = 100
  const { termMax } = plainClaim()
  const claim1 = plainClaim({ termStart: TERM_START })
  const claim2 = plainClaim({
    client: OTHER_CLIENT_ID,
    provider: OTHER_PROVIDER_ID,
    size: 2n * SIZE,
    termStart: TERM_START,
  })

  beforeEach(() => {
    registry.rt.currEpoch = TERM_START
    registry.putClaim(claim1)
    registry.putClaim(claim2)
  })

  function extension(claim: bigint, term: number, provider = PROVIDER_ID) {
    return { provider, claim, termMax: BigInt(term) }
  }

  test('lengthen claims of anybody, burn what is paid, and change no client', () => {
    const extensions = [extension(1n, termMax + 1000), extension(2n, termMax + 2000, OTHER_PROVIDER_ID)]
    registry.expectBurn(3n * SIZE)
    expect(registry.receive({ extensions, paid: 3n * SIZE })).toEqual({
      allocationResults: NONE,
      extensionResults: batchOk(2),
      newAllocations: [],
    })
    expect(registry.claim(PROVIDER_ID, 1n)).toEqual({ ...claim1, termMax: termMax + 1000 })
    expect(registry.claim(OTHER_PROVIDER_ID, 2n)).toEqual({ ...claim2, termMax: termMax + 2000 })
    expect(typesOfEvents()).toEqual(['claim-updated', 'claim-updated'])
    requireSound()
  })

  test('go with tokens for allocations, of which nothing is burnt', () => {
    registry.expectBurn(SIZE)
    const arrival = {
      allocations: [plainRequest({ expiration: 200n })],
      extensions: [extension(1n, termMax + 1)],
      paid: 2n * SIZE,
    }
    expect(registry.receive(arrival)).toMatchObject({ newAllocations: [3n], extensionResults: batchOk(1) })
    expect(typesOfEvents()).toEqual(['allocation', 'claim-updated'])
    requireSound()
  })

  test('are paid twice for a claim that is named twice, of which the second stands', () => {
    registry.expectBurn(2n * SIZE)
    const extensions = [extension(1n, termMax + 9), extension(1n, termMax + 5)]
    registry.receive({ extensions, paid: 2n * SIZE })
    expect(registry.claim(PROVIDER_ID, 1n)?.termMax).toBe(termMax + 5)
  })

  test.each([
    { what: 'a claim that there is not', request: extension(9n, termMax + 1), code: USR_NOT_FOUND },
    {
      what: 'a claim of another provider',
      request: extension(1n, termMax + 1, OTHER_PROVIDER_ID),
      code: USR_NOT_FOUND,
    },
    { what: 'the same term', request: extension(1n, termMax), code: USR_ILLEGAL_ARGUMENT },
    { what: 'a shorter term', request: extension(1n, termMax - 1), code: USR_ILLEGAL_ARGUMENT },
    { what: 'too long a term', request: extension(1n, LIMIT + 1), code: USR_ILLEGAL_ARGUMENT },
    { what: 'too little', request: extension(1n, termMax + 1), paid: SIZE - 1n, code: USR_ILLEGAL_ARGUMENT },
  ])('are refused for $what', ({ request, paid = SIZE, code }) => {
    expect(exitCodeOf(() => registry.receive({ extensions: [request], paid }))).toBe(code)
    expect(registry.claim(PROVIDER_ID, 1n)).toEqual(claim1)
  })

  // The limit moves with the present epoch: LIMIT after it, and not after the claim's start.
  test.each([
    { what: 'the longest term there', epoch: 1100, term: LIMIT + 1000, code: ExitCode.OK },
    { what: 'one epoch more', epoch: 1100, term: LIMIT + 1001, code: USR_ILLEGAL_ARGUMENT },
    { what: 'a claim at its end', epoch: TERM_START + termMax, term: termMax + LIMIT, code: ExitCode.OK },
    {
      what: 'a claim after its end',
      epoch: TERM_START + termMax + 1,
      term: termMax + 1,
      code: USR_FORBIDDEN,
    },
  ])('at epoch $epoch for $what end with $code', ({ epoch, term, code }) => {
    registry.rt.currEpoch = epoch
    if (code === ExitCode.OK) {
      registry.expectBurn(SIZE)
    }
    expect(exitCodeOf(() => registry.receive({ extensions: [extension(1n, term)], paid: SIZE }))).toBe(code)
  })
})

describe('what arrives', () => {
  test('comes from the token', () => {
    const params = { type: 0, payload: new Uint8Array() }
    const receive = () => registry.call(STORAGE_MARKET_ACTOR_ADDR, UNIVERSAL_RECEIVER_HOOK_METHOD, params)
    expect(exitCodeOf(receive)).toBe(USR_FORBIDDEN)
  })

  test.each([
    { what: 'is of another type', changes: { type: 1 }, code: USR_ILLEGAL_ARGUMENT },
    { what: 'is for another actor', changes: { to: PROVIDER_ID }, code: USR_ILLEGAL_ARGUMENT },
    { what: 'says nothing', changes: { operatorData: new Uint8Array() }, code: USR_SERIALIZATION },
    { what: 'says something else', changes: { operatorData: Uint8Array.of(0x80) }, code: USR_SERIALIZATION },
    {
      what: 'says more than that',
      changes: { operatorData: Uint8Array.of(0x82, 0x80, 0x80, 0x00) },
      code: USR_SERIALIZATION,
    },
  ])('is refused when it $what', ({ changes, code }) => {
    expect(exitCodeOf(() => registry.receive({ paid: 0n, ...changes }))).toBe(code)
  })

  test('is refused when it is no FRC-0046', () => {
    const params = { type: 2233613279, payload: Uint8Array.of(0x80) }
    const receive = () => registry.call(idAddress(7n), UNIVERSAL_RECEIVER_HOOK_METHOD, params)
    expect(exitCodeOf(receive)).toBe(USR_SERIALIZATION)
  })
})
