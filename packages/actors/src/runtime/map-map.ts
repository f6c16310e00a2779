import {
  type Blockstore,
  type Codec,
  type Hamt,
  type HamtKey,
  type HamtType,
  hamt,
  type Link,
} from '@plimsoll/ipld'

/** Source of everything here: builtin-actors v18, `runtime/src/util/mapmap.rs`. */

type OuterHamt<K1, K2, V> = Hamt<K1, Link<Hamt<K2, V>>>

/** What a map of maps of one kind holds. */
export interface MapMapType<K1, K2, V> {
  readonly outer: HamtType<K1, Link<Hamt<K2, V>>>
  readonly inner: HamtType<K2, V>
  /** The codec of a link to such a map. */
  readonly link: Codec<Link<OuterHamt<K1, K2, V>>>
  empty(store: Blockstore): MapMap<K1, K2, V>
  /** @throws {CodecError} when the root is missing or malformed. */
  load(store: Blockstore, root: Link<OuterHamt<K1, K2, V>>): MapMap<K1, K2, V>
}

/** `bitWidth` is that of the outer and of the inner maps. */
export function mapMap<K1 extends bigint | string, K2, V>(
  outerKey: HamtKey<K1>,
  innerKey: HamtKey<K2>,
  value: Codec<V>,
  options: { readonly bitWidth: number },
): MapMapType<K1, K2, V> {
  const inner = hamt(innerKey, value, options)
  const outer = hamt(outerKey, inner.link, options)
  return {
    outer,
    inner,
    link: outer.link,
    empty: (store) => new MapMap(inner, store, outer.empty(store)),
    load: (store, root) => new MapMap(inner, store, outer.load(store, root)),
  }
}

/**
 * Values under two keys: a HAMT of HAMTs. An inner map that becomes empty leaves the outer one.
 *
 * A class for the reason that `Amt` and `Hamt` are.
 */
export class MapMap<K1, K2, V> {
  readonly #innerType: HamtType<K2, V>
  readonly #store: Blockstore
  readonly #outer: OuterHamt<K1, K2, V>
  readonly #loaded = new Map<K1, Hamt<K2, V>>()
  readonly #changed = new Set<K1>()

  constructor(innerType: HamtType<K2, V>, store: Blockstore, outer: OuterHamt<K1, K2, V>) {
    this.#innerType = innerType
    this.#store = store
    this.#outer = outer
  }

  /** @throws {CodecError} when a block on the way is missing or malformed, as everything here does. */
  get(outerKey: K1, innerKey: K2): V | undefined {
    return this.#innerMap(outerKey).get(innerKey)
  }

  set(outerKey: K1, innerKey: K2, value: V): void {
    this.#innerMap(outerKey).set(innerKey, value)
    this.#changed.add(outerKey)
  }

  /** Says whether the value was set, which it is only where there was none. */
  setIfAbsent(outerKey: K1, innerKey: K2, value: V): boolean {
    const isAbsent = this.get(outerKey, innerKey) === undefined
    if (isAbsent) {
      this.set(outerKey, innerKey, value)
    }
    return isAbsent
  }

  /** Removes a value and returns it, or undefined. */
  delete(outerKey: K1, innerKey: K2): V | undefined {
    const inner = this.#innerMap(outerKey)
    const value = inner.get(innerKey)
    if (value !== undefined) {
      inner.delete(innerKey)
      this.#changed.add(outerKey)
    }
    return value
  }

  /** What is under one outer key, in the order of the inner keys' hashes. */
  entriesOf(outerKey: K1): Generator<readonly [K2, V]> {
    return this.#innerMap(outerKey).entries()
  }

  flush(): Link<OuterHamt<K1, K2, V>> {
    for (const outerKey of this.#changed) {
      const inner = this.#innerMap(outerKey)
      if (inner.isEmpty) {
        this.#outer.delete(outerKey)
      } else {
        this.#outer.set(outerKey, inner.flush())
      }
    }
    this.#changed.clear()
    return this.#outer.flush()
  }

  #innerMap(outerKey: K1): Hamt<K2, V> {
    const loaded = this.#loaded.get(outerKey)
    if (loaded !== undefined) {
      return loaded
    }
    const root = this.#outer.get(outerKey)
    const inner =
      root === undefined ? this.#innerType.empty(this.#store) : this.#innerType.load(this.#store, root)
    this.#loaded.set(outerKey, inner)
    return inner
  }
}
