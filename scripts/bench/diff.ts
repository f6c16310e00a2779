import { Claims } from '@plimsoll/actors'
import {
  type Blockstore,
  type Cid,
  diffAmt,
  diffHamt,
  type Hamt,
  type Link,
  SlabBlockstore,
} from '@plimsoll/ipld'
import { type ActorId, type Address, type Hashes, idAddress } from '@plimsoll/primitives'
import { loadSectorColumns } from '@plimsoll/risk'
import { changeScattered, type GeneratedBook } from './book.ts'
import { type Figure, fastestMs } from './measure.ts'

/** One in a thousand. */
const CHANGED_SHARE = 1000

/** A sixth of what reading one side again would take. */
const GOAL = { kind: 'at most', value: 1 / 6 } as const

/** What changed between two books, against reading one of them again. */
export function benchAmtDiff(book: GeneratedBook): readonly Figure[] {
  const changes = book.count / CHANGED_SHARE
  const after = changeScattered(book, changes)
  requireChanges(diffAmt(book.store, book.root.cid, after.cid, 5).length, changes)
  const diffMs = fastestMs(10, () => diffAmt(book.store, book.root.cid, after.cid, 5))
  const state = { ...book.miner.state, sectors: after }
  const decodeMs = fastestMs(10, () => loadSectorColumns(18, { ...book.miner, state }))
  return figures(
    'AMT',
    changes,
    diffMs,
    decodeMs,
    countOpened(book.store, (store) => diffAmt(store, book.root.cid, after.cid, 5)),
  )
}

/** The same for a map of claims as large as the book. */
export function benchHamtDiff(hashes: Hashes, count: number): readonly Figure[] {
  const store = new SlabBlockstore(hashes)
  const before = buildClaims(store, count)
  const changes = count / CHANGED_SHARE
  const after = changeClaims(store, before, changes)
  requireChanges(diffHamt(store, before.cid, after.cid, Claims.bitWidth).length, changes)
  const diffMs = fastestMs(10, () => diffHamt(store, before.cid, after.cid, Claims.bitWidth))
  const decodeMs = fastestMs(2, () => [...Claims.load(store, after).entries()].length)
  return figures(
    'HAMT',
    changes,
    diffMs,
    decodeMs,
    countOpened(store, (counting) => diffHamt(counting, before.cid, after.cid, Claims.bitWidth)),
  )
}

function figures(
  name: string,
  changes: number,
  diffMs: number,
  decodeMs: number,
  opened: number,
): readonly Figure[] {
  return [
    { name: `${name} diff of ${changes} scattered changes`, value: diffMs, unit: 'ms' },
    { name: `${name} read again as a whole`, value: decodeMs, unit: 'ms' },
    { name: `${name} blocks opened by the diff, both sides`, value: opened, unit: 'blocks' },
    { name: `${name} diff against reading again`, value: diffMs / decodeMs, unit: 'of the time', goal: GOAL },
  ]
}

function buildClaims(store: Blockstore, count: number): Link<Hamt<Address, Claim>> {
  const claims = Claims.empty(store)
  for (let id = 0; id < count; id++) {
    claims.set(idAddress(id as ActorId), claimOf(id, 1n))
  }
  return claims.flush()
}

function changeClaims(store: Blockstore, root: Link<Hamt<Address, Claim>>, changes: number) {
  const claims = Claims.load(store, root)
  for (let i = 0; i < changes; i++) {
    const id = i * CHANGED_SHARE + ((i * 7919) % CHANGED_SHARE)
    claims.set(idAddress(id as ActorId), claimOf(id, 2n))
  }
  return claims.flush()
}

type Claim = ReturnType<typeof claimOf>

function claimOf(id: number, factor: bigint) {
  const power = factor * (BigInt(id + 1) << 35n)
  return { windowPostProofType: 13, rawBytePower: power, qualityAdjPower: power }
}

/** How many blocks `read` takes out of the store. */
function countOpened(store: Blockstore, read: (store: Blockstore) => unknown): number {
  let opened = 0
  const count = <T>(block: T): T => {
    opened++
    return block
  }
  read({
    hashes: store.hashes,
    decoding: 'on demand',
    find: (cid: Cid) => count(store.find(cid)),
    findAt: (bytes, start, end) => count(store.findAt(bytes, start, end)),
    put: (cid, block) => store.put(cid, block),
  })
  return opened
}

function requireChanges(found: number, expected: number): void {
  if (found !== expected) {
    throw new Error(`the diff has ${found} changes instead of ${expected}`)
  }
}
