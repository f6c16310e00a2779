import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { formatPower, formatPowerRoundedDown, parsePower } from './storage-power.ts'

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB', 'ZiB']

/** Powers of every unit's size, whole units among them. */
const power = fc
  .tuple(fc.bigInt({ min: -5000n, max: 5000n }), fc.integer({ min: 0, max: 70 }), fc.constantFrom(0n, 0n, 1n))
  .map(([count, shift, extra]) => (count << BigInt(shift)) + extra)

describe('parsePower', () => {
  test.each([
    { text: '32 GiB', bytes: 32n << 30n },
    { text: '0.5 TiB', bytes: 1n << 39n },
    { text: '34359738368', bytes: 32n << 30n },
    { text: '34359738368 B', bytes: 32n << 30n },
    { text: '-1 KiB', bytes: -1024n },
    { text: '0.0009765625 KiB', bytes: 1n },
    { text: '1 ZiB', bytes: 1n << 70n },
    { text: ' 10  TiB ', bytes: 10n << 40n },
  ])('reads "$text" as $bytes bytes', ({ text, bytes }) => {
    expect(parsePower(text)).toBe(bytes)
  })

  test.each(UNITS.map((unit, index) => ({ unit, index })))(
    'takes one $unit for 2^(10 × $index) bytes',
    ({ unit, index }) => {
      expect(parsePower(`1 ${unit}`)).toBe(1024n ** BigInt(index))
    },
  )

  test.each([
    { text: '32 GB', code: 'INVALID_POWER_UNIT', why: 'has a decimal unit' },
    { text: '32 gib', code: 'INVALID_POWER_UNIT', why: 'has the unit in lower case' },
    { text: '32 YiB', code: 'INVALID_POWER_UNIT', why: 'has a unit beyond the last' },
    { text: '1 constructor', code: 'INVALID_POWER_UNIT', why: 'has a property of all objects for a unit' },
    { text: '32 GiB QAP', code: 'INVALID_POWER_UNIT', why: 'has a word too many' },
    { text: '32GiB', code: 'INVALID_DECIMAL', why: 'has no space before the unit' },
    { text: '', code: 'INVALID_DECIMAL', why: 'is empty' },
    { text: 'GiB', code: 'INVALID_DECIMAL', why: 'has no number' },
    { text: '1e3 GiB', code: 'INVALID_DECIMAL', why: 'has an exponent' },
    { text: '1,000 GiB', code: 'INVALID_DECIMAL', why: 'has a separator' },
    // 0.1 × 1024 is 102.4.
    { text: '0.1 KiB', code: 'INVALID_DECIMAL', why: 'is no whole number of bytes' },
    { text: '0.5 B', code: 'INVALID_DECIMAL', why: 'is half a byte' },
  ])('refuses "$text", which $why', ({ text, code }) => {
    expect(() => parsePower(text)).toThrow(expect.objectContaining({ code }))
  })
})

describe('formatPower', () => {
  test.each([
    { bytes: 0n, text: '0 B' },
    { bytes: 1023n, text: '1023 B' },
    { bytes: 1024n, text: '1 KiB' },
    { bytes: 1025n, text: '1025 B' },
    { bytes: 1536n, text: '1.5 KiB' },
    // 1152 / 1024 is 1.125; 1088 / 1024 is 1.0625, a decimal too many.
    { bytes: 1152n, text: '1.125 KiB' },
    { bytes: 1088n, text: '1088 B' },
    { bytes: -(32n << 30n), text: '-32 GiB' },
    { bytes: 1023n << 20n, text: '1023 MiB' },
    { bytes: 1n << 70n, text: '1 ZiB' },
    { bytes: 5000n << 70n, text: '5000 ZiB' },
  ])('writes $bytes bytes as "$text"', ({ bytes, text }) => {
    expect(formatPower(bytes)).toBe(text)
  })

  test.prop([power])('writes a text that reads back as the same power', (bytes) => {
    expect(parsePower(formatPower(bytes))).toBe(bytes)
  })

  test.prop([power])('takes the largest unit that three decimals are enough for', (bytes) => {
    const [number = '', unit = ''] = formatPower(bytes).split(' ')
    expect(number).toMatch(/^-?\d+(\.\d{1,3})?$/)
    const magnitude = bytes < 0n ? -bytes : bytes
    const larger = UNITS.slice(UNITS.indexOf(unit) + 1)
    for (const size of larger.map((name) => 1024n ** BigInt(UNITS.indexOf(name)))) {
      expect(magnitude < size || (magnitude * 1000n) % size !== 0n).toBe(true)
    }
  })
})

describe('formatPowerRoundedDown', () => {
  test.each([
    { bytes: 0n, text: '0 B' },
    { bytes: 1023n, text: '1023 B' },
    { bytes: 1024n, text: '1 KiB' },
    // 1025 / 1024 is 1.0009….
    { bytes: 1025n, text: '1 KiB' },
    { bytes: -1025n, text: '-1.001 KiB' },
    { bytes: (1n << 40n) - 1n, text: '1023.999 GiB' },
    { bytes: 3n << 69n, text: '1.5 ZiB' },
    { bytes: 5n << 80n, text: '5120 ZiB' },
  ])('writes $bytes bytes as "$text"', ({ bytes, text }) => {
    expect(formatPowerRoundedDown(bytes)).toBe(text)
  })

  test.prop([power])('shows no more than there is, by less than a thousandth of its unit', (bytes) => {
    const text = formatPowerRoundedDown(bytes)
    const missing = bytes * 1000n - parseShown(text)
    const unit = 1n << BigInt(10 * UNITS.indexOf(text.split(' ')[1] ?? ''))
    expect(missing >= 0n && missing < unit).toBe(true)
  })
})

/** A thousand times the power that a text shows. */
function parseShown(text: string): bigint {
  const [number = '', unit = ''] = text.split(' ')
  const [whole = '', fraction = ''] = number.split('.')
  return BigInt(whole + fraction.padEnd(3, '0')) << BigInt(10 * UNITS.indexOf(unit))
}
