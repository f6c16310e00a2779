import {
  type Address,
  EAM_ACTOR_ADDR,
  ExitCode,
  delegatedAddress as makeDelegatedAddress,
  ParseError,
  requireActorId,
} from '@plimsoll/primitives'
import { ActorError, requireAllowed } from '../../runtime/actor-error.ts'
import type { Runtime } from '../../runtime/runtime.ts'
import { mapAddressesToId } from '../map-addresses.ts'
import { InitState } from '../state.ts'
import type { Exec4Params, ExecReturn } from '../types.ts'
import { construct } from './exec.ts'

/**
 * Method 3, `Exec4`: makes an actor at an address that its caller delegates, where at most a placeholder is.
 *
 * Source: builtin-actors v18, `actors/init/src/lib.rs`, `exec4`.
 *
 * @throws {ActorError} `USR_FORBIDDEN` unless called by the address manager, or when there is an actor already;
 * `USR_ILLEGAL_ARGUMENT` for a subaddress that is too long; and what the constructor ends with.
 */
export function exec4(rt: Runtime, { codeCid, constructorParams, subaddress }: Exec4Params): ExecReturn {
  rt.validateImmediateCallerIs([EAM_ACTOR_ADDR])
  const delegatedAddress = delegate(rt, subaddress)
  const robustAddress = rt.newActorAddress()
  const { actor, isExisting } = rt.transaction(InitState, (state) =>
    mapAddressesToId(rt.store, state, robustAddress, delegatedAddress),
  )
  if (isExisting) {
    const code = rt.getActorCodeCid(actor)
    requireAllowed(code === rt.getCodeCidForType('placeholder'), 'only a placeholder can be replaced')
  }
  rt.createActor(codeCid, actor, delegatedAddress)
  construct(rt, actor, constructorParams)
  return { idAddress: actor, robustAddress }
}

function delegate(rt: Runtime, subaddress: Uint8Array): Address {
  try {
    return makeDelegatedAddress(requireActorId(rt.message.caller), subaddress)
  } catch (error) {
    throw error instanceof ParseError ? new ActorError(ExitCode.USR_ILLEGAL_ARGUMENT, error.message) : error
  }
}
