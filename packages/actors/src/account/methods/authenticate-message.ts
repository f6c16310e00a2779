import { AddressProtocol, protocolOf } from '@plimsoll/primitives'
import { requireParam, requireState } from '../../runtime/actor-error.ts'
import type { Runtime } from '../../runtime/runtime.ts'
import { AccountState } from '../state.ts'
import type { AuthenticateMessageParams } from '../types.ts'

/**
 * `AuthenticateMessage`: whether the account's key signed a message.
 *
 * Source: builtin-actors v18, `actors/account/src/lib.rs`, `authenticate_message`.
 *
 * @throws {ActorError} `USR_ILLEGAL_ARGUMENT` when it did not.
 */
export function authenticateMessage(rt: Runtime, { signature, message }: AuthenticateMessageParams): boolean {
  rt.validateImmediateCallerAcceptAny()
  const { address } = rt.state(AccountState)
  const protocol = protocolOf(address)
  requireState(
    protocol === AddressProtocol.Secp256k1 || protocol === AddressProtocol.Bls,
    'the address of an account is that of a key',
  )
  requireParam(rt.verifySignature(signature, address, message), 'the signature is invalid')
  return true
}
