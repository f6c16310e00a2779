import type { Cid } from '@plimsoll/ipld'
import type { Address } from '@plimsoll/primitives'
import { requireAllowed, requireState } from '../../runtime/actor-error.ts'
import { METHOD_CONSTRUCTOR, type Runtime } from '../../runtime/runtime.ts'
import { blockOfRawBytes, sendAndReturn } from '../../runtime/send.ts'
import { mapAddressesToId } from '../map-addresses.ts'
import { InitState } from '../state.ts'
import type { ExecParams, ExecReturn } from '../types.ts'

/**
 * Method 2, `Exec`: makes an actor and calls its constructor with everything that came along.
 *
 * Source: builtin-actors v18, `actors/init/src/lib.rs`, `exec`.
 *
 * @throws {ActorError} `USR_FORBIDDEN` for code that the caller may not make actors of, and what the constructor
 * ends with.
 */
export function exec(rt: Runtime, { codeCid, constructorParams }: ExecParams): ExecReturn {
  rt.validateImmediateCallerAcceptAny()
  const callerCode = rt.getActorCodeCid(rt.message.caller)
  requireState(callerCode !== undefined, 'no code for the caller')
  requireAllowed(canExec(rt, callerCode, codeCid), 'the caller may not make an actor of this code')
  const robustAddress = rt.newActorAddress()
  const { actor } = rt.transaction(InitState, (state) =>
    mapAddressesToId(rt.store, state, robustAddress, null),
  )
  rt.createActor(codeCid, actor, null)
  construct(rt, actor, constructorParams)
  return { idAddress: actor, robustAddress }
}

/** Calls a new actor's constructor with the value that was received. */
export function construct(rt: Runtime, actor: Address, constructorParams: Uint8Array): void {
  const { valueReceived } = rt.message
  sendAndReturn(rt, actor, METHOD_CONSTRUCTOR, blockOfRawBytes(constructorParams), valueReceived)
}

/** Source: builtin-actors v18, `actors/init/src/lib.rs`, `can_exec`. */
function canExec(rt: Runtime, callerCode: Cid, code: Cid): boolean {
  switch (rt.resolveBuiltinActorType(code)) {
    case 'multisig':
    case 'paymentchannel':
      return true
    case 'storageminer':
      return rt.resolveBuiltinActorType(callerCode) === 'storagepower'
    default:
      return false
  }
}
