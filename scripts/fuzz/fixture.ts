import { gunzipSync, gzipSync } from 'node:zlib'
import { bytes, decodeCbor, encodeCbor, list } from '@plimsoll/ipld'
import type { Hashes } from '@plimsoll/primitives'
import type { Checkpoint } from './checkpoint.ts'
import type { Violation } from './oracles.ts'
import type { ProfileName } from './profile.ts'
import { replay } from './replay.ts'
import type { Failure } from './run.ts'
import { shrink } from './shrink.ts'
import { type Step, type StepJson, stepFromJson, stepToJson } from './step.ts'

/** A sequence that once broke a rule, with the state that it begins with. */
export interface Fixture {
  /** The rule that was broken; of a fixture that is kept, none is any more. */
  readonly rule: string
  readonly profile: ProfileName
  readonly epoch: number
  readonly steps: readonly StepJson[]
  /** The blocks of the state, the root first: a CBOR list of byte strings, compressed, in base64. */
  readonly state: string
}

/** The same failure with as few steps as possible. Undefined when it does not happen again from its checkpoint. */
export function shrinkFailure(hashes: Hashes, failure: Failure): Failure | undefined {
  const { profile, checkpoint, violation } = failure
  const breaksTheRule = (steps: readonly Step[]) =>
    replay(hashes, profile, checkpoint, steps)?.rule === violation.rule
  return breaksTheRule(failure.steps)
    ? { ...failure, steps: shrink(failure.steps, breaksTheRule) }
    : undefined
}

export function fixtureOf(hashes: Hashes, { violation, profile, checkpoint, steps }: Failure): Fixture {
  return {
    rule: violation.rule,
    profile,
    epoch: checkpoint.epoch,
    steps: steps.map((step) => stepToJson(step, hashes)),
    state: gzipSync(encodeCbor(list(bytes), checkpoint.blocks)).toString('base64'),
  }
}

/** Does a fixture's steps once more; says which rule they break. */
export function replayFixture(hashes: Hashes, fixture: Fixture): Violation | undefined {
  const { profile, epoch, state } = fixture
  const blocks = decodeCbor(list(bytes), new Uint8Array(gunzipSync(Buffer.from(state, 'base64'))))
  const checkpoint: Checkpoint = { epoch, blocks }
  const steps = fixture.steps.map((step) => stepFromJson(step, hashes))
  return replay(hashes, profile, checkpoint, steps)
}
