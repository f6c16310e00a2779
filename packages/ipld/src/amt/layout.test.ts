import { fc, test } from '@fast-check/vitest'
import { createHashes, formatHex, parseHex } from '@plimsoll/primitives'
import { mutated } from '@plimsoll/testkit'
import { describe, expect } from 'vitest'
import { saveBlock } from '../blockstore/blockstore.ts'
import { createMemoryBlockstore } from '../blockstore/memory-blockstore.ts'
import { encodeCbor } from '../cbor/codec.ts'
import { bytes, uint } from '../cbor/scalars.ts'
import { type Cid, cidBytes } from '../cid.ts'
import { CodecError } from '../errors.ts'
import { linkTo } from '../link.ts'
import { amt } from './amt.ts'
import { diffAmt } from './diff.ts'
import { maxAmtHeight, readAmtNode, readAmtNodeByCursor, readAmtRoot } from './layout.ts'
import { visitAmtLeaves } from './leaves.ts'

const hashes = await createHashes()

/** 42(h'00…') of a CID that names no block: CIDv1, dag-cbor, blake2b-256. */
const LINK = `d82a5827000171a0e40220${'ab'.repeat(32)}`

function linkHex(cid: Cid): string {
  return `d82a582700${formatHex(cidBytes(cid))}`
}

function readRoot(hex: string, bitWidth: number) {
  return () => readAmtRoot(parseHex(hex), bitWidth)
}

/** Reads index 8 of a tree of bit width 3 and height 1 whose second child is the given block. */
function readChild(hex: string): () => unknown {
  const store = createMemoryBlockstore(hashes)
  const child = saveBlock(store, parseHex(hex))
  // [3, 1, 1, [h'02', [child], []]]
  const root = saveBlock(store, parseHex(`8403010183410281${linkHex(child)}80`))
  return () => amt(uint, { bitWidth: 3 }).load(store, linkTo(root)).get(8)
}

