import { createHashes, ExitCode, idAddress } from '@plimsoll/primitives'
import {
  CLIENT_ID,
  exitCodeOf,
  OTHER_CLIENT_ID,
  OTHER_PROVIDER_ID,
  PROVIDER_ID,
  pieceCid,
  plainAllocation,
  TestVerifreg,
  VERIFIER,
} from '@plimsoll/testkit'
import { beforeEach, describe, expect, test } from 'vitest'
import { createFindings } from '../../invariants/findings.ts'
import { batchOf } from '../../runtime/batch-return.ts'
import { checkVerifregInvariants } from '../invariants.ts'
import type { Allocation } from '../state.ts'
import type { AllocationClaim } from '../types.ts'

// Source of the cases: builtin-actors v18, actors/verifreg/tests/verifreg_actor_test.rs, claim_allocs.

const hashes = await createHashes()
const { OK, USR_FORBIDDEN, USR_NOT_FOUND, USR_ILLEGAL_ARGUMENT } = ExitCode
const SIZE = 1n << 20n
const SECTOR = 1000n

/** 1 and 3 are the same but for the data, 2 is another client's, 4 is for another provider. */
const ALLOCATIONS: readonly Allocation[] = [
  plainAllocation(),
  plainAllocation({ client: OTHER_CLIENT_ID, data: pieceCid(2) }),
  plainAllocation({ data: pieceCid(3) }),
  plainAllocation({ provider: OTHER_PROVIDER_ID, data: pieceCid(4) }),
]
const { termMin, termMax } = plainAllocation()

let registry: TestVerifreg

beforeEach(() => {
  registry = new TestVerifreg(hashes)
  for (const allocation of ALLOCATIONS) {
    registry.putAllocation(allocation)
  }
})

/** What a miner says of an allocation: what it is, but for the changes. */
function claimOf(id: number, changes: Partial<AllocationClaim> = {}): AllocationClaim {
  const { client, data, size } = ALLOCATIONS[id - 1] as Allocation
  return { client, allocationId: BigInt(id), data, size, ...changes }
}

function sectorOf(claims: readonly AllocationClaim[], expiry = termMin) {
  return { sector: SECTOR, expiry: BigInt(expiry), claims }
}

