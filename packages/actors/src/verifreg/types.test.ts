import { type AnyCodec, type Codec, decodeCbor, encodeCbor, parseCid } from '@plimsoll/ipld'
import { formatHex, idAddress, parseHex } from '@plimsoll/primitives'
import { pieceCid, plainAllocation, plainClaim, plainRequest } from '@plimsoll/testkit'
import { describe, expect, test } from 'vitest'
import { Allocation, Claim } from './state.ts'
import {
  AllocationRequests,
  AllocationsResponse,
  ClaimAllocationsParams,
  ClaimAllocationsReturn,
  ExtendClaimTermsParams,
  GetClaimsParams,
  GetClaimsReturn,
  RemoveDataCapParams,
  RemoveDataCapProposal,
  RemoveDataCapReturn,
  RemoveExpiredAllocationsParams,
  RemoveExpiredAllocationsReturn,
  RemoveExpiredClaimsParams,
  RemoveExpiredClaimsReturn,
  VerifierParams,
} from './types.ts'

const OK = { successCount: 1, failCodes: [] }
const U64_MAX = 2n ** 64n - 1n
const request = { verifier: idAddress(7n), signature: { type: 2, bytes: parseHex('ab') } } as const

// Source: builtin-actors v18, actors/verifreg/tests/verifreg_actor_test.rs, claim_allocations_params.
describe('the parameters of ClaimAllocations', () => {
  test.each([
    { params: { sectors: [], allOrNothing: false }, hex: '8280f4', form: '[[], false]' },
    {
      params: { sectors: [{ sector: 101n, expiry: 202n, claims: [] }], allOrNothing: true },
      hex: '828183186518ca80f5',
      form: '[[[101, 202, []]], true]',
    },
    {
      params: {
        sectors: [
          {
            sector: 101n,
            expiry: 202n,
            claims: [
              { client: 303n, allocationId: 404n, data: parseCid('baga6ea4seaaqa'), size: 505n },
              { client: 606n, allocationId: 707n, data: parseCid('baga6ea4seaaqc'), size: 808n },
            ],
          },
          { sector: 303n, expiry: 404n, claims: [] },
        ],
        allOrNothing: true,
      },
      hex:
        '828283186518ca828419012f190194d82a49000181e203922001001901f98419025e1902c3' +
        'd82a49000181e203922001011903288319012f19019480f5',
      form: '[[[101, 202, [[303, 404, …, 505], [606, 707, …, 808]]], [303, 404, []]], true]',
    },
  ])('stand as $form', ({ params, hex }) => {
    expect(formatHex(encodeCbor(ClaimAllocationsParams, params))).toBe(hex)
    expect(decodeCbor(ClaimAllocationsParams, parseHex(hex))).toEqual(params)
  })
})

const values: readonly { readonly codec: Codec<unknown>; readonly value: unknown }[] = [
  entry(Allocation, plainAllocation({ client: U64_MAX, size: U64_MAX })),
  entry(Claim, plainClaim({ sector: U64_MAX })),
  entry(VerifierParams, { address: idAddress(7n), allowance: 2n ** 70n }),
  entry(RemoveDataCapParams, {
    verifiedClientToRemove: idAddress(8n),
    dataCapAmountToRemove: -1n,
    verifierRequest1: request,
    verifierRequest2: request,
  }),
  entry(RemoveDataCapReturn, { verifiedClient: idAddress(8n), dataCapRemoved: 9n }),
  entry(RemoveDataCapProposal, {
    verifiedClient: idAddress(8n),
    dataCapAmount: 9n,
    removalProposalId: { id: U64_MAX },
  }),
  entry(RemoveExpiredAllocationsParams, { client: U64_MAX, allocationIds: [0n, U64_MAX] }),
  entry(RemoveExpiredAllocationsReturn, { considered: [1n], results: OK, dataCapRecovered: 9n }),
  entry(RemoveExpiredClaimsParams, { provider: U64_MAX, claimIds: [] }),
  entry(RemoveExpiredClaimsReturn, { considered: [1n], results: OK }),
  entry(ClaimAllocationsReturn, { sectorResults: OK, sectorClaims: [2n ** 65n] }),
  entry(ExtendClaimTermsParams, { terms: [{ provider: 1n, claimId: 2n, termMax: -(2n ** 63n) }] }),
  entry(AllocationRequests, {
    allocations: [plainRequest({ expiration: -1n })],
    extensions: [{ provider: 1n, claim: 2n, termMax: 2n ** 63n - 1n }],
  }),
  entry(AllocationsResponse, { allocationResults: OK, extensionResults: OK, newAllocations: [1n] }),
  entry(GetClaimsParams, { provider: 1n, claimIds: [2n] }),
  entry(GetClaimsReturn, { batchInfo: OK, claims: [plainClaim()] }),
]

describe.each(values)('$codec.name', ({ codec, value }) => {
  const encoded = encodeCbor(codec, value)

  test('reads back what it wrote', () => {
    expect(decodeCbor(codec, encoded)).toEqual(value)
  })

  test('refuses a tuple that is too short', () => {
    expect(() => decodeCbor(codec, Uint8Array.of(0x80))).toThrow(
      expect.objectContaining({ code: 'INVALID_VALUE' }),
    )
  })

  test('refuses bytes after its end', () => {
    expect(() => decodeCbor(codec, Uint8Array.of(...encoded, 0))).toThrow(
      expect.objectContaining({ code: 'CBOR_TRAILING_BYTES' }),
    )
  })
})

// f080, BigInt 16, [7]: h'0050', h'0010', [7].
test('a proposal to remove DataCap stands as [h’0050’, h’0010’, [7]]', () => {
  const proposal = { verifiedClient: idAddress(80n), dataCapAmount: 16n, removalProposalId: { id: 7n } }
  expect(formatHex(encodeCbor(RemoveDataCapProposal, proposal))).toBe('834200504200108107')
})

test('an allocation has seven fields and a claim eight, in their order', () => {
  const data = pieceCid(1)
  const allocation = { client: 1n, provider: 2n, data, size: 3n, termMin: 4, termMax: 5, expiration: 6 }
  expect(formatHex(encodeCbor(Allocation, allocation))).toMatch(/^870102d82a.*03040506$/)
  const claim = { provider: 1n, client: 2n, data, size: 3n, termMin: 4, termMax: 5, termStart: 6, sector: 7n }
  expect(formatHex(encodeCbor(Claim, claim))).toMatch(/^880102d82a.*0304050607$/)
})

function entry<T>(codec: Codec<T>, value: T): { readonly codec: Codec<unknown>; readonly value: unknown } {
  return { codec: codec as AnyCodec as Codec<unknown>, value }
}
