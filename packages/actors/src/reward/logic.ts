import type { StoragePower } from '@plimsoll/primitives'
import { PRECISION } from '../smooth/math.ts'

/** Growth of the baseline in one epoch, Q.128: doubling in a year. Source: builtin-actors v18, `actors/reward/src/logic.rs`. */
const BASELINE_EXPONENT = 340282591298641078465964189926313473653n

/** The baseline of the epoch after. Source: the same file, `baseline_power_from_prev`. */
export function baselinePowerFromPrev(previous: StoragePower): StoragePower {
  return (previous * BASELINE_EXPONENT) >> PRECISION
}