function claim(sectors: readonly ReturnType<typeof sectorOf>[], allOrNothing = false): unknown {
  return registry.call(idAddress(PROVIDER_ID), 9, { sectors, allOrNothing })
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

describe('ClaimAllocations', () => {
  test('makes claims of the allocations of a sector, burns their DataCap, and tells of them', () => {
    registry.expectBurn(2n * SIZE)
    expect(claim([sectorOf([claimOf(1), claimOf(2)])])).toEqual({
      sectorResults: batchOf([OK]),
      sectorClaims: [2n * SIZE],
    })
    for (const [id, { client, data, size }] of ALLOCATIONS.slice(0, 2).entries()) {
      expect(registry.claim(PROVIDER_ID, BigInt(id + 1))).toEqual({
        provider: PROVIDER_ID,
        client,
        data,
        size,
        termMin,
        termMax,
        termStart: 0,
        sector: SECTOR,
      })
      expect(registry.allocation(client, BigInt(id + 1))).toBeUndefined()
    }
    expect(registry.rt.events.map((event) => event.map(({ key, flags }) => `${key} ${flags}`))).toEqual(
      Array(2).fill([
        '$type 3',
        'id 3',
        'client 3',
        'provider 3',
        'piece-cid 3',
        'piece-size 1',
        'term-min 1',
        'term-max 1',
        'term-start 1',
        'sector 3',
      ]),
    )
    requireSound()
  })

  test.each([
    {
      what: 'the wrong client, and not another sector',
      sectors: [sectorOf([claimOf(1)]), sectorOf([claimOf(2, { client: CLIENT_ID })])],
      codes: [OK, USR_NOT_FOUND],
    },
    { what: 'another provider', sectors: [sectorOf([claimOf(4)])], codes: [USR_FORBIDDEN] },
    { what: 'other data', sectors: [sectorOf([claimOf(1, { data: pieceCid(9) })])], codes: [USR_FORBIDDEN] },
    { what: 'another size', sectors: [sectorOf([claimOf(2, { size: SIZE + 1n })])], codes: [USR_FORBIDDEN] },
    {
      what: 'a sector that ends too soon',
      sectors: [sectorOf([claimOf(1)], termMin - 1)],
      codes: [USR_FORBIDDEN],
    },
    {
      what: 'a sector that ends too late',
      sectors: [sectorOf([claimOf(1)], termMax + 1)],
      codes: [USR_FORBIDDEN],
    },
    {
      what: 'all of a sector of which one fails, and not another sector',
      sectors: [sectorOf([claimOf(1), claimOf(2, { size: 0n })]), sectorOf([claimOf(3)])],
      codes: [USR_FORBIDDEN, OK],
    },
    {
      what: 'every sector',
      sectors: [sectorOf([claimOf(1, { size: 0n })]), sectorOf([claimOf(4), claimOf(3)])],
      codes: [USR_FORBIDDEN, USR_FORBIDDEN],
    },
    {
      what: 'an allocation that an earlier sector took',
      sectors: [sectorOf([claimOf(1)]), sectorOf([claimOf(1)])],
      codes: [OK, USR_NOT_FOUND],
    },
    { what: 'nothing of a sector of nothing', sectors: [sectorOf([])], codes: [OK], space: 0n },
  ])('fails $what', ({ sectors, codes, space = SIZE }) => {
    const claimed = codes.filter((code) => code === OK).map(() => space)
    if (claimed.length > 0 && space > 0n) {
      registry.expectBurn(space)
    }
    expect(claim(sectors)).toEqual({ sectorResults: batchOf(codes), sectorClaims: claimed })
    requireSound()
  })

  test.each([
    { sectorExpiry: termMin, epoch: 0 },
    { sectorExpiry: termMax, epoch: 0 },
    { sectorExpiry: termMin + 100, epoch: 100 },
  ])('fits at epoch $epoch a sector that ends at $sectorExpiry', ({ sectorExpiry, epoch }) => {
    registry.rt.currEpoch = epoch
    registry.expectBurn(SIZE)
    expect(claim([sectorOf([claimOf(1)], sectorExpiry)])).toMatchObject({ sectorResults: batchOf([OK]) })
    expect(registry.claim(PROVIDER_ID, 1n)?.termStart).toBe(epoch)
  })

  test('fails an allocation after its expiration', () => {
    registry.rt.currEpoch = 101
    expect(claim([sectorOf([claimOf(1)], termMin + 101)])).toEqual({
      sectorResults: batchOf([USR_FORBIDDEN]),
      sectorClaims: [],
    })
  })

  test('refuses an allocation that one sector claims twice', () => {
    expect(exitCodeOf(() => claim([sectorOf([claimOf(1), claimOf(1)])]))).toBe(USR_ILLEGAL_ARGUMENT)
    expect(registry.rt.events).toEqual([])
  })

  test('refuses everything for one failure, where all or nothing was wanted', () => {
    const sectors = [sectorOf([claimOf(3)]), sectorOf([claimOf(1, { size: 0n })])]
    expect(exitCodeOf(() => claim(sectors, true))).toBe(USR_ILLEGAL_ARGUMENT)
    expect(registry.allocation(CLIENT_ID, 3n)).toBeDefined()
    registry.expectBurn(SIZE)
    expect(claim([sectorOf([claimOf(3)])], true)).toMatchObject({ sectorResults: batchOf([OK]) })
  })

  test('refuses no sectors, and callers that are no miners', () => {
    expect(exitCodeOf(() => claim([]))).toBe(USR_ILLEGAL_ARGUMENT)
    const params = { sectors: [], allOrNothing: false }
    expect(exitCodeOf(() => registry.call(VERIFIER, 9, params))).toBe(USR_FORBIDDEN)
  })

  test('ends with what the token ends with', () => {
    registry.expectBurn(SIZE, { exitCode: ExitCode.USR_INSUFFICIENT_FUNDS, returnData: null })
    expect(exitCodeOf(() => claim([sectorOf([claimOf(1)])]))).toBe(ExitCode.USR_INSUFFICIENT_FUNDS)
  })
})
