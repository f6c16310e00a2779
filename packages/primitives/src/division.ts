import { ParseError } from './errors.ts'

/**
 * Integer division as the reference writes it. JavaScript's `/` on bigints truncates, the reference's money
 * code floors; layers 0 to 3 therefore never divide bigints except through these functions.
 */

/** Rounds toward minus infinity. Source: num-integer `Integer::div_floor`. */
export function divFloor(dividend: bigint, divisor: bigint): bigint {
  const quotient = dividend / divisor
  return hasRemainderOfOppositeSign(dividend, divisor, quotient) ? quotient - 1n : quotient
}

/** Rounds toward plus infinity. Source: num-integer `Integer::div_ceil`. */
export function divCeil(dividend: bigint, divisor: bigint): bigint {
  return -divFloor(-dividend, divisor)
}

/** Rounds toward zero. Source: Rust's `/` on integers. */
export function divTrunc(dividend: bigint, divisor: bigint): bigint {
  return dividend / divisor
}

/**
 * Divides where no remainder may be left.
 *
 * @throws {ParseError} `DIVISION_NOT_EXACT`
 */
export function divExact(dividend: bigint, divisor: bigint): bigint {
  const quotient = dividend / divisor
  if (quotient * divisor !== dividend) {
    throw new ParseError('DIVISION_NOT_EXACT', `${dividend} is not a multiple of ${divisor}`, {
      dividend,
      divisor,
    })
  }
  return quotient
}

/** The remainder of {@link divFloor}: it has the sign of the divisor. */
export function modFloor(dividend: bigint, divisor: bigint): bigint {
  return dividend - divFloor(dividend, divisor) * divisor
}

export function minBigInt(a: bigint, b: bigint): bigint {
  return a < b ? a : b
}

export function maxBigInt(a: bigint, b: bigint): bigint {
  return a > b ? a : b
}

function hasRemainderOfOppositeSign(dividend: bigint, divisor: bigint, quotient: bigint): boolean {
  return dividend < 0n !== divisor < 0n && quotient * divisor !== dividend
}
