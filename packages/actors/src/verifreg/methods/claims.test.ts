import { createHashes, ExitCode, idAddress } from '@plimsoll/primitives'
import {
  CLIENT_ID,
  exitCodeOf,
  OTHER_CLIENT_ID,
  OTHER_PROVIDER_ID,
  PROVIDER_ID,
  plainClaim,
  TestVerifreg,
  VERIFIER,
} from '@plimsoll/testkit'
import { beforeEach, describe, expect, test } from 'vitest'
import { batchOf } from '../../runtime/batch-return.ts'

// Source of the cases: builtin-actors v18, actors/verifreg/tests/verifreg_actor_test.rs, get_claims and
// extend_claims.

const hashes = await createHashes()
const { OK, USR_FORBIDDEN, USR_NOT_FOUND, USR_ILLEGAL_ARGUMENT } = ExitCode
const YEAR = 1_051_897
const LIMIT = BigInt(5 * YEAR)

let registry: TestVerifreg

beforeEach(() => {
  registry = new TestVerifreg(hashes)
  registry.putClaim(plainClaim())
  registry.putClaim(plainClaim({ size: 1n << 21n }))
  registry.putClaim(plainClaim({ provider: OTHER_PROVIDER_ID }))
})

describe('GetClaims', () => {
  test.each([
    { provider: PROVIDER_ID, ids: [1n, 2n], codes: [OK, OK] },
    { provider: PROVIDER_ID, ids: [3n], codes: [USR_NOT_FOUND] },
    { provider: PROVIDER_ID, ids: [1n, 3n, 2n, 1n], codes: [OK, USR_NOT_FOUND, OK, OK] },
    { provider: 2n ** 64n - 1n, ids: [2n ** 64n - 1n], codes: [USR_NOT_FOUND] },
    { provider: PROVIDER_ID, ids: [], codes: [] },
  ])('of $provider and $ids gives $codes', ({ provider, ids, codes }) => {
    const claims = ids.filter((_, i) => codes[i] === OK).map((id) => registry.claim(PROVIDER_ID, id))
    expect(registry.call(VERIFIER, 10, { provider, claimIds: ids })).toEqual({
      batchInfo: batchOf(codes),
      claims,
    })
  })

  test('is for contracts under its exported number only', () => {
    registry.rt.actors.set(VERIFIER, { type: 'evm' })
    const params = { provider: PROVIDER_ID, claimIds: [] }
    expect(exitCodeOf(() => registry.call(VERIFIER, 10, params))).toBe(USR_FORBIDDEN)
    expect(registry.call(VERIFIER, 2199871187, params)).toEqual({ batchInfo: batchOf([]), claims: [] })
  })
})

describe('ExtendClaimTerms', () => {
  const { termMax } = plainClaim()
  const OLD_TERM = BigInt(termMax)

  function extend(terms: readonly (readonly [bigint, bigint, bigint])[], client = CLIENT_ID): unknown {
    const params = { terms: terms.map(([provider, claimId, term]) => ({ provider, claimId, termMax: term })) }
    return registry.call(idAddress(client), 11, params)
  }

  test('lengthens terms, and tells of it', () => {
    const terms = [
      [PROVIDER_ID, 1n, OLD_TERM + 1n],
      [PROVIDER_ID, 2n, OLD_TERM + 2n],
      [OTHER_PROVIDER_ID, 3n, LIMIT],
    ] as const
    expect(extend(terms)).toEqual(batchOf([OK, OK, OK]))
    for (const [provider, id, term] of terms) {
      expect(registry.claim(provider, id)?.termMax).toBe(Number(term))
    }
    expect(registry.rt.events.map(([type]) => new TextDecoder().decode(type?.value.subarray(1)))).toEqual(
      Array(3).fill('claim-updated'),
    )
  })

  test.each([
    { what: 'the same term', term: OLD_TERM, code: OK },
    { what: 'the longest term', term: LIMIT, code: OK },
    { what: 'a longer one', term: LIMIT + 1n, code: USR_ILLEGAL_ARGUMENT },
    { what: 'a shorter one', term: OLD_TERM - 1n, code: USR_ILLEGAL_ARGUMENT },
    { what: 'the shortest number', term: -(2n ** 63n), code: USR_ILLEGAL_ARGUMENT },
    { what: 'the claim of another client', term: OLD_TERM, client: OTHER_CLIENT_ID, code: USR_FORBIDDEN },
    { what: 'a claim that there is not', term: OLD_TERM, id: 9n, code: USR_NOT_FOUND },
    { what: 'too long a term of none', term: LIMIT + 1n, id: 9n, code: USR_ILLEGAL_ARGUMENT },
  ])('of $what ends with $code', ({ term, client = CLIENT_ID, id = 1n, code }) => {
    const before = registry.state.claims.cid
    expect(extend([[PROVIDER_ID, id, term]], client)).toEqual(batchOf([code]))
    expect(registry.rt.events).toHaveLength(code === OK ? 1 : 0)
    expect(registry.state.claims.cid === before).toBe(code !== OK || term === OLD_TERM)
  })

  test('lengthens a claim that has expired', () => {
    registry.rt.currEpoch = termMax + 1
    expect(extend([[PROVIDER_ID, 1n, LIMIT]])).toEqual(batchOf([OK]))
  })
})
