import { CodecError, MissingBlockError } from '@plimsoll/ipld'
import { type Address, ExitCode } from '@plimsoll/primitives'
import { ActorError } from '../runtime/actor-error.ts'
import { type Draft, draftOf, valueOfDraft } from '../runtime/draft.ts'
import type { Runtime } from '../runtime/runtime.ts'
import { DatacapState, type TokenState } from './state.ts'

/** Source of everything here: builtin-actors v18, `actors/datacap/src/lib.rs`, `as_token` and `actor_result`. */

/**
 * Lets `change` work on the token in a transaction, and returns what it returned.
 *
 * @throws {ActorError} `USR_SERIALIZATION` for maps of the token that are malformed.
 */
export function changeToken<R>(rt: Runtime, change: (token: Draft<TokenState>, governor: Address) => R): R {
  return rt.transaction(DatacapState, (state) => {
    const token = draftOf(state.token)
    const result = asTokenResult(() => change(token, state.governor))
    state.token = valueOfDraft(token)
    return result
  })
}

/** Reads the token as it is. @throws {ActorError} as {@link changeToken} does. */
export function readToken<R>(rt: Runtime, read: (token: TokenState) => R): R {
  const { token } = rt.state(DatacapState)
  return asTokenResult(() => read(token))
}

function asTokenResult<R>(body: () => R): R {
  try {
    return body()
  } catch (error) {
    // Source: actors-utils `frc46_token/src/token/state.rs`, `From<&StateError>`: of the HAMTs, and of them only.
    if (error instanceof CodecError && !(error instanceof MissingBlockError)) {
      throw new ActorError(ExitCode.USR_SERIALIZATION, error.message)
    }
    throw error
  }
}
