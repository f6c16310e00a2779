import { type Address, STORAGE_MARKET_ACTOR_ADDR } from '@plimsoll/primitives'
import { requireFound, requireParam } from '../../runtime/actor-error.ts'
import type { Draft } from '../../runtime/draft.ts'
import { idOfAddress } from '../../runtime/id-of-address.ts'
import { resolveToExistingActorId } from '../../runtime/resolve-to-actor-id.ts'
import type { Runtime } from '../../runtime/runtime.ts'
import { mintDataCap } from '../datacap-calls.ts'
import { emitVerifierBalance } from '../emit.ts'
import { type DataCap, VerifregState } from '../state.ts'
import type { VerifierParams } from '../types.ts'
import { getVerifierCap, putVerifier } from '../verifiers.ts'

/**
 * `AddVerifiedClient`: a verifier gives a client some of its DataCap, which the market may use for the client.
 *
 * Source: builtin-actors v18, `actors/verifreg/src/lib.rs`, `add_verified_client`.
 *
 * @throws {ActorError} `USR_NOT_FOUND` unless called by a verifier, and where there is no client;
 * `USR_ILLEGAL_ARGUMENT` for less than an allocation has at least, for more than the verifier has, and for a
 * client that is the root or a verifier; and what the client ends with when it gets the tokens.
 */
export function addVerifiedClient(rt: Runtime, { address, allowance }: VerifierParams): void {
  rt.validateImmediateCallerAcceptAny()
  requireParam(
    allowance >= rt.policy.minimumVerifiedAllocationSize,
    () => `an allowance of ${allowance} is below the minimum of an allocation`,
  )
  const client = resolveToExistingActorId(rt, address)
  rt.transaction(VerifregState, (state) => takeFromVerifier(rt, state, client, allowance))
  mintDataCap(rt, client, allowance, [STORAGE_MARKET_ACTOR_ADDR])
}

function takeFromVerifier(
  rt: Runtime,
  state: Draft<VerifregState>,
  client: Address,
  allowance: DataCap,
): void {
  requireParam(client !== state.rootKey, 'the root cannot be a client')
  const verifier = rt.message.caller
  const cap = requireFound(getVerifierCap(rt.store, state, verifier), 'the caller is not a verifier')
  requireParam(
    getVerifierCap(rt.store, state, client) === undefined,
    'a verifier cannot become a verified client',
  )
  requireParam(cap >= allowance, () => `${allowance} is more than the verifier's ${cap}`)
  putVerifier(rt.store, state, verifier, cap - allowance)
  emitVerifierBalance(rt, idOfAddress(verifier), cap - allowance, idOfAddress(client))
}
