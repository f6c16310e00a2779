import type { FieldChange } from '../describe/diff-described.ts'
import type { Difference } from './difference.ts'
import type { ActorDifference, StepFailure } from './step-failure.ts'

/** Characters of a value that are shown; of longer ones the two ends. */
const MAX_VALUE_CHARACTERS = 400

/** A failure as lines for people. The first says in which step and what was tried. */
export function renderFailure(failure: StepFailure): string {
  const { step, message, recordedMessage, error, differences, actors } = failure
  const lines = [`step ${step}, ${message}`]
  if (error !== undefined) {
    lines.unshift(
      error.code === 'NOT_IMPLEMENTED'
        ? `not implemented: ${error.message}`
        : `cannot be executed: ${error.code}: ${error.message}`,
    )
  }
  if (recordedMessage !== undefined) {
    lines.push(`  the reference says: ${recordedMessage}`)
  }
  lines.push(...differences.flatMap(renderDifference), ...actors.flatMap(renderActor))
  return lines.join('\n')
}

export function renderDifference({ what, expected, actual }: Difference): readonly string[] {
  return [`${what}`, `  expected ${shortened(expected)}`, `  actual   ${shortened(actual)}`]
}

function renderActor(difference: ActorDifference): readonly string[] {
  const { actor, name, expectedToActual, beforeToActual, beforeToExpected } = difference
  return [
    `${actor} ${name ?? 'of unknown code'}`,
    ...renderChanges('expected → actual', expectedToActual),
    ...renderChanges('before → actual', beforeToActual),
    ...renderChanges('before → expected', beforeToExpected),
  ]
}

function renderChanges(title: string, changes: readonly FieldChange[]): readonly string[] {
  return changes.length === 0 ? [] : [`  ${title}`, ...changes.map((change) => `    ${formatChange(change)}`)]
}

/** A change on one line: `state.feeDebt: 0 → 12`. */
export function formatChange({ path, before, after }: FieldChange): string {
  const [left, right] = [before ?? 'absent', after ?? 'absent']
  return `${path === '' ? 'actor' : path}: ${shortened(left)} → ${shortened(right)}`
}

export function shortened(text: string): string {
  if (text.length <= MAX_VALUE_CHARACTERS) {
    return text
  }
  const half = MAX_VALUE_CHARACTERS / 2
  return `${text.slice(0, half)} … ${text.slice(-half)} (${text.length} characters)`
}
