import { addIndex, type BitField, type BitIndex, countBits, subtractIndex } from '../bitfield/bit-field.ts'
import { type Blockstore, linkToStored, requireBlock, saveBlock } from '../blockstore/blockstore.ts'
import type { Codec } from '../cbor/codec.ts'
import { link } from '../cbor/scalars.ts'
import { CodecError, locate, within } from '../errors.ts'
import { MAX_AMT_INDEX } from '../limits.ts'
import type { Link } from '../link.ts'
import { readAmtRoot } from './layout.ts'
import {
  type AmtNode,
  type AmtShape,
  type Child,
  createInnerNode,
  createLeafNode,
  holdsSlot,
  type LeafNode,
  type NodeOwner,
  ownedNode,
  putItem,
} from './node.ts'
import { encodeAmtRoot, loadChild, openNode, valueAt } from './node-blocks.ts'
import { ABSENT, findLeaf, findUnreadLeaf, placeInLeaf, setInNode, withoutIndex } from './node-walk.ts'
import { gatherAt, gatherFromBlock, type PartsOf } from './parts.ts'
import { slotAt } from './places.ts'

/**
 * What an AMT of one kind holds: the codec of its values and its bit width.
 *
 * @example
 * const Sectors = amt(SectorOnChainInfo, { bitWidth: 5 })
 * const sector = Sectors.load(store, state.sectors).get(5056)
 */
export interface AmtType<T> extends AmtShape<T> {
  /** The codec of a link to such an AMT. */
  readonly link: Codec<Link<Amt<T>>>
  empty(store: Blockstore): Amt<T>
  /** @throws {CodecError} when the root is missing or malformed. */
  load(store: Blockstore, root: Link<Amt<T>>): Amt<T>
}

export function amt<T>(value: Codec<T>, { bitWidth }: { readonly bitWidth: number }): AmtType<T> {
  const type: AmtType<T> = {
    value,
    bitWidth,
    link: link<Amt<T>>(),
    empty: (store) =>
      new Amt(type, store, { node: createLeafNode<T>(), height: 0, count: 0, selections: [] }),
    load: (store, root) => {
      if (root.held !== undefined) {
        return new Amt(type, store, root.held as AmtTree<T>, root)
      }
      const layout = readAmtRoot(requireBlock(store, root.cid), bitWidth)
      const { height, count } = layout
      const tree: AmtTree<T> = { node: openNode(type, store, layout.node), height, count, selections: [] }
      if (store.decoding === 'held') {
        root.hold(tree)
      }
      return new Amt(type, store, tree, root)
    },
  }
  return type
}

/** From as many members of a leaf on, they are read out of its block; fewer, through its node, which is kept. */
const MANY_OF_A_LEAF = 8

/** A set may name members that no tree has; what is gathered of more than that grows as it is. */
const MOST_ROOM = 1 << 16

/** What was gathered of a run. A message that terminates sectors reads them twice, partition by partition and all together. */
interface Selection {
  readonly parts: unknown
  readonly first: BitIndex
  readonly end: BitIndex
  readonly gathered: unknown
}

const KEPT_SELECTIONS = 2

/** A whole tree in memory, which nobody changes. */
interface AmtTree<T> {
  /** The last ones, the latest first. */
  readonly selections: Selection[]
  readonly node: AmtNode<T>
  readonly height: number
  readonly count: number
}

/**
 * A sparse array of values in a tree of blocks, of which only the touched ones are loaded.
 *
 * Changes stay in memory until {@link flush}, on copies of the nodes that they touch; unchanged subtrees and
 * values keep their bytes. A class, because it is a mutable thing with an identity, which every structure of
 * an actor's state holds on to.
 *
 * Source: ref-fvm `ipld/amt/src/amt.rs`.
 */
