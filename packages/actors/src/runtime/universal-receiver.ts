import { bytes, tuple, u32, type ValueOf } from '@plimsoll/ipld'

/** Source of everything here: helix-onchain/filecoin `actors/fvm_actor_utils/src/receiver/mod.rs` (FRC-0046). */

/** Parameters of `Receive`: what kind of thing arrives, and what that kind says of it. CBOR tuple. */
export const UniversalReceiverParams = tuple('UniversalReceiverParams', {
  type: u32,
  payload: bytes,
})
export type UniversalReceiverParams = ValueOf<typeof UniversalReceiverParams>

/** FRC-0042 of `Receive`, which an actor has that takes tokens. */
export const UNIVERSAL_RECEIVER_HOOK_METHOD = 3726118371
