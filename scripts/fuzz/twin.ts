import { type Blockstore, writeBackBlockstore } from '@plimsoll/ipld'
import type { Hashes } from '@plimsoll/primitives'
import type { Vm } from '@plimsoll/vm'
import { attemptStep, comparable, type Outcome, rootText } from './attempt-step.ts'
import { type Checkpoint, openCheckpoint } from './checkpoint.ts'
import type { Violation } from './oracles.ts'
import type { ProfileName } from './profile.ts'
import type { Step } from './step.ts'

const asBlocks = (store: Blockstore): Blockstore => store

/**
 * A second machine on a state that was encoded and read again, which keeps every value as a block. It has to come
 * to the same as the first one, which keeps values in memory for as long as it can.
 */
export function openTwin(hashes: Hashes, profile: ProfileName, checkpoint: Checkpoint): Vm {
  return openCheckpoint(hashes, profile, checkpoint, asBlocks)
}

/** A machine as the first one is, on such a state. */
export function reopen(hashes: Hashes, profile: ProfileName, checkpoint: Checkpoint): Vm {
  return openCheckpoint(hashes, profile, checkpoint, writeBackBlockstore)
}

/** Does with the twin what was done with the first machine; says how they differ. */
export function twinViolation(twin: Vm, step: Step, outcome: Outcome): Violation | undefined {
  const own = comparable(attemptStep(twin, step))
  const expected = comparable(outcome)
  return own === expected
    ? undefined
    : {
        rule: 'the same after encoding',
        details: `${step.kind}: ${expected.slice(0, 600)} / ${own.slice(0, 600)}`,
      }
}

export function rootViolation(vm: Vm, twin: Vm): Violation | undefined {
  const [own, others] = [rootText(vm), rootText(twin)]
  return own === others ? undefined : { rule: 'the same root after encoding', details: `${own} / ${others}` }
}
