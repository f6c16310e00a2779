import {
  type Blockstore,
  type Codec,
  type Hamt,
  type HamtKey,
  type HamtType,
  hamt,
  type Link,
} from '@plimsoll/ipld'
import { hamtSet } from './set.ts'

/** Source of everything here: builtin-actors v18, `runtime/src/util/set_multimap.rs`. */

type OuterHamt<K, V> = Hamt<K, Link<Hamt<V, null>>>

/** What a map of sets of one kind holds. */
export interface SetMultimapType<K, V> {
  readonly outer: HamtType<K, Link<Hamt<V, null>>>
  readonly inner: HamtType<V, null>
  /** The codec of a link to such a map. */
  readonly link: Codec<Link<OuterHamt<K, V>>>
  empty(store: Blockstore): SetMultimap<K, V>
  /** @throws {CodecError} when the root is missing or malformed. */
  load(store: Blockstore, root: Link<OuterHamt<K, V>>): SetMultimap<K, V>
}

/** `bitWidth` is that of the map and of the sets. */
export function setMultimap<K, V>(
  key: HamtKey<K>,
  member: HamtKey<V>,
  options: { readonly bitWidth: number },
): SetMultimapType<K, V> {
  const inner = hamtSet(member, options)
  const outer = hamt(key, inner.link, options)
  return {
    outer,
    inner,
    link: outer.link,
    empty: (store) => new SetMultimap(inner, store, outer.empty(store)),
    load: (store, root) => new SetMultimap(inner, store, outer.load(store, root)),
  }
}

/**
 * Sets under keys: a HAMT of HAMTs without values. Every addition writes its set.
 *
 * A class for the reason that `Amt` and `Hamt` are.
 */
export class SetMultimap<K, V> {
  readonly #innerType: HamtType<V, null>
  readonly #store: Blockstore
  readonly #outer: OuterHamt<K, V>

  constructor(innerType: HamtType<V, null>, store: Blockstore, outer: OuterHamt<K, V>) {
    this.#innerType = innerType
    this.#store = store
    this.#outer = outer
  }

  /** Adds a member to the set of a key. @throws {CodecError} when a block on the way is missing or malformed. */
  put(key: K, member: V): void {
    this.putMany(key, [member])
  }

  /** Adds members to the set of a key, which is there from then on even if there are none. */
  putMany(key: K, members: readonly V[]): void {
    const root = this.#outer.get(key)
    const inner =
      root === undefined ? this.#innerType.empty(this.#store) : this.#innerType.load(this.#store, root)
    for (const member of members) {
      inner.set(member, null)
    }
    this.#outer.set(key, inner.flush())
  }

  /** The set of a key, in the order of its members' hashes. */
  *membersOf(key: K): Generator<V> {
    const root = this.#outer.get(key)
    if (root !== undefined) {
      yield* this.#innerType.load(this.#store, root).keys()
    }
  }

  /** Removes the set of a key. */
  removeAll(key: K): void {
    this.#outer.delete(key)
  }

  /** The keys, in the order of their hashes. */
  keys(): Generator<K> {
    return this.#outer.keys()
  }

  flush(): Link<OuterHamt<K, V>> {
    return this.#outer.flush()
  }
}
