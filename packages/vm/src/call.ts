import {
  ActorError,
  ErrorNumber,
  type IpldBlock,
  invokeMethod,
  METHOD_SEND,
  type MethodNum,
  StateError,
} from '@plimsoll/actors'
import { CodecError, formatCid, MissingBlockError } from '@plimsoll/ipld'
import { type Address, type AttoFil, ExitCode, formatIdAddress } from '@plimsoll/primitives'
import { Invocation } from './invocation.ts'
import type { CallTrace } from './message.ts'
import { type CallRequest, charge, type MessageContext } from './message-context.ts'
import { findActor, resolveAddress, resolveOrCreate } from './resolve.ts'

/** How a call ended, with everything that came of it. */
export interface CallOutcome {
  readonly trace: CallTrace
  readonly error?: string
}

/** Why a call cannot start: what the caller sees, and the exit code of a message that fails so. */
interface Refusal {
  readonly errorNumber: ErrorNumber
  readonly exitCode: number
  readonly reason: string
}

const REFUSALS = {
  negativeValue: {
    errorNumber: ErrorNumber.ILLEGAL_ARGUMENT,
    exitCode: ExitCode.SYS_ASSERTION_FAILED,
    reason: 'a negative value cannot be sent',
  },
  insufficientFunds: {
    errorNumber: ErrorNumber.INSUFFICIENT_FUNDS,
    exitCode: ExitCode.SYS_INSUFFICIENT_FUNDS,
    reason: 'the balance is less than the value',
  },
  readOnly: {
    errorNumber: ErrorNumber.READ_ONLY,
    exitCode: ExitCode.USR_READ_ONLY,
    reason: 'a call that may only read cannot send a value or make an actor',
  },
  noReceiver: {
    errorNumber: ErrorNumber.NOT_FOUND,
    exitCode: ExitCode.SYS_INVALID_RECEIVER,
    reason: 'there is no receiver, and none can be made',
  },
} as const satisfies Record<string, Refusal>

/**
 * Moves the value and runs the method. A call that fails leaves nothing of what it or its calls changed.
 *
 * Source: ref-fvm `fvm/src/call_manager/default.rs`, `send_unchecked` and `send_resolved`.
 *
 * @throws {MissingBlockError} `MISSING_BLOCK` when the state that the machine was given is incomplete.
 * @throws {StateError} `UNKNOWN_ACTOR_CODE`, `NOT_IMPLEMENTED`
 */
export function call(context: MessageContext, request: CallRequest): CallOutcome {
  charge(context, 'call')
  const mark = context.actors.mark()
  const eventCount = context.events.length
  const calls: CallTrace[] = []
  const refusal = refusalOf(context, request)
  if (refusal !== undefined) {
    return refused(context, request, refusal)
  }
  const resolution = resolveOrCreate(context, request, calls)
  if ('refusal' in resolution) {
    return refused(context, request, REFUSALS[resolution.refusal])
  }
  const { receiver } = resolution
  transfer(context, request.from, receiver, request.value)
  const invocation = new Invocation(context, request, receiver, (nested) => {
    const { trace } = call(context, nested)
    calls.push(trace)
    return trace
  })
  const outcome = run(context, request, receiver, invocation)
  if (outcome.exitCode !== ExitCode.OK) {
    context.actors.revertTo(mark)
    context.events.length = eventCount
  }
  const { from, value, method, params } = request
  const { exitCode, returnData, error } = outcome
  const to = shownReceiver(context, request)
  const trace = { from, to, value, method, params, exitCode, returnData, events: invocation.events, calls }
  return error === undefined ? { trace } : { trace, error }
}

interface RunOutcome {
  readonly exitCode: number
  readonly returnData: IpldBlock | null
  readonly error?: string
}

function run(
  context: MessageContext,
  { method, params }: CallRequest,
  receiver: Address,
  invocation: Invocation,
): RunOutcome {
  if (method === METHOD_SEND) {
    return { exitCode: ExitCode.OK, returnData: null }
  }
  try {
    const returnData = invokeCode(context, receiver, invocation, method, params)
    return { exitCode: ExitCode.OK, returnData }
  } catch (error) {
    return outcomeOf(context, error, receiver)
  }
}

