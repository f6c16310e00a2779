import {
  CONTINUED_FAULT_PROJECTION_PERIOD,
  dailyProofFeePayable,
  type NetworkEstimates,
  rewardForPower,
  rewardProjection,
} from '@plimsoll/actors'
import { type AttoFil, EPOCHS_IN_DAY } from '@plimsoll/primitives'
import type { SectorBook } from '../book/sector-book.ts'

/**
 * What a miner is charged in a day on which all its live sectors are faulty, at constant estimates; attoFIL.
 *
 * Each deadline is charged once a day, at the end of its window, for its own power; so the fees are floored
 * deadline by deadline.
 */
export interface DailySlashing {
  readonly faultFees: AttoFil
  readonly dailyFees: AttoFil
  readonly total: AttoFil
}

export function dailySlashing(book: SectorBook, estimates: NetworkEstimates): DailySlashing {
  const faultProjection = rewardProjection(estimates, CONTINUED_FAULT_PROJECTION_PERIOD)
  const dayProjection = rewardProjection(estimates, EPOCHS_IN_DAY)
  let faultFees = 0n
  let dailyFees = 0n
  for (const { livePower, dailyFee } of book.deadlines) {
    faultFees += rewardForPower(faultProjection, livePower.qa)
    dailyFees += dailyProofFeePayable(dailyFee, rewardForPower(dayProjection, livePower.qa))
  }
  return { faultFees, dailyFees, total: faultFees + dailyFees }
}

/**
 * The buffer of version 1: that many days of {@link dailySlashing}, for the lender's rule that a buffer is to
 * withstand several days of continuous slashing.
 */
export function bufferV1(slashing: DailySlashing, days: number): AttoFil {
  return BigInt(days) * slashing.total
}
