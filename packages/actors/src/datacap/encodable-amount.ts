import { MAX_BIG_INT_BYTES } from '@plimsoll/ipld'
import { ExitCode } from '@plimsoll/primitives'
import { ActorError } from '../runtime/actor-error.ts'
import type { TokenAmount } from './types.ts'

/** One of the bytes is the sign. */
const LIMIT: TokenAmount = 1n << BigInt(8 * (MAX_BIG_INT_BYTES - 1))

/**
 * The amount, if it can be encoded. What comes in by parameters always can; a sum or a product of such amounts
 * may be too long, and the reference notices that only where it writes it.
 *
 * Source: ref-fvm `shared/src/bigint/bigint_ser.rs`, `serialize`.
 *
 * @throws {ActorError} `USR_SERIALIZATION`
 */
export function requireEncodable(amount: TokenAmount): TokenAmount {
  if (amount >= LIMIT || amount <= -LIMIT) {
    throw new ActorError(ExitCode.USR_SERIALIZATION, `an amount of more than ${MAX_BIG_INT_BYTES} bytes`)
  }
  return amount
}
