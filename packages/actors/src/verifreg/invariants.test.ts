import { addressFromBytes, createHashes, parseHex } from '@plimsoll/primitives'
import {
  CLIENT_ID,
  OTHER_CLIENT_ID,
  OTHER_PROVIDER_ID,
  PROVIDER_ID,
  plainAllocation,
  plainClaim,
  TestVerifreg,
  VERIFIER,
} from '@plimsoll/testkit'
import { describe, expect, test } from 'vitest'
import { createFindings } from '../invariants/findings.ts'
import { checkVerifregInvariants, type VerifregSummary } from './invariants.ts'
import { Allocations, Verifiers, VerifregClaims, VerifregState } from './state.ts'

const hashes = await createHashes()
const KEY = addressFromBytes(parseHex(`01${'11'.repeat(20)}`))
const PRIOR_EPOCH = 500
const YEAR = 1_051_897
const { termMin, termMax } = plainAllocation()

function check(registry: TestVerifreg): {
  readonly summary: VerifregSummary
  readonly found: readonly string[]
} {
  const findings = createFindings()
  const { policy, store } = registry.rt
  const summary = checkVerifregInvariants(policy, store, registry.state, PRIOR_EPOCH, findings)
  return { summary, found: findings.list.map(({ kind, place }) => `${kind} at ${place}`) }
}

// Source of the rules: builtin-actors v18, actors/verifreg/src/testing.rs, check_state_invariants.
describe('the state of the registry', () => {
  test('is sound, and is summed up', () => {
    const registry = new TestVerifreg(hashes)
    registry.addVerifier(VERIFIER, 1n << 20n)
    const [allocation, claim] = [plainAllocation(), plainClaim()]
    registry.putAllocation(allocation)
    registry.putClaim(claim)
    expect(check(registry)).toEqual({
      summary: {
        verifiers: new Map([[VERIFIER, 1n << 20n]]),
        allocations: new Map([[1n, allocation]]),
        claims: new Map([[2n, claim]]),
      },
      found: [],
    })
  })

  test.each([
    { changes: { size: (1n << 20n) - 1n }, kind: 'size' },
    { changes: { termMin: termMin - 1 }, kind: 'term-min' },
    { changes: { termMax: 5 * YEAR + 1 }, kind: 'term-max' },
    { changes: { termMin: termMax + 1 }, kind: 'terms' },
    { changes: { expiration: PRIOR_EPOCH + 60 * 2880 + 1 }, kind: 'expiration' },
  ])('has no allocation of $changes', ({ changes, kind }) => {
    const registry = new TestVerifreg(hashes)
    registry.putAllocation(plainAllocation(changes))
    expect(check(registry).found).toEqual([`verifreg/allocation-${kind} at allocations.${CLIENT_ID}.1`])
  })

  test.each([
    { changes: { size: (1n << 20n) - 1n }, kind: 'size' },
    { changes: { termMin: termMin - 1 }, kind: 'term-min' },
    { changes: { termMin: termMax + 1 }, kind: 'terms' },
    { changes: { termStart: PRIOR_EPOCH + 1 }, kind: 'term-start' },
  ])('has no claim of $changes', ({ changes, kind }) => {
    const registry = new TestVerifreg(hashes)
    registry.putClaim(plainClaim(changes))
    expect(check(registry).found).toEqual([`verifreg/claim-${kind} at claims.${PROVIDER_ID}.1`])
  })

  test('has claims of any length', () => {
    const registry = new TestVerifreg(hashes)
    registry.putClaim(plainClaim({ termMax: 50 * YEAR }))
    expect(check(registry).found).toEqual([])
  })

  test('has records under their owners and under ids that were given out', () => {
    const registry = new TestVerifreg(hashes)
    registry.rt.transaction(VerifregState, (state) => {
      const allocations = Allocations.load(registry.rt.store, state.allocations)
      allocations.set(OTHER_CLIENT_ID, 1n, plainAllocation())
      state.allocations = allocations.flush()
      const claims = VerifregClaims.load(registry.rt.store, state.claims)
      claims.set(OTHER_PROVIDER_ID, 1n, plainClaim())
      state.claims = claims.flush()
    })
    expect(check(registry).found).toEqual([
      `verifreg/allocation-id at allocations.${OTHER_CLIENT_ID}.1`,
      `verifreg/allocation-client at allocations.${OTHER_CLIENT_ID}.1`,
      `verifreg/claim-id at claims.${OTHER_PROVIDER_ID}.1`,
      `verifreg/claim-provider at claims.${OTHER_PROVIDER_ID}.1`,
    ])
  })

  test('has verifiers by their ids, whose caps are not negative', () => {
    const registry = new TestVerifreg(hashes)
    registry.rt.transaction(VerifregState, (state) => {
      const verifiers = Verifiers.load(registry.rt.store, state.verifiers)
      verifiers.set(KEY, -1n)
      state.verifiers = verifiers.flush()
    })
    expect(check(registry).found).toEqual([
      'verifreg/verifier-address at ',
      'verifreg/verifier-cap-negative at ',
    ])
  })
})
