import { fc, test } from '@fast-check/vitest'
import { type ByteString, byteString, createHashes, formatHex, parseHex } from '@plimsoll/primitives'
import { mutated } from '@plimsoll/testkit'
import { describe, expect } from 'vitest'
import { saveBlock } from '../blockstore/blockstore.ts'
import { createMemoryBlockstore } from '../blockstore/memory-blockstore.ts'
import { uint } from '../cbor/scalars.ts'
import { type Cid, cidBytes } from '../cid.ts'
import { CodecError } from '../errors.ts'
import { linkTo } from '../link.ts'
import { diffHamt } from './diff.ts'
import { type Hamt, hamt } from './hamt.ts'
import { bytesKey } from './keys.ts'
import { hamtBitfield, hashSlot, maxHamtDepth, readHamtNode } from './layout.ts'

const hashes = await createHashes()

/** 42(h'00…') of a CID that names no block: CIDv1, dag-cbor, blake2b-256. */
const LINK = `d82a5827000171a0e40220${'ab'.repeat(32)}`

function linkHex(cid: Cid): string {
  return `d82a582700${formatHex(cidBytes(cid))}`
}

function readNode(hex: string, { bitWidth = 3, depth = 0 } = {}) {
  return () => readHamtNode(parseHex(hex.replaceAll(' ', '')), bitWidth, depth)
}

/** The key itself in 32 bytes: with a bit width of 3, the slot of a key is its three highest bits. */
function identityHash(key: Uint8Array): Uint8Array {
  const hash = new Uint8Array(32)
  hash.set(key.subarray(0, 32))
  return hash
}

const Numbers = hamt(bytesKey, uint, { bitWidth: 3, hash: identityHash })

function key(hex: string): ByteString {
  return byteString(parseHex(hex))
}

/** A HAMT whose root is the given block. */
function rootedAt(hex: string, store = createMemoryBlockstore(hashes)): Hamt<ByteString, number> {
  const root = saveBlock(store, parseHex(hex.replaceAll(' ', '')))
  return Numbers.load(store, linkTo(root))
}

