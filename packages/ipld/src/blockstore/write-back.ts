import type { Blockstore } from './blockstore.ts'

/**
 * A store whose links hold values: what is saved reaches `store` when its CID is asked for, and what is
 * loaded stays decoded as long as something links it.
 */
export function writeBackBlockstore(store: Blockstore): Blockstore {
  return { ...delegate(store), decoding: 'held' }
}

/**
 * The same, for a run of which only CIDs and values are wanted: reads from `store`, and forgets blocks as soon
 * as they are hashed. Nothing that was saved through it can be loaded again but through the links that it made.
 */
export function forgetfulBlockstore(store: Blockstore): Blockstore {
  return { ...delegate(store), decoding: 'held', put: () => {} }
}

/** The same blocks, read and written in the literal form: every node with all its values. */
export function wholeNodeBlockstore(store: Blockstore): Blockstore {
  return { ...delegate(store), decoding: 'whole' }
}

function delegate(store: Blockstore): Blockstore {
  return {
    hashes: store.hashes,
    decoding: store.decoding,
    find: (cid) => store.find(cid),
    findAt: (bytes, start, end) => store.findAt(bytes, start, end),
    put: (cid, block) => store.put(cid, block),
  }
}