describe('a root', () => {
  test.each([
    { name: 'empty', bitWidth: 3, hex: '8403000083410080 80' },
    { name: 'with two values', bitWidth: 3, hex: '84030002834105 80 820708' },
    { name: 'with one link that is not the first', bitWidth: 3, hex: `84030101834102 81${LINK} 80` },
    { name: 'with its first link and another', bitWidth: 3, hex: `84030102834103 82${LINK}${LINK} 80` },
    { name: 'of bit width 1 with both values', bitWidth: 1, hex: '84010002834103 80 820708' },
    { name: 'of bit width 2 with its last value', bitWidth: 2, hex: '84020001834108 80 8107' },
    { name: 'of the largest bit width', bitWidth: 8, hex: `84080000835820${'00'.repeat(32)}8080` },
  ])('may be $name', ({ bitWidth, hex }) => {
    expect(readRoot(hex.replaceAll(' ', ''), bitWidth)).not.toThrow()
  })

  test.each([
    { defect: 'of version 0, without a bit width', hex: '83000083410080 80', code: 'AMT_NODE' },
    { defect: 'of five items', hex: '85030000834100808000', code: 'AMT_NODE' },
    { defect: 'of another bit width', hex: '84040000834100 80 80', code: 'AMT_BIT_WIDTH' },
    { defect: 'higher than its indices need', hex: `84031601834102 81${LINK} 80`, code: 'AMT_HEIGHT' },
    { defect: 'of a negative height', hex: '84032000834100 80 80', code: 'CBOR_UNEXPECTED_TYPE' },
    {
      defect: 'with a count of 2^53',
      hex: '8403001b0020000000000000834101 80 8107',
      code: 'CBOR_INTEGER_TOO_LARGE',
    },
    { defect: 'with a node of two items', hex: '84030000824100 80', code: 'AMT_NODE' },
    { defect: 'with a node of four items', hex: '84030000844100 80 80 80', code: 'AMT_NODE' },
    {
      defect: 'with a bitmap that is no byte string',
      hex: '84030000836100 80 80',
      code: 'CBOR_UNEXPECTED_TYPE',
    },
    { defect: 'with a bitmap of no bytes', hex: '840300008340 80 80', code: 'AMT_NODE' },
    { defect: 'with a bitmap of two bytes', hex: '8403000083420000 80 80', code: 'AMT_NODE' },
    { defect: 'with a bit and no value', hex: '84030001834105 80 8107', code: 'AMT_NODE' },
    { defect: 'with a value and no bit', hex: '84030001834101 80 820708', code: 'AMT_NODE' },
    { defect: 'with a bit and no link', hex: `84030102834106 81${LINK} 80`, code: 'AMT_NODE' },
    { defect: 'with a link and no bit', hex: `84030101834102 82${LINK}${LINK} 80`, code: 'AMT_NODE' },
    { defect: 'with a value beside its links', hex: `84030101834102 81${LINK} 8107`, code: 'AMT_NODE' },
    { defect: 'with a link beside its values', hex: `84030001834102 81${LINK} 8107`, code: 'AMT_NODE' },
    { defect: 'with links where it is a leaf', hex: `84030001834102 81${LINK} 80`, code: 'AMT_NODE' },
    { defect: 'with values where it is an inner node', hex: '84030101834102 80 8107', code: 'AMT_NODE' },
    { defect: 'that is empty and counts a value', hex: '84030001834100 80 80', code: 'AMT_NOT_CANONICAL' },
    { defect: 'that is empty and has a height', hex: '84030100834100 80 80', code: 'AMT_NOT_CANONICAL' },
    {
      defect: 'that has only its first child',
      hex: `84030101834101 81${LINK} 80`,
      code: 'AMT_NOT_CANONICAL',
    },
    {
      defect: 'with bytes for a link',
      hex: `84030101834102 81${LINK.slice(4)} 80`,
      code: 'CBOR_UNEXPECTED_TYPE',
    },
    {
      defect: 'with a link of tag 41',
      hex: `84030101834102 81d829${LINK.slice(4)} 80`,
      code: 'CBOR_UNEXPECTED_TYPE',
    },
    { defect: 'with a link of one byte', hex: '84030101834102 81d82a4100 80', code: 'INVALID_VALUE' },
    {
      defect: 'with a link that begins with 01',
      hex: '84030101834102 81d82a420155 80',
      code: 'INVALID_VALUE',
    },
    {
      defect: 'with bytes after an inner node',
      hex: `84030101834102 81${LINK} 80 00`,
      code: 'CBOR_TRAILING_BYTES',
    },
    { defect: 'with bytes after an empty node', hex: '84030000834100 80 80 00', code: 'CBOR_TRAILING_BYTES' },
    { defect: 'with a head that is not minimal', hex: '8418030000834100 80 80', code: 'CBOR_NOT_CANONICAL' },
    { defect: 'with a list of indefinite length', hex: '84030000834100 9fff 80', code: 'CBOR_NOT_CANONICAL' },
    { defect: 'that is cut short', hex: '84030000834100 80', code: 'CBOR_TRUNCATED' },
    {
      defect: 'that counts more links than it has bytes',
      hex: '84030101834102 9a00ffffff',
      code: 'CBOR_TRUNCATED',
    },
    { defect: 'that is no list', hex: 'a0', code: 'CBOR_UNEXPECTED_TYPE' },
    { defect: 'of no bytes', hex: '', code: 'CBOR_TRUNCATED' },
  ])('$defect is refused', ({ hex, code }) => {
    expect(readRoot(hex.replaceAll(' ', ''), 3)).toThrow(expect.objectContaining({ code }))
  })

  test.each([
    { bitWidth: 1, bits: '04' },
    { bitWidth: 1, bits: '80' },
    { bitWidth: 2, bits: '10' },
    { bitWidth: 2, bits: '80' },
  ])('of bit width $bitWidth with a bitmap of $bits is refused', ({ bitWidth, bits }) => {
    expect(readRoot(`840${bitWidth}00018341${bits}808107`, bitWidth)).toThrow(
      expect.objectContaining({ code: 'AMT_NODE' }),
    )
  })

  test('of a bit width over 8 is refused, though it is the one that was asked for', () => {
    expect(readRoot(`84090000835840${'00'.repeat(64)}8080`, 9)).toThrow(
      expect.objectContaining({ code: 'AMT_BIT_WIDTH' }),
    )
  })

  test.each([{ length: 3 }, { length: 5 }])(
    'of bit width 5 with a bitmap of $length bytes is refused',
    ({ length }) => {
      expect(readRoot(`840500008344${'00'.repeat(4)}8080`, 5)).not.toThrow()
      expect(readRoot(`84050000834${length}${'00'.repeat(length)}8080`, 5)).toThrow(
        expect.objectContaining({ code: 'AMT_NODE' }),
      )
    },
  )

  // 64 bits of index in digits of the bit width: 64, 32, 22, 16, 13, 11, 10 and 8 digits, the lowest at height 0.
  test.each([
    { bitWidth: 1, height: 63, head: '183f', above: '1840' },
    { bitWidth: 2, height: 31, head: '181f', above: '1820' },
    { bitWidth: 3, height: 21, head: '15', above: '16' },
    { bitWidth: 4, height: 15, head: '0f', above: '10' },
    { bitWidth: 5, height: 12, head: '0c', above: '0d' },
    { bitWidth: 6, height: 10, head: '0a', above: '0b' },
    { bitWidth: 7, height: 9, head: '09', above: '0a' },
    { bitWidth: 8, height: 7, head: '07', above: '08' },
  ])('of bit width $bitWidth has a height of at most $height', ({ bitWidth, height, head, above }) => {
    const bitmap = `02${'00'.repeat(Math.max(1, 2 ** (bitWidth - 3)) - 1)}`
    const root = (heightHead: string) =>
      `840${bitWidth}${heightHead}0183${formatHex(encodeCbor(bytes, parseHex(bitmap)))}81${LINK}80`
    expect(maxAmtHeight(bitWidth)).toBe(height)
    expect(readRoot(root(head), bitWidth)).not.toThrow()
    expect(readRoot(root(above), bitWidth)).toThrow(expect.objectContaining({ code: 'AMT_HEIGHT' }))
  })
})

