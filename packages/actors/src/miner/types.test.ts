import { fc, test } from '@fast-check/vitest'
import { decodeCbor, encodeCbor, type IpldValue, ipldValue, parseCid } from '@plimsoll/ipld'
import { ATTO_FIL_PER_FIL, formatHex, parseHex } from '@plimsoll/primitives'
import { anySector, concat, mutated } from '@plimsoll/testkit'
import { describe, expect } from 'vitest'
import {
  CRON_EVENT_PROCESS_EARLY_TERMINATIONS,
  CRON_EVENT_PROVING_DEADLINE,
  CronEventPayload,
  SectorOnChainInfo,
} from './types.ts'

const sealedCid = parseCid('bagboea4seaaqa')

/** The sector of the tests of the reference. */
const sector: SectorOnChainInfo = {
  sectorNumber: 1,
  sealProof: 8,
  sealedCid,
  deprecatedDealIds: [],
  activation: 2,
  expiration: 3,
  dealWeight: 4n,
  verifiedDealWeight: 5n,
  initialPledge: 6n * ATTO_FIL_PER_FIL,
  expectedDayReward: null,
  expectedStoragePledge: null,
  powerBaseEpoch: 9,
  replacedDayReward: null,
  sectorKeyCid: null,
  flags: 0,
  dailyFee: 11n * ATTO_FIL_PER_FIL,
}

