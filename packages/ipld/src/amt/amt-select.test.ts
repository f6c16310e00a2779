import { fc, test } from '@fast-check/vitest'
import { createHashes } from '@plimsoll/primitives'
import { mutated } from '@plimsoll/testkit'
import { describe, expect } from 'vitest'
import { type BitField, type BitIndex, bitFieldOf, bitFieldRange, bitsOf } from '../bitfield/bit-field.ts'
import type { Blockstore } from '../blockstore/blockstore.ts'
import { createMemoryBlockstore } from '../blockstore/memory-blockstore.ts'
import { wholeNodeBlockstore, writeBackBlockstore } from '../blockstore/write-back.ts'
import type { ValueOf } from '../cbor/codec.ts'
import { uint } from '../cbor/scalars.ts'
import { tuple } from '../cbor/tuple.ts'
import { type Cid, cidOfBlock } from '../cid.ts'
import { CodecError } from '../errors.ts'
import { linkTo } from '../link.ts'
import { type Amt, type AmtType, amt } from './amt.ts'
import { visitAmtLeaves } from './leaves.ts'
import type { PartsOf } from './parts.ts'

const hashes = await createHashes()

const Pair = tuple('Pair', { first: uint, second: uint })
type Pair = ValueOf<typeof Pair>

/** The first of a pair, read as strictly as the pair. */
const first: PartsOf<Pair, number[]> = {
  create: () => [],
  read: (reader, into) => into.push(Pair.decode(reader).first),
  take: (pair, into) => into.push(pair.first),
  append: (into, others) => into.push(...others),
}

/** The other part of a pair. */
const second: PartsOf<Pair, number[]> = {
  create: () => [],
  read: (reader, into) => into.push(Pair.decode(reader).second),
  take: (pair, into) => into.push(pair.second),
  append: (into, others) => into.push(...others),
}

const STORES = [
  { name: 'an ordinary store', over: (store: Blockstore) => store },
  { name: 'a store that holds values', over: writeBackBlockstore },
  { name: 'a store of whole nodes', over: wholeNodeBlockstore },
]

class Missing extends Error {}

function refuseMissing(index: BitIndex): never {
  throw new Missing(`${index}`)
}

/** What is selected, or what was said of it. */
function selected(array: Amt<Pair>, members: BitField): unknown {
  return outcomeOf(() => array.select(members, first, refuseMissing))
}

/** The literal form of {@link selected}. */
function gotten(array: Amt<Pair>, members: BitField): unknown {
  return outcomeOf(() =>
    Array.from(bitsOf(members), (index) => (array.get(index) ?? refuseMissing(index)).first),
  )
}

function outcomeOf(read: () => unknown): unknown {
  try {
    return read()
  } catch (error) {
    return error instanceof CodecError ? [error.code, error.path] : error
  }
}

function build(type: AmtType<Pair>, store: Blockstore, indices: Iterable<BitIndex>): Cid {
  const array = type.empty(store)
  for (const index of indices) {
    array.set(index, pairAt(index))
  }
  return array.flush().cid
}

function pairAt(index: BitIndex): Pair {
  return { first: Number(BigInt(index) % 1000n), second: 7 }
}

const anyBitWidth = fc.constantFrom(2, 3, 5)
/** Runs that fill leaves, and single members. */
const anySet = fc
  .array(fc.tuple(fc.nat(300), fc.constantFrom(1, 3, 9, 40)), { maxLength: 6 })
  .map((runs) =>
    bitFieldOf(runs.flatMap(([start, length]) => [...bitsOf(bitFieldRange(start, start + length))])),
  )

