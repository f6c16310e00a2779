import { fc, test } from '@fast-check/vitest'
import { createHashes } from '@plimsoll/primitives'
import { describe, expect } from 'vitest'
import { type Blockstore, saveBlock } from '../blockstore/blockstore.ts'
import { createMemoryBlockstore } from '../blockstore/memory-blockstore.ts'
import { cborReader } from '../cbor/reader.ts'
import { uint } from '../cbor/scalars.ts'
import { type Cid, cidBytes, cidOfBlock, formatCid } from '../cid.ts'
import { CodecError } from '../errors.ts'
import { linkTo } from '../link.ts'
import { amt } from './amt.ts'
import { hasSlot } from './layout.ts'
import { visitAmtLeaves } from './leaves.ts'

const hashes = await createHashes()

/** Every value with its index, taken from the leaves' bytes. */
function valuesOfLeaves(store: Blockstore, root: Cid, bitWidth: number): (readonly [number, number])[] {
  const values: (readonly [number, number])[] = []
  visitAmtLeaves(store, root, bitWidth, (leaf, first) => {
    const reader = cborReader(leaf.block, leaf.valuesStart)
    for (let slot = 0; slot < 1 << bitWidth; slot++) {
      if (hasSlot(leaf, slot)) {
        values.push([first + slot, uint.decode(reader)])
      }
    }
    expect(reader.offset).toBe(leaf.block.length)
  })
  return values
}

function buildAmt(bitWidth: number, entries: Iterable<readonly [number, number]>) {
  const store = createMemoryBlockstore(hashes)
  const array = amt(uint, { bitWidth }).empty(store)
  for (const [index, value] of entries) {
    array.set(index, value)
  }
  return { store, root: array.flush() }
}

const anyEntries = fc.array(
  fc.tuple(
    fc.oneof(fc.nat(200), fc.nat(1_000_000), fc.constantFrom(2 ** 40, 2 ** 53 - 1)),
    fc.oneof(fc.nat(30), fc.maxSafeNat()),
  ),
  { maxLength: 60 },
)

describe('visitAmtLeaves', () => {
  test.prop([fc.constantFrom(1, 2, 3, 4, 5, 6, 8), anyEntries])(
    'shows the same values at the same indices as the entries',
    (bitWidth, entries) => {
      const { store, root } = buildAmt(bitWidth, entries)
      const expected = [...amt(uint, { bitWidth }).load(store, root).entries()]
      expect(valuesOfLeaves(store, root.cid, bitWidth)).toEqual(expected)
      expect(visitAmtLeaves(store, root.cid, bitWidth, () => {})).toBe(new Map(entries).size)
    },
  )

  test('visits no leaf of an empty AMT', () => {
    const { store, root } = buildAmt(3, [])
    const visited: number[] = []
    expect(visitAmtLeaves(store, root.cid, 3, (_, first) => visited.push(first))).toBe(0)
    expect(visited).toEqual([])
  })

  test('visits only leaves that are there, ascending, with the index of their first slot', () => {
    const { store, root } = buildAmt(3, [
      [1000, 1],
      [9, 1],
      [10, 1],
      [70, 1],
    ])
    const visited: (readonly [number, number])[] = []
    visitAmtLeaves(store, root.cid, 3, (leaf, first) => visited.push([first, leaf.valueCount]))
    expect(visited).toEqual([
      [8, 2],
      [64, 1],
      [1000, 1],
    ])
  })
})

describe('visitAmtLeaves and the entries fail alike', () => {
  const Numbers = amt(uint, { bitWidth: 3 })

  /** What the two walks do with the same tree: what they threw, after how many values. */
  function walks(store: Blockstore, root: Cid) {
    const seen = { entries: 0, leaves: 0 }
    const byEntries = failureOf(() => {
      for (const _ of Numbers.load(store, linkTo(root)).entries()) {
        seen.entries++
      }
    })
    const byLeaves = failureOf(() =>
      visitAmtLeaves(store, root, 3, (leaf) => {
        seen.leaves += leaf.valueCount
      }),
    )
    return { byEntries, byLeaves, seen }
  }

  function failureOf(walk: () => unknown) {
    try {
      walk()
    } catch (error) {
      if (error instanceof CodecError) {
        return { code: error.code, path: error.path, data: error.data }
      }
      throw error
    }
    return undefined
  }

  test.each([
    // [3, 1, 1, [h'02', [child], []]]: the child is at index 8.
    { rule: 'at a missing block', child: undefined, code: 'MISSING_BLOCK', path: [8] },
    { rule: 'at an empty node', child: [0x83, 0x41, 0, 0x80, 0x80], code: 'AMT_NODE', path: [8] },
    { rule: 'at a node that is cut short', child: [0x83, 0x41], code: 'CBOR_TRUNCATED', path: [8] },
    {
      rule: 'after a count that is too small',
      child: [0x83, 0x41, 3, 0x80, 0x82, 7, 8],
      code: 'AMT_COUNT',
      path: [],
    },
  ])('$rule', ({ child, code, path }) => {
    const store = createMemoryBlockstore(hashes)
    const block = Uint8Array.from(child ?? [0x83, 0x41, 1, 0x80, 0x81, 7])
    const cid = cidOfBlock(block, hashes)
    if (child !== undefined) {
      saveBlock(store, block)
    }
    const link = [0xd8, 0x2a, 0x58, 0x27, 0, ...cidBytes(cid)]
    const root = saveBlock(store, Uint8Array.of(0x84, 3, 1, 1, 0x83, 0x41, 2, 0x81, ...link, 0x80))
    const { byEntries, byLeaves, seen } = walks(store, root)
    expect(byEntries).toMatchObject({ code, path })
    expect(byLeaves).toEqual(byEntries)
    expect(seen.leaves).toBe(seen.entries)
    if (child === undefined) {
      expect(byLeaves?.data).toEqual({ cid: formatCid(cid) })
    }
  })

  test('at an index from 2^53 on', () => {
    const store = createMemoryBlockstore(hashes)
    const array = Numbers.empty(store)
    array.set(2 ** 53 - 1, 1)
    array.set(2n ** 53n, 1)
    const { byEntries, byLeaves, seen } = walks(store, array.flush().cid)
    expect(byEntries?.code).toBe('AMT_INDEX_TOO_LARGE')
    expect(byLeaves).toEqual(byEntries)
    expect(seen).toEqual({ entries: 1, leaves: 1 })
  })

  test('at a root that is missing or of another bit width', () => {
    const { store, root } = buildAmt(4, [[1, 1]])
    const other = walks(store, root.cid)
    expect(other.byEntries?.code).toBe('AMT_BIT_WIDTH')
    expect(other.byLeaves).toEqual(other.byEntries)
    const missing = walks(createMemoryBlockstore(hashes), root.cid)
    expect(missing.byEntries).toMatchObject({ code: 'MISSING_BLOCK', path: [] })
    expect(missing.byLeaves).toEqual(missing.byEntries)
  })
})
