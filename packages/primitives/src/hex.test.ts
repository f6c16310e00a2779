import { Buffer } from 'node:buffer'
import { test } from '@fast-check/vitest'
import { anyBytes } from '@plimsoll/testkit'
import { describe, expect } from 'vitest'
import { formatHex, parseHex } from './hex.ts'

describe('hexadecimal text', () => {
  test.each([
    { text: '', bytes: [] },
    { text: '00', bytes: [0] },
    { text: '0f', bytes: [15] },
    { text: 'f0', bytes: [240] },
    { text: '00ff10', bytes: [0, 255, 16] },
  ])('"$text" stands for $bytes', ({ text, bytes }) => {
    expect(parseHex(text)).toEqual(Uint8Array.from(bytes))
    expect(formatHex(Uint8Array.from(bytes))).toBe(text)
  })

  test('is read in upper, lower and mixed case', () => {
    expect(parseHex('ABcdEf')).toEqual(Uint8Array.of(0xab, 0xcd, 0xef))
  })

  test.prop([anyBytes])('gives the bytes back and is what the platform writes', (bytes) => {
    const text = formatHex(bytes)
    expect(text).toBe(Buffer.from(bytes).toString('hex'))
    expect(parseHex(text)).toEqual(bytes)
  })

  test.each([
    { text: '0', why: 'has an odd number of digits' },
    { text: '0x00', why: 'has a prefix' },
    { text: '0g', why: 'has a digit that is none' },
    { text: 'g0', why: 'begins with a digit that is none' },
    { text: '00 00', why: 'has a space' },
    { text: '00\n', why: 'has a line break' },
    { text: '-1', why: 'has a sign' },
    { text: '1.', why: 'has a point' },
  ])('is refused when it $why', ({ text }) => {
    expect(() => parseHex(text)).toThrow(expect.objectContaining({ code: 'INVALID_HEX', data: { text } }))
  })
})
