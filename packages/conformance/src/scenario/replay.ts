import { CBOR_CODEC, StateError } from '@plimsoll/actors'
import { type Blockstore, CodecError, forgetfulBlockstore, formatCid, parseCid } from '@plimsoll/ipld'
import { type Hashes, parseAddress, SYSTEM_ACTOR_ADDR } from '@plimsoll/primitives'
import { type ActorChange, openVm, type Receipt, type Vm } from '@plimsoll/vm'
import { loadCar } from '../states/open-state.ts'
import { compareExecution, type Execution } from './compare-execution.ts'
import { type CoverageCounts, compareCoverage, countCalls, createCoverage } from './coverage.ts'
import { type Difference, difference } from './difference.ts'
import { recordedHost } from './recorded-host.ts'
import { type ScenarioFile, statePathOf } from './scenario-file.ts'
import type { CronRunStep, MessageStep, ScenarioEnd, ScenarioHeader, Step } from './scenario-types.ts'

/** A scenario on its way: the machine that it runs on, and what it has done so far. */
export interface Replay {
  readonly header: ScenarioHeader
  readonly vm: Vm
  readonly coverage: CoverageCounts
  executions: number
}

/** A step that was replayed. */
export interface ReplayedStep {
  /** From 0, the header not counted. */
  readonly index: number
  readonly step: Step
  /** One, or one for each tick; up to the first that differs. */
  readonly executions: readonly Execution[]
  readonly differences: readonly Difference[]
  /** Why the machine could not execute it at all. */
  readonly error?: StateError | CodecError
}

/** What the last line says, compared with what came of the scenario. */
export interface ReplayedEnd {
  readonly end: ScenarioEnd
  readonly differences: readonly Difference[]
}

/** What a machine keeps its blocks in, above those of the state that it begins with. */
export type StoreAbove = (genesis: Blockstore) => Blockstore

/**
 * Opens a machine on the state that a scenario begins with. Unless told otherwise it keeps values in memory and
 * forgets blocks as soon as they are hashed.
 *
 * @throws {CodecError} when the state beside the file is damaged.
 */
export function openReplay(
  file: ScenarioFile,
  hashes: Hashes,
  storeAbove: StoreAbove = forgetfulBlockstore,
): Replay {
  const { header } = file
  const car = loadCar(statePathOf(file.path, 'genesis'), hashes)
  const store = storeAbove(car.store)
  const vm = openVm(store, parseCid(header.genesis_root), recordedHost(header, hashes), header.genesis_epoch)
  return { header, vm, coverage: createCoverage(), executions: 0 }
}

/** Replays the steps of a file one by one. Does not go on after a difference unless asked to. */
export function* replaySteps(replay: Replay, file: ScenarioFile): Generator<ReplayedStep | ReplayedEnd> {
  let index = 0
  for (const line of file.lines) {
    yield line.t === 'end' ? replayEnd(replay, line) : replayStep(replay, line, index)
    index++
  }
}

function replayStep(replay: Replay, step: Step, index: number): ReplayedStep {
  const executions: Execution[] = []
  const differences: Difference[] = []
  try {
    if (step.t === 'cron_run') {
      replayTicks(replay, step, executions, differences)
    } else {
      const execution = execute(replay, step.epoch, () => runMessage(replay.vm, step))
      executions.push(execution)
      differences.push(...compareExecution(step, execution, replay.vm.store.hashes))
    }
    return { index, step, executions, differences }
  } catch (error) {
    if (error instanceof StateError || error instanceof CodecError) {
      return { index, step, executions, differences, error }
    }
    throw error
  }
}

/** Runs the ticks until one gives another root. */
function replayTicks(
  replay: Replay,
  { from_epoch, epochs, roots }: CronRunStep,
  executions: Execution[],
  differences: Difference[],
): void {
  for (const [i, root] of roots.entries()) {
    const epoch = epochs?.[i] ?? from_epoch + i
    const execution = execute(replay, epoch, () => replay.vm.tick())
    const found = difference(
      `state root after tick ${i} of ${roots.length}, at epoch ${epoch}`,
      root,
      formatCid(execution.root),
    )
    executions.push(execution)
    if (found !== undefined) {
      differences.push(found)
      return
    }
  }
}

function execute(replay: Replay, epoch: number, run: () => Receipt): Execution {
  const { vm, coverage } = replay
  vm.epoch = epoch
  const receipt = run()
  const root = vm.root()
  replay.executions++
  countCalls(coverage, vm, receipt.trace)
  return { epoch, receipt, root, changes: receipt.changes.filter(isRealChange) }
}

/** A new state may turn out to be the old one. */
function isRealChange({ before, after }: ActorChange): boolean {
  return (
    before === undefined ||
    before.head.cid !== after.head.cid ||
    before.balance !== after.balance ||
    before.sequence !== after.sequence ||
    before.code !== after.code ||
    before.delegatedAddress !== after.delegatedAddress
  )
}

function runMessage(vm: Vm, step: MessageStep): Receipt {
  const { hashes } = vm.store
  const from = parseAddress(step.from, hashes)
  const message = {
    to: parseAddress(step.to, hashes),
    value: BigInt(step.value),
    method: step.method,
    params: step.params === null ? null : { codec: step.codec ?? CBOR_CODEC, data: bytesOf(step.params) },
  }
  return step.t !== 'msg' && from === SYSTEM_ACTOR_ADDR
    ? vm.applyImplicitMessage(message)
    : vm.applyMessage({ ...message, from })
}

/** A copy, since buffers share their memory. */
function bytesOf(base64: string): Uint8Array {
  return new Uint8Array(Buffer.from(base64, 'base64'))
}

function replayEnd({ vm, coverage, executions }: Replay, end: ScenarioEnd): ReplayedEnd {
  const differences = [
    difference('state root at the end', end.root, formatCid(vm.root())),
    difference('executions', end.executed, executions),
    ...compareCoverage('coverage', end.coverage, coverage.topLevel),
    ...compareCoverage('coverage of nested calls', end.coverage_nested, coverage.nested),
  ]
  return { end, differences: differences.filter((found) => found !== undefined) }
}
