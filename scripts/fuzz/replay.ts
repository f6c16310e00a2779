import type { Hashes } from '@plimsoll/primitives'
import type { Receipt, Vm } from '@plimsoll/vm'
import { attemptStep } from './attempt-step.ts'
import type { Checkpoint } from './checkpoint.ts'
import {
  type Touched,
  totalBalanceOf,
  touch,
  touchedViolation,
  type Violation,
  wholeViolation,
} from './oracles.ts'
import type { ProfileName } from './profile.ts'
import type { Step } from './step.ts'
import { openTwin, reopen, rootViolation, twinViolation } from './twin.ts'

/** Does steps once more from a state that was taken down, on both kinds of machines, and checks everything. */
export function replay(
  hashes: Hashes,
  profile: ProfileName,
  checkpoint: Checkpoint,
  steps: readonly Step[],
): Violation | undefined {
  const vm = reopen(hashes, profile, checkpoint)
  const twin = openTwin(hashes, profile, checkpoint)
  const totalBalance = totalBalanceOf(vm)
  for (const step of steps) {
    const outcome = attemptStep(vm, step)
    const violation = 'violation' in outcome ? outcome.violation : twinViolation(twin, step, outcome)
    const broken =
      'receipt' in outcome && step.kind !== 'impersonation' ? brokenBy(vm, outcome.receipt) : undefined
    if (violation !== undefined || broken !== undefined) {
      return violation ?? broken
    }
  }
  return rootViolation(vm, twin) ?? wholeViolation(vm, totalBalance)
}

function brokenBy(vm: Vm, receipt: Receipt): Violation | undefined {
  const touched: Touched = new Map()
  touch(touched, receipt)
  return touchedViolation(vm, touched)
}
