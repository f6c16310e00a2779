import { decodeCbor, encodeCbor, parseCid } from '@plimsoll/ipld'
import { formatHex, parseHex } from '@plimsoll/primitives'
import { describe, expect, test } from 'vitest'
import { ProveCommitSectorsNIParams } from './method-types.ts'

describe('ProveCommitSectorsNIParams', () => {
  const first = {
    sealingNumber: 1n,
    sealerId: 2n,
    sealedCid: parseCid('bagboea4seaaqa'),
    sectorNumber: 3n,
    sealRandEpoch: 4n,
    expiration: 5n,
  }
  const second = {
    sealingNumber: 6n,
    sealerId: 7n,
    sealedCid: parseCid('bagboea4seaaqc'),
    sectorNumber: 8n,
    sealRandEpoch: 9n,
    expiration: 10n,
  }

  // Source: builtin-actors v18, `actors/miner/tests/types_test.rs`, `prove_commit_sectors_ni_params`.
  test.each([
    {
      of: 'no sector',
      // [[], h'', 8, 1, 2, false]
      hex: '868040080102f4',
      value: {
        sectors: [],
        aggregateProof: new Uint8Array(),
        sealProofType: 8n,
        aggregateProofType: 1n,
        provingDeadline: 2n,
        requireActivationSuccess: false,
      },
    },
    {
      of: 'one sector',
      // [[[1, 2, CID, 3, 4, 5]], h'deadbeef', 18, 1, 6, true]
      hex: '8681860102d82a49000182e2039220010003040544deadbeef120106f5',
      value: {
        sectors: [first],
        aggregateProof: Uint8Array.of(0xde, 0xad, 0xbe, 0xef),
        sealProofType: 18n,
        aggregateProofType: 1n,
        provingDeadline: 6n,
        requireActivationSuccess: true,
      },
    },
    {
      of: 'two sectors',
      // [[[1, 2, CID, 3, 4, 5], [6, 7, CID, 8, 9, 10]], h'deadbeef', 18, 1, 11, false]
      hex:
        '8682860102d82a49000182e20392200100030405860607d82a49000182e2039220010108090a' + '44deadbeef12010bf4',
      value: {
        sectors: [first, second],
        aggregateProof: Uint8Array.of(0xde, 0xad, 0xbe, 0xef),
        sealProofType: 18n,
        aggregateProofType: 1n,
        provingDeadline: 11n,
        requireActivationSuccess: false,
      },
    },
  ])('of $of stands in bytes as the reference writes it', ({ hex, value }) => {
    expect(decodeCbor(ProveCommitSectorsNIParams, parseHex(hex))).toEqual(value)
    expect(formatHex(encodeCbor(ProveCommitSectorsNIParams, value))).toBe(hex)
  })

  test('may name a sector of any 64 bits: the actor refuses it, not the wire', () => {
    const hex = '8681861bffffffffffffffff02d82a49000182e2039220010003040540080102f4'
    const { sectors } = decodeCbor(ProveCommitSectorsNIParams, parseHex(hex))
    expect(sectors[0]?.sealingNumber).toBe((1n << 64n) - 1n)
  })

  test.each([
    { defect: 'a sector of five fields', hex: '8681850102d82a49000182e20392200100030440080102f4' },
    { defect: 'five fields', hex: '858040080102' },
    { defect: 'seven fields', hex: '878040080102f4f4' },
  ])('is refused with $defect', ({ hex }) => {
    expect(() => decodeCbor(ProveCommitSectorsNIParams, parseHex(hex))).toThrow(
      expect.objectContaining({ code: 'INVALID_VALUE' }),
    )
  })
})
