import { blake2b } from '@noble/hashes/blake2.js'
import { type CarBlock, createCarReader, SlabBlockstore, writeCarV1 } from '@plimsoll/ipld'
import type { Hashes } from '@plimsoll/primitives'
import { loadSectorColumns } from '@plimsoll/risk'
import { type GeneratedBook, requireBlockOf } from './book.ts'
import { type Figure, fastestMs, gigabytesPerSecond, nanosecondsEach } from './measure.ts'

/** Pieces that a file is read in. */
const CHUNK_BYTES = 1 << 20

/** From the bytes of a CAR to columns, every block hashed on the way. */
export function benchVerifiedLoad(book: GeneratedBook, hashes: Hashes): readonly Figure[] {
  const car = carOf(book)
  const ms = fastestMs(4, () => {
    const store = new SlabBlockstore(hashes)
    const reader = createCarReader(hashes, (bytes, start, end, block) =>
      store.putAt(bytes, start, end, block),
    )
    for (let at = 0; at < car.length; at += CHUNK_BYTES) {
      reader.push(car.subarray(at, at + CHUNK_BYTES))
    }
    reader.finish()
    return loadSectorColumns(18, { ...book.miner, store })
  })
  return [
    {
      name: 'verified load of a CAR into columns',
      value: nanosecondsEach(ms, book.count),
      unit: 'ns/sector',
    },
    { name: 'verified load of a CAR into columns', value: gigabytesPerSecond(car.length, ms), unit: 'GB/s' },
  ]
}

/** blake2b-256 of every block, against the fastest in plain JavaScript. */
export function benchHashing(book: GeneratedBook, hashes: Hashes): readonly Figure[] {
  // A tenth of the blocks is enough for the slower side, and the same for both.
  const blocks = book.cids.filter((_, i) => i % 10 === 0).map((cid) => requireBlockOf(book, cid))
  const bytes = blocks.reduce((sum, { length }) => sum + length, 0)
  const oursMs = fastestMs(6, () => blocks.map((block) => hashes.blake2b256(block)))
  const nobleMs = fastestMs(2, () => blocks.map((block) => blake2b(block, { dkLen: 32 })))
  return [
    { name: 'blake2b-256 by hash-wasm', value: nanosecondsEach(oursMs, bytes), unit: 'ns/B' },
    { name: 'blake2b-256 by @noble/hashes', value: nanosecondsEach(nobleMs, bytes), unit: 'ns/B' },
    {
      name: 'hash-wasm against @noble/hashes',
      value: nobleMs / oursMs,
      unit: '× faster',
      goal: { kind: 'at least', value: 10 },
    },
  ]
}

/** Looking blocks up by a CID that stands in another block: the slab's table, and a map of byte strings. */
export function benchLookup(book: GeneratedBook): readonly Figure[] {
  const cids = book.cids.map((cid) => Uint8Array.from(cid, (character) => character.charCodeAt(0)))
  const map = new Map(book.cids.map((cid): [string, Uint8Array] => [cid, requireBlockOf(book, cid)]))
  const slabMs = fastestMs(6, () => countFound(cids, (bytes) => book.store.findAt(bytes, 0, bytes.length)))
  const mapMs = fastestMs(6, () =>
    countFound(cids, (bytes) => map.get(Reflect.apply(String.fromCharCode, undefined, bytes))),
  )
  return [
    {
      name: 'a block looked up in the slab blockstore',
      value: nanosecondsEach(slabMs, cids.length),
      unit: 'ns',
    },
    {
      name: 'a block looked up in a map by byte string',
      value: nanosecondsEach(mapMs, cids.length),
      unit: 'ns',
    },
  ]
}

function countFound(
  cids: readonly Uint8Array[],
  find: (bytes: Uint8Array) => Uint8Array | undefined,
): number {
  let found = 0
  for (const cid of cids) {
    found += find(cid) === undefined ? 0 : 1
  }
  if (found !== cids.length) {
    throw new Error(`${cids.length - found} blocks were not found`)
  }
  return found
}

function carOf(book: GeneratedBook): Uint8Array {
  const blocks = book.cids.map((cid): CarBlock => ({ cid, block: requireBlockOf(book, cid) }))
  return Buffer.concat([...writeCarV1([book.root.cid], blocks)])
}