export class Amt<T> {
  readonly #type: AmtType<T>
  readonly #store: Blockstore
  /** Owns the nodes that were copied or made since the last flush. */
  #owner: NodeOwner = {}
  #node: AmtNode<T>
  #height: number
  #count: number
  /** What was selected of the tree as it is. */
  #selections: Selection[]
  /** The link of the tree as it is, or undefined since a change. */
  #flushed: Link<Amt<T>> | undefined

  constructor(type: AmtType<T>, store: Blockstore, tree: AmtTree<T>, flushed?: Link<Amt<T>>) {
    this.#type = type
    this.#store = store
    this.#node = tree.node
    this.#height = tree.height
    this.#count = tree.count
    this.#selections = tree.selections
    this.#flushed = flushed
  }

  /** How many values there are. */
  get count(): number {
    return this.#count
  }

  /** @throws {CodecError} when a block on the way is missing or malformed. */
  get(index: BitIndex): T | undefined {
    const leaf = this.#findLeaf(index)
    const place = leaf === undefined ? -1 : placeInLeaf(this.#type, leaf, index)
    if (leaf === undefined || place === -1) {
      return undefined
    }
    try {
      return valueAt(this.#type, leaf, place)
    } catch (error) {
      throw locate(error, Number(index))
    }
  }

  /**
   * What is wanted of the values at the members of a set, ascending; `get` at each of them is the literal form. What is
   * decoded for it is not kept, but in a store that holds values what was gathered last is.
   *
   * @param onMissing throws; called for the first member that there is no value at.
   * @throws {CodecError} as `get` does.
   */
  select<C>(members: BitField, parts: PartsOf<T, C>, onMissing: (index: BitIndex) => never): C {
    const { boundaries } = members
    if (boundaries.length === 2) {
      return this.#selectRun(boundaries[0] as BitIndex, boundaries[1] as BitIndex, parts, onMissing)
    }
    const gathered = createCollection(parts, countBits(members))
    for (let run = 0; run < boundaries.length; run += 2) {
      const [first, end] = [boundaries[run] as BitIndex, boundaries[run + 1] as BitIndex]
      if (subtractIndex(end, first) < MANY_OF_A_LEAF) {
        this.#gatherFromLeaves(first, end, parts, onMissing, gathered)
      } else {
        parts.append(gathered, this.#selectRun(first, end, parts, onMissing))
      }
    }
    return gathered
  }

  has(index: BitIndex): boolean {
    const leaf = this.#findLeaf(index)
    return leaf !== undefined && placeInLeaf(this.#type, leaf, index) !== -1
  }

  set(index: BitIndex, value: T): void {
    requireIndex(index)
    while (!this.#holds(index)) {
      this.#raise()
    }
    this.#node = ownedNode(this.#node, this.#owner)
    if (setInNode(this.#type, this.#store, this.#owner, this.#node, this.#height, index, value)) {
      this.#count++
    }
    this.#forget()
  }

  /** Removes the value at `index`; says whether there was one. */
  delete(index: BitIndex): boolean {
    requireIndex(index)
    if (!this.#holds(index)) {
      return false
    }
    const rest = this.#without(index)
    if (rest === ABSENT) {
      return false
    }
    this.#count--
    this.#forget()
    this.#lower(rest)
    return true
  }

  /**
   * The values, by ascending index.
   *
   * @throws {CodecError} `AMT_INDEX_TOO_LARGE` at an index from 2^53 up, `AMT_COUNT` at the end when the root
   * counts something else than there is.
   */
  *entries(): Generator<readonly [number, T]> {
    let seen = 0
    for (const [first, leaf] of this.#leaves(this.#node, this.#height, 0)) {
      for (let place = 0; place < leaf.items.length; place++) {
        const index = requireSafeIndex(first + slotAt(leaf, place))
        seen++
        yield [index, within(index, () => valueAt(this.#type, leaf, place))]
      }
    }
    if (seen !== this.#count) {
      throw new CodecError('AMT_COUNT', `AMT: the root counts ${this.#count} values, there are ${seen}`, {
        counted: this.#count,
        found: seen,
      })
    }
  }

  *values(): Generator<T> {
    for (const [, value] of this.entries()) {
      yield value
    }
  }

  /** The link of the tree as it is. Its changed blocks are stored as the store stores values. */
  flush(): Link<Amt<T>> {
    if (this.#flushed === undefined) {
      const tree: AmtTree<T> = { node: this.#node, height: this.#height, count: this.#count, selections: [] }
      this.#selections = tree.selections
      this.#owner = {}
      this.#flushed = linkToStored<Amt<T>>(this.#store, tree, () =>
        saveBlock(this.#store, encodeAmtRoot(this.#type, this.#store, tree.node, tree.height, tree.count)),
      )
    }
    return this.#flushed
  }

  /** The leaves, each with the index of its first slot. */
  *#leaves(node: AmtNode<T>, height: number, first: number): Generator<readonly [number, LeafNode<T>]> {
    if (node.isLeaf) {
      yield [first, node]
      return
    }
    for (let place = 0; place < node.items.length; place++) {
      const childFirst = requireSafeIndex(first + slotAt(node, place) * 2 ** (this.#type.bitWidth * height))
      const child = within(childFirst, () => loadChild<T>(this.#type, this.#store, node, height, place))
      yield* this.#leaves(child, height - 1, childFirst)
    }
  }

  #holds(index: BitIndex): boolean {
    const bits = this.#type.bitWidth * (this.#height + 1)
    return bits >= 64 || (typeof index === 'number' ? index < 2 ** bits : index < 1n << BigInt(bits))
  }

  #findLeaf(index: BitIndex): LeafNode<T> | undefined {
    requireIndex(index)
    if (!this.#holds(index)) {
      return undefined
    }
    try {
      return findLeaf(this.#type, this.#store, this.#node, this.#height, index)
    } catch (error) {
      throw locate(error, Number(index))
    }
  }

  #without(index: BitIndex) {
    try {
      return withoutIndex(this.#type, this.#store, this.#owner, this.#node, this.#height, index)
    } catch (error) {
      throw locate(error, Number(index))
    }
  }

  /** Gathers the members of a run, or gives what was gathered of them before the tree changed. */
  #selectRun<C>(
    first: BitIndex,
    end: BitIndex,
    parts: PartsOf<T, C>,
    onMissing: (index: BitIndex) => never,
  ): C {
    const isMany = subtractIndex(end, first) >= MANY_OF_A_LEAF
    const selections = isMany && this.#store.decoding === 'held' ? this.#selections : undefined
    const known = selections?.find((one) => one.first === first && one.end === end && one.parts === parts)
    if (known !== undefined) {
      return known.gathered as C
    }
    const gathered =
      this.#findInBlocks(first, end, parts, onMissing) ??
      this.#gatherFromLeaves(first, end, parts, onMissing, createCollection(parts, subtractIndex(end, first)))
    selections?.splice(KEPT_SELECTIONS - 1)
    selections?.unshift({ parts, first, end, gathered })
    return gathered
  }

  /**
   * Gathers straight out of the leaves' blocks, without a node for it, where enough of a leaf is wanted for that.
   * Undefined is a run with a block that only the leaf's node can say something of.
   */
  #findInBlocks<C>(
    first: BitIndex,
    end: BitIndex,
    parts: PartsOf<T, C>,
    onMissing: (index: BitIndex) => never,
  ): C | undefined {
    if (this.#store.decoding === 'whole') {
      return undefined
    }
    const gathered = createCollection(parts, subtractIndex(end, first))
    for (let index = first; index < end; ) {
      const count = this.#countInBlock(index, end)
      const leaf = count > 0 ? this.#findUnreadLeaf(index) : undefined
      if (leaf === undefined) {
        index = this.#gatherFromLeaf(index, end, parts, onMissing, gathered)
        continue
      }
      const slot = (index as number) % (1 << this.#type.bitWidth)
      if (!gatherFromBlock(leaf, slot, count, parts, gathered)) {
        return undefined
      }
      index = addIndex(index, count)
    }
    return gathered
  }

  /** How many members there are from `first` to the end of their leaf or run, or none where they are few for a block. */
  #countInBlock(first: BitIndex, end: BitIndex): number {
    if (typeof first !== 'number' || !this.#holds(first)) {
      return 0
    }
    const width = 1 << this.#type.bitWidth
    const count = Math.min(width - (first % width), Number(subtractIndex(end, first)))
    return count < MANY_OF_A_LEAF || first + count > Number.MAX_SAFE_INTEGER ? 0 : count
  }

  #findUnreadLeaf(index: BitIndex) {
    return within(Number(index), () =>
      findUnreadLeaf(this.#type, this.#store, this.#node, this.#height, index),
    )
  }

  /** Gathers the members of a run node by node. */
  #gatherFromLeaves<C>(
    first: BitIndex,
    end: BitIndex,
    parts: PartsOf<T, C>,
    onMissing: (index: BitIndex) => never,
    into: C,
  ): C {
    for (let index = first; index < end; ) {
      index = this.#gatherFromLeaf(index, end, parts, onMissing, into)
    }
    return into
  }

  /** Gathers from `first` to the end of its leaf or run; returns where it ended. */
  #gatherFromLeaf<C>(
    first: BitIndex,
    end: BitIndex,
    parts: PartsOf<T, C>,
    onMissing: (index: BitIndex) => never,
    into: C,
  ): BitIndex {
    const leaf = this.#findLeaf(first) ?? onMissing(first)
    const place = placeInLeaf(this.#type, leaf, first)
    if (place === -1) {
      onMissing(first)
    }
    const firstSlot = slotAt(leaf, place)
    const width = 1 << this.#type.bitWidth
    let index = first
    try {
      for (let i = 0; firstSlot + i < width && index < end; i++) {
        if (!holdsSlot(leaf, place + i, firstSlot + i)) {
          onMissing(index)
        }
        gatherAt(this.#type, leaf, place + i, parts, into)
        index = addIndex(index, 1)
      }
    } catch (error) {
      throw locate(error, Number(index))
    }
    return index
  }

  /** What was known of the tree before a change. */
  #forget(): void {
    this.#flushed = undefined
    if (this.#selections.length > 0) {
      this.#selections = []
    }
  }

  /** Puts a new root above the present one. */
  #raise(): void {
    const root = createInnerNode<T>(this.#owner)
    if (this.#node.items.length > 0) {
      putItem<Child<T>>(root, 0, this.#node)
    }
    this.#node = root
    this.#height++
  }

  /** Takes what a deletion left as the root, without roots that have nothing but their first child. */
  #lower(rest: AmtNode<T> | undefined): void {
    if (rest === undefined) {
      this.#node = createLeafNode<T>()
      this.#height = 0
      return
    }
    let node = rest
    while (!node.isLeaf && node.items.length === 1 && slotAt(node, 0) === 0) {
      node = loadChild(this.#type, this.#store, node, this.#height, 0)
      this.#height--
    }
    this.#node = node
  }
}

function createCollection<T, C>(parts: PartsOf<T, C>, count: BitIndex): C {
  return parts.create(Math.min(Number(count), MOST_ROOM))
}

function requireIndex(index: BitIndex): void {
  if (index < 0 || index > MAX_AMT_INDEX) {
    throw new CodecError('AMT_INDEX_TOO_LARGE', `AMT: the index ${index} is not below 2^64 − 1`, { index })
  }
}

function requireSafeIndex(index: number): number {
  if (index > Number.MAX_SAFE_INTEGER) {
    throw new CodecError('AMT_INDEX_TOO_LARGE', 'AMT: an index of 2^53 or more', {})
  }
  return index
}
