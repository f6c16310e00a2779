import type { AttoFil, ChainEpoch } from '@plimsoll/primitives'
import { PlanError } from '../../plan/load-predicted-miner.ts'
import { epochOfStep, operatorOf, requireStepsWithin } from '../../run/scenario-times.ts'
import type { ScenarioFile, ScenarioStep } from '../../scenario/scenario-file.ts'
import type { MoneyMove, PathInputs } from './path-inputs.ts'

/**
 * What a scenario of one miner is to a closed form, for a run from `start` on. Steps and rewards are taken to be that
 * miner's.
 *
 * @throws {PlanError} `STEP_NOT_PREDICTABLE` for a step that closed formulas do not follow: it takes a run.
 * @throws {RunError} `STEP_OUTSIDE_RUN`
 */
export function scenarioPath(
  scenario: ScenarioFile,
  start: ChainEpoch,
): Pick<PathInputs, 'start' | 'days' | 'operator' | 'isLost' | 'moves' | 'rewardOfDay'> {
  requireStepsWithin(scenario, start)
  const steps = scenario.steps.map((step) => ({ step, epoch: epochOfStep(step, start) }))
  return {
    start,
    days: scenario.days,
    operator: operatorOf(scenario, start),
    rewardOfDay: () => rewardPerDay(scenario),
    moves: steps.flatMap(({ step, epoch }) => moveOf(step, epoch)),
    isLost: (sector, epoch) => {
      // The later step decides; in one epoch the one that is later in the file.
      const last = steps
        .filter((at) => at.epoch <= epoch && isAboutProofOf(at.step, sector))
        .toSorted((a, b) => a.epoch - b.epoch)
        .at(-1)
      return last?.step.do === 'lose'
    },
  }
}

/** What the miner of a scenario is expected to win at the end of each day; attoFIL. */
export function rewardPerDay({ rewards }: ScenarioFile): AttoFil {
  return rewards.reduce((sum, { perDay }) => sum + perDay, 0n)
}

function moveOf(step: ScenarioStep, epoch: ChainEpoch): readonly MoneyMove[] {
  switch (step.do) {
    case 'topUp':
    case 'withdraw':
      return [{ kind: step.do, epoch, amount: step.amount }]
    case 'repayDebt':
      return [{ kind: 'repayDebt', epoch }]
    case 'lose':
    case 'regain':
      return []
    case 'commit':
    case 'extend':
    case 'recover':
    case 'terminate':
    case 'windUp':
      throw new PlanError('STEP_NOT_PREDICTABLE', `a closed form does not follow the step "${step.do}"`, {
        step: step.do,
      })
  }
}

function isAboutProofOf(step: ScenarioStep, sector: number): boolean {
  return (
    (step.do === 'lose' || step.do === 'regain') && (step.sectors === 'all' || step.sectors.includes(sector))
  )
}
