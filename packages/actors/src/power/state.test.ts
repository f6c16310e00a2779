import { fc, test } from '@fast-check/vitest'
import {
  createMemoryBlockstore,
  decodeCbor,
  encodeCbor,
  formatCid,
  linkTo,
  Multicodec,
  Multihash,
  makeCid,
  parseCid,
} from '@plimsoll/ipld'
import { actorId, createHashes, formatHex, idAddress, parseHex } from '@plimsoll/primitives'
import { anyAddress, anyBytes, anyPositiveAmount } from '@plimsoll/testkit'
import { describe, expect } from 'vitest'
import { type AnyPowerState, Claim, CronEvent, CronEventQueue, CronEvents, powerStateCodec } from './state.ts'

/** A CID of one byte, which it holds itself. `CID n` in the notation above the bytes. */
const cidOf = (n: number) => makeCid(Multicodec.RAW, Multihash.IDENTITY, Uint8Array.of(n))
const linkOf = (n: number) => linkTo<never>(cidOf(n))

// Source: ChainSafe/forest `src/state_migration/tests/data`, calibration network at epoch 16,800.
// [h'0076f000000000', h'0076f000000000', h'0002fef000000000', h'0002fef000000000',
// h'0063a2854cf5a10224409f', h'0076f000000000', h'0002fef000000000', h'0063a2854cf5a10224409f',
// [h'0002fee75c9a114562df2a49b3cc96d3eef00cdda6e20478', h'0079bb6b6faa54d7f8054ce231b990312430418808'],
// 161, 29, CID 6yncvm, 16801, CID 23ui3u, null]
const CALIBRATION =
  '8f470076f000000000470076f000000000480002fef000000000480002fef0000000004b0063a2854cf5a10224409f' +
  '470076f000000000480002fef0000000004b0063a2854cf5a10224409f' +
  '8258180002fee75c9a114562df2a49b3cc96d3eef00cdda6e20478550079bb6b6faa54d7f8054ce231b990312430418808' +
  '18a1181dd82a5827000171a0e4022050a4d7fc02736b18f04d8a038e2e085f30aa99e8999e67fbc93531919ec345561941a1' +
  'd82a5827000171a0e40220d36a582ba016f343529bd163430962d9cfd71ea76ef905604081385e5add11baf6'

interface Stored {
  readonly of: string
  readonly version: 8 | 14 | 15 | 18
  readonly hex: string
  readonly value: AnyPowerState
}

