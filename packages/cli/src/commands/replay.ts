import {
  type ReplayResult,
  renderFailure,
  runReplay,
  type ScenarioFile,
  type StepView,
  viewStep,
} from '@plimsoll/conformance'
import { createHashes, type Hashes } from '@plimsoll/primitives'
import { ExitStatus, UsageError } from '../errors.ts'
import { renderJson } from '../output/json.ts'
import { createProgress } from '../output/progress.ts'
import { renderStepPage } from '../output/step-page.ts'
import { bold } from '../output/table.ts'
import { withScenario } from '../snapshot/open-scenario.ts'
import type { Terminal } from '../terminal.ts'

export interface ReplayCommandOptions {
  /** The last step to replay, from 0. */
  readonly until?: number
  /** The step to print. */
  readonly show?: number
  readonly invariants?: boolean
  readonly json?: boolean
}

/** `replay`: executes a recorded scenario and compares it, step by step. Exits with 1 at the first difference. */
export async function replay(
  path: string,
  options: ReplayCommandOptions,
  terminal: Terminal,
): Promise<ExitStatus> {
  const hashes = await createHashes()
  return withScenario(path, (file) => {
    requireSteps(file, options)
    const { result, view } = run(file, hashes, options, terminal)
    terminal.writeOut(
      options.json ? renderJson(jsonOf(file, result, view)) : render(terminal, file, result, view),
    )
    return result.failure === undefined ? ExitStatus.OK : ExitStatus.FINDINGS
  })
}

/** @throws {UsageError} `STEP_NOT_FOUND`, `OPTIONS_CONTRADICT` */
function requireSteps({ stepCount }: ScenarioFile, { until, show }: ReplayCommandOptions): void {
  if (show !== undefined && show >= stepCount) {
    throw new UsageError('STEP_NOT_FOUND', `there is no step ${show}: the last one is ${stepCount - 1}`, {
      show,
    })
  }
  if (show !== undefined && until !== undefined && until < show) {
    throw new UsageError(
      'OPTIONS_CONTRADICT',
      `--until ${until} stops before the step that --show ${show} asks for`,
    )
  }
}

interface Run {
  readonly result: ReplayResult
  readonly view: StepView | undefined
}

function run(file: ScenarioFile, hashes: Hashes, options: ReplayCommandOptions, terminal: Terminal): Run {
  const { show, until = show } = options
  const progress = createProgress(terminal, 'replaying')
  let view: StepView | undefined
  try {
    const result = runReplay(file, hashes, {
      ...(until !== undefined && { until }),
      checksInvariants: options.invariants ?? false,
      onStep: (replayed, machine) => {
        progress.update(replayed.index, file.stepCount)
        if (replayed.index === show) {
          view = viewStep(machine, replayed)
        }
      },
    })
    return { result, view }
  } finally {
    progress.end()
  }
}

function jsonOf(file: ScenarioFile, result: ReplayResult, view: StepView | undefined) {
  const { header, steps, executions, cpuSeconds, failure, end, findings } = result
  return {
    format: 1,
    scenario: `${header.family}/${header.name}`,
    stepCount: file.stepCount,
    passedSteps: steps,
    isWhole: end !== undefined,
    executions,
    cpuSeconds,
    failure: failure ?? null,
    findings,
    ...(view !== undefined && { step: view }),
  }
}

function render(
  terminal: Terminal,
  file: ScenarioFile,
  result: ReplayResult,
  view: StepView | undefined,
): string {
  const { header, failure, findings } = result
  const lines = [bold(terminal, `${header.family}/${header.name}`), header.description ?? '', '']
  if (view !== undefined) {
    lines.push(renderStepPage(terminal, view))
  }
  if (failure !== undefined) {
    lines.push(renderFailure(failure), '')
  }
  if (findings.length > 0) {
    lines.push(
      'invariants that are broken for the first time after a step',
      ...findings.map(({ step, kind, place, message }) => `  step ${step}: ${kind}: ${place}: ${message}`),
      '',
    )
  }
  lines.push(verdict(file, result))
  return `${lines.join('\n')}\n`
}

/** The last line: how far the scenario came out as it was recorded. */
function verdict(
  { stepCount }: ScenarioFile,
  { steps, executions, cpuSeconds, failure, end }: ReplayResult,
): string {
  const figures = `${executions} executions in ${cpuSeconds.toFixed(2)} s of CPU`
  if (failure !== undefined) {
    const what = failure.error === undefined ? 'differs' : 'cannot be executed'
    const where = steps === stepCount ? 'the end' : `step ${failure.step}`
    return `${steps} of ${stepCount} steps passed, ${where} ${what} (${figures})`
  }
  return end === undefined
    ? `${steps} of ${stepCount} steps passed (${figures})`
    : `all ${steps} steps passed (${figures})`
}
