/** Fractional bits of the fixed-point numbers. Source: builtin-actors v18, `runtime/src/builtin/reward/math.rs`. */
export const PRECISION = 128n

/**
 * The value of a polynomial at `x`, coefficients from the highest order down, everything Q.128.
 *
 * Source: builtin-actors v18, `runtime/src/builtin/reward/math.rs`, `poly_val`.
 */
export function polyVal(coefficients: readonly bigint[], x: bigint): bigint {
  let result = 0n
  for (const coefficient of coefficients) {
    result = ((result * x) >> PRECISION) + coefficient
  }
  return result
}
