import { existsSync } from 'node:fs'
import type { Driver, DriverContext } from '../driver.ts'
import { attempt, type NamedOutcome, type Outcome, withFigures } from '../outcome.ts'
import { checkWhole } from '../scenario/check-touched.ts'
import { compareFindings } from '../scenario/compare-findings.ts'
import { renderFailure } from '../scenario/render-failure.ts'
import { type ReplayResult, runReplay } from '../scenario/run-replay.ts'
import { openScenario, statePathOf } from '../scenario/scenario-file.ts'
import { stateCases } from './scenario-states.ts'

/**
 * Scenarios that the reference recorded, under the rules of v18 or with proposals as switches on them, and whole miners
 * that it wound up: every step replayed, and everything that came of it compared.
 */
export const referenceV18: Driver = {
  family: 'reference-v18',
  handles: ({ name }) => /(?<!\.fvm)\.jsonl\.gz$/.test(name),
  *run({ path }, context): Generator<NamedOutcome> {
    const file = openScenario(path)
    yield* stateCases(file, context.hashes)
    yield* replayCases(path, context)
  },
}

function* replayCases(path: string, { hashes }: DriverContext): Generator<NamedOutcome> {
  const file = openScenario(path)
  const result = runReplay(file, hashes)
  const { family, name } = file.header
  yield [`${family}/${name}`, outcomeOf(result)]
  // The invariants of a last state that is beside the file were compared in that state, which has the same root.
  const { end, replay } = result
  if (end !== undefined && !existsSync(statePathOf(path, 'final'))) {
    const outcome = attempt(() => compareFindings(end, checkWhole(replay.vm, end.epoch - 1)))
    yield ['invariants after the replay', outcome]
  }
}

function outcomeOf(result: ReplayResult): Outcome {
  const { header, failure, steps, executions, cpuSeconds, coverage, nestedCoverage } = result
  const name = `${header.family}/${header.name}`
  const figures = { name, steps, executions, cpuSeconds, coverage, nestedCoverage }
  return withFigures(
    failure === undefined
      ? { status: 'passed' }
      : { status: 'failed', difference: indented(`after ${steps} steps: ${renderFailure(failure)}`) },
    figures,
  )
}

/** Lines below a first one, as the summary prints a difference. */
function indented(text: string): string {
  return text.replaceAll('\n', '\n  ')
}
