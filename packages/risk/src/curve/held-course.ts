import { estimate } from '@plimsoll/actors'
import { type AttoFil, type ChainEpoch, divFloor } from '@plimsoll/primitives'
import { predictProof } from '../plan/predict-proof.ts'
import type { EstimatesAt, PredictedMiner } from '../plan/predict-state.ts'
import { predictTick } from '../plan/predict-tick.ts'
import { feesAt, queueFee } from '../plan/predicted-subject.ts'

/** What a miner has been charged since the beginning of a course, and what it could expect to earn; attoFIL. */
export interface CourseCosts {
  readonly faultFees: AttoFil
  readonly dailyFees: AttoFil
  /** Termination fees of sectors that were queued, or left because their faults were too old. */
  readonly earlyFees: AttoFil
  /** Its share of the network's power in the smoothed reward, rounded down from deadline to deadline. */
  readonly expectedRewards: AttoFil
}

/** A miner that goes on as it does, from epoch to epoch. */
export interface Course {
  /** What it has come to before anything happens in an epoch, which is not before the last one asked for. */
  costsAt(epoch: ChainEpoch): CourseCosts
}

export interface CourseTerms {
  readonly start: ChainEpoch
  readonly estimatesAt: EstimatesAt
  /** A miner that may not win blocks earns nothing. */
  readonly mayWin: boolean
}

/**
 * Lets a miner go on: what is faulty stays so, all else is proven, nothing is committed, no block is won. Money that
 * is owed is paid as far as there is any; what is charged does not depend on it.
 */
export function openCourse(miner: PredictedMiner, terms: CourseTerms): Course {
  const { estimatesAt, mayWin } = terms
  let now = terms.start
  let [faultFees, dailyFees, charged, expectedRewards] = [0n, 0n, 0n, 0n]
  const rewardsUntil = (epoch: ChainEpoch): AttoFil => {
    const { reward, qaPower } = estimatesAt(now)
    const epochs = BigInt(epoch - now)
    return mayWin ? divFloor(miner.claim.qa * epochs * estimate(reward), estimate(qaPower)) : 0n
  }
  const passTick = (epoch: ChainEpoch): void => {
    expectedRewards += rewardsUntil(epoch)
    now = epoch
    if (miner.events.some((event) => event.kind === 'deadline' && event.epoch <= epoch)) {
      predictProof(miner, epoch, () => false)
    }
    const tick = predictTick(miner, epoch, () => estimatesAt(epoch))
    faultFees += tick?.end?.faultFee ?? 0n
    dailyFees += tick?.end?.dailyFee ?? 0n
    charged += (tick?.rounds ?? []).reduce((sum, { fee }) => sum + fee, 0n)
  }
  return {
    costsAt: (epoch) => {
      for (let next = nextTick(miner, now); next < epoch; next = nextTick(miner, now)) {
        passTick(next)
      }
      const queued = queueFee(miner, feesAt(estimatesAt(epoch)))
      return {
        faultFees,
        dailyFees,
        earlyFees: charged + queued,
        expectedRewards: expectedRewards + rewardsUntil(epoch),
      }
    },
  }
}

/** The next epoch in which cron has something to do for the miner. */
function nextTick({ events }: PredictedMiner, now: ChainEpoch): ChainEpoch {
  return Math.max(now, Math.min(...events.map(({ epoch }) => epoch)))
}
