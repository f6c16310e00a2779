import { test } from '@fast-check/vitest'
import {
  type Codec,
  CodecError,
  decodeCbor,
  encodeCbor,
  type IpldValue,
  ipldValue,
  Multicodec,
  Multihash,
  makeCid,
} from '@plimsoll/ipld'
import { formatHex, parseHex } from '@plimsoll/primitives'
import { concat, mutated } from '@plimsoll/testkit'
import { describe, expect } from 'vitest'
import { minerLayout } from './layout.ts'
import { CronEventPayload, SectorPreCommitOnChainInfo, SectorPreCommitOnChainInfoV8 } from './types.ts'

/** A CID of one byte, which it holds itself. `CID n` in the notation above the bytes. */
const cidOf = (n: number) => makeCid(Multicodec.RAW, Multihash.IDENTITY, Uint8Array.of(n))

function sample<T>(name: string, codec: Codec<T>, hex: string, value: T) {
  return {
    name,
    hex,
    bytes: parseHex(hex),
    value: value as unknown,
    decode: (bytes: Uint8Array): unknown => decodeCbor(codec, bytes),
    encoded: () => encodeCbor(codec, value),
    /** Decodes and encodes again; bytes that are refused stay as they are. */
    reencode: (bytes: Uint8Array) => {
      try {
        return encodeCbor(codec, decodeCbor(codec, bytes))
      } catch (error) {
        if (error instanceof CodecError) {
          return bytes
        }
        throw error
      }
    },
  }
}

/** The same tuple with other fields. */
function withFields(bytes: Uint8Array, change: (fields: readonly IpldValue[]) => readonly IpldValue[]) {
  return encodeCbor(ipldValue, change(decodeCbor(ipldValue, bytes) as readonly IpldValue[]))
}

// Every type with another value in every field. Source of their order: builtin-actors
// `actors/miner/src/types.rs` at v8.0.0, v9.0.3, v12.0.0 and v18.0.0.
const SAMPLES = [
  sample(
    'SectorOnChainInfo of v12 to v15',
    minerLayout(12).sectors.value,
    // [1, 2, CID 3, [4], 5, 6, h'0007', h'0008', h'0009', h'000a', h'000b', 12, h'000d', CID 14, 15]
    '8f0102d82a460001550001038104050642000742000842000942000a42000b0c42000dd82a4600015500010e0f',
    {
      sectorNumber: 1,
      sealProof: 2,
      sealedCid: cidOf(3),
      deprecatedDealIds: [4n],
      activation: 5,
      expiration: 6,
      dealWeight: 7n,
      verifiedDealWeight: 8n,
      initialPledge: 9n,
      expectedDayReward: 10n,
      expectedStoragePledge: 11n,
      powerBaseEpoch: 12,
      replacedDayReward: 13n,
      sectorKeyCid: cidOf(14),
      flags: 15,
      dailyFee: 0n,
    },
  ),
  sample(
    'SectorOnChainInfo of v9 to v11',
    minerLayout(9).sectors.value,
    // [1, 2, CID 3, [4], 5, 6, h'0007', h'0008', h'0009', h'000a', h'000b', 12, h'000d', CID 14, true]
    '8f0102d82a460001550001038104050642000742000842000942000a42000b0c42000dd82a4600015500010ef5',
    {
      sectorNumber: 1,
      sealProof: 2,
      sealedCid: cidOf(3),
      deprecatedDealIds: [4n],
      activation: 5,
      expiration: 6,
      dealWeight: 7n,
      verifiedDealWeight: 8n,
      initialPledge: 9n,
      expectedDayReward: 10n,
      expectedStoragePledge: 11n,
      replacedSectorAge: 12,
      replacedDayReward: 13n,
      sectorKeyCid: cidOf(14),
      powerBaseEpoch: 5,
      flags: 1,
      dailyFee: 0n,
    },
  ),
  sample(
    'SectorOnChainInfo of v8',
    minerLayout(8).sectors.value,
    // [1, 2, CID 3, [4], 5, 6, h'0007', h'0008', h'0009', h'000a', h'000b', 12, h'000d', CID 14]
    '8e0102d82a460001550001038104050642000742000842000942000a42000b0c42000dd82a4600015500010e',
    {
      sectorNumber: 1,
      sealProof: 2,
      sealedCid: cidOf(3),
      deprecatedDealIds: [4n],
      activation: 5,
      expiration: 6,
      dealWeight: 7n,
      verifiedDealWeight: 8n,
      initialPledge: 9n,
      expectedDayReward: 10n,
      expectedStoragePledge: 11n,
      replacedSectorAge: 12,
      replacedDayReward: 13n,
      sectorKeyCid: cidOf(14),
      powerBaseEpoch: 5,
      flags: 0,
      dailyFee: 0n,
    },
  ),
  sample(
    'SectorPreCommitOnChainInfo from v9 on',
    SectorPreCommitOnChainInfo,
    // [[1, 2, CID 3, 4, [5], 6, CID 7], h'0008', 9]
    '83870102d82a4600015500010304810506d82a4600015500010742000809',
    {
      info: {
        sealProof: 1,
        sectorNumber: 2,
        sealedCid: cidOf(3),
        sealRandEpoch: 4,
        dealIds: [5n],
        expiration: 6,
        unsealedCid: cidOf(7),
      },
      preCommitDeposit: 8n,
      preCommitEpoch: 9,
    },
  ),
  sample(
    'SectorPreCommitOnChainInfo of v8',
    SectorPreCommitOnChainInfoV8,
    // [[1, 2, CID 3, 4, [5], 6, true, 7, 8, 9], h'000a', 11, h'000c', h'000d']
    '858a0102d82a4600015500010304810506f507080942000a0b42000c42000d',
    {
      info: {
        sealProof: 1,
        sectorNumber: 2,
        sealedCid: cidOf(3),
        sealRandEpoch: 4,
        dealIds: [5n],
        expiration: 6,
        replaceCapacity: true,
        replaceSectorDeadline: 7n,
        replaceSectorPartition: 8n,
        replaceSectorNumber: 9n,
      },
      preCommitDeposit: 10n,
      preCommitEpoch: 11,
      dealWeight: 12n,
      verifiedDealWeight: 13n,
    },
  ),
  sample(
    'CronEventPayload',
    CronEventPayload,
    // [1]
    '8101',
    {
      eventType: 1,
    },
  ),
]

describe.each(SAMPLES)('$name', ({ bytes, hex, value, decode, encoded, reencode }) => {
  test('has the fields of the reference in their order', () => {
    expect(decode(bytes)).toEqual(value)
    expect(formatHex(encoded())).toBe(hex)
  })

  test.each([
    {
      defect: 'a field less',
      code: 'INVALID_VALUE',
      other: withFields(bytes, (fields) => fields.slice(0, -1)),
    },
    { defect: 'a field more', code: 'INVALID_VALUE', other: withFields(bytes, (fields) => [...fields, 0n]) },
    { defect: 'a byte more', code: 'CBOR_TRAILING_BYTES', other: concat(bytes, Uint8Array.of(0)) },
    { defect: 'a byte less', code: 'CBOR_TRUNCATED', other: bytes.slice(0, -1) },
  ])('is refused with $defect', ({ code, other }) => {
    expect(() => decode(other)).toThrow(expect.objectContaining({ code }))
  })

  test.prop([mutated(bytes)])('has one form in bytes, and a damaged one is refused or a value', (damaged) => {
    expect(reencode(damaged)).toEqual(damaged)
  })
})
