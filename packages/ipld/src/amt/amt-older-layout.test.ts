import { createHashes, formatHex, parseHex } from '@plimsoll/primitives'
import { describe, expect, test } from 'vitest'
import { type Blockstore, requireBlock } from '../blockstore/blockstore.ts'
import { createMemoryBlockstore } from '../blockstore/memory-blockstore.ts'
import { wholeNodeBlockstore, writeBackBlockstore } from '../blockstore/write-back.ts'
import type { ValueOf } from '../cbor/codec.ts'
import { encodeCbor } from '../cbor/codec.ts'
import { cid as cidCodec, uint } from '../cbor/scalars.ts'
import { tuple } from '../cbor/tuple.ts'
import { type Cid, cidOfBlock } from '../cid.ts'
import { linkTo } from '../link.ts'
import { type Amt, amt } from './amt.ts'

const hashes = await createHashes()

/** A record as it was first written, and as it is written since it has a fee. */
const Older = tuple('Record', { number: uint, power: uint })
const Record = tuple('Record', { number: uint, power: uint }, { tail: { fee: { codec: uint, absent: 0 } } })
type Record = ValueOf<typeof Record>

const OlderRecords = amt(Older, { bitWidth: 3 })
const Records = amt(Record, { bitWidth: 3 })

// Leaves of [bitmap, [], values]: [[5, 50], [6, 60]] at 0 and 1, [[7, 70]] at 9.
const OLDER_FIRST = '834103' + '80' + '82' + '82051832' + '8206183c'
const OLDER_SECOND = '834102' + '80' + '81' + '82071846'

const STORES = [
  { name: 'an ordinary store', over: (store: Blockstore) => store },
  { name: 'a store that holds values', over: writeBackBlockstore },
  { name: 'a store of whole nodes', over: wholeNodeBlockstore },
]

function buildOlder(indices: readonly number[]) {
  const below = createMemoryBlockstore(hashes)
  const array = OlderRecords.empty(below)
  for (const index of indices) {
    const number = index === 9 ? 7 : 5 + index
    array.set(index, { number, power: 10 * number })
  }
  return { below, cid: array.flush().cid }
}

function cidHex(block: string): Cid {
  return cidOfBlock(parseHex(block), hashes)
}

function linkHex(block: string): string {
  return formatHex(encodeCbor(cidCodec, cidHex(block)))
}

function hexOf(store: Blockstore, cid: Cid): string {
  return formatHex(requireBlock(store, cid))
}

// The reference decodes a whole leaf and encodes all of it when it has changed, and does not touch the others.
// Source: ref-fvm `ipld/amt/src/node.rs`, `Link::Dirty` and `Node::flush`.
describe.each(STORES)('an AMT of records that have grown, in $name,', ({ over }) => {
  function loadOlder(indices: readonly number[]) {
    const { below, cid } = buildOlder(indices)
    const store = over(below)
    const root = linkTo<Amt<Record>>(cid)
    return { below, store, root, records: Records.load(store, root) }
  }

  test('keeps its bytes and its link while it is only read', () => {
    const { root, records } = loadOlder([0, 1, 9])
    expect([...records.values()]).toEqual([
      { number: 5, power: 50, fee: 0 },
      { number: 6, power: 60, fee: 0 },
      { number: 7, power: 70, fee: 0 },
    ])
    expect(records.flush().cid).toBe(root.cid)
  })

  test.each([
    // [h'03', [], [[5, 51, 3], [6, 60, 0]]]
    {
      change: 'set',
      edit: (records: Amt<Record>) => records.set(0, { number: 5, power: 51, fee: 3 }),
      leaf: '834103' + '80' + '82' + '8305183303' + '8306183c00',
      count: 3,
    },
    // [h'02', [], [[6, 60, 0]]]
    {
      change: 'deleted',
      edit: (records: Amt<Record>) => records.delete(0),
      leaf: '834102' + '80' + '81' + '8306183c00',
      count: 2,
    },
    // [h'07', [], [[5, 50, 0], [6, 60, 0], [8, 80, 1]]]
    {
      change: 'added',
      edit: (records: Amt<Record>) => records.set(2, { number: 8, power: 80, fee: 1 }),
      leaf: '834107' + '80' + '83' + '8305183200' + '8306183c00' + '8308185001',
      count: 4,
    },
  ])('has a leaf in the new layout where one value was $change, and the others as they were', (row) => {
    const { below, store, root, records } = loadOlder([0, 1, 9])
    row.edit(records)
    const { cid } = records.flush()
    // [3, 1, count, [h'03', [first leaf, second leaf], []]]
    expect(hexOf(below, cid)).toBe(
      `8403010${row.count}83410382${linkHex(row.leaf)}${linkHex(OLDER_SECOND)}80`,
    )
    expect(hexOf(below, cidHex(row.leaf))).toBe(row.leaf)
    expect(hexOf(below, cidHex(OLDER_SECOND))).toBe(OLDER_SECOND)
    // What was there before is there still.
    expect(hexOf(below, root.cid)).toBe(`8403010383410382${linkHex(OLDER_FIRST)}${linkHex(OLDER_SECOND)}80`)
    expect(Records.load(store, root).get(0)).toEqual({ number: 5, power: 50, fee: 0 })
  })

  test('has a leaf in the new layout after values of it were read', () => {
    const { below, records } = loadOlder([0, 1, 9])
    expect([...records.values()]).toHaveLength(3)
    records.delete(0)
    const leaf = '834102' + '80' + '81' + '8306183c00'
    expect(hexOf(below, records.flush().cid)).toBe(
      `8403010283410382${linkHex(leaf)}${linkHex(OLDER_SECOND)}80`,
    )
  })

  // The old root becomes a child, which is a block of its own that was never written.
  test('has the leaf that was the root in the new layout when the tree grows over it', () => {
    const { below, records } = loadOlder([0, 1])
    records.set(9, { number: 7, power: 70, fee: 0 })
    const first = '834103' + '80' + '82' + '8305183200' + '8306183c00'
    const second = '834102' + '80' + '81' + '8307184600'
    expect(hexOf(below, records.flush().cid)).toBe(`8403010383410382${linkHex(first)}${linkHex(second)}80`)
  })

  test('has the leaf that becomes the root in the new layout when the tree shrinks to it', () => {
    const { below, records } = loadOlder([0, 1, 9])
    records.delete(9)
    // [3, 0, 2, [h'03', [], [[5, 50, 0], [6, 60, 0]]]]
    expect(hexOf(below, records.flush().cid)).toBe(
      '84030002' + '834103' + '80' + '82' + '8305183200' + '8306183c00',
    )
  })

  test('refuses to write a value beside a changed one that is of no layout', () => {
    const { below } = buildOlder([])
    // [3, 0, 2, [h'03', [], [[5, 50], [6]]]]
    const block = parseHex('84030002' + '834103' + '80' + '82' + '82051832' + '8106')
    const cid = cidOfBlock(block, hashes)
    below.put(cid, block)
    const change = () => {
      const records = Records.load(over(below), linkTo(cid))
      records.set(0, { number: 5, power: 51, fee: 0 })
      return records.flush().cid
    }
    expect(change).toThrow(expect.objectContaining({ code: 'INVALID_VALUE' }))
  })
})
