import { type Address, ExitCode } from '@plimsoll/primitives'
import { ActorError, requireFound } from './actor-error.ts'
import type { Runtime } from './runtime.ts'
import { sendFunds } from './send.ts'

/**
 * The ID address of an address. One that is unknown is sent nothing first, which makes an account of the address
 * of a key and a placeholder of a delegated one.
 *
 * An ID address is its own answer, whether there is an actor or not: see {@link resolveToExistingActorId}.
 *
 * Source: builtin-actors v18, `runtime/src/builtin/shared.rs`, `resolve_to_actor_id` without `check_existence`.
 *
 * @throws {ActorError} with what the sending ends with; `USR_ILLEGAL_ARGUMENT` when it did not help.
 */
export function resolveToActorId(rt: Runtime, address: Address): Address {
  const known = rt.resolveAddress(address)
  if (known !== undefined) {
    return known
  }
  sendFunds(rt, address, 0n)
  const created = rt.resolveAddress(address)
  if (created === undefined) {
    throw new ActorError(ExitCode.USR_ILLEGAL_ARGUMENT, 'the address can be neither resolved nor initialized')
  }
  return created
}

/**
 * The same of an actor that has to be there.
 *
 * Source: the same function with `check_existence`.
 *
 * @throws {ActorError} as {@link resolveToActorId} does; `USR_NOT_FOUND` where there is no actor.
 */
export function resolveToExistingActorId(rt: Runtime, address: Address): Address {
  const actor = resolveToActorId(rt, address)
  requireFound(rt.getActorCodeCid(actor), 'no code for the address')
  return actor
}