describe('the state of the power actor', () => {
  test.each<Stored>([
    {
      of: 'another value in every field, in the order of `actors/power/src/state.rs` at v14.0.0,',
      version: 14,
      // [h'0001', h'0002', h'0003', h'0004', h'0005', h'0006', h'0007', h'0008', [h'0009', h'010a'], 11,
      // 12, CID 13, 14, CID 15, CID 16]
      hex:
        '8f4200014200024200034200044200054200064200074200088242000942010a0b0cd82a4600015500010d0e' +
        'd82a4600015500010fd82a46000155000110',
      value: {
        totalRawBytePower: 1n,
        totalBytesCommitted: 2n,
        totalQualityAdjPower: 3n,
        totalQaBytesCommitted: 4n,
        totalPledgeCollateral: 5n,
        thisEpochRawBytePower: 6n,
        thisEpochQualityAdjPower: 7n,
        thisEpochPledgeCollateral: 8n,
        thisEpochQaPowerSmoothed: { position: 9n, velocity: -10n },
        minerCount: 11,
        minerAboveMinPowerCount: 12,
        cronEventQueue: linkOf(13),
        firstCronEpoch: 14,
        claims: linkOf(15),
        proofValidationBatch: cidOf(16),
      },
    },
    {
      of: 'another value in every field, in the order of `actors/power/src/state.rs` at v18.0.0,',
      version: 18,
      // [h'0001', h'0002', h'0003', h'0004', h'0005', h'0006', h'0007', h'0008', [h'0009', h'010a'], 11,
      // 12, 13, 14, CID 15, 16, CID 17, CID 18]
      hex:
        '914200014200024200034200044200054200064200074200088242000942010a0b0c0d0ed82a4600015500010f10' +
        'd82a46000155000111d82a46000155000112',
      value: {
        totalRawBytePower: 1n,
        totalBytesCommitted: 2n,
        totalQualityAdjPower: 3n,
        totalQaBytesCommitted: 4n,
        totalPledgeCollateral: 5n,
        thisEpochRawBytePower: 6n,
        thisEpochQualityAdjPower: 7n,
        thisEpochPledgeCollateral: 8n,
        thisEpochQaPowerSmoothed: { position: 9n, velocity: -10n },
        minerCount: 11,
        minerAboveMinPowerCount: 12,
        rampStartEpoch: 13,
        rampDurationEpochs: 14,
        cronEventQueue: linkOf(15),
        firstCronEpoch: 16,
        claims: linkOf(17),
        proofValidationBatch: cidOf(18),
      },
    },
    {
      of: 'the calibration network at epoch 16,800',
      version: 8,
      hex: CALIBRATION,
      value: {
        totalRawBytePower: 130773164228608n,
        totalBytesCommitted: 130773164228608n,
        totalQualityAdjPower: 843256699027456n,
        totalQaBytesCommitted: 843256699027456n,
        totalPledgeCollateral: 470512259666212972413087n,
        thisEpochRawBytePower: 130773164228608n,
        thisEpochQualityAdjPower: 843256699027456n,
        thisEpochPledgeCollateral: 470512259666212972413087n,
        thisEpochQaPowerSmoothed: {
          position: 286932760615234373356367981224787553806203852989531256n,
          velocity: 694967481634156528118080305866993985966875707400n,
        },
        minerCount: 161,
        minerAboveMinPowerCount: 29,
        cronEventQueue: linkTo(parseCid('bafy2bzacebikjv74ajzwwghqjwfahdrobbptbkuz5cmz4z73ze2tdem6yncvm')),
        firstCronEpoch: 16801,
        claims: linkTo(parseCid('bafy2bzacedjwuwblualpgq2stpiwgqyjmlm47vy6u5xpsblaicatqxs23ui3u')),
        proofValidationBatch: null,
      },
    },
    {
      // Source: ChainSafe/forest `test-snapshots/carv2.car.zst`.
      of: 'the genesis of butterfly',
      version: 15,
      // [h'00b400000000', h'00b400000000', h'00070800000000', h'00070800000000', h'0005a0',
      // h'00b400000000', h'00070800000000', h'', [h'0002dc6c0000000000000000000000000000000000000000',
      // h'0003c00000000000000000000000000000000000000000'], 3, 3, 0, 0, CID luslqs, 0, CID 32zbku, null]
      hex:
        '914600b4000000004600b40000000047000708000000004700070800000000430005a04600b400000000' +
        '470007080000000040' +
        '8258180002dc6c0000000000000000000000000000000000000000570003c00000000000000000000000000000000000' +
        '00000003030000' +
        'd82a5827000171a0e4022035170ccc74019e90c3853c08f46339c9fd29e22419f24f75df1fbdce0ba4970900' +
        'd82a5827000171a0e402204e5723bd32cccf96a0a098a70ba3cf6ef0341c2d4b7c636b6434b1c47bd642aaf6',
      value: {
        totalRawBytePower: 773094113280n,
        totalBytesCommitted: 773094113280n,
        totalQualityAdjPower: 7730941132800n,
        totalQaBytesCommitted: 7730941132800n,
        totalPledgeCollateral: 1440n,
        thisEpochRawBytePower: 773094113280n,
        thisEpochQualityAdjPower: 7730941132800n,
        thisEpochPledgeCollateral: 0n,
        thisEpochQaPowerSmoothed: {
          position: 274031556999544297163190906134303066185487351808000000n,
          velocity: 1403041571837666801475537439407631698869695241256960n,
        },
        minerCount: 3,
        minerAboveMinPowerCount: 3,
        rampStartEpoch: 0,
        rampDurationEpochs: 0,
        cronEventQueue: linkTo(parseCid('bafy2bzacea2rodgmoqaz5egdqu6ar5ddhhe72kpceqm7et3v34p33tqluslqs')),
        firstCronEpoch: 0,
        claims: linkTo(parseCid('bafy2bzacebhfoi55glgm7fvaucmkoc5dz5xpana4fvfxyy3lmq2ldrd32zbku')),
        proofValidationBatch: null,
      },
    },
  ])('of $of is one of v$version', ({ version, hex, value }) => {
    const codec = powerStateCodec(version)
    expect(decodeCbor(codec, parseHex(hex))).toEqual(value)
    expect(formatHex(encodeCbor(codec, value))).toBe(hex)
  })

  // FIP-0081 brought the ramp with v15.
  test.each([
    { version: 14, fields: 15, head: '8f' },
    { version: 15, fields: 17, head: '91' },
  ] as const)('of v$version has $fields fields', ({ version, head }) => {
    const other = head === '8f' ? '91' : '8f'
    expect(() => decodeCbor(powerStateCodec(version), parseHex(other + '40'.repeat(20)))).toThrow(
      expect.objectContaining({ code: 'INVALID_VALUE', path: ['PowerState'] }),
    )
  })

  test('of one layout is not written in the other', () => {
    const state = decodeCbor(powerStateCodec(8), parseHex(CALIBRATION))
    expect(() => encodeCbor(powerStateCodec(15), state)).toThrow(/assertion/)
    const ramp = { ...state, rampStartEpoch: 1, rampDurationEpochs: 2 }
    expect(() => encodeCbor(powerStateCodec(14), ramp)).toThrow(/assertion/)
  })
})