describe('SectorOnChainInfo', () => {
  // Source: builtin-actors v18, `actors/miner/tests/types_test.rs`, `sector_on_chain_info`.
  test.each<{ readonly of: string; readonly hex: string; readonly value: SectorOnChainInfo }>([
    {
      of: 'a sector without data',
      // [1, 8, CID, [], 2, 3, h'0004', h'0005', h'0053444835ec580000', null, null, 9, null, null, 0,
      // h'0098a7d9b8314c0000']
      hex:
        '900108d82a49000182e2039220010080020342000442000549005344' +
        '4835ec580000f6f609f6f600490098a7d9b8314c0000',
      value: sector,
    },
    {
      of: 'a sector with a replica key and flags',
      // [1, 8, CID, [], 2, 3, h'0004', h'0005', h'0053444835ec580000', null, null, 9, null, CID, 1,
      // h'0098a7d9b8314c0000']
      hex:
        '900108d82a49000182e2039220010080020342000442000549005344' +
        '4835ec580000f6f609f6d82a49000181e2039220010101490098a7d9b8314c0000',
      value: { ...sector, sectorKeyCid: parseCid('baga6ea4seaaqc'), flags: 1 },
    },
    {
      of: 'the sector of all defaults',
      // [0, -1, CID, [], 0, 0, h'', h'', h'', null, null, 0, null, null, 0, h'']
      hex: '900020d82a450001000000800000404040f6f600f6f60040',
      value: {
        ...sector,
        sectorNumber: 0,
        sealProof: -1,
        sealedCid: parseCid('baeaaaaa'),
        activation: 0,
        expiration: 0,
        dealWeight: 0n,
        verifiedDealWeight: 0n,
        initialPledge: 0n,
        powerBaseEpoch: 0,
        dailyFee: 0n,
      },
    },
  ])('stands in bytes as the reference writes $of', ({ hex, value }) => {
    expect(decodeCbor(SectorOnChainInfo, parseHex(hex))).toEqual(value)
    expect(formatHex(encodeCbor(SectorOnChainInfo, value))).toBe(hex)
  })

  // [1, 9, CID, [], 2, 3, h'0004', h'0005', h'0053444835ec580000', null, null, 9, null, null, 1]
  const withoutFee = '0109d82a49000182e20392200100800203420004420005490053' + '444835ec580000f6f609f6f601'

  test('of v15, without a daily fee, is read as free of it and written with it', () => {
    const free = decodeCbor(SectorOnChainInfo, parseHex(`8f${withoutFee}`))
    expect(free).toEqual({ ...sector, sealProof: 9, flags: 1, dailyFee: 0n })
    expect(formatHex(encodeCbor(SectorOnChainInfo, free))).toBe(`90${withoutFee}40`)
  })

  // Every field with another value, in the order of `actors/miner/src/types.rs`:
  // [1, 2, CID, [4], 5, 6, h'0007', h'0008', h'0009', h'000a', h'000b', 12, h'000d', CID, 15, h'0010']
  test('has every field in its place', () => {
    const hex =
      '900102d82a49000182e2039220010081040506420007420008420009' +
      '42000a42000b0c42000dd82a49000182e203922001000f420010'
    expect(decodeCbor(SectorOnChainInfo, parseHex(hex))).toEqual({
      sectorNumber: 1,
      sealProof: 2,
      sealedCid,
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
      sectorKeyCid: sealedCid,
      flags: 15,
      dailyFee: 16n,
    })
  })

  const bytes = parseHex(`90${withoutFee}40`)
  const withFields = (change: (fields: readonly IpldValue[]) => readonly IpldValue[]) =>
    encodeCbor(ipldValue, change(decodeCbor(ipldValue, bytes) as readonly IpldValue[]))

  test.each([
    { defect: '14 fields', code: 'INVALID_VALUE', other: withFields((fields) => fields.slice(0, 14)) },
    { defect: '17 fields', code: 'INVALID_VALUE', other: withFields((fields) => [...fields, 0n]) },
    { defect: 'a byte more', code: 'CBOR_TRAILING_BYTES', other: concat(bytes, Uint8Array.of(0)) },
    { defect: 'a byte less', code: 'CBOR_TRUNCATED', other: bytes.slice(0, -1) },
    {
      defect: 'a pledge of null',
      code: 'CBOR_UNEXPECTED_TYPE',
      other: withFields((fields) => fields.with(8, null)),
    },
    {
      defect: 'a number of 2^53',
      code: 'CBOR_INTEGER_TOO_LARGE',
      other: withFields((fields) => fields.with(0, 2n ** 53n)),
    },
    {
      defect: 'a fee with a sign byte of 2',
      code: 'INVALID_VALUE',
      other: withFields((fields) => fields.with(15, Uint8Array.of(2, 1))),
    },
  ])('is refused with $defect', ({ code, other }) => {
    expect(() => decodeCbor(SectorOnChainInfo, other)).toThrow(expect.objectContaining({ code }))
  })

  test('says which field is wrong', () => {
    const other = withFields((fields) => fields.with(8, null))
    expect(() => decodeCbor(SectorOnChainInfo, other)).toThrow(
      expect.objectContaining({ path: ['SectorOnChainInfo', 'initialPledge'] }),
    )
  })

  test.prop([anySector])('decodes to what was encoded', (any) => {
    expect(decodeCbor(SectorOnChainInfo, encodeCbor(SectorOnChainInfo, any))).toEqual(any)
  })

  test.prop([mutated(bytes)])('that is damaged is refused as data', (damaged) => {
    let decoded: SectorOnChainInfo | undefined
    try {
      decoded = decodeCbor(SectorOnChainInfo, damaged)
    } catch (error) {
      expect(error).toHaveProperty('path')
    }
    if (decoded !== undefined) {
      expect(decodeCbor(SectorOnChainInfo, encodeCbor(SectorOnChainInfo, decoded))).toEqual(decoded)
    }
  })
})

describe('CronEventPayload', () => {
  // Source: builtin-actors v18, `actors/miner/src/types.rs`: [1] and [2].
  test.each([
    { event: 'a proving deadline', eventType: CRON_EVENT_PROVING_DEADLINE, hex: '8101' },
    { event: 'early terminations', eventType: CRON_EVENT_PROCESS_EARLY_TERMINATIONS, hex: '8102' },
  ])('of $event is $hex', ({ eventType, hex }) => {
    expect(decodeCbor(CronEventPayload, parseHex(hex))).toEqual({ eventType })
    expect(formatHex(encodeCbor(CronEventPayload, { eventType }))).toBe(hex)
  })

  test.prop([fc.maxSafeInteger()])('may have any type', (eventType) => {
    expect(decodeCbor(CronEventPayload, encodeCbor(CronEventPayload, { eventType }))).toEqual({ eventType })
  })
})
