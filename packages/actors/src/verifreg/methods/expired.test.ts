import { createHashes, ExitCode, idAddress } from '@plimsoll/primitives'
import {
  CLIENT_ID,
  exitCodeOf,
  OTHER_CLIENT_ID,
  PROVIDER_ID,
  plainAllocation,
  plainClaim,
  TestVerifreg,
  VERIFIER,
} from '@plimsoll/testkit'
import { beforeEach, describe, expect, test } from 'vitest'
import { createFindings } from '../../invariants/findings.ts'
import { batchOf } from '../../runtime/batch-return.ts'
import { checkVerifregInvariants } from '../invariants.ts'

// Source of the cases: builtin-actors v18, actors/verifreg/tests/verifreg_actor_test.rs, expire_allocs and expire_claims.

const hashes = await createHashes()
const { OK, USR_FORBIDDEN, USR_NOT_FOUND } = ExitCode
const SIZE = 1n << 20n

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

describe('RemoveExpiredAllocations', () => {
  beforeEach(() => {
    registry.putAllocation(plainAllocation({ expiration: 100 }))
    registry.putAllocation(plainAllocation({ expiration: 200, size: 2n * SIZE }))
  })

  function removeAt(epoch: number, recovered: bigint, ids: readonly bigint[], client = CLIENT_ID): unknown {
    registry.rt.currEpoch = epoch
    registry.expectTransfer(client, recovered)
    return registry.call(VERIFIER, 8, { client, allocationIds: ids })
  }

  test.each([
    { epoch: 99, ids: [1n, 2n], codes: [USR_FORBIDDEN, USR_FORBIDDEN], recovered: 0n },
    { epoch: 100, ids: [1n, 2n], codes: [OK, USR_FORBIDDEN], recovered: SIZE },
    { epoch: 200, ids: [1n, 2n], codes: [OK, OK], recovered: 3n * SIZE },
    { epoch: 200, ids: [2n, 7n], codes: [OK, USR_NOT_FOUND], recovered: 2n * SIZE },
    { epoch: 200, ids: [7n, 7n], codes: [USR_NOT_FOUND, USR_NOT_FOUND], recovered: 0n },
  ])('at epoch $epoch gives back $recovered bytes of $ids', ({ epoch, ids, codes, recovered }) => {
    expect(removeAt(epoch, recovered, ids)).toEqual({
      considered: ids,
      results: batchOf(codes),
      dataCapRecovered: recovered,
    })
    const removed = codes.filter((code) => code === OK)
    expect(typesOfEvents()).toEqual(removed.map(() => 'allocation-removed'))
    requireSound()
  })

  test.each([
    { epoch: 99, considered: [], recovered: 0n },
    { epoch: 100, considered: [1n], recovered: SIZE },
    { epoch: 200, considered: [1n, 2n], recovered: 3n * SIZE },
  ])('at epoch $epoch finds what has expired when nothing is named', ({ epoch, considered, recovered }) => {
    expect(removeAt(epoch, recovered, [])).toEqual({
      considered,
      results: { successCount: considered.length, failCodes: [] },
      dataCapRecovered: recovered,
    })
    expect([1n, 2n].filter((id) => registry.allocation(CLIENT_ID, id) === undefined)).toEqual(considered)
    requireSound()
  })

  test('finds nothing of another client, and sends it nothing', () => {
    expect(removeAt(200, 0n, [1n, 2n], OTHER_CLIENT_ID)).toEqual({
      considered: [1n, 2n],
      results: batchOf([USR_NOT_FOUND, USR_NOT_FOUND]),
      dataCapRecovered: 0n,
    })
    expect(removeAt(200, 0n, [], 2n ** 64n - 1n)).toMatchObject({ considered: [] })
  })

  test('refuses an expired allocation that is named twice', () => {
    registry.rt.currEpoch = 200
    const remove = () => registry.call(VERIFIER, 8, { client: CLIENT_ID, allocationIds: [1n, 1n] })
    expect(exitCodeOf(remove)).toBe(ExitCode.USR_ASSERTION_FAILED)
    expect(registry.allocation(CLIENT_ID, 1n)).toBeDefined()
  })

  test('is for contracts under its exported number only', () => {
    registry.rt.actors.set(VERIFIER, { type: 'evm' })
    const params = { client: CLIENT_ID, allocationIds: [] }
    expect(exitCodeOf(() => registry.call(VERIFIER, 8, params))).toBe(USR_FORBIDDEN)
    registry.expectTransfer(CLIENT_ID, 0n)
    registry.call(VERIFIER, 2421068268, params)
  })
})

describe('RemoveExpiredClaims', () => {
  const TERM = 180 * 2880

  beforeEach(() => {
    registry.putClaim(plainClaim({ termMax: TERM + 100 }))
    registry.putClaim(plainClaim({ termMax: TERM, termStart: 200 }))
  })

  function removeAt(epoch: number, claimIds: readonly bigint[]): unknown {
    registry.rt.currEpoch = epoch
    return registry.call(idAddress(CLIENT_ID), 12, { provider: PROVIDER_ID, claimIds })
  }

  test.each([
    { epoch: TERM + 99, codes: [USR_FORBIDDEN, USR_FORBIDDEN] },
    { epoch: TERM + 100, codes: [OK, USR_FORBIDDEN] },
    { epoch: TERM + 199, codes: [OK, USR_FORBIDDEN] },
    { epoch: TERM + 200, codes: [OK, OK] },
  ])('at epoch $epoch ends with $codes', ({ epoch, codes }) => {
    expect(removeAt(epoch, [1n, 2n])).toEqual({ considered: [1n, 2n], results: batchOf(codes) })
    const removed = codes.filter((code) => code === OK)
    expect(typesOfEvents()).toEqual(removed.map(() => 'claim-removed'))
    requireSound()
  })

  test.each([
    { epoch: TERM + 99, considered: [] },
    { epoch: TERM + 200, considered: [1n, 2n] },
  ])('at epoch $epoch finds what has expired when nothing is named', ({ epoch, considered }) => {
    expect(removeAt(epoch, [])).toMatchObject({ considered })
    expect([1n, 2n].filter((id) => registry.claim(PROVIDER_ID, id) === undefined)).toEqual(considered)
  })

  test('says what there is not, and refuses what is named twice', () => {
    expect(removeAt(TERM + 200, [9n])).toMatchObject({ results: batchOf([USR_NOT_FOUND]) })
    expect(exitCodeOf(() => removeAt(TERM + 200, [1n, 1n]))).toBe(ExitCode.USR_ASSERTION_FAILED)
  })
})
