import { type Blockstore, createMemoryBlockstore } from '@plimsoll/ipld'

/** A store that reads from another one and writes beside it. */
export function overlayBlockstore(base: Blockstore): Blockstore {
  const written = createMemoryBlockstore(base.hashes)
  return {
    hashes: base.hashes,
    decoding: 'on demand',
    find: (cid) => written.find(cid) ?? base.find(cid),
    findAt: (bytes, start, end) => written.findAt(bytes, start, end) ?? base.findAt(bytes, start, end),
    put: (cid, block) => written.put(cid, block),
  }
}
