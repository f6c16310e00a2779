import { ParseError } from './errors.ts'

/**
 * Exact conversion between decimal text and scaled integers; no floating point on the way.
 */

/**
 * Reads `[-]digits[.digits]` as an integer of the unit `10^-decimals`.
 *
 * @throws {ParseError} `INVALID_DECIMAL` when the text is anything else, or has more decimals than the unit.
 */
export function parseDecimal(text: string, decimals: number): bigint {
  const match = /^(-?)(\d{1,64})(?:\.(\d{1,64}))?$/.exec(text)
  const [, sign = '', whole = '', fraction = ''] = match ?? []
  if (match === null || fraction.length > decimals) {
    throw new ParseError('INVALID_DECIMAL', `"${text}" is not a number with at most ${decimals} decimals`, {
      text,
      decimals,
    })
  }
  const magnitude = BigInt(whole + fraction.padEnd(decimals, '0'))
  return sign === '-' ? -magnitude : magnitude
}

/** Writes an integer of the unit `10^-decimals` with every digit that it has and no trailing zeros. */
export function formatDecimal(value: bigint, decimals: number): string {
  const digits = (value < 0n ? -value : value).toString().padStart(decimals + 1, '0')
  const whole = digits.slice(0, digits.length - decimals)
  const fraction = digits.slice(digits.length - decimals).replace(/0+$/, '')
  return (value < 0n ? '-' : '') + whole + (fraction === '' ? '' : `.${fraction}`)
}
