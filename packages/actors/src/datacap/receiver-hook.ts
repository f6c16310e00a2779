import { encodeCbor } from '@plimsoll/ipld'
import type { Address } from '@plimsoll/primitives'
import { ActorError } from '../runtime/actor-error.ts'
import type { Runtime } from '../runtime/runtime.ts'
import { sendAndReturn, serialize } from '../runtime/send.ts'
import { UNIVERSAL_RECEIVER_HOOK_METHOD, UniversalReceiverParams } from '../runtime/universal-receiver.ts'
import type { Received } from './token.ts'
import { FRC46_TOKEN_TYPE, Frc46TokenReceived } from './types.ts'

const NO_DATA = new Uint8Array()

/**
 * Tells a receiver of the tokens that it has got already, and returns what it answers. When it refuses them, all
 * is taken back.
 *
 * Source: actors-utils `fvm_actor_utils/src/receiver/mod.rs`, `ReceiverHook::call`; builtin-actors v18,
 * `actors/datacap/src/lib.rs`, `SyscallProvider::send`.
 *
 * @throws {ActorError} with the code that the receiver ends with, and without what it returned.
 */
export function callReceiverHook(
  rt: Runtime,
  receiver: Address,
  received: Received,
  operatorData: Uint8Array = NO_DATA,
): Uint8Array {
  const payload = encodeCbor(Frc46TokenReceived, { ...received, operatorData, tokenData: NO_DATA })
  const params = serialize(UniversalReceiverParams, { type: FRC46_TOKEN_TYPE, payload })
  try {
    return sendAndReturn(rt, receiver, UNIVERSAL_RECEIVER_HOOK_METHOD, params)?.data ?? NO_DATA
  } catch (error) {
    throw error instanceof ActorError ? new ActorError(error.exitCode, error.message) : error
  }
}