describe('a node', () => {
  test.each([
    { name: 'is empty at the root', hex: '82 40 80' },
    // [h'02', [[[h'20', 7]]]]
    { name: 'has a bucket of one', hex: '82 4102 81 81824120 07' },
    { name: 'has a bucket of three', hex: '82 4102 81 83 82412007 82412107 82412207' },
    { name: 'orders keys by bytes and not by length', hex: '82 4102 81 82 8242200007 82412107' },
    { name: 'orders a key before one that it begins', hex: '82 4102 81 82 82412007 8242200007' },
    { name: 'has a link', hex: `82 4180 81 ${LINK}` },
    { name: 'has links and buckets', hex: `82 4181 82 8182410007 ${LINK}` },
    { name: 'has an empty key', hex: '82 4101 81 81824007' },
    { name: 'has values of any kind', hex: '82 4102 81 81824120 a1616182f6f5' },
  ])('$name', ({ hex }) => {
    expect(readNode(hex)).not.toThrow()
  })

  test.each([
    { defect: 'of one item', hex: '81 40', code: 'HAMT_NODE' },
    { defect: 'of three items', hex: '83 40 80 80', code: 'HAMT_NODE' },
    { defect: 'that is a map', hex: 'a0', code: 'CBOR_UNEXPECTED_TYPE' },
    { defect: 'of no bytes', hex: '', code: 'CBOR_TRUNCATED' },
    { defect: 'with a number for a bitfield', hex: '82 02 81 8182412007', code: 'CBOR_UNEXPECTED_TYPE' },
    { defect: 'with an empty bitfield of one zero byte', hex: '82 4100 80', code: 'HAMT_NODE' },
    { defect: 'with a bitfield of two bytes', hex: '82 420102 82 8182412007 8182412007', code: 'HAMT_NODE' },
    { defect: 'with a bitfield that begins with zeros', hex: '82 420002 81 8182412007', code: 'HAMT_NODE' },
    { defect: 'with a bit and no pointer', hex: '82 4103 81 8182410007', code: 'HAMT_NODE' },
    { defect: 'with a pointer and no bit', hex: '82 4101 82 8182410007 8182412007', code: 'HAMT_NODE' },
    { defect: 'with a pointer and no bits', hex: '82 40 81 8182410007', code: 'HAMT_NODE' },
    { defect: 'with bits and no pointers', hex: '82 4101 80', code: 'HAMT_NODE' },
    { defect: 'with a bucket of nothing', hex: '82 4101 81 80', code: 'HAMT_NODE' },
    {
      defect: 'with a bucket of four',
      hex: '82 4102 81 84 82412007 82412107 82412207 82412307',
      code: 'HAMT_NODE',
    },
    { defect: 'with a bucket out of order', hex: '82 4102 81 82 82412107 82412007', code: 'HAMT_NODE' },
    { defect: 'with a key twice in a bucket', hex: '82 4102 81 82 82412007 82412008', code: 'HAMT_NODE' },
    { defect: 'with an entry of one item', hex: '82 4102 81 81 814120', code: 'HAMT_NODE' },
    { defect: 'with an entry of three items', hex: '82 4102 81 81 8341200707', code: 'HAMT_NODE' },
    { defect: 'with a key in text', hex: '82 4102 81 81 82612007', code: 'CBOR_UNEXPECTED_TYPE' },
    // {"0": 42(…)}, the pointer of HAMTs before version 3.
    { defect: 'with a pointer that is a map', hex: `82 4102 81 a16130 ${LINK}`, code: 'HAMT_NODE' },
    { defect: 'with a pointer that is a number', hex: '82 4102 81 07', code: 'HAMT_NODE' },
    { defect: 'with a pointer that is null', hex: '82 4102 81 f6', code: 'HAMT_NODE' },
    { defect: 'with a pointer that is bytes', hex: `82 4102 81 ${LINK.slice(4)}`, code: 'HAMT_NODE' },
    { defect: 'with a link of tag 41', hex: `82 4102 81 d829${LINK.slice(4)}`, code: 'CBOR_UNEXPECTED_TYPE' },
    { defect: 'with a link of one byte', hex: '82 4102 81 d82a4100', code: 'INVALID_VALUE' },
    { defect: 'with a link that begins with 01', hex: '82 4102 81 d82a420155', code: 'INVALID_VALUE' },
    {
      defect: 'with a floating-point value',
      hex: '82 4102 81 81824120 f93c00',
      code: 'CBOR_UNEXPECTED_TYPE',
    },
    { defect: 'with a value of a longer head', hex: '82 4102 81 81824120 1807', code: 'CBOR_NOT_CANONICAL' },
    { defect: 'with an entry that is cut short', hex: '82 4102 81 81824120', code: 'CBOR_TRUNCATED' },
    { defect: 'with bytes after it', hex: '82 40 80 00', code: 'CBOR_TRAILING_BYTES' },
    { defect: 'with a head that is not minimal', hex: '9802 40 80', code: 'CBOR_NOT_CANONICAL' },
  ])('$defect is refused', ({ hex, code }) => {
    expect(readNode(hex)).toThrow(expect.objectContaining({ code }))
  })

  test('may be empty at the root alone', () => {
    expect(readNode('82 40 80', { depth: 0 })).not.toThrow()
    expect(readNode('82 40 80', { depth: 1 })).toThrow(expect.objectContaining({ code: 'HAMT_NODE' }))
  })

  // 2^w slots: the highest bit that a bitfield of bit width w may have is 2^w − 1.
  test.each([
    { bitWidth: 1, highest: '4102', above: '4104' },
    { bitWidth: 2, highest: '4108', above: '4110' },
    { bitWidth: 3, highest: '4180', above: '420100' },
    { bitWidth: 5, highest: '4480000000', above: '450100000000' },
    { bitWidth: 6, highest: '488000000000000000', above: '49010000000000000000' },
    { bitWidth: 8, highest: `582080${'00'.repeat(31)}`, above: `582101${'00'.repeat(32)}` },
  ])('of bit width $bitWidth has no slot above $highest', ({ bitWidth, highest, above }) => {
    const slots = [2 ** bitWidth - 1]
    expect(readNode(`82 ${highest} 81 8182412007`, { bitWidth })()).toMatchObject({ slots })
    expect(readNode(`82 ${above} 81 8182412007`, { bitWidth })).toThrow(
      expect.objectContaining({ code: 'HAMT_NODE' }),
    )
  })

  test('of a bit width over 8 is refused', () => {
    expect(readNode('82 40 80', { bitWidth: 9 })).toThrow(expect.objectContaining({ code: 'HAMT_NODE' }))
  })

  // 256 bits of hash make 32 digits of 8 bits, 64 of 4 bits and 256 of 1 bit.
  test.each([
    { bitWidth: 8, deepest: 31 },
    { bitWidth: 4, deepest: 63 },
    { bitWidth: 2, deepest: 127 },
    { bitWidth: 1, deepest: 255 },
  ])('of bit width $bitWidth lies at depth $deepest at most', ({ bitWidth, deepest }) => {
    expect(readNode('82 4101 81 8182410007', { bitWidth, depth: deepest })).not.toThrow()
    expect(readNode('82 4101 81 8182410007', { bitWidth, depth: deepest + 1 })).toThrow(
      expect.objectContaining({ code: 'HAMT_DEPTH' }),
    )
    expect(maxHamtDepth(bitWidth)).toBe(deepest + 1)
  })

  test('gives its slots ascending with their pointers', () => {
    // Bits 0 and 7 of one byte: [h'81', [[[h'00', 7]], 42(…)]].
    const { slots, pointers } = readNode(`82 4181 82 8182410007 ${LINK}`)()
    expect(slots).toEqual([0, 7])
    expect(pointers).toEqual([
      { isLink: false, bucket: [{ key: key('00'), value: Uint8Array.of(7) }] },
      { isLink: true, cid: byteString(parseHex(LINK.slice(10))) },
    ])
  })
})

