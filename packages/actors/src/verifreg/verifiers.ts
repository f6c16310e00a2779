import type { Blockstore } from '@plimsoll/ipld'
import type { Address } from '@plimsoll/primitives'
import { requireParam } from '../runtime/actor-error.ts'
import type { Draft } from '../runtime/draft.ts'
import { type DataCap, Verifiers, type VerifregState } from './state.ts'

/** Source of everything here: builtin-actors v18, `actors/verifreg/src/state.rs`. */

/** What a verifier may still give out, which may be nothing; undefined for who is no verifier. Source: `get_verifier_cap`. */
export function getVerifierCap(
  store: Blockstore,
  state: VerifregState,
  verifier: Address,
): DataCap | undefined {
  return Verifiers.load(store, state.verifiers).get(verifier)
}

/** Sets what a verifier may give out, whatever it was before. Source: `put_verifier`. */
export function putVerifier(
  store: Blockstore,
  state: Draft<VerifregState>,
  verifier: Address,
  cap: DataCap,
): void {
  const verifiers = Verifiers.load(store, state.verifiers)
  verifiers.set(verifier, cap)
  state.verifiers = verifiers.flush()
}

/** @throws {ActorError} `USR_ILLEGAL_ARGUMENT` for who is no verifier. Source: `remove_verifier`. */
export function removeVerifierCap(store: Blockstore, state: Draft<VerifregState>, verifier: Address): void {
  const verifiers = Verifiers.load(store, state.verifiers)
  requireParam(verifiers.delete(verifier), 'verifier not found')
  state.verifiers = verifiers.flush()
}
