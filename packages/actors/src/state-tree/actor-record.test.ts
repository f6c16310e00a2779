import { fc, test } from '@fast-check/vitest'
import { decodeCbor, encodeCbor, linkTo, parseCid } from '@plimsoll/ipld'
import { addressFromBytes, formatHex, parseHex } from '@plimsoll/primitives'
import { anyAddress, anyAmount, anyCid, anyLink, anyU64 } from '@plimsoll/testkit'
import { describe, expect } from 'vitest'
import { ActorRecord, ActorRecordV4 } from './actor-record.ts'

const anyRecord: fc.Arbitrary<ActorRecord> = fc.record({
  code: anyCid,
  head: anyLink,
  sequence: anyU64,
  balance: anyAmount,
  delegatedAddress: fc.option(anyAddress),
})

describe('an actor in a state tree', () => {
  // Source: ChainSafe/forest `test-snapshots/carv2.car.zst`, genesis of butterfly: the EAM.
  // [CID, CID, 0, h'', h'040a0000000000000000000000000000000000000000']
  const eam =
    '85d82a5827000155a0e4022073bc6ea9844aad5f4a727fbd882b3e1300256317c65453e9a0fc6f703c0e6101' +
    'd82a5827000171a0e4022045b0cfc220ceec5b7c1c62c4d4193d38e4eba48e8815729ce75f9c0ab0e4c1c0' +
    '004056040a0000000000000000000000000000000000000000'
  test('of version 5 has five fields, the last a delegated address or null', () => {
    const record = {
      code: parseCid('bafk2bzacebz3y3vjqrfk2x2koj733cblhyjqajldc7dfiu7jud6g64b4bzqqc'),
      head: linkTo(parseCid('bafy2bzacebc3bt6cedhoyw34drrmjvazhu4oj25er2ebk4u445pzycvq4ta4a')),
      sequence: 0n,
      balance: 0n,
      delegatedAddress: addressFromBytes(parseHex('040a0000000000000000000000000000000000000000')),
    }
    expect(decodeCbor(ActorRecord, parseHex(eam))).toEqual(record)
    expect(formatHex(encodeCbor(ActorRecord, record))).toBe(eam)
    const undelegated = `${eam.slice(0, -46)}f6`
    expect(decodeCbor(ActorRecord, parseHex(undelegated))).toEqual({ ...record, delegatedAddress: null })
  })

  // Source: ChainSafe/forest `src/state_migration/tests/data`, calibration network at epoch 16,800: an account.
  // [CID, CID, 1, h'0025f27390aacf529f38']
  const account =
    '84d82a5827000155a0e40220a3474a4df7af00929385fb1e2b4a4e4c3e6cb16587c82ade38099e7281ad5f77' +
    'd82a5827000171a0e40220f124b1992cb4927b1fadf23ba353284a2d1a48a5fba3400bc51e79a953a164d4' +
    '014a0025f27390aacf529f38'
  test('of version 4 has four fields, and no delegated address', () => {
    const record = {
      code: parseCid('bafk2bzacecruossn66xqbeutqx5r4k2kjzgd43frmwd4qkw6haez44ubvvpxo'),
      head: linkTo(parseCid('bafy2bzacedysjmmzfs2je6y7vxzdxi2tfbfc2gsiux52gqalyuphtkktufsni')),
      sequence: 1n,
      balance: 0x25f27390aacf529f38n,
      delegatedAddress: null,
    }
    expect(decodeCbor(ActorRecordV4, parseHex(account))).toEqual(record)
    expect(formatHex(encodeCbor(ActorRecordV4, record))).toBe(account)
  })

  test.each([
    { name: 'version 5 with four fields', codec: ActorRecord, hex: account },
    { name: 'version 5 with six fields', codec: ActorRecord, hex: `86${eam.slice(2)}f6` },
    { name: 'version 4 with five fields', codec: ActorRecordV4, hex: eam },
    { name: 'version 4 with three fields', codec: ActorRecordV4, hex: `83${account.slice(2, -22)}` },
  ])('is not one of $name', ({ codec, hex }) => {
    expect(() => decodeCbor(codec, parseHex(hex))).toThrow(
      expect.objectContaining({ code: 'INVALID_VALUE', path: ['ActorRecord'] }),
    )
  })

  test.prop([anyRecord])('decodes to what was encoded', (record) => {
    expect(decodeCbor(ActorRecord, encodeCbor(ActorRecord, record))).toEqual(record)
    expect(decodeCbor(ActorRecordV4, encodeCbor(ActorRecordV4, record))).toEqual({
      ...record,
      delegatedAddress: null,
    })
  })
})
