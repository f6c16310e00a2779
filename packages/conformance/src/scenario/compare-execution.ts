import { type Cid, formatCid } from '@plimsoll/ipld'
import { formatActorId, type Hashes, requireActorId } from '@plimsoll/primitives'
import type { ActorChange, Receipt } from '@plimsoll/vm'
import { compareCalls } from './compare-calls.ts'
import { type Difference, difference } from './difference.ts'
import { base64, recordedActor, recordedCall, recordedEvent } from './recorded-form.ts'
import type { MessageStep, RecordedActor, RecordedCall, RecordedEvent } from './scenario-types.ts'

/** One message that was executed, and the state that it left. */
export interface Execution {
  readonly epoch: number
  readonly receipt: Receipt
  readonly root: Cid
  /** Actors whose record is another one, by what it encodes to. */
  readonly changes: readonly ActorChange[]
}

/** Everything in which an execution is not as it was recorded. */
export function compareExecution(
  step: MessageStep,
  { receipt, root, changes }: Execution,
  hashes: Hashes,
): readonly Difference[] {
  const { exitCode, returnData } = receipt
  const differences = [
    difference('exit code', step.exit, withReason(exitCode, step.exit, receipt.error)),
    difference('return value', step.ret, returnData && base64(returnData.data)),
    difference('codec of the return value', step.ret_codec, returnData?.codec ?? null),
    compareCalls(step.trace, recordedCall(receipt.trace, hashes)),
    compareEvents(step.trace, receipt),
    ...compareChanges(step.changed, changes, hashes),
    difference('state root', step.root, formatCid(root)),
  ]
  return differences.filter((found) => found !== undefined)
}

/** The reason beside a code that was not expected. */
function withReason(exitCode: number, expected: number, reason: string | undefined): string {
  return exitCode === expected || reason === undefined ? String(exitCode) : `${exitCode} (${reason})`
}

/** Events stand when no call around them failed. Only the tree is recorded, so their order is not compared here. */
function compareEvents(trace: RecordedCall, { events }: Receipt): Difference | undefined {
  const expected = standingEvents(trace).map((event) => JSON.stringify(event))
  const actual = events.map((event) => JSON.stringify(recordedEvent(event)))
  return difference('events that stand', expected.toSorted().join('\n'), actual.toSorted().join('\n'))
}

function standingEvents({ x, e = [], s = [] }: RecordedCall): readonly RecordedEvent[] {
  return x === 0 ? [...e, ...s.flatMap(standingEvents)] : []
}

function compareChanges(
  recorded: MessageStep['changed'],
  changes: readonly ActorChange[],
  hashes: Hashes,
): readonly (Difference | undefined)[] {
  const actual = new Map(
    changes.map(({ actor, after }) => [String(requireActorId(actor)), recordedActor(after, hashes)]),
  )
  return [...new Set([...Object.keys(recorded), ...actual.keys()])].flatMap((id) =>
    compareActor(
      formatActorId(Number(id) as ReturnType<typeof requireActorId>),
      recorded[id],
      actual.get(id),
    ),
  )
}

function compareActor(
  name: string,
  expected: RecordedActor | null | undefined,
  actual: Required<RecordedActor> | undefined,
): readonly (Difference | undefined)[] {
  if (expected === undefined || expected === null || actual === undefined) {
    return [difference(`${name} changed`, isChanged(expected), actual !== undefined)]
  }
  return [
    difference(`code of ${name}`, expected.code, actual.code),
    difference(`sequence of ${name}`, expected.seq, actual.seq),
    difference(`balance of ${name}`, expected.bal, actual.bal),
    difference(`delegated address of ${name}`, expected.del ?? null, actual.del),
    difference(`state of ${name}`, expected.head, actual.head),
  ]
}

function isChanged(expected: RecordedActor | null | undefined): string {
  return expected === null ? 'removed' : String(expected !== undefined)
}
