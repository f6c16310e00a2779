import type { ByteString, Hashes } from '@plimsoll/primitives'
import { type Blockstore, requireBlock } from '../blockstore/blockstore.ts'
import type { Codec } from '../cbor/codec.ts'
import { link } from '../cbor/scalars.ts'
import type { Link } from '../cid.ts'
import { within } from '../errors.ts'
import type { HamtKey } from './keys.ts'
import { type HamtShape, readHamtNode } from './layout.ts'
import {
  createHamtNode,
  deleteFromHamt,
  findInHamt,
  flushHamtNode,
  type HamtNode,
  type HamtNodeShape,
  hamtEntries,
  hamtNodeFromLayout,
  hashKey,
  setInHamt,
} from './node.ts'

/**
 * What a HAMT of one kind holds: how its keys and values stand in bytes, and its bit width.
 *
 * @example
 * const Claims = hamt(addressKey, Claim, { bitWidth: 5 })
 * const claim = Claims.load(store, state.claims).get(miner)
 */
export interface HamtType<K, V> extends HamtNodeShape<V> {
  readonly key: HamtKey<K>
  /** The codec of a link to such a HAMT. */
  readonly link: Codec<Link<Hamt<K, V>>>
  empty(store: Blockstore): Hamt<K, V>
  /** @throws {CodecError} when the root is missing or malformed. */
  load(store: Blockstore, root: Link<Hamt<K, V>>): Hamt<K, V>
}

export interface HamtOptions {
  readonly bitWidth: number
  /** SHA-256 unless given; a function of the key's bytes to 32 bytes. */
  readonly hash?: HamtShape['hash']
}

export function hamt<K, V>(key: HamtKey<K>, value: Codec<V>, options: HamtOptions): HamtType<K, V> {
  const type: HamtType<K, V> = {
    key,
    value,
    bitWidth: options.bitWidth,
    hash: options.hash ?? sha256,
    link: link<Hamt<K, V>>(),
    empty: (store) => new Hamt(type, store, createHamtNode<V>()),
    load: (store, root) =>
      new Hamt(
        type,
        store,
        hamtNodeFromLayout(readHamtNode(requireBlock(store, root), type.bitWidth, 0)),
        root,
      ),
  }
  return type
}

/**
 * A map in a tree of blocks, of which only the touched ones are loaded.
 *
 * Changes stay in memory until {@link flush}; unchanged subtrees and values keep their bytes. A class for the
 * reason that `Amt` is one.
 *
 * Source: ref-fvm `ipld/hamt/src/hamt.rs`.
 */
export class Hamt<K, V> {
  readonly #type: HamtType<K, V>
  readonly #store: Blockstore
  readonly #node: HamtNode<V>
  #flushed: Link<Hamt<K, V>> | undefined

  constructor(type: HamtType<K, V>, store: Blockstore, node: HamtNode<V>, flushed?: Link<Hamt<K, V>>) {
    this.#type = type
    this.#store = store
    this.#node = node
    this.#flushed = flushed
  }

  get isEmpty(): boolean {
    return this.#node.pointers.size === 0
  }

  /** @throws {CodecError} when a block on the way is missing or malformed. */
  get(key: K): V | undefined {
    const hashed = this.#hash(key)
    return within(this.#type.key.format(key), () =>
      findInHamt(this.#type, this.#store, this.#node, hashed, 0),
    )
  }

  has(key: K): boolean {
    return this.get(key) !== undefined
  }

  set(key: K, value: V): void {
    const hashed = this.#hash(key)
    setInHamt(this.#type, this.#store, this.#node, hashed, 0, { key: hashed.key, encoded: undefined, value })
    this.#flushed = undefined
  }

  /** Removes a key; says whether it was there. */
  delete(key: K): boolean {
    const isFound = deleteFromHamt(this.#type, this.#store, this.#node, this.#hash(key), 0)
    if (isFound) {
      this.#flushed = undefined
    }
    return isFound
  }

  /**
   * The entries in the order of their keys' hashes, which is the order in which the reference visits them.
   *
   * @throws {CodecError} `HAMT_NODE` at a key that is not where its hash puts it.
   */
  *entries(): Generator<readonly [K, V]> {
    for (const [key, value] of hamtEntries(this.#type, this.#store, this.#node, [])) {
      yield [this.#type.key.fromBytes(key), value]
    }
  }

  /** Stores every changed block and returns the link of the tree. */
  flush(): Link<Hamt<K, V>> {
    this.#flushed ??= flushHamtNode(this.#type, this.#store, this.#node) as Link<Hamt<K, V>>
    return this.#flushed
  }

  #hash(key: K) {
    return hashKey(this.#type, this.#store, this.#type.key.toBytes(key) as ByteString)
  }
}

function sha256(key: Uint8Array, hashes: Hashes): Uint8Array {
  return hashes.sha256(key)
}
