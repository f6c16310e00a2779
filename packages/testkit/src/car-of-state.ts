import { type Blockstore, type CarBlock, type Cid, createMemoryBlockstore, writeCarV1 } from '@plimsoll/ipld'
import type { Hashes } from '@plimsoll/primitives'
import { buildState, type StatePlan } from './build-state.ts'
import { editAll, type StateEdit } from './edit-state.ts'
import { concat } from './mutate.ts'

/** A blockstore that remembers what was put into it, in that order. */
export interface RecordingBlockstore extends Blockstore {
  readonly blocks: readonly CarBlock[]
}

export function recordingBlockstore(hashes: Hashes): RecordingBlockstore {
  const store = createMemoryBlockstore(hashes)
  const blocks: CarBlock[] = []
  return {
    hashes,
    decoding: 'on demand',
    find: (cid) => store.find(cid),
    findAt: (bytes, start, end) => store.findAt(bytes, start, end),
    put: (cid, block) => {
      if (store.find(cid) === undefined) {
        blocks.push({ cid, block })
      }
      store.put(cid, block)
    },
    blocks,
  }
}

/** A CARv1 as one piece of bytes. */
export function carBytes(roots: readonly Cid[], blocks: Iterable<CarBlock>): Uint8Array {
  return concat(...writeCarV1(roots, blocks))
}

/** A built state as a snapshot, with its root; `edits` are made one after another. */
export function carOfState(hashes: Hashes, plan: StatePlan, ...edits: readonly StateEdit[]): StateCar {
  const store = recordingBlockstore(hashes)
  const root = editAll(...edits)(store, buildState(store, plan))
  return { root, car: carBytes([root], store.blocks) }
}

export interface StateCar {
  readonly root: Cid
  readonly car: Uint8Array
}
