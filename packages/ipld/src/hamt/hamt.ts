import type { ByteString, Hashes } from '@plimsoll/primitives'
import { type Blockstore, linkToStored, requireBlock, saveBlock } from '../blockstore/blockstore.ts'
import type { Codec } from '../cbor/codec.ts'
import { link } from '../cbor/scalars.ts'
import { locate } from '../errors.ts'
import type { Link } from '../link.ts'
import type { HamtKey } from './keys.ts'
import { type HamtShape, readHamtNode } from './layout.ts'
import {
  createHamtNode,
  deleteFromHamt,
  encodeHamtNode,
  entryValue,
  findInHamt,
  type HamtNode,
  type HamtNodeShape,
  hamtEntries,
  hashKey,
  isEmptyHamtNode,
  type NodeOwner,
  openHamtNode,
  ownedHamtNode,
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
    empty: (store) => new Hamt(type, store, createHamtNode<V>(options.bitWidth)),
    load: (store, root) => {
      if (root.held !== undefined) {
        return new Hamt(type, store, root.held as HamtNode<V>, root)
      }
      const layout = readHamtNode(requireBlock(store, root.cid), type.bitWidth, 0)
      const node = openHamtNode(type, store, layout)
      if (store.decoding === 'held') {
        root.hold(node)
      }
      return new Hamt(type, store, node, root)
    },
  }
  return type
}

/**
 * A map in a tree of blocks, of which only the touched ones are loaded.
 *
 * Changes stay in memory until {@link flush}, on copies of the nodes that they touch; unchanged subtrees and
 * values keep their bytes. A class for the reason that `Amt` is one.
 *
 * Source: ref-fvm `ipld/hamt/src/hamt.rs`.
 */
export class Hamt<K, V> {
  readonly #type: HamtType<K, V>
  readonly #store: Blockstore
  /** Owns the nodes that were copied or made since the last flush. */
  #owner: NodeOwner = {}
  #node: HamtNode<V>
  #flushed: Link<Hamt<K, V>> | undefined

  constructor(type: HamtType<K, V>, store: Blockstore, node: HamtNode<V>, flushed?: Link<Hamt<K, V>>) {
    this.#type = type
    this.#store = store
    this.#node = node
    this.#flushed = flushed
  }

  get isEmpty(): boolean {
    return isEmptyHamtNode(this.#node)
  }

  /** @throws {CodecError} when a block on the way is missing or malformed. */
  get(key: K): V | undefined {
    try {
      const entry = findInHamt(this.#type, this.#store, this.#node, this.#hash(key))
      return entry && entryValue(this.#type, entry)
    } catch (error) {
      throw locate(error, this.#type.key.format(key))
    }
  }

  has(key: K): boolean {
    return this.get(key) !== undefined
  }

  set(key: K, value: V): void {
    const hashed = this.#hash(key)
    const entry = { key: hashed.key, encoded: undefined, value }
    this.#node = ownedHamtNode(this.#node, this.#owner)
    setInHamt(this.#type, this.#store, this.#owner, this.#node, hashed, 0, entry)
    this.#flushed = undefined
  }

  /**
   * Lets go of the value of a key in its decoded form, if it has an encoded one: for who is about to replace it. A
   * value that links much of what was read keeps all of that in memory.
   */
  forget(key: K): void {
    const hashed = this.#hash(key)
    const entry = findInHamt(this.#type, this.#store, this.#node, hashed)
    if (entry?.encoded !== undefined && entry.value !== undefined) {
      this.#node = ownedHamtNode(this.#node, this.#owner)
      setInHamt(this.#type, this.#store, this.#owner, this.#node, hashed, 0, { ...entry, value: undefined })
      this.#flushed = undefined
    }
  }

  /** Removes a key; says whether it was there. */
  delete(key: K): boolean {
    const hashed = this.#hash(key)
    if (findInHamt(this.#type, this.#store, this.#node, hashed) === undefined) {
      return false
    }
    this.#node = ownedHamtNode(this.#node, this.#owner)
    deleteFromHamt(this.#type, this.#store, this.#owner, this.#node, hashed, 0)
    this.#flushed = undefined
    return true
  }

  /**
   * The entries in the order of their keys' hashes, which is the order in which the reference visits them.
   *
   * @throws {CodecError} `HAMT_NODE` at a key that is not where its hash puts it.
   */
  *entries(): Generator<readonly [K, V]> {
    for (const entry of hamtEntries(this.#type, this.#store, this.#node, [])) {
      yield [this.#type.key.fromBytes(entry.key), entryValue(this.#type, entry)]
    }
  }

  /** The keys in the same order, without looking at the values. */
  *keys(): Generator<K> {
    for (const { key } of hamtEntries(this.#type, this.#store, this.#node, [])) {
      yield this.#type.key.fromBytes(key)
    }
  }

  /** The link of the tree as it is. Its changed blocks are stored as the store stores values. */
  flush(): Link<Hamt<K, V>> {
    if (this.#flushed === undefined) {
      const node = this.#node
      this.#owner = {}
      this.#flushed = linkToStored<Hamt<K, V>>(this.#store, node, () =>
        saveBlock(this.#store, encodeHamtNode(this.#type, node)),
      )
    }
    return this.#flushed
  }

  #hash(key: K) {
    return hashKey(this.#type, this.#store, this.#type.key.toBytes(key) as ByteString)
  }
}

function sha256(key: Uint8Array, hashes: Hashes): Uint8Array {
  return hashes.sha256(key)
}
