import { decodeCbor, encodeCbor, parseCid } from '@plimsoll/ipld'
import { formatHex, parseHex } from '@plimsoll/primitives'
import { describe, expect, test } from 'vitest'
import { minerLayout } from './layout.ts'
import type { SectorOnChainInfo } from './types.ts'

describe('minerLayout', () => {
  test.each([{ versions: [9, 10, 11] }, { versions: [12, 13, 14, 15] }, { versions: [16, 17, 18] }] as const)(
    'is the same for $versions',
    ({ versions: [first, ...others] }) => {
      for (const version of others) {
        expect(minerLayout(version)).toBe(minerLayout(first))
      }
    },
  )

  test('changed with v9, v12 and v16', () => {
    const layouts = ([8, 9, 12, 16] as const).map(minerLayout)
    expect(new Set(layouts).size).toBe(4)
  })
})

interface StoredSector {
  readonly version: 8 | 9 | 12 | 16
  readonly hex: string
  readonly value: SectorOnChainInfo
}

describe('a sector of a real network', () => {
  test.each<StoredSector>([
    {
      version: 8,
      // Source: ChainSafe/forest `src/state_migration/tests/data`, calibration network at epoch 16,800.
      // [0, 8, CID i5enjf, [], 15898, 1565157, h'', h'', h'000de0b6b000000000', h'003afd39e996ee72ec',
      // h'00045aa60096b4df38ff', 0, h'', null]
      hex:
        '8e0008d82a5829000182e20381e802201aec018c4adaebf0062f17604e2aa5d17ab9159ffaf4249b2d95bc1691d23525' +
        '80193e1a1a0017e1e5404049000de0b6b00000000049003afd39e996ee72ec4a00045aa60096b4df38ff0040f6',
      value: {
        sectorNumber: 0,
        sealProof: 8,
        sealedCid: parseCid('bagboea4b5abcagxmaggevwxl6adc6f3ajyvklul2xekz76xuesns3fn4c2i5enjf'),
        deprecatedDealIds: [],
        activation: 15898,
        expiration: 1565157,
        dealWeight: 0n,
        verifiedDealWeight: 0n,
        initialPledge: 999999984306749440n,
        expectedDayReward: 4250617298729988844n,
        expectedStoragePledge: 80318885251665311999n,
        replacedSectorAge: 0,
        replacedDayReward: 0n,
        sectorKeyCid: null,
        powerBaseEpoch: 15898,
        flags: 0,
        dailyFee: 0n,
      },
    },
    {
      version: 9,
      // Source: filecoin-project/fvm-test-vectors, mainnet in network version 17: a sector that was updated.
      // [9922, 8, CID f6heda, [28288286], 2679371, 3744200, h'', h'0081fbe800000000',
      // h'001e0bc21a2d57a0dd', h'000dd50bb83a682e', h'00010aee5cfe9e40ae', 797973, h'0001dae9057e5fb6', CID
      // enq73g, true]
      hex:
        '8f1926c208' +
        'd82a5829000182e20381e80220e0f43f84368f9baaf18ea955dc71f57fef244173e18f57a61be9ef898be39060' +
        '811a01afa51e1a0028e24b1a003921c840480081fbe80000000049001e0bc21a2d57a0dd48000dd50bb83a682e' +
        '4900010aee5cfe9e40ae1a000c2d15480001dae9057e5fb6' +
        'd82a5829000182e20381e8022062fa2c3228c3c60524f77b0025660aa1caa4540fb93e73e8e690592a08d87f66f5',
      value: {
        sectorNumber: 9922,
        sealProof: 8,
        sealedCid: parseCid('bagboea4b5abcbyhuh6cdnd43vlyy5kkv3ry7k77peraxhympk6tbx2pprgf6heda'),
        deprecatedDealIds: [28288286n],
        activation: 2679371,
        expiration: 3744200,
        dealWeight: 0n,
        verifiedDealWeight: 36587245846659072n,
        initialPledge: 2165037463567311069n,
        expectedDayReward: 3893421009430574n,
        expectedStoragePledge: 75134426981220526n,
        replacedSectorAge: 797973,
        replacedDayReward: 522169331113910n,
        sectorKeyCid: parseCid('bagboea4b5abcayx2fqzcrq6gauspo6yaevtaviokurka7oj6opuoneczfienq73g'),
        powerBaseEpoch: 2679371,
        flags: 1,
        dailyFee: 0n,
      },
    },
    {
      version: 12,
      // Source: ChainSafe/forest `test-snapshots/carv2.car.zst`, genesis of butterfly with actors v15.
      // [0, 7, CID uu4qlo, [], 0, 3676239, h'', h'00070309e0000000', h'0001', h'', h'', 0, h'', null, 1]
      hex:
        '8f0007d82a5829000182e20381e802205bdc6ce1f40c972a2f25b766611eb46517c883021447d8308818abc0694e416e' +
        '80001a0038184f404800070309e000000042000140400040f601',
      value: {
        sectorNumber: 0,
        sealProof: 7,
        sealedCid: parseCid('bagboea4b5abcaw64ntq7idexfixsln3gmeplizixzcbqefch3ayiqgflybuu4qlo'),
        deprecatedDealIds: [],
        activation: 0,
        expiration: 3676239,
        dealWeight: 0n,
        verifiedDealWeight: 1973665784659968n,
        initialPledge: 1n,
        expectedDayReward: 0n,
        expectedStoragePledge: 0n,
        powerBaseEpoch: 0,
        replacedDayReward: 0n,
        sectorKeyCid: null,
        flags: 1,
        dailyFee: 0n,
      },
    },
    {
      version: 16,
      // Source: filecoin-project/lotus `build/genesis/butterflynet.car.zst`, with actors v17.
      // [0, 7, CID uu4qlo, [], 0, 3676239, h'', h'00070309e0000000', h'0001', null, null, 0, null, null, 1,
      // h'']
      hex:
        '900007d82a5829000182e20381e802205bdc6ce1f40c972a2f25b766611eb46517c883021447d8308818abc0694e416e' +
        '80001a0038184f404800070309e0000000420001f6f600f6f60140',
      value: {
        sectorNumber: 0,
        sealProof: 7,
        sealedCid: parseCid('bagboea4b5abcaw64ntq7idexfixsln3gmeplizixzcbqefch3ayiqgflybuu4qlo'),
        deprecatedDealIds: [],
        activation: 0,
        expiration: 3676239,
        dealWeight: 0n,
        verifiedDealWeight: 1973665784659968n,
        initialPledge: 1n,
        expectedDayReward: null,
        expectedStoragePledge: null,
        powerBaseEpoch: 0,
        replacedDayReward: null,
        sectorKeyCid: null,
        flags: 1,
        dailyFee: 0n,
      },
    },
  ])('is read from the layout of v$version, and what that lacks is as the upgrades set it', (row) => {
    const codec = minerLayout(row.version).sectors.value
    expect(decodeCbor(codec, parseHex(row.hex))).toEqual(row.value)
    expect(formatHex(encodeCbor(codec, row.value))).toBe(row.hex)
  })

  test('of v9 without the quality of FIP-0045 has no flags', () => {
    // [1, 8, CID, [], 2, 3, h'', h'', h'', h'', h'', 0, h'', null, false]
    const hex = '8f0108d82a49000182e203922001008002034040404040' + '0040f6f4'
    const codec = minerLayout(9).sectors.value
    const sector = decodeCbor(codec, parseHex(hex))
    expect(sector.flags).toBe(0)
    expect(formatHex(encodeCbor(codec, sector))).toBe(hex)
  })
})
