import { fc, test } from '@fast-check/vitest'
import { decodeCbor, encodeCbor } from '@plimsoll/ipld'
import {
  formatHex,
  idAddress,
  parseHex,
  STORAGE_MARKET_ACTOR_ID,
  STORAGE_POWER_ACTOR_ID,
} from '@plimsoll/primitives'
import { anyAddress, anyU64 } from '@plimsoll/testkit'
import { describe, expect } from 'vitest'
import { CronState } from './state.ts'

describe('the state of the cron actor', () => {
  // Source: every network since its genesis: [[[h'0004', 5], [h'0005', 9]]], power and market.
  test('is a tuple of the calls of every tick', () => {
    const hex = '818282420004058242000509'
    const value = {
      entries: [
        { receiver: idAddress(STORAGE_POWER_ACTOR_ID), methodNum: 5n },
        { receiver: idAddress(STORAGE_MARKET_ACTOR_ID), methodNum: 9n },
      ],
    }
    expect(decodeCbor(CronState, parseHex(hex))).toEqual(value)
    expect(formatHex(encodeCbor(CronState, value))).toBe(hex)
  })

  test.each([
    { defect: 'no entries', hex: '80' },
    { defect: 'two lists', hex: '828080' },
    { defect: 'an entry without a method', hex: '818181420004' },
    { defect: 'an entry of three fields', hex: '81818342000405f6' },
  ])('is refused with $defect', ({ hex }) => {
    expect(() => decodeCbor(CronState, parseHex(hex))).toThrow(
      expect.objectContaining({ code: 'INVALID_VALUE' }),
    )
  })

  test.prop([fc.array(fc.record({ receiver: anyAddress, methodNum: anyU64 }))])(
    'decodes to what was encoded',
    (entries) => {
      expect(decodeCbor(CronState, encodeCbor(CronState, { entries }))).toEqual({ entries })
    },
  )
})
