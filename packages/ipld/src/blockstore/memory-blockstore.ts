import { byteString, type Hashes } from '@plimsoll/primitives'
import type { Cid } from '../cid.ts'
import type { Blockstore } from './blockstore.ts'

/** Blocks in a map: for states of some megabytes, for tests and for what a run of the actors writes. */
export function createMemoryBlockstore(hashes: Hashes): Blockstore & { readonly size: number } {
  const blocks = new Map<Cid, Uint8Array>()
  return {
    hashes,
    decoding: 'on demand',
    find: (cid) => blocks.get(cid),
    findAt: (bytes, start, end) => blocks.get(byteString(bytes.subarray(start, end)) as string as Cid),
    put: (cid, block) => {
      blocks.set(cid, block)
    },
    get size() {
      return blocks.size
    },
  }
}