describe('a claim', () => {
  // [13, h'0001', h'000a']: the proof type, raw and quality-adjusted power.
  test('is a tuple of proof type, raw and quality-adjusted power', () => {
    const hex = '830d42000142000a'
    const claim = { windowPostProofType: 13, rawBytePower: 1n, qualityAdjPower: 10n }
    expect(decodeCbor(Claim, parseHex(hex))).toEqual(claim)
    expect(formatHex(encodeCbor(Claim, claim))).toBe(hex)
  })

  test.prop([fc.integer({ min: 0, max: 14 }), anyPositiveAmount, anyPositiveAmount])(
    'decodes to what was encoded',
    (windowPostProofType, rawBytePower, qualityAdjPower) => {
      const claim = { windowPostProofType, rawBytePower, qualityAdjPower }
      expect(decodeCbor(Claim, encodeCbor(Claim, claim))).toEqual(claim)
    },
  )
})

describe('the cron queue', async () => {
  const store = createMemoryBlockstore(await createHashes())

  // [h'00e807', h'8101']: the address f01000 and the payload [1].
  test('holds the miner to call and its payload', () => {
    const hex = '824300e807428101'
    const event = { minerAddr: idAddress(actorId(1000)), callbackPayload: Uint8Array.of(0x81, 1) }
    expect(decodeCbor(CronEvent, parseHex(hex))).toEqual(event)
    expect(formatHex(encodeCbor(CronEvent, event))).toBe(hex)
  })

  test.prop([anyAddress, anyBytes])('decodes to what was encoded', (minerAddr, callbackPayload) => {
    const event = { minerAddr, callbackPayload }
    expect(decodeCbor(CronEvent, encodeCbor(CronEvent, event))).toEqual(event)
  })

  // Source: builtin-actors v18, `actors/power/src/state.rs`, `epoch_key`: 101 is ca01, and −1 is 01.
  test.each([
    { epoch: 101, key: '42ca01' },
    { epoch: -1, key: '4101' },
  ])('has zig-zag varints as keys: $key for $epoch', ({ epoch, key }) => {
    const queue = CronEventQueue.empty(store)
    queue.set(epoch, linkOf(1))
    expect(formatHex(store.find(queue.flush().cid) ?? new Uint8Array())).toContain(`${key}d82a46000155000101`)
  })

  test('has a bit width of 6, in the AMT of its events too', () => {
    // Source: ChainSafe/forest, calibration network: the empty AMT of bit width 6.
    expect(formatCid(CronEvents.empty(store).flush().cid)).toBe(
      'bafy2bzaceaa2jny7gkgdwnid4kuldau6bnvgyss5bszo4uy6uikrncvdu5mc2',
    )
    expect(CronEventQueue.bitWidth).toBe(6)
  })
})
