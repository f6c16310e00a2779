import { formatDecimal, parseDecimal } from './decimal.ts'
import { divFloor } from './division.ts'
import type { Quantity } from './identity.ts'

/** An amount of money in attoFIL, 10^-18 FIL; it may be negative. */
export type AttoFil = Quantity<bigint, 'attoFIL'>

export const FIL_DECIMALS = 18
export const ATTO_FIL_PER_FIL = 10n ** 18n

const UNIT_DECIMALS: Readonly<Record<string, number>> = {
  FIL: FIL_DECIMALS,
  nanoFIL: 9,
  attoFIL: 0,
}

/**
 * Reads an amount: `1.5`, `1.5 FIL`, `20 nanoFIL`, `7 attoFIL`. Without a unit it is FIL.
 *
 * @throws {ParseError} `INVALID_DECIMAL`
 */
export function parseFil(text: string): AttoFil {
  const [number = '', unit = 'FIL', ...rest] = text.trim().split(/\s+/)
  const decimals = UNIT_DECIMALS[unit]
  return parseDecimal(decimals === undefined || rest.length > 0 ? text : number, decimals ?? FIL_DECIMALS)
}

/** Writes an amount in FIL with all its decimals: `1.5 FIL`. */
export function formatFil(amount: AttoFil): string {
  return `${formatDecimal(amount, FIL_DECIMALS)} FIL`
}

/**
 * Writes an amount in FIL with a fixed number of decimals and without the unit, for a table column.
 *
 * Rounds down, toward minus infinity, so that no column ever shows more than there is.
 */
export function formatFilRoundedDown(amount: AttoFil, decimals: number): string {
  const scaled = divFloor(amount, 10n ** BigInt(FIL_DECIMALS - decimals))
  const digits = (scaled < 0n ? -scaled : scaled).toString().padStart(decimals + 1, '0')
  const whole = digits.slice(0, digits.length - decimals).replace(/\B(?=(\d{3})+$)/g, ',')
  const fraction = decimals === 0 ? '' : `.${digits.slice(digits.length - decimals)}`
  return `${scaled < 0n ? '-' : ''}${whole}${fraction}`
}
