import { fc, test } from '@fast-check/vitest'
import { formatHex, parseHex } from '@plimsoll/primitives'
import { anyAmount, anyU64, mutated } from '@plimsoll/testkit'
import { describe, expect } from 'vitest'
import { CodecError } from '../errors.ts'
import { MAX_CBOR_DEPTH } from '../limits.ts'
import { decodeCbor, decodeLooseCbor, encodeCbor } from './codec.ts'
import { list } from './collections.ts'
import { bigInt, nullable, text, u64, uint } from './scalars.ts'
import { tuple } from './tuple.ts'

const Pair = tuple('Pair', { epoch: uint, name: text })

const Grown = tuple(
  'Grown',
  { epoch: uint, name: text },
  { tail: { fee: { codec: bigInt, absent: 0n }, note: { codec: nullable(text), absent: null } } },
)

describe('tuple', () => {
  test('stands for its fields in the order of their names', () => {
    // [7, "a"]
    expect(formatHex(encodeCbor(Pair, { name: 'a', epoch: 7 }))).toBe('82076161')
    expect(decodeCbor(Pair, parseHex('82076161'))).toEqual({ epoch: 7, name: 'a' })
  })

  test('without fields is an empty array', () => {
    const Empty = tuple('Empty', {})
    expect(formatHex(encodeCbor(Empty, {}))).toBe('80')
    expect(decodeCbor(Empty, parseHex('80'))).toEqual({})
  })

  test.prop([anyU64, anyAmount, fc.string()])('reads back what it writes', (count, amount, name) => {
    const Record = tuple('Record', { count: u64, amount: bigInt, name: nullable(text) })
    const value = { count, amount, name: name === '' ? null : name }
    expect(decodeCbor(Record, encodeCbor(Record, value))).toEqual(value)
  })

  test.each([
    { hex: '80', code: 'INVALID_VALUE', why: 'has no fields' },
    { hex: '8107', code: 'INVALID_VALUE', why: 'lacks a field' },
    { hex: '8307616100', code: 'INVALID_VALUE', why: 'has a field too many' },
    { hex: '9a0000ffff0000', code: 'CBOR_NOT_CANONICAL', why: 'has a count in five bytes' },
    { hex: '9affffffff0000', code: 'CBOR_TRUNCATED', why: 'has a count that the block cannot hold' },
    { hex: 'a107616100', code: 'CBOR_UNEXPECTED_TYPE', why: 'is a map' },
    { hex: 'f6', code: 'CBOR_UNEXPECTED_TYPE', why: 'is null' },
  ])('refuses with $code an array that $why', ({ hex, code }) => {
    expect(() => decodeCbor(Pair, parseHex(hex))).toThrow(expect.objectContaining({ code, path: ['Pair'] }))
  })

  test('does not read a field before it knows that their number is right', () => {
    expect(() => decodeCbor(Pair, parseHex('83f4f4f4'))).toThrow(expect.objectContaining({ path: ['Pair'] }))
  })

  test.each([
    { hex: '82f46161', path: ['Pair', 'epoch'], code: 'CBOR_UNEXPECTED_TYPE' },
    { hex: '820707', path: ['Pair', 'name'], code: 'CBOR_UNEXPECTED_TYPE' },
    { hex: '820761', path: ['Pair', 'name'], code: 'CBOR_TRUNCATED' },
    { hex: '82180061', path: ['Pair', 'epoch'], code: 'CBOR_NOT_CANONICAL' },
  ])('names in the path of $hex the field that is wrong', ({ hex, path, code }) => {
    expect(() => decodeCbor(Pair, parseHex(hex))).toThrow(expect.objectContaining({ path, code }))
  })

  test('names every step to a field deep inside', () => {
    const Outer = tuple('Outer', { first: uint, pairs: list(Pair) })
    // [0, [[7, "a"], [7, true]]]
    expect(() => decodeCbor(Outer, parseHex('82008282076161' + '8207f5'))).toThrow(
      expect.objectContaining({ code: 'CBOR_UNEXPECTED_TYPE', path: ['Outer', 'pairs', 1, 'name'] }),
    )
  })

  test('may stand beside more tuples than may be nested', () => {
    const pairs = Array.from({ length: MAX_CBOR_DEPTH + 1 }, (_, epoch) => ({ epoch, name: '' }))
    expect(decodeCbor(list(Pair), encodeCbor(list(Pair), pairs))).toEqual(pairs)
  })
})

