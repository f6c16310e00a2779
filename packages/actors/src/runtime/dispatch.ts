import type { AnyCodec, Codec } from '@plimsoll/ipld'
import { type ActorName, ExitCode } from '@plimsoll/primitives'
import type { Rules } from '../rules/rules.ts'
import { ActorError, requireAllowed, requireParam } from './actor-error.ts'
import type { IpldBlock } from './ipld-block.ts'
import { FIRST_EXPORTED_METHOD_NUMBER, type MethodNum, type Runtime } from './runtime.ts'
import { deserialize, serialize } from './send.ts'

/** A method of an actor: what it takes, what it returns, and what it does. */
export interface Method {
  /** The reference's name of it, such as `WithdrawBalance`. */
  readonly name: string
  /** Null where the method takes no parameters. */
  readonly params: AnyCodec | null
  /** Null where it returns no block at all. */
  readonly returns: AnyCodec | null
  readonly run: (rt: Runtime, params: never) => unknown
  /** Whether the rules have the method; without one they always do. */
  readonly isOn?: (rules: Rules) => boolean
}

/** The code of an actor: its methods by their numbers, and what happens to any other number. */
export interface ActorCode {
  readonly name: ActorName
  readonly methods: ReadonlyMap<MethodNum, Method>
  /** Answers numbers that are no method's; without one they are unhandled. */
  readonly fallback?: (rt: Runtime, method: MethodNum) => void
}

/** Parameters and return value of a method; what is left out, the method does not have. */
interface Signature<P, R> {
  readonly params?: Codec<P>
  readonly returns?: Codec<R>
}

export function method<P = undefined, R = void>(
  name: string,
  { params, returns }: Signature<P, R>,
  run: (rt: Runtime, params: P) => R,
): Method {
  return { name, params: params ?? null, returns: returns ?? null, run }
}

/**
 * Calls a method of an actor.
 *
 * Source: builtin-actors v18, `runtime/src/dispatch.rs`, `actor_dispatch!` and `Dispatcher::call`.
 *
 * @throws {ActorError} `USR_FORBIDDEN` for an internal method and a caller that may not; `USR_UNHANDLED_MESSAGE`
 * for a number that is no method's; `USR_ILLEGAL_ARGUMENT` for missing or superfluous parameters;
 * `USR_SERIALIZATION` for others than the method takes; and what the method throws.
 */
export function invokeMethod(
  code: ActorCode,
  rt: Runtime,
  methodNum: MethodNum,
  params: IpldBlock | null,
): IpldBlock | null {
  restrictInternalApi(rt, methodNum)
  const called = code.methods.get(methodNum)
  if (called === undefined || called.isOn?.(rt.policy.rules) === false) {
    return callFallback(code, rt, methodNum)
  }
  const result = called.run(rt, readParams(called, params) as never)
  return called.returns === null ? null : serialize(called.returns as Codec<unknown>, result)
}

/**
 * Whether contracts may call a method: only what has an exported number. Every other built-in actor may call all.
 *
 * Source: builtin-actors v18, `runtime/src/builtin/shared.rs`, `restrict_internal_api`.
 */
function restrictInternalApi(rt: Runtime, methodNum: MethodNum): void {
  if (methodNum >= FIRST_EXPORTED_METHOD_NUMBER) {
    return
  }
  const code = rt.getActorCodeCid(rt.message.caller)
  const type = code === undefined ? undefined : rt.resolveBuiltinActorType(code)
  requireAllowed(
    type !== undefined && type !== 'evm',
    () => `caller ${rt.message.caller} of method ${methodNum} must be a built-in actor`,
  )
}

function callFallback(code: ActorCode, rt: Runtime, methodNum: MethodNum): null {
  if (code.fallback === undefined) {
    throw new ActorError(ExitCode.USR_UNHANDLED_MESSAGE, `${code.name} has no method ${methodNum}`)
  }
  code.fallback(rt, methodNum)
  return null
}

function readParams({ name, params: codec }: Method, params: IpldBlock | null): unknown {
  if (codec === null) {
    requireParam(params === null, () => `${name} expects no parameters`)
    return undefined
  }
  requireParam(params !== null, () => `${name} expects parameters`)
  return deserialize(codec as Codec<unknown>, params)
}