describe.each(STORES)('selecting from an AMT in $name', ({ over }) => {
  test.prop([anyBitWidth, anySet, anySet, anySet])(
    'gives what getting gives, also of values that were changed or read before',
    (bitWidth, present, changed, members) => {
      const below = createMemoryBlockstore(hashes)
      const type = amt(Pair, { bitWidth })
      const cid = build(type, below, bitsOf(present))
      const open = () => {
        const array = type.load(over(below), linkTo<Amt<Pair>>(cid))
        for (const index of bitsOf(changed)) {
          array.set(index, { first: 5, second: 5 })
        }
        return array
      }
      const expected = gotten(open(), members)
      const array = open()
      expect(selected(array, members)).toEqual(expected)
      expect(selected(array, members)).toEqual(expected)
      expect(gotten(array, members)).toEqual(expected)
    },
  )

  test.prop([fc.array(fc.tuple(fc.nat(70), fc.option(fc.nat(9))), { maxLength: 8 }), anySet])(
    'gives nothing of a tree as it was before a change, nor of another part',
    (changes, members) => {
      const below = createMemoryBlockstore(hashes)
      const type = amt(Pair, { bitWidth: 3 })
      const store = over(below)
      let root = linkTo<Amt<Pair>>(build(type, below, bitsOf(FILLED)))
      let array = type.load(store, root)
      for (const [index, value] of changes) {
        for (const wanted of [members, FILLED]) {
          expect(selected(array, wanted)).toEqual(gotten(array, wanted))
          expect(selected(type.load(store, root), wanted)).toEqual(gotten(type.load(store, root), wanted))
        }
        expect(outcomeOf(() => array.select(bitFieldRange(0, 8), second, refuseMissing))).toEqual(
          outcomeOf(() => Array.from({ length: 8 }, (_, at) => (array.get(at) ?? refuseMissing(at)).second)),
        )
        if (value === null) {
          array.delete(index)
        } else {
          array.set(index, { first: value, second: index })
        }
        expect(selected(array, FILLED)).toEqual(gotten(array, FILLED))
        root = array.flush()
        array = type.load(store, root)
      }
    },
  )

  test.prop([anySet, fc.nat(20)])('stops at the first that is missing', (present, beyond) => {
    const below = createMemoryBlockstore(hashes)
    const type = amt(Pair, { bitWidth: 3 })
    const array = type.load(over(below), linkTo<Amt<Pair>>(build(type, below, bitsOf(present))))
    const members = bitFieldRange(400 + beyond, 2n ** 60n)
    expect(selected(array, members)).toEqual(new Missing(`${400 + beyond}`))
  })

  test('reaches indices from 2^53 up', () => {
    const below = createMemoryBlockstore(hashes)
    const type = amt(Pair, { bitWidth: 3 })
    const indices = [2n ** 53n - 2n, 2n ** 53n - 1n, 2n ** 53n, 2n ** 60n].map((index) =>
      index < 2n ** 53n ? Number(index) : index,
    )
    const array = type.load(over(below), linkTo<Amt<Pair>>(build(type, below, indices)))
    const members = bitFieldOf(indices)
    // 2^53 is 9007199254740992, and 2^60 is 1152921504606846976.
    expect(selected(array, members)).toEqual([990, 991, 992, 976])
  })

  test.prop([fc.nat(7).chain((leaf) => fc.tuple(fc.constant(leaf), mutated(leafBlock(leaf)))), anySet])(
    'says of a damaged leaf what getting says',
    ([leaf, block], members) => {
      const below = createMemoryBlockstore(hashes)
      const type = amt(Pair, { bitWidth: 3 })
      const cid = build(type, below, bitsOf(FILLED))
      below.put(cidOfBlock(leafBlock(leaf), hashes), block)
      const open = () => type.load(over(below), linkTo<Amt<Pair>>(cid))
      expect(selected(open(), members)).toEqual(gotten(open(), members))
    },
  )
})

/** Eight leaves of eight. */
const FILLED = bitFieldRange(0, 64)

function leafBlock(leaf: number): Uint8Array {
  const store = createMemoryBlockstore(hashes)
  const cid = build(amt(Pair, { bitWidth: 3 }), store, bitsOf(FILLED))
  const blocks: Uint8Array[] = []
  visitAmtLeaves(store, cid, 3, ({ block }) => blocks.push(block))
  return blocks[leaf] as Uint8Array
}