describe('the tail of a tuple', () => {
  const whole = { epoch: 7, name: 'a', fee: 5n, note: 'b' }

  test.each([
    // [7, "a"]
    { hex: '82076161', value: { ...whole, fee: 0n, note: null } },
    // [7, "a", h'0005']
    { hex: '83076161420005', value: { ...whole, note: null } },
    // [7, "a", h'0005', "b"]
    { hex: '840761614200056162', value: whole },
  ])('of $hex may be missing from its end', ({ hex, value }) => {
    expect(decodeCbor(Grown, parseHex(hex))).toEqual(value)
  })

  test('is always written', () => {
    // [7, "a", h'', null]
    expect(formatHex(encodeCbor(Grown, decodeCbor(Grown, parseHex('82076161'))))).toBe('8407616140f6')
    expect(formatHex(encodeCbor(Grown, whole))).toBe('840761614200056162')
  })

  test.each([
    { hex: '8107', why: 'lacks a field that was always there' },
    { hex: '85076161420005616200', why: 'has a field too many' },
  ])('does not make up for an array that $why', ({ hex }) => {
    expect(() => decodeCbor(Grown, parseHex(hex))).toThrow(
      expect.objectContaining({ code: 'INVALID_VALUE', path: ['Grown'] }),
    )
  })

  test.each([
    { hex: '82076161', isCurrent: false },
    { hex: '83076161420005', isCurrent: false },
    { hex: '840761614200056162', isCurrent: true },
  ])('tells whether $hex is as it would be written: $isCurrent', ({ hex, isCurrent }) => {
    expect(Grown.isCurrent?.(parseHex(hex))).toBe(isCurrent)
    expect(formatHex(encodeCbor(Grown, decodeCbor(Grown, parseHex(hex)))) === hex).toBe(isCurrent)
  })

  test('makes no difference between layouts where there is none', () => {
    expect(Pair.isCurrent).toBeUndefined()
  })

  test('may not be inside of another tuple, which would not be told apart by its own fields', () => {
    expect(() => tuple('Outer', { grown: Grown })).toThrow('a layout that has grown')
    const tail = { grown: { codec: Grown, absent: null } }
    expect(() => tuple('Outer', { count: uint }, { tail })).toThrow('a layout that has grown')
  })

  test('is named in the path like any field', () => {
    expect(() => decodeCbor(Grown, parseHex('83076161f4'))).toThrow(
      expect.objectContaining({ path: ['Grown', 'fee'] }),
    )
  })
})

describe('a tuple that is read at once', () => {
  const fields = { epoch: uint, name: text }
  const tail = { fee: { codec: bigInt, absent: 0n } }
  const ByField = tuple('Grown', fields, { tail })
  const AtOnce = tuple('Grown', fields, {
    tail,
    readAll: (reader) => ({
      epoch: uint.decode(reader),
      name: text.decode(reader),
      fee: bigInt.decode(reader),
    }),
  })
  const anyValue = fc.record({ epoch: fc.nat(), name: fc.string(), fee: anyAmount })

  function outcome(codec: typeof AtOnce, bytes: Uint8Array): unknown {
    try {
      return decodeCbor(codec, bytes)
    } catch (error) {
      return error instanceof CodecError ? [error.code, error.path, error.message] : error
    }
  }

  test.prop([anyValue.chain((value) => mutated(encodeCbor(ByField, value)))])(
    'is what it is field by field, and refused for the same reason',
    (bytes) => {
      expect(outcome(AtOnce, bytes)).toEqual(outcome(ByField, bytes))
    },
  )

  test.prop([anyValue])('is read back, in today’s layout and without its tail', (value) => {
    expect(decodeCbor(AtOnce, encodeCbor(AtOnce, value))).toEqual(value)
    const older = encodeCbor(tuple('Grown', fields), value)
    expect(decodeCbor(AtOnce, older)).toEqual({ ...value, fee: 0n })
    expect(decodeLooseCbor(AtOnce, encodeCbor(AtOnce, value))).toEqual(value)
  })
})
