import type { ActorEvent } from '@plimsoll/actors'
import { decodeCbor, ipldValue } from '@plimsoll/ipld'
import {
  type ActorName,
  type AttoFil,
  BaseError,
  formatAddress,
  formatExitCode,
  formatHex,
  formatIdAddress,
} from '@plimsoll/primitives'
import type { ActorChange, CallTrace, EmittedEvent, Vm } from '@plimsoll/vm'
import { describeActor } from '../describe/describe-actor.ts'
import { describeValue } from '../describe/describe-value.ts'
import { describedText, formatDescribed } from '../describe/described.ts'
import { diffDescribed, type FieldChange } from '../describe/diff-described.ts'
import { methodName } from './coverage.ts'
import type { Replay, ReplayedStep } from './replay.ts'
import { actorNameOf, formatBlock, stepInWords } from './step-in-words.ts'

/** One step as people look at it: everything decoded, with names. */
export interface StepView {
  readonly step: number
  readonly message: string
  /** More than one in a run of ticks, of which the last is shown. */
  readonly executions: number
  readonly exitCode: string
  readonly error?: string
  readonly returns?: string
  /** Absent where the machine could not execute the step. */
  readonly call?: CallView
  /** Those that stand, in order. */
  readonly events: readonly EventView[]
  /** Every actor that the step changed, from before it to after it. */
  readonly changes: readonly ActorView[]
}

export interface CallView {
  readonly from: string
  readonly to: string
  /** As `storagepower.CreateMiner(2)`. */
  readonly method: string
  readonly value: AttoFil
  readonly params?: string
  readonly exitCode: string
  /** Why the call did not start. */
  readonly errorNumber?: number
  readonly returns?: string
  readonly events: readonly EventView[]
  readonly calls: readonly CallView[]
}

export interface EventView {
  readonly emitter: string
  readonly entries: readonly (readonly [key: string, value: string])[]
}

export interface ActorView {
  readonly actor: string
  readonly name: ActorName | undefined
  readonly changes: readonly FieldChange[]
}

/** Shows a step that was just replayed; the machine stands after it. */
export function viewStep({ vm }: Replay, { index, step, executions, error }: ReplayedStep): StepView {
  const last = executions.at(-1)
  const view = {
    step: index,
    message: stepInWords(vm, step),
    executions: executions.length,
    events: (last?.receipt.events ?? []).map((event) => viewEvent(vm, event)),
    changes: mergeChanges(executions.flatMap(({ changes }) => changes)).map((change) =>
      viewChange(vm, change),
    ),
  }
  if (last === undefined) {
    return { ...view, exitCode: 'none', ...(error !== undefined && { error: error.message }) }
  }
  const { receipt } = last
  const call = viewCall(vm, receipt.trace)
  return {
    ...view,
    exitCode: call.exitCode,
    ...(receipt.error !== undefined && { error: receipt.error }),
    ...(call.returns !== undefined && { returns: call.returns }),
    call,
  }
}

function viewCall(vm: Vm, trace: CallTrace): CallView {
  const { from, to, method, value, params, returnData, exitCode, errorNumber, events, calls } = trace
  const callee = actorNameOf(vm, to)
  return {
    from: formatIdAddress(from),
    to: formatAddress(to, vm.store.hashes),
    method: methodName(vm, to, method),
    value,
    ...(params !== null && { params: formatBlock(vm, callee, method, 'params', params) }),
    exitCode: namedExitCode(exitCode),
    ...(errorNumber !== undefined && { errorNumber }),
    ...(returnData !== null && { returns: formatBlock(vm, callee, method, 'returns', returnData) }),
    events: events.map((event) => viewEvent(vm, event)),
    calls: calls.map((call) => viewCall(vm, call)),
  }
}

/** A code with its name: `16 USR_ILLEGAL_ARGUMENT`. */
function namedExitCode(exitCode: number): string {
  const name = formatExitCode(exitCode)
  return name.endsWith(String(exitCode)) ? String(exitCode) : `${exitCode} ${name}`
}

function viewEvent(vm: Vm, { emitter, event }: EmittedEvent): EventView {
  const entries = event.map((entry) => [entry.key, formatEventValue(vm, entry)] as const)
  return { emitter: formatIdAddress(emitter), entries }
}

function formatEventValue(vm: Vm, { value }: ActorEvent[number]): string {
  try {
    return formatDescribed(describeValue(vm.store, decodeCbor(ipldValue, value)))
  } catch (error) {
    if (error instanceof BaseError) {
      return `0x${formatHex(value)}`
    }
    throw error
  }
}

/** Several changes of an actor as one. */
function mergeChanges(changes: readonly ActorChange[]): readonly ActorChange[] {
  const merged = new Map<string, ActorChange>()
  for (const change of changes) {
    const { before } = merged.get(change.actor) ?? change
    merged.set(change.actor, { ...change, before })
  }
  return [...merged.values()]
}

function viewChange(vm: Vm, { actor, before, after }: ActorChange): ActorView {
  const name = vm.host.codes.nameOf(after.code)
  const was = before === undefined ? describedText('no actor') : describeActor(vm.store, name, before)
  const changes = diffDescribed(was, describeActor(vm.store, name, after))
  return { actor: formatIdAddress(actor), name, changes }
}
