import { type ActorRecord, Actors, StateRoot, type StateTree } from '@plimsoll/actors'
import { type Blockstore, type Cid, type Hamt, type Link, save } from '@plimsoll/ipld'
import type { Address } from '@plimsoll/primitives'

/** An actor whose record was replaced; it is new where there was none before. */
export interface ActorChange {
  readonly actor: Address
  readonly before: ActorRecord | undefined
  readonly after: ActorRecord
}

/** The wrapper of a state tree of version 5 around its actors, or nothing where the tree is bare. */
type Wrapper = StateRoot | null

/**
 * The actors of a state, changed in memory and written into the state tree when its root is asked for.
 *
 * Every change can be taken back to a mark, which is how a failed call leaves nothing behind. A class, because
 * it is what lives as long as the machine.
 *
 * Source: ref-fvm `fvm/src/state_tree.rs`.
 */
export class ActorTable {
  readonly #store: Blockstore
  readonly #wrapper: Wrapper
  readonly #tree: Hamt<Address, ActorRecord>
  /** Every actor that was asked for, by its ID address; null for one that there is not. */
  readonly #known = new Map<Address, ActorRecord | null>()
  /** Actors whose record is not written into the tree yet. */
  readonly #changed = new Set<Address>()
  /** What was there before each change, from the oldest on. */
  readonly #journal: { readonly actor: Address; readonly before: ActorRecord | null }[] = []

  constructor(store: Blockstore, tree: Hamt<Address, ActorRecord>, wrapper: Wrapper) {
    this.#store = store
    this.#tree = tree
    this.#wrapper = wrapper
  }

  /** @throws {CodecError} when a block on the way is missing or malformed. */
  find(actor: Address): ActorRecord | undefined {
    const known = this.#known.get(actor)
    if (known !== undefined) {
      return known ?? undefined
    }
    const record = this.#tree.get(actor)
    this.#known.set(actor, record ?? null)
    return record
  }

  set(actor: Address, record: ActorRecord): void {
    this.#journal.push({ actor, before: this.find(actor) ?? null })
    this.#known.set(actor, record)
    if (!this.#changed.has(actor)) {
      this.#changed.add(actor)
      // The tree gets the actor's record again before anybody reads it, and would hold all of its old state until then.
      this.#tree.forget(actor)
    }
  }

  /** A place to come back to. */
  mark(): number {
    return this.#journal.length
  }

  /** Takes back every change since a mark. */
  revertTo(mark: number): void {
    while (this.#journal.length > mark) {
      const { actor, before } = this.#journal.pop() as { actor: Address; before: ActorRecord | null }
      this.#known.set(actor, before)
    }
  }

  /**
   * What was changed since the last {@link commit} and stands, each actor once, in the order of the first change.
   *
   * Records are compared by the links that they hold, so that no state is encoded for it: that a new state is the
   * same as the old one after all shows in its CID.
   */
  changes(): readonly ActorChange[] {
    const seen = new Set<Address>()
    const changes: ActorChange[] = []
    for (const { actor, before } of this.#journal) {
      const after = this.#known.get(actor) ?? undefined
      if (!seen.has(actor) && after !== undefined && !isSameRecord(before, after)) {
        changes.push({ actor, before: before ?? undefined, after })
      }
      seen.add(actor)
    }
    return changes
  }

  /** Ends what could be taken back. */
  commit(): void {
    this.#journal.length = 0
  }

  /** The root of the state as it is. */
  root(): Cid {
    return this.#rootOf(this.#writtenTree())
  }

  /** The state as it is; later changes do not show in it. */
  stateTree(): StateTree {
    const link = this.#writtenTree()
    const actors = Actors.load(this.#store, link)
    return { store: this.#store, root: this.#rootOf(link), actors, wrapper: this.#wrapper }
  }

  /** The same actors apart: neither sees what the other changes from now on. */
  fork(): ActorTable {
    return new ActorTable(this.#store, Actors.load(this.#store, this.#writtenTree()), this.#wrapper)
  }

  #rootOf(actors: Link<Hamt<Address, ActorRecord>>): Cid {
    return this.#wrapper === null
      ? actors.cid
      : save(this.#store, StateRoot, { ...this.#wrapper, actors }).cid
  }

  #writtenTree(): Link<Hamt<Address, ActorRecord>> {
    for (const actor of this.#changed) {
      const record = this.#known.get(actor)
      if (record !== null && record !== undefined) {
        this.#tree.set(actor, record)
      }
    }
    this.#changed.clear()
    return this.#tree.flush()
  }
}

function isSameRecord(before: ActorRecord | null, after: ActorRecord): boolean {
  return (
    before !== null &&
    (before === after ||
      (before.head === after.head &&
        before.balance === after.balance &&
        before.sequence === after.sequence &&
        before.code === after.code &&
        before.delegatedAddress === after.delegatedAddress))
  )
}
