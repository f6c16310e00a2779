import type { Address } from '@plimsoll/primitives'
import { requireParam } from '../runtime/actor-error.ts'
import type { Runtime } from '../runtime/runtime.ts'
import { requestMinerControlAddresses } from './ext.ts'

/** Whose balance an address stands for, and who may do what with it. ID addresses. */
export interface EscrowParty {
  /** By whom the balance is held. */
  readonly nominal: Address
  /** Who receives what is paid out. */
  readonly recipient: Address
  /** Who may have it paid out. */
  readonly approved: readonly Address[]
}

/**
 * A miner's balance belongs to its owner, and its worker may have it paid out as well; everybody else's is their own.
 *
 * Source: builtin-actors v18, `actors/market/src/lib.rs`, `escrow_address`.
 *
 * @throws {ActorError} `USR_ILLEGAL_ARGUMENT` for an address without an actor.
 */
export function escrowParty(rt: Runtime, address: Address): EscrowParty {
  const nominal = rt.resolveAddress(address)
  requireParam(nominal !== undefined, 'the address cannot be resolved')
  const code = rt.getActorCodeCid(nominal)
  requireParam(code !== undefined, 'no code for the address')
  if (rt.resolveBuiltinActorType(code) !== 'storageminer') {
    return { nominal, recipient: nominal, approved: [nominal] }
  }
  const { owner, worker } = requestMinerControlAddresses(rt, nominal)
  return { nominal, recipient: owner, approved: [owner, worker] }
}
