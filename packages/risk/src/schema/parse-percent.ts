import { parseDecimal } from '@plimsoll/primitives'
import type { Ratio } from '../power-table/ratio.ts'

const DECIMALS = 18
const HUNDRED = 100n

/**
 * Reads percent, with or without their sign: `8.5`, `8.5 %`.
 *
 * @throws {ParseError} `INVALID_DECIMAL`
 */
export function parsePercent(text: string): Ratio {
  const num = parseDecimal(text.replace(/\s*%\s*$/, ''), DECIMALS)
  return { num, denom: HUNDRED * 10n ** BigInt(DECIMALS) }
}
