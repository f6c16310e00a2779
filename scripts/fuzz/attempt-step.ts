import { StateError } from '@plimsoll/actors'
import { formatCid } from '@plimsoll/ipld'
import type { Receipt, Vm } from '@plimsoll/vm'
import { type Violation, violationOf } from './oracles.ts'
import { applyStep, type Step } from './step.ts'

/** What came of a step: a receipt, or one of the refusals that docs/limits.md names, or a rule that was broken. */
export type Outcome =
  | { readonly receipt: Receipt }
  | { readonly refusal: string }
  | { readonly violation: Violation }

/** What the machine may refuse to execute at all: numbers that our states cannot hold, and the actors that are not there. */
const REFUSALS = ['NUMBER_TOO_LARGE', 'NOT_IMPLEMENTED']

/** Does a step and checks it. No exception ever gets out of here. */
export function attemptStep(vm: Vm, step: Step): Outcome {
  try {
    const receipt = applyStep(vm, step)
    const violation = violationOf(step, receipt)
    return violation === undefined ? { receipt } : { violation }
  } catch (error) {
    if (error instanceof StateError && REFUSALS.includes(error.code)) {
      return { refusal: error.code }
    }
    return { violation: { rule: `exception ${nameOf(error)}`, details: stackOf(error) } }
  }
}

/** Two outcomes in a form in which they are the same or are not. */
export function comparable(outcome: Outcome): string {
  if (!('receipt' in outcome)) {
    return JSON.stringify(outcome)
  }
  const { exitCode, returnData, events, error, changes } = outcome.receipt
  return JSON.stringify(
    {
      exitCode,
      returnData,
      events,
      error,
      // Whether a new state is the old one after all shows in the root, which is compared as well.
      changes: changes
        .filter(
          ({ before, after }) => before?.balance !== after.balance || before.sequence !== after.sequence,
        )
        .map(({ actor, after }) => [actor, after.balance, after.sequence, after.code]),
    },
    plain,
  )
}

function plain(_: string, value: unknown): unknown {
  if (value instanceof Uint8Array) {
    return Buffer.from(value).toString('hex')
  }
  return typeof value === 'bigint' ? String(value) : value
}

/** The class of an error and its message without numbers, so that the same defect has the same name. */
function nameOf(error: unknown): string {
  return error instanceof Error
    ? `${error.name}: ${error.message.replace(/\d+/g, '#').slice(0, 120)}`
    : String(error)
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}

export function rootText(vm: Vm): string {
  return formatCid(vm.root())
}
