import { test } from '@fast-check/vitest'
import { BaseError, parseHex } from '@plimsoll/primitives'
import { anyU64 } from '@plimsoll/testkit'
import { describe, expect } from 'vitest'
import { CodecError } from '../errors.ts'
import { asMemberOf, type Codec, decodeCbor, encodeCbor, invalidValue, mapped } from './codec.ts'
import { list } from './collections.ts'
import { cborReader } from './reader.ts'
import { bool, text, u64, uint } from './scalars.ts'

describe('decodeCbor', () => {
  test('reads one value that fills the block', () => {
    expect(decodeCbor(uint, parseHex('1818'))).toBe(24)
  })

  test('refuses bytes after the value, with a path that names the codec', () => {
    expect(() => decodeCbor(uint, parseHex('0000'))).toThrow(
      expect.objectContaining({ code: 'CBOR_TRAILING_BYTES', path: ['uint'], data: { offset: 1 } }),
    )
  })

  test('refuses an empty block', () => {
    expect(() => decodeCbor(uint, new Uint8Array())).toThrow(
      expect.objectContaining({ code: 'CBOR_TRUNCATED', path: ['uint'] }),
    )
  })

  test('puts the name of the codec before the path to the place', () => {
    expect(() => decodeCbor(list(list(uint)), parseHex('828081f4'))).toThrow(
      expect.objectContaining({ code: 'CBOR_UNEXPECTED_TYPE', path: ['uint[][]', 1, 0] }),
    )
  })

  test('passes on an error that is not about the data', () => {
    const bug = new TypeError('a bug')
    const broken: Codec<number> = {
      ...uint,
      decode: () => {
        throw bug
      },
    }
    expect(() => decodeCbor(broken, parseHex('00'))).toThrow(bug)
  })
})

describe('mapped', () => {
  const Doubled = mapped(
    'doubled',
    u64,
    (value) => 2n * value,
    (value) => value >> 1n,
  )

  test.prop([anyU64])('writes the wire value and reads the other one', (value) => {
    expect(encodeCbor(Doubled, 2n * value)).toEqual(encodeCbor(u64, value))
    expect(decodeCbor(Doubled, encodeCbor(u64, value))).toBe(2n * value)
  })

  test('goes by its own name in a path', () => {
    expect(() => decodeCbor(Doubled, parseHex('f4'))).toThrow(expect.objectContaining({ path: ['doubled'] }))
  })
})

describe('asMemberOf', () => {
  const Member = asMemberOf<string, string | boolean>(text, (value) => typeof value === 'string')

  test('reads and writes its own member of the union', () => {
    expect(encodeCbor(Member, 'a')).toEqual(parseHex('6161'))
    expect(decodeCbor(Member, parseHex('6161'))).toBe('a')
    expect(Member.name).toBe(text.name)
  })

  test('does not read another member', () => {
    expect(() => decodeCbor(Member, encodeCbor(bool, true))).toThrow(
      expect.objectContaining({ code: 'CBOR_UNEXPECTED_TYPE' }),
    )
  })

  test('takes the writing of another member for a bug and no data error', () => {
    let thrown: unknown
    try {
      encodeCbor(Member, true)
    } catch (error) {
      thrown = error
    }
    expect(thrown).toBeInstanceOf(Error)
    expect(thrown).not.toBeInstanceOf(BaseError)
  })
})

describe('invalidValue', () => {
  test('is a codec error that says which type, why and where', () => {
    const error = invalidValue('Claim', 'a reason', cborReader(parseHex('0000'), 1))
    expect(error).toBeInstanceOf(CodecError)
    expect(error).toMatchObject({
      code: 'INVALID_VALUE',
      data: { name: 'Claim', reason: 'a reason', offset: 1 },
    })
  })
})
