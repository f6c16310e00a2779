import type { NetworkEstimates } from '@plimsoll/actors'
import type { ActorId } from '@plimsoll/primitives'
import { drawNetwork, type NetworkShock } from './draw-shock.ts'
import { type DrawnShock, type ForcedTermination, followDays, type StressedCourse } from './follow-days.ts'

/** A miner after a shock. */
export interface StressedOutcome extends StressedCourse {
  /** In which round it broke, from 0; undefined where it did not. */
  readonly round: number | undefined
}

/** Miners that break once those of the rounds before are terminated. */
export interface StressRound {
  readonly terminated: readonly ForcedTermination[]
  /** At the end, with the terminations of the rounds before. */
  readonly estimates: NetworkEstimates
}

export interface ShockOutcome {
  readonly network: NetworkShock
  /** In the order of the portfolio. */
  readonly miners: readonly StressedOutcome[]
  /** Only rounds in which somebody breaks. */
  readonly rounds: readonly StressRound[]
}

/**
 * Follows one draw of a shock: the miners of a portfolio in one network, everybody else with the power that the shock
 * leaves. A miner that breaks is terminated at the end of that day, and the days are followed again without its power
 * from then on; the estimates follow by the filters, the reward by the minting function. That is done until nobody
 * else breaks. A miner stays as it was found in the round in which it broke.
 */
export function runShock(drawn: DrawnShock): ShockOutcome {
  const network = drawNetwork(drawn.shock, drawn.draw)
  const terminated = new Map<ActorId, ForcedTermination>()
  const broken = new Map<ActorId, StressedOutcome>()
  const rounds: StressRound[] = []
  for (;;) {
    const { courses, estimates } = followDays(drawn, network, terminated)
    const forced: ForcedTermination[] = []
    for (const course of courses) {
      const { termination } = course
      if (termination !== undefined) {
        forced.push(termination)
        broken.set(termination.miner, { ...course, round: rounds.length })
      }
    }
    if (forced.length === 0) {
      const outcomeOf = (course: StressedCourse): StressedOutcome =>
        broken.get(course.subject.miner) ?? { ...course, round: undefined }
      return { network, miners: courses.map(outcomeOf), rounds }
    }
    for (const termination of forced) {
      terminated.set(termination.miner, termination)
    }
    rounds.push({ terminated: forced, estimates })
  }
}
