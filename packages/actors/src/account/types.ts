import { bool, bytes, tuple, type ValueOf } from '@plimsoll/ipld'

/** Source of everything here: builtin-actors v18, `actors/account/src/types.rs`. */

/** Parameters of `AuthenticateMessage`. CBOR tuple. */
export const AuthenticateMessageParams = tuple('AuthenticateMessageParams', {
  signature: bytes,
  message: bytes,
})
export type AuthenticateMessageParams = ValueOf<typeof AuthenticateMessageParams>

/** What it returns, and only when the signature is good. */
export const AuthenticateMessageReturn = bool

/** Source: builtin-actors v18, `actors/account/src/lib.rs`, `Method`. */
export const PUBKEY_ADDRESS_METHOD = 2

/** FRC-0042 of `AuthenticateMessage`. Source: builtin-actors v18, `actors/account/src/lib.rs`, `Method`. */
export const AUTHENTICATE_MESSAGE_METHOD = 2643134072