describe('a node below the root', () => {
  // [h'01', [], [7]]
  test('may be a leaf', () => {
    expect(readChild('834101808107')()).toBe(7)
  })

  test.each([
    { defect: 'that is empty', hex: '8341008080', code: 'AMT_NODE' },
    { defect: 'of two items', hex: '82410180', code: 'AMT_NODE' },
    { defect: 'with links where it is a leaf', hex: `83410181${LINK}80`, code: 'AMT_NODE' },
    { defect: 'with a bit and no value', hex: '834103808107', code: 'AMT_NODE' },
    { defect: 'with a value and no bit', hex: '83410180820708', code: 'AMT_NODE' },
    { defect: 'with a bitmap of two bytes', hex: '83420100808107', code: 'AMT_NODE' },
    { defect: 'with bytes after its values', hex: '83410180810700', code: 'CBOR_TRAILING_BYTES' },
    { defect: 'with a value that is cut short', hex: '83410180811907', code: 'CBOR_TRUNCATED' },
    { defect: 'that is a root', hex: '84030001834101808107', code: 'AMT_NODE' },
  ])('$defect is refused, with the index that was asked for', ({ hex, code }) => {
    expect(readChild(hex)).toThrow(expect.objectContaining({ code, path: [8] }))
  })

  // [3, 2, 1, [h'02', [child], []]]: index 64 lies below an inner node.
  test.each([
    { defect: 'an empty inner node', hex: '8341008080', code: 'AMT_NODE' },
    { defect: 'values in an inner node', hex: '834101808107', code: 'AMT_NODE' },
    { defect: 'an inner node with bytes after it', hex: `83410181${LINK}8000`, code: 'CBOR_TRAILING_BYTES' },
  ])('$defect is refused', ({ hex, code }) => {
    const store = createMemoryBlockstore(hashes)
    const child = saveBlock(store, parseHex(hex))
    const root = saveBlock(store, parseHex(`8403020183410281${linkHex(child)}80`))
    const loaded = amt(uint, { bitWidth: 3 }).load(store, linkTo(root))
    expect(() => loaded.get(64)).toThrow(expect.objectContaining({ code, path: [64] }))
  })
})

describe('a node as nearly all are', () => {
  /** [bitmap, [], values], with a zero for every bit that is set. */
  function leafHex(bitmap: Uint8Array): string {
    return `${bitmapHex(bitmap)}80${listHex(bitmap, '00')}`
  }

  /** [bitmap, links, []], with that link for every bit that is set. */
  function innerHex(bitmap: Uint8Array, link: string): string {
    return `${bitmapHex(bitmap)}${listHex(bitmap, link)}80`
  }

  function bitmapHex(bitmap: Uint8Array): string {
    const head = bitmap.length > 23 ? `58${bitmap.length.toString(16)}` : (0x40 + bitmap.length).toString(16)
    return `83${head}${formatHex(bitmap)}`
  }

  function listHex(bitmap: Uint8Array, item: string): string {
    const count = [...bitmap].reduce((sum, byte) => sum + byte.toString(2).replaceAll('0', '').length, 0)
    const head = count > 23 ? `98${count.toString(16).padStart(2, '0')}` : (0x80 + count).toString(16)
    return `${head}${item.repeat(count)}`
  }

  // A CID of a block of state, and a short one that a state does not have.
  const anyLink = fc.constantFrom(`d82a5827000171a0e40220${'ab'.repeat(32)}`, 'd82a450001710000')

  const anyLeaf = fc.integer({ min: 3, max: 8 }).chain((bitWidth) => {
    const length = 1 << (bitWidth - 3)
    const bitmap = fc.uint8Array({ minLength: length, maxLength: length })
    return fc.record({ bitWidth: fc.constant(bitWidth), bitmap })
  })
  const anyBytes = anyLeaf.chain(({ bitWidth, bitmap }) => {
    const anyBlock = fc
      .oneof(
        fc.constant(leafHex(bitmap)),
        anyLink.map((link) => innerHex(bitmap, link)),
      )
      .map(parseHex)
    return fc.record({
      bitWidth: fc.constant(bitWidth),
      block: fc.oneof(anyBlock, anyBlock.chain(mutated)),
    })
  })

  const outcomeOf = (read: () => unknown): unknown => {
    try {
      return read()
    } catch (error) {
      return error instanceof CodecError ? error.code : error
    }
  }

  test.prop([anyBytes, fc.nat(1)], { numRuns: 2000 })(
    'is read as by the cursor, damaged or not, in its place or in that of an inner node',
    ({ bitWidth, block }, height) => {
      expect(outcomeOf(() => readAmtNode(block, bitWidth, height))).toEqual(
        outcomeOf(() => readAmtNodeByCursor(block, bitWidth, height)),
      )
    },
  )
})