/** What an error makes of a call. What is no actor's failure is passed on. */
function outcomeOf(context: MessageContext, error: unknown, receiver: Address): RunOutcome {
  if (error instanceof ActorError) {
    return { exitCode: error.exitCode, returnData: error.returnData, error: error.message }
  }
  if (error instanceof MissingBlockError) {
    // The innermost call is the one whose state is incomplete.
    if (context.locatedError !== error) {
      context.locatedError = error
      error.path.unshift(formatIdAddress(receiver))
    }
    throw error
  }
  if (error instanceof CodecError) {
    // A block of the state that its type does not allow: `downcast_default(USR_ILLEGAL_STATE)` of the reference.
    return { exitCode: ExitCode.USR_ILLEGAL_STATE, returnData: null, error: error.message }
  }
  throw error
}

function invokeCode(
  context: MessageContext,
  receiver: Address,
  invocation: Invocation,
  method: MethodNum,
  params: IpldBlock | null,
): IpldBlock | null {
  const { code } = findActor(context, receiver)
  const name = context.host.codes.nameOf(code)
  if (name === undefined) {
    throw new StateError(
      'UNKNOWN_ACTOR_CODE',
      `${formatIdAddress(receiver)} runs code that is no built-in actor's`,
      {
        actor: formatIdAddress(receiver),
        code: formatCid(code),
      },
    )
  }
  if (name === 'placeholder') {
    return callPlaceholder(context, method)
  }
  const actor = context.builtins[name]
  if (actor === undefined) {
    throw new StateError(
      'NOT_IMPLEMENTED',
      `${formatIdAddress(receiver)}: the actor ${name} is not implemented`,
      {
        actor: formatIdAddress(receiver),
        name,
        method: String(method),
      },
    )
  }
  const result = invokeMethod(actor, invocation, method, params)
  invocation.requireValidatedCaller()
  return result
}

/** An address that nobody has taken up yet. Source: builtin-actors v18, `actors/placeholder/src/lib.rs`. */
function callPlaceholder({ host }: MessageContext, method: MethodNum): null {
  if (!host.customs.placeholdersAcceptAllMethods) {
    throw new ActorError(ExitCode.USR_UNHANDLED_MESSAGE, `a placeholder has no method ${method}`)
  }
  return null
}

function refusalOf(context: MessageContext, { from, value, isReadOnly }: CallRequest): Refusal | undefined {
  if (value === 0n) {
    return undefined
  }
  if (value < 0n) {
    return REFUSALS.negativeValue
  }
  if (findActor(context, from).balance < value) {
    return REFUSALS.insufficientFunds
  }
  return isReadOnly ? REFUSALS.readOnly : undefined
}

function refused(context: MessageContext, request: CallRequest, refusal: Refusal): CallOutcome {
  const { from, value, method, params } = request
  const { errorNumber, exitCode } = refusal
  const to = shownReceiver(context, request)
  return {
    trace: {
      from,
      to,
      value,
      method,
      params,
      exitCode,
      errorNumber,
      returnData: null,
      events: [],
      calls: [],
    },
    error: refusal.reason,
  }
}

/** The ID address of the receiver where there still is one, and the address as it was given where there is none. */
function shownReceiver(context: MessageContext, { to }: CallRequest): Address {
  const resolved = resolveAddress(context, to)
  return resolved !== undefined && context.actors.find(resolved) !== undefined ? resolved : to
}

function transfer({ actors }: MessageContext, from: Address, to: Address, value: AttoFil): void {
  const [sender, receiver] = [actors.find(from), actors.find(to)]
  if (value > 0n && from !== to && sender !== undefined && receiver !== undefined) {
    actors.set(from, { ...sender, balance: sender.balance - value })
    actors.set(to, { ...receiver, balance: receiver.balance + value })
  }
}
