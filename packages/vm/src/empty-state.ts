import { type Blockstore, type Codec, type Link, list, save, uint } from '@plimsoll/ipld'

const EmptyArray: Codec<readonly number[]> = list(uint)

/** The state of an actor that has none yet: an empty array. Source: ref-fvm `fvm/src/init_actor.rs`, `EMPTY_ARR_CID`. */
export function emptyArrayLink(store: Blockstore): Link<unknown> {
  return save(store, EmptyArray, [])
}