describe('hashSlot', () => {
  // 0b10001000_10101010_10111111_11111111, digit by digit from the most significant bit on.
  // Source of the hash and of the digits of 8, 5, 5 and 6 bits: ref-fvm ipld/hamt/src/hash_bits.rs, test_bitfield.
  test.each([
    { bitWidth: 8, slots: [0b10001000, 0b10101010, 0b10111111, 0b11111111] },
    { bitWidth: 5, slots: [0b10001, 0b00010, 0b10101, 0b01011, 0b11111, 0b11111] },
    { bitWidth: 6, slots: [0b100010, 0b001010, 0b101010, 0b111111, 0b111111] },
    { bitWidth: 4, slots: [0b1000, 0b1000, 0b1010, 0b1010, 0b1011, 0b1111, 0b1111, 0b1111] },
    { bitWidth: 3, slots: [0b100, 0b010, 0b001, 0b010, 0b101, 0b010, 0b111, 0b111, 0b111, 0b111] },
    { bitWidth: 1, slots: [1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 1, 0] },
  ])('takes $bitWidth bits a level', ({ bitWidth, slots }) => {
    const hash = identityHash(Uint8Array.of(0b10001000, 0b10101010, 0b10111111, 0b11111111))
    expect(slots.map((_, depth) => hashSlot(hash, depth, bitWidth))).toEqual(slots)
  })

  test('reads the last whole digit of a hash', () => {
    const hash = new Uint8Array(32)
    hash[31] = 0b0011_1110
    // Bits 248 to 255 are the last byte; the last five-bit digit is bits 250 to 254, the last six-bit one 246 to 251.
    expect(hashSlot(hash, 31, 8)).toBe(0b00111110)
    expect(hashSlot(hash, 50, 5)).toBe(0b11111)
    expect(hashSlot(hash, 41, 6)).toBe(0b000011)
  })
})

describe('hamtBitfield', () => {
  // Source: ref-fvm ipld/hamt/src/bitfield.rs, test_cbor_serialization.
  test.each([
    { slots: [], hex: '' },
    { slots: [0], hex: '01' },
    { slots: [0, 64], hex: '010000000000000001' },
    { slots: [7], hex: '80' },
    { slots: [8], hex: '0100' },
    { slots: [0, 3, 31], hex: '80000009' },
  ])('of slots $slots is $hex', ({ slots, hex }) => {
    expect(formatHex(hamtBitfield(slots))).toBe(hex)
  })
})

