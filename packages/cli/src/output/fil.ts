import { divCeil, formatFilRoundedDown } from '@plimsoll/primitives'

/** Digits after the point of an amount on a page; JSON has all of them. */
export const FIL_DECIMALS = 4

/** An amount of attoFIL as a page shows it: rounded down, and `n/a` where it is not known. */
export function fil(attoFil: string | bigint | null): string {
  return attoFil === null ? 'n/a' : formatFilRoundedDown(BigInt(attoFil), FIL_DECIMALS)
}

/**
 * A change of an amount, with its sign; its size is rounded down, so that one that is too small to be seen has a sign
 * and zeros.
 */
export function signedFil(attoFil: bigint): string {
  const text = fil(attoFil < 0n ? -attoFil : attoFil)
  return attoFil === 0n ? text : `${attoFil < 0n ? '-' : '+'}${text}`
}

const ATTO_PER_LAST_DECIMAL = 10n ** BigInt(18 - FIL_DECIMALS)

/** What has to be paid, rounded up: less would not do. */
export function filUp(attoFil: string | bigint): string {
  return fil(divCeil(BigInt(attoFil), ATTO_PER_LAST_DECIMAL) * ATTO_PER_LAST_DECIMAL)
}
