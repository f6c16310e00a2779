import { assert, type Hashes } from '@plimsoll/primitives'
import { type Cid, cidBytes } from '../cid.ts'
import { MAX_CID_BYTES } from '../limits.ts'
import type { Blockstore } from './blockstore.ts'

/**
 * Blocks of a whole snapshot, packed one after another into large buffers and found through a table of open
 * addressing keyed by the end of the digest.
 *
 * Against a map of strings it takes a tenth of the memory beside the blocks themselves and an eighth of the
 * time for a look-up; measured figures are in docs/decisions.
 */
export class SlabBlockstore implements Blockstore {
  readonly hashes: Hashes
  readonly decoding = 'on demand'
  /** Buffers that records lie in; a record is the CID's length, the CID, and the block. */
  #slabs: Uint8Array[] = []
  #slabUsed = 0
  /**
   * {@link SLOT_WORDS} words for each slot of the table, side by side so that a look-up waits for memory once: the
   * record's slab, from 1; its offset there; the block's length; the hash. A free slot has no slab.
   */
  #slots: Uint32Array
  #mask: number
  #count = 0
  #totalBytes = 0

  constructor(hashes: Hashes) {
    this.hashes = hashes
    this.#slots = new Uint32Array(INITIAL_SLOTS * SLOT_WORDS)
    this.#mask = INITIAL_SLOTS - 1
  }

  /** How many blocks there are. */
  get size(): number {
    return this.#count
  }

  /** How many bytes the blocks have, without their CIDs. */
  get totalBytes(): number {
    return this.#totalBytes
  }

  find(cid: Cid): Uint8Array | undefined {
    const bytes = cidBytes(cid)
    return this.findAt(bytes, 0, bytes.length)
  }

  findAt(bytes: Uint8Array, start: number, end: number): Uint8Array | undefined {
    const slot = this.#slotOf(bytes, start, end)
    return this.#slots[slot + SLAB] === 0 ? undefined : this.#blockIn(slot, end - start)
  }

  put(cid: Cid, block: Uint8Array): void {
    const bytes = cidBytes(cid)
    this.putAt(bytes, 0, bytes.length, block)
  }

  /** Like `put`, for the CID that stands in `bytes[start, end)`. */
  putAt(bytes: Uint8Array, start: number, end: number, block: Uint8Array): void {
    const slot = this.#slotOf(bytes, start, end)
    if (this.#slots[slot + SLAB] !== 0) {
      return
    }
    const cidLength = end - start
    assert(cidLength <= MAX_CID_BYTES, 'a CID is at most MAX_CID_BYTES long')
    const offset = this.#reserve(1 + cidLength + block.length)
    const slab = this.#slabs[this.#slabs.length - 1] as Uint8Array
    slab[offset] = cidLength
    slab.set(bytes.subarray(start, end), offset + 1)
    slab.set(block, offset + 1 + cidLength)
    this.#slots[slot + SLAB] = this.#slabs.length
    this.#slots[slot + OFFSET] = offset
    this.#slots[slot + LENGTH] = block.length
    this.#slots[slot + HASH] = hashOfCidEnd(bytes, start, end)
    this.#totalBytes += block.length
    this.#count++
    if (this.#count * 2 > this.#mask) {
      this.#grow()
    }
  }

  /** Where the slot begins that holds the CID, or the free one where it belongs. */
  #slotOf(bytes: Uint8Array, start: number, end: number): number {
    const hash = hashOfCidEnd(bytes, start, end)
    const slots = this.#slots
    let slot = this.#firstSlotOf(hash)
    while (
      slots[slot + SLAB] !== 0 &&
      !(slots[slot + HASH] === hash && this.#isCidOfSlot(slot, bytes, start, end))
    ) {
      slot = this.#nextSlot(slot)
    }
    return slot
  }

  #firstSlotOf(hash: number): number {
    return (hash & this.#mask) * SLOT_WORDS
  }

  #nextSlot(slot: number): number {
    return (slot + SLOT_WORDS) & (this.#mask * SLOT_WORDS)
  }

  #isCidOfSlot(slot: number, bytes: Uint8Array, start: number, end: number): boolean {
    const slab = this.#slabs[(this.#slots[slot + SLAB] as number) - 1] as Uint8Array
    const record = this.#slots[slot + OFFSET] as number
    if (slab[record] !== end - start) {
      return false
    }
    // From the end: two CIDs of one kind begin alike and end differently.
    for (let i = end - 1, j = record + end - start; i >= start; i--, j--) {
      if (bytes[i] !== slab[j]) {
        return false
      }
    }
    return true
  }

  #blockIn(slot: number, cidLength: number): Uint8Array {
    const slab = this.#slabs[(this.#slots[slot + SLAB] as number) - 1] as Uint8Array
    const start = (this.#slots[slot + OFFSET] as number) + 1 + cidLength
    return slab.subarray(start, start + (this.#slots[slot + LENGTH] as number))
  }

  #reserve(size: number): number {
    const last = this.#slabs[this.#slabs.length - 1]
    if (last === undefined || this.#slabUsed + size > last.length) {
      const grown = Math.min(MAX_SLAB_BYTES, (last?.length ?? FIRST_SLAB_BYTES / 2) * 2)
      this.#slabs.push(new Uint8Array(Math.max(size, grown)))
      this.#slabUsed = 0
    }
    const offset = this.#slabUsed
    this.#slabUsed += size
    return offset
  }

  #grow(): void {
    const old = this.#slots
    this.#slots = new Uint32Array(old.length * 2)
    this.#mask = this.#mask * 2 + 1
    for (let from = 0; from < old.length; from += SLOT_WORDS) {
      if (old[from + SLAB] === 0) {
        continue
      }
      let to = this.#firstSlotOf(old[from + HASH] as number)
      while (this.#slots[to + SLAB] !== 0) {
        to = this.#nextSlot(to)
      }
      for (let word = 0; word < SLOT_WORDS; word++) {
        this.#slots[to + word] = old[from + word] as number
      }
    }
  }
}

/** What the words of a slot are. */
const [SLAB, OFFSET, LENGTH, HASH] = [0, 1, 2, 3] as const
const SLOT_WORDS = 4
const INITIAL_SLOTS = 1 << 10
const FIRST_SLAB_BYTES = 1 << 20
const MAX_SLAB_BYTES = 1 << 26

/** The digest is spread evenly, since only verified hashes get here; its last four bytes are hash enough. */
function hashOfCidEnd(bytes: Uint8Array, start: number, end: number): number {
  let hash = end - start
  for (let i = Math.max(start, end - 4); i < end; i++) {
    hash = (hash << 8) | (bytes[i] as number)
  }
  return hash >>> 0
}
