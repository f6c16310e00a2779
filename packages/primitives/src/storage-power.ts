import { formatDecimal, parseDecimal } from './decimal.ts'
import { divExact, divFloor, modFloor } from './division.ts'
import { ParseError } from './errors.ts'
import type { Quantity } from './identity.ts'

/** Raw or quality-adjusted power in bytes. */
export type StoragePower = Quantity<bigint, 'bytes'>

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB', 'ZiB'] as const

/** Decimals that a text may have: 2^-10 needs ten, so every multiple of a smaller unit can be written. */
const MAX_DECIMALS = 70

/**
 * Reads a power: `32 GiB`, `0.5 TiB`, `34359738368`, `34359738368 B`.
 *
 * @throws {ParseError} `INVALID_DECIMAL`, also for part of a byte, or `INVALID_POWER_UNIT`.
 */
export function parsePower(text: string): StoragePower {
  const [number = '', unit = 'B', ...rest] = text.trim().split(/\s+/)
  const exponent = UNITS.indexOf(unit as (typeof UNITS)[number])
  if (exponent < 0 || rest.length > 0) {
    throw new ParseError('INVALID_POWER_UNIT', `"${text}" is not a power; units are ${UNITS.join(', ')}`, {
      text,
    })
  }
  const scaled = parseDecimal(number, MAX_DECIMALS) << BigInt(10 * exponent)
  const scale = 10n ** BigInt(MAX_DECIMALS)
  if (modFloor(scaled, scale) !== 0n) {
    throw new ParseError('INVALID_DECIMAL', `"${text}" is not a whole number of bytes`, { text })
  }
  return divExact(scaled, scale)
}

/** Writes a power in the largest unit that needs at most three decimals; the text is exact. */
export function formatPower(power: StoragePower): string {
  const magnitude = power < 0n ? -power : power
  for (let exponent = UNITS.length - 1; exponent > 0; exponent--) {
    const unit = 1n << BigInt(10 * exponent)
    if (magnitude >= unit && modFloor(magnitude * 1000n, unit) === 0n) {
      return `${formatDecimal(divExact(power * 1000n, unit), 3)} ${UNITS[exponent]}`
    }
  }
  return `${power} B`
}

/** Writes a power for a table column: in the largest unit that it fills, rounded down to three decimals. */
export function formatPowerRoundedDown(power: StoragePower): string {
  const magnitude = power < 0n ? -power : power
  const exponent = UNITS.findLastIndex((_, index) => magnitude >> BigInt(10 * index) > 0n)
  const unit = Math.max(exponent, 0)
  return `${formatDecimal(divFloor(power * 1000n, 1n << BigInt(10 * unit)), 3)} ${UNITS[unit]}`
}
