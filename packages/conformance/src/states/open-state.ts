import { type Cid, createCarReader, SlabBlockstore } from '@plimsoll/ipld'
import type { Hashes } from '@plimsoll/primitives'
import { readContents } from '../vector-file.ts'

/** A CAR in memory; reading it has verified the hash of every block. */
export interface LoadedCar {
  readonly store: SlabBlockstore
  readonly roots: readonly Cid[]
  readonly blocks: readonly CarEntry[]
}

/** A block of a CAR with its CID, in the order of the file. */
export interface CarEntry {
  readonly cid: Uint8Array
  readonly block: Uint8Array
}

export function loadCar(path: string, hashes: Hashes): LoadedCar {
  return parseCar(readContents(path), hashes)
}

export function parseCar(bytes: Uint8Array, hashes: Hashes): LoadedCar {
  const store = new SlabBlockstore(hashes)
  const blocks: CarEntry[] = []
  const reader = createCarReader(hashes, (data, start, end, block) => {
    store.putAt(data, start, end, block)
    blocks.push({ cid: data.slice(start, end), block: block.slice() })
  })
  reader.push(bytes)
  return { store, roots: reader.finish(), blocks }
}
