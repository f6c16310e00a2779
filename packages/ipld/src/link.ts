import type { Cid } from './cid.ts'

/** Puts a value into a store as a block and tells its CID. */
export type StoreBlock = () => Cid

/**
 * A reference to a value that stands in a block of its own.
 *
 * A link that was read from a block knows its CID. One that was made of a value in memory knows how the value
 * becomes a block, and does so when its CID is first asked for: what nobody asks for is never encoded and
 * never hashed. In both cases the value may be held, so that following the link again costs nothing.
 *
 * A class, because it is a thing with an identity that learns its CID later.
 */
export class Link<T> {
  /** An own property, so that a structural comparison compares links by their CIDs. */
  private known: Cid | undefined
  #held: unknown
  #storeBlock: StoreBlock | undefined
  declare readonly target?: T

  constructor(known: Cid | undefined, held: unknown, storeBlock: StoreBlock | undefined) {
    this.known = known
    this.#held = held
    this.#storeBlock = storeBlock
  }

  /** The CID of the value's block; stores the block if that has not happened yet. */
  get cid(): Cid {
    if (this.known === undefined) {
      this.known = (this.#storeBlock as StoreBlock)()
      this.#storeBlock = undefined
    }
    return this.known
  }

  /** What {@link hold} was given last: the value in the form that its loader wants, or undefined. */
  get held(): unknown {
    return this.#held
  }

  /** Keeps a value for the next who follows the link; it must not be changed any more. */
  hold(value: unknown): void {
    this.#held = value
  }
}

/** A link to what a CID names. */
export function linkTo<T>(cid: Cid): Link<T> {
  return new Link<T>(cid, undefined, undefined)
}

/** A link to a value in memory, whose block `storeBlock` makes. The value must not be changed any more. */
export function linkToHeld<T>(held: unknown, storeBlock: StoreBlock): Link<T> {
  return new Link<T>(undefined, held, storeBlock)
}

/** Whether two links name the same block. Two that hold the same value are not asked for their CIDs. */
export function isSameLink<T>(a: Link<T>, b: Link<T>): boolean {
  return a === b || (a.held !== undefined && a.held === b.held) || a.cid === b.cid
}
