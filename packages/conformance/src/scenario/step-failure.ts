import { existsSync } from 'node:fs'
import type { ActorRecord } from '@plimsoll/actors'
import { type Blockstore, linkTo, parseCid } from '@plimsoll/ipld'
import {
  type ActorName,
  type Address,
  formatIdAddress,
  type Hashes,
  parseAddress,
} from '@plimsoll/primitives'
import { describeActor } from '../describe/describe-actor.ts'
import { describedText } from '../describe/described.ts'
import { diffDescribed, type FieldChange } from '../describe/diff-described.ts'
import { loadCar } from '../states/open-state.ts'
import type { Difference } from './difference.ts'
import type { Replay, ReplayedStep } from './replay.ts'
import { type ScenarioFile, statePathOf } from './scenario-file.ts'
import type { RecordedActor } from './scenario-types.ts'
import { stepInWords } from './step-in-words.ts'

/** A step that did not come out as it was recorded, in full. */
export interface StepFailure {
  /** From 0, the header not counted. */
  readonly step: number
  readonly message: string
  /** The reference's own words on how it ended. */
  readonly recordedMessage?: string
  /** Why the step could not be executed at all; `NOT_IMPLEMENTED` where an actor is missing here. */
  readonly error?: { readonly code: string; readonly message: string }
  readonly differences: readonly Difference[]
  readonly actors: readonly ActorDifference[]
}

/** An actor in three states, compared in pairs. Where blocks of the expected one are not known, its CIDs are. */
export interface ActorDifference {
  readonly actor: string
  readonly name: ActorName | undefined
  readonly expectedToActual: readonly FieldChange[]
  readonly beforeToActual: readonly FieldChange[]
  readonly beforeToExpected: readonly FieldChange[]
}

/** Says everything about a step that differs. */
export function explainFailure(replay: Replay, file: ScenarioFile, replayed: ReplayedStep): StepFailure {
  const { index, step, differences, error } = replayed
  return {
    step: index,
    message: stepInWords(replay.vm, step),
    ...(step.t !== 'cron_run' && step.msg !== undefined && { recordedMessage: step.msg }),
    ...(error !== undefined && { error: { code: error.code, message: error.message } }),
    differences,
    // What could not be executed has changed nothing.
    actors: error === undefined ? compareActors(replay, file, replayed) : [],
  }
}

function compareActors(
  replay: Replay,
  file: ScenarioFile,
  { step, executions }: ReplayedStep,
): readonly ActorDifference[] {
  const { vm } = replay
  const changes = new Map(executions.at(-1)?.changes.map((change) => [change.actor, change]))
  const recorded = step.t === 'cron_run' ? undefined : expectedRecords(step.changed, vm.store.hashes)
  const others = otherStates(file, vm.store.hashes)
  return [...new Set([...changes.keys(), ...(recorded?.keys() ?? [])])]
    .map((actor) => {
      const before = changes.has(actor) ? changes.get(actor)?.before : vm.findActor(actor)
      const expected = recorded === undefined ? undefined : (recorded.get(actor) ?? before)
      return compareActor(replay, others, actor, { before, actual: vm.findActor(actor), expected })
    })
    .filter(({ expectedToActual }) => recorded === undefined || expectedToActual.length > 0)
}

interface ThreeRecords {
  readonly before: ActorRecord | undefined
  readonly actual: ActorRecord | undefined
  readonly expected: ActorRecord | undefined
}

function compareActor(
  { vm }: Replay,
  others: Blockstore,
  actor: Address,
  { before, actual, expected }: ThreeRecords,
): ActorDifference {
  const code = (actual ?? expected ?? before)?.code
  const name = code && vm.host.codes.nameOf(code)
  const describe = (record: ActorRecord | undefined, store: Blockstore) =>
    record === undefined ? describedText('no actor') : describeActor(store, name, record)
  const [was, is] = [describe(before, vm.store), describe(actual, vm.store)]
  // What is not expected to change is described from where it is known.
  const wanted = describe(expected, expected === before ? vm.store : others)
  const isKnown = expected !== undefined
  return {
    actor: formatIdAddress(actor),
    name,
    expectedToActual: isKnown ? diffDescribed(wanted, is) : [],
    beforeToActual: diffDescribed(was, is),
    beforeToExpected: isKnown ? diffDescribed(was, wanted) : [],
  }
}

function expectedRecords(
  changed: Readonly<Record<string, RecordedActor | null>>,
  hashes: Hashes,
): ReadonlyMap<Address, ActorRecord> {
  const records = new Map<Address, ActorRecord>()
  for (const [id, record] of Object.entries(changed)) {
    if (record !== null) {
      records.set(parseAddress(`f0${id}`, hashes), actorRecordOf(record, hashes))
    }
  }
  return records
}

function actorRecordOf({ code, head, seq, bal, del }: RecordedActor, hashes: Hashes): ActorRecord {
  return {
    code: parseCid(code),
    head: linkTo(parseCid(head)),
    sequence: BigInt(seq),
    balance: BigInt(bal),
    delegatedAddress: del == null ? null : parseAddress(del, hashes),
  }
}

/** The states that are beside a scenario: what an expected state consists of may be in one of them. */
function otherStates(file: ScenarioFile, hashes: Hashes): Blockstore {
  const stores = (['final', 'genesis'] as const)
    .map((which) => statePathOf(file.path, which))
    .filter((path) => existsSync(path))
    .map((path) => loadCar(path, hashes).store)
  return {
    hashes,
    decoding: 'on demand',
    find: (cid) => firstFound(stores, (store) => store.find(cid)),
    findAt: (bytes, start, end) => firstFound(stores, (store) => store.findAt(bytes, start, end)),
    put: () => {},
  }
}

function firstFound(
  stores: readonly Blockstore[],
  find: (store: Blockstore) => Uint8Array | undefined,
): Uint8Array | undefined {
  for (const store of stores) {
    const block = find(store)
    if (block !== undefined) {
      return block
    }
  }
  return undefined
}
