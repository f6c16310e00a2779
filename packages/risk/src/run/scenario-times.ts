import { type ChainEpoch, EPOCHS_IN_DAY } from '@plimsoll/primitives'
import type { ScenarioFile, ScenarioStep } from '../scenario/scenario-file.ts'
import { RunError } from './open-run.ts'
import type { Operator } from './operator.ts'

/** The epoch in which a step is taken, in a run from `start` on. */
export function epochOfStep(step: ScenarioStep, start: ChainEpoch): ChainEpoch {
  return step.epoch ?? start + daysToEpochs(step.day ?? 0)
}

/** A step that would never be taken is a mistake, and not a run without it. */
export function requireStepsWithin({ steps, days }: ScenarioFile, start: ChainEpoch): void {
  const end = start + days * EPOCHS_IN_DAY
  for (const [i, step] of steps.entries()) {
    const epoch = epochOfStep(step, start)
    if (epoch < start || epoch >= end) {
      const message = `steps.${i} is at epoch ${epoch}, and the run goes from ${start} to ${end - 1}`
      throw new RunError('STEP_OUTSIDE_RUN', message, { step: i, epoch, start, end })
    }
  }
}

/** What the operators do, in epochs. */
export function operatorOf({ operator }: ScenarioFile, start: ChainEpoch): Operator {
  return typeof operator === 'string'
    ? { kind: operator }
    : { kind: 'recovers', at: start + daysToEpochs(operator.recoversAtDay) }
}

function daysToEpochs(days: number): number {
  return Math.round(days * EPOCHS_IN_DAY)
}