describe('what a node holds', () => {
  test('is refused where a key lies in a slot that is not its own', () => {
    // [h'04', [[[h'20', 7]]]]: the key's slot is 1 and it lies in slot 2.
    const map = rootedAt('82 4104 81 8182412007')
    expect(map.get(key('20'))).toBeUndefined()
    expect(() => [...map.entries()]).toThrow(expect.objectContaining({ code: 'HAMT_NODE' }))
  })

  test('is refused where only the slots below the root are not a key’s own', () => {
    const store = createMemoryBlockstore(hashes)
    // Below slot 1, keys 20 to 23 have slots 0, 0, 1 and 1; key 23 lies in slot 2.
    const child = saveBlock(
      store,
      parseHex('82410783828241200782412107818241220781824123 07'.replaceAll(' ', '')),
    )
    const map = rootedAt(`82 4102 81 ${linkHex(child)}`, store)
    const entries = map.entries()
    expect([entries.next().value?.[0], entries.next().value?.[0]]).toEqual([key('20'), key('21')])
    expect(() => [...entries]).toThrow(expect.objectContaining({ code: 'HAMT_NODE' }))
  })

  test('is refused where a value is of another type, with its key', () => {
    const map = rootedAt('82 4102 81 82 8241206161 82412107')
    expect(() => map.get(key('20'))).toThrow(
      expect.objectContaining({ code: 'CBOR_UNEXPECTED_TYPE', path: expect.arrayContaining(['20']) }),
    )
    expect(map.get(key('21'))).toBe(7)
    expect(() => [...map.entries()]).toThrow(expect.objectContaining({ code: 'CBOR_UNEXPECTED_TYPE' }))
  })

  test('is refused below the root with the key that was asked for', () => {
    const store = createMemoryBlockstore(hashes)
    const child = saveBlock(store, parseHex('824080'))
    const map = rootedAt(`82 4102 81 ${linkHex(child)}`, store)
    const refused = expect.objectContaining({ code: 'HAMT_NODE', path: ['20'] })
    expect(() => map.get(key('20'))).toThrow(refused)
    expect(() => map.has(key('20'))).toThrow(refused)
    expect(map.get(key('40'))).toBeUndefined()
  })
})

describe('a damaged block', () => {
  const blocks = new Map<Cid, Uint8Array>()
  const Hashed = hamt(bytesKey, uint, { bitWidth: 3 })

  /** 60 entries in a root, its children and theirs. */
  function buildTree() {
    const store = createMemoryBlockstore(hashes)
    const map = Hashed.empty({
      ...store,
      put: (cid, block) => {
        blocks.set(cid, block)
        store.put(cid, block)
      },
    })
    for (let i = 0; i < 60; i++) {
      map.set(byteString(Uint8Array.of(i)), i)
    }
    return map.flush()
  }

  const root = buildTree()
  const anyDamage = fc
    .constantFrom(...blocks)
    .chain(([cid, block]) => fc.record({ cid: fc.constant(cid), block: mutated(block) }))

  test.prop([anyDamage, fc.nat(80)], { numRuns: 500 })(
    'is read or refused, and never taken for a fault of ours',
    (damage, number) => {
      const store = createMemoryBlockstore(hashes)
      for (const [cid, block] of blocks) {
        store.put(cid, block)
      }
      store.put(damage.cid, damage.block)
      const load = () => Hashed.load(store, root)
      const named = byteString(Uint8Array.of(number))
      const attempts = [
        () => load().get(named),
        () => {
          const map = load()
          map.set(named, 1)
          map.flush()
        },
        () => [...load().entries()],
        () => diffHamt(store, root.cid, Hashed.empty(store).flush().cid, 3),
      ]
      for (const attempt of attempts) {
        expectDataError(attempt)
      }
    },
  )
})

function expectDataError(attempt: () => unknown): void {
  try {
    attempt()
  } catch (error) {
    expect(error).toBeInstanceOf(CodecError)
  }
}
