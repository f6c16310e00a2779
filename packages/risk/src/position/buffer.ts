import {
  CONTINUED_FAULT_PROJECTION_PERIOD,
  dailyProofFeePayable,
  estimate,
  type NetworkEstimates,
  type Policy,
  pledgePenaltyForContinuedFault,
  quantizeUp,
  rewardForPower,
  rewardProjection,
} from '@plimsoll/actors'
import { type AttoFil, type ChainEpoch, EPOCHS_IN_DAY } from '@plimsoll/primitives'
import { AssessError } from '../assess/network-view.ts'
import type { SectorBook } from '../book/sector-book.ts'
import { extrapolated } from './extrapolated.ts'

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

/** What the charges of version 2 are made of. */
export interface SlashingDays {
  readonly deadlines: SectorBook['deadlines']
  /** An epoch with which a proving period of the miner begins. */
  readonly periodStart: ChainEpoch
  readonly policy: Pick<Policy, 'wpostProvingPeriod' | 'wpostChallengeWindow'>
  /** As the state has them, for a message in `estimatedFor`. */
  readonly estimates: NetworkEstimates
  readonly estimatedFor: ChainEpoch
  /** The epoch that the figures are for. */
  readonly assessedEpoch: ChainEpoch
}

/**
 * The buffer of version 2: the charges of so many days, epoch by epoch. From the next end of each deadline on its whole
 * live power is charged as faulty, every proving period, by the estimates extrapolated to that end with their own
 * velocities. Nothing recovers, and nothing leaves: neither what expires nor what is terminated after 42 days.
 *
 * @throws {AssessError} `ESTIMATES_EXHAUSTED` where an extrapolated estimate would not be above zero any more.
 */
export function bufferV2(given: SlashingDays, days: number): AttoFil {
  const { deadlines, periodStart, policy, assessedEpoch } = given
  const { wpostProvingPeriod: unit, wpostChallengeWindow } = policy
  let total = 0n
  for (const [index, { livePower, dailyFee }] of deadlines.entries()) {
    if (livePower.qa === 0n) {
      continue
    }
    const offset = periodStart + (index + 1) * wpostChallengeWindow - 1
    const first = quantizeUp({ unit, offset }, assessedEpoch)
    for (let day = 0; day < days; day++) {
      const estimates = estimatesAt(given, first + day * unit)
      total += pledgePenaltyForContinuedFault(estimates, livePower.qa)
      const dayReward = rewardForPower(rewardProjection(estimates, EPOCHS_IN_DAY), livePower.qa)
      total += dailyProofFeePayable(dailyFee, dayReward)
    }
  }
  return total
}

function estimatesAt({ estimates, estimatedFor }: SlashingDays, epoch: ChainEpoch): NetworkEstimates {
  const moved = extrapolated(estimates, epoch - estimatedFor)
  if (estimate(moved.reward) <= 0n || estimate(moved.qaPower) <= 0n) {
    const message = `extrapolated, reward or power of the network is not above zero at epoch ${epoch}`
    throw new AssessError('ESTIMATES_EXHAUSTED', message, { epoch })
  }
  return moved
}
