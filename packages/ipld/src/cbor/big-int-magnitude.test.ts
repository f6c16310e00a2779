import { fc, test } from '@fast-check/vitest'
import { formatHex, parseHex } from '@plimsoll/primitives'
import { anyBytes, concat } from '@plimsoll/testkit'
import { describe, expect } from 'vitest'
import { readBigIntMagnitude, writeBigIntMagnitude } from './big-int-magnitude.ts'
import { cborWriter, writtenBytes } from './writer.ts'

/** The hexadecimal digits of a number, as many as whole bytes need. */
function hexOf(magnitude: bigint): string {
  const digits = magnitude.toString(16)
  return digits.length % 2 === 0 ? digits : `0${digits}`
}

function written(sign: number, magnitude: bigint): string {
  const writer = cborWriter()
  writeBigIntMagnitude(writer, sign, magnitude)
  return formatHex(writtenBytes(writer))
}

// Numbers are handled in words of 48 bits; a word, and a byte of it, may be zero.
const SIZES = [1, 2, 5, 6, 7, 11, 12, 13, 18, 19, 21, 22]
const positive = fc.oneof(
  fc.bigInt({ min: 1n, max: (1n << 176n) - 1n }),
  fc.tuple(fc.bigInt({ min: 1n, max: 0xffffn }), fc.nat(160)).map(([value, shift]) => value << BigInt(shift)),
)

describe('readBigIntMagnitude', () => {
  test.each(SIZES)('reads the smallest and the largest number of %i bytes', (size) => {
    const smallest = 1n << BigInt(8 * (size - 1))
    const largest = (1n << BigInt(8 * size)) - 1n
    for (const magnitude of [smallest, largest]) {
      expect(readBigIntMagnitude(parseHex(hexOf(magnitude)), 0, size)).toBe(magnitude)
    }
  })

  test.prop([positive, anyBytes, anyBytes])(
    'reads only the bytes between the bounds',
    (magnitude, before, after) => {
      const digits = parseHex(hexOf(magnitude))
      const bytes = concat(before, digits, after)
      expect(readBigIntMagnitude(bytes, before.length, before.length + digits.length)).toBe(magnitude)
    },
  )
})

describe('writeBigIntMagnitude', () => {
  // The length is that of the sign byte and of the magnitude: below 24 it stands in the head itself.
  test.each(SIZES)('writes the smallest and the largest number of %i bytes', (size) => {
    const head = (0x40 | (1 + size)).toString(16)
    const smallest = 1n << BigInt(8 * (size - 1))
    const largest = (1n << BigInt(8 * size)) - 1n
    for (const magnitude of [smallest, largest]) {
      expect(written(0, magnitude)).toBe(`${head}00${hexOf(magnitude)}`)
      expect(written(1, magnitude)).toBe(`${head}01${hexOf(magnitude)}`)
    }
  })

  test('writes a long head for a long number', () => {
    const magnitude = (1n << 1000n) - 1n
    expect(written(0, magnitude)).toBe(`587e00${'ff'.repeat(125)}`)
  })

  test.prop([positive])('writes the magnitude without zeros before it', (magnitude) => {
    const digits = hexOf(magnitude)
    const head = (0x40 | (1 + digits.length / 2)).toString(16)
    expect(written(0, magnitude)).toBe(`${head}00${digits}`)
  })
})
