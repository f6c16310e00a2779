import { nullable, text, u64 } from '@plimsoll/ipld'
import { parseHex } from '@plimsoll/primitives'
import { describe, expect, test } from 'vitest'
import { eventType, field, indexed } from './events.ts'

// Source: builtin-actors v18, `runtime/src/util/events.rs`, whose tests these cases are.
describe('an entry of an event', () => {
  test('with the type comes under a name of its own', () => {
    expect(eventType('l1')).toEqual({ flags: 3, key: '$type', codec: 0x51, value: parseHex('626c31') })
  })

  test('is CBOR, indexed by key and value', () => {
    expect(indexed('v1', text, 'abc')).toEqual({
      flags: 3,
      key: 'v1',
      codec: 0x51,
      value: parseHex('63616263'),
    })
  })

  test('may be indexed by its key alone', () => {
    expect(field('v1', u64, 700n)).toEqual({ flags: 1, key: 'v1', codec: 0x51, value: parseHex('1902bc') })
  })

  test('may be null', () => {
    expect(field('v1', nullable(u64), null).value).toEqual(parseHex('f6'))
  })
})
