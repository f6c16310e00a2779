import { fc, test } from '@fast-check/vitest'
import { anyBytes } from '@plimsoll/testkit'
import { describe, expect } from 'vitest'
import { formatBase32, parseBase32 } from './base32.ts'

const NOT_BASE32 = expect.objectContaining({ code: 'INVALID_BASE32' })

// RFC 4648, section 10, in lower case and without padding.
const RFC_4648 = [
  { plain: '', encoded: '' },
  { plain: 'f', encoded: 'my' },
  { plain: 'fo', encoded: 'mzxq' },
  { plain: 'foo', encoded: 'mzxw6' },
  { plain: 'foob', encoded: 'mzxw6yq' },
  { plain: 'fooba', encoded: 'mzxw6ytb' },
  { plain: 'foobar', encoded: 'mzxw6ytboi' },
]

describe('base32', () => {
  test.each(RFC_4648)('writes "$plain" as "$encoded" and reads it back', ({ plain, encoded }) => {
    const bytes = new TextEncoder().encode(plain)
    expect(formatBase32(bytes)).toBe(encoded)
    expect(parseBase32(encoded)).toEqual(bytes)
  })

  // The 32 digits in order are the five-bit numbers 0 to 31 one after another.
  test('has the digits a to z and 2 to 7', () => {
    const alphabet = 'abcdefghijklmnopqrstuvwxyz234567'
    const bits = Array.from({ length: 32 }, (_, i) => i.toString(2).padStart(5, '0')).join('')
    const bytes = Uint8Array.from({ length: 20 }, (_, i) => Number.parseInt(bits.slice(8 * i, 8 * i + 8), 2))
    expect(formatBase32(bytes)).toBe(alphabet)
    expect(parseBase32(alphabet)).toEqual(bytes)
  })

  test.prop([anyBytes])('gives the bytes back', (bytes) => {
    const text = formatBase32(bytes)
    expect(text).toHaveLength(Math.ceil((bytes.length * 8) / 5))
    expect(parseBase32(text)).toEqual(bytes)
  })

  test.each([
    { text: 'MY', why: 'is in upper case' },
    { text: 'my======', why: 'has padding' },
    { text: 'm1', why: 'has the digit 1' },
    { text: 'm8', why: 'has the digit 8' },
    { text: 'm0', why: 'has the digit 0' },
    { text: ' my', why: 'has a space' },
    { text: 'my\n', why: 'has a line break' },
    { text: 'm-', why: 'has a digit of base64' },
    { text: 'm\u{1F600}', why: 'has a character beyond 16 bits' },
    // One digit is five bits, less than a byte; three are 15 bits, a byte and seven; six are 30, three and six.
    { text: 'a', why: 'has one digit' },
    { text: 'aaa', why: 'has three digits' },
    { text: 'aaaaaa', why: 'has six digits' },
    // 'f' is 01100 110|00; 'mz' ends in 001.
    { text: 'mz', why: 'has a bit left over that is not zero' },
    { text: 'mzxx', why: 'has four bits left over that are not zero' },
    { text: 'mzxw7', why: 'has one bit left over that is not zero' },
    { text: 'mzxw6yr', why: 'has three bits left over that are not zero' },
  ])('is refused when it $why', ({ text }) => {
    expect(() => parseBase32(text)).toThrow(NOT_BASE32)
  })

  test.prop([fc.stringMatching(/^[a-z2-7]{0,40}$/)])(
    'is either refused or the only text of its bytes',
    (text) => {
      try {
        expect(formatBase32(parseBase32(text))).toBe(text)
      } catch (error) {
        expect(error).toEqual(NOT_BASE32)
      }
    },
  )
})