describe('the count of a root', () => {
  // [3, 0, count, [h'05', [], [7, 8]]]
  test.each([{ counted: 0 }, { counted: 1 }, { counted: 3 }, { counted: 23 }])(
    'of $counted over two values is refused after the last',
    ({ counted }) => {
      const store = createMemoryBlockstore(hashes)
      const count = counted.toString(16).padStart(2, '0')
      const root = saveBlock(store, parseHex(`840300${count}83410580820708`))
      const entries = amt(uint, { bitWidth: 3 }).load(store, linkTo(root)).entries()
      const mismatch = expect.objectContaining({ code: 'AMT_COUNT', data: { counted, found: 2 } })
      expect(() => [...entries]).toThrow(mismatch)
      expect(() => visitAmtLeaves(store, root, 3, () => {})).toThrow(mismatch)
    },
  )
})

describe('a damaged block', () => {
  const ENTRIES = 100

  /** Indices 0, 3, 6 … in a tree of height 2 of bit width 3, its root and all its blocks. */
  function buildTree() {
    const blocks = new Map<Cid, Uint8Array>()
    const store = createMemoryBlockstore(hashes)
    const collecting = {
      ...store,
      put: (cid: Cid, block: Uint8Array) => {
        blocks.set(cid, block)
        store.put(cid, block)
      },
    }
    const array = amt(uint, { bitWidth: 3 }).empty(collecting)
    for (let i = 0; i < ENTRIES; i++) {
      array.set(3 * i, 1000 * i)
    }
    return { root: array.flush(), blocks }
  }

  const { root, blocks } = buildTree()
  const anyDamage = fc
    .constantFrom(...blocks)
    .chain(([cid, block]) => fc.record({ cid: fc.constant(cid), block: mutated(block) }))

  function damagedStore({ cid, block }: { readonly cid: Cid; readonly block: Uint8Array }) {
    const store = createMemoryBlockstore(hashes)
    for (const [known, whole] of blocks) {
      store.put(known, whole)
    }
    store.put(cid, block)
    return store
  }

  test.prop([anyDamage, fc.nat(3 * ENTRIES)], { numRuns: 500 })(
    'is read or refused by every method, and never taken for a fault of ours',
    (damage, index) => {
      const store = damagedStore(damage)
      const load = () => amt(uint, { bitWidth: 3 }).load(store, root)
      const attempts = [
        () => load().get(index),
        () => load().delete(index),
        () => {
          const array = load()
          array.set(index, 1)
          array.flush()
        },
        () => {
          const array = load()
          array.set(2 ** 40, 1)
          array.delete(2 ** 40)
          array.flush()
        },
        () => countWithin(load().entries()),
        () => visitAmtLeaves(store, root.cid, 3, () => {}),
        () => diffAmt(store, root.cid, amt(uint, { bitWidth: 3 }).empty(store).flush().cid, 3),
      ]
      for (const attempt of attempts) {
        expectDataError(attempt)
      }
    },
  )

  /** No walk sees more values than a tree of height 2 has slots. */
  function countWithin(entries: Iterable<unknown>): void {
    let seen = 0
    for (const _ of entries) {
      seen++
      expect(seen).toBeLessThanOrEqual(8 ** 3)
    }
  }
})

function expectDataError(attempt: () => unknown): void {
  try {
    attempt()
  } catch (error) {
    expect(error).toBeInstanceOf(CodecError)
  }
}
