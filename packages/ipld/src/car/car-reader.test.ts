import { Buffer } from 'node:buffer'
import { fc, test } from '@fast-check/vitest'
import { CarWriter } from '@ipld/car/writer'
import { createHashes, encodeVarint, parseHex } from '@plimsoll/primitives'
import { anyBytes, anyCid, concat, mutated, randomSource } from '@plimsoll/testkit'
import { CID } from 'multiformats/cid'
import { describe, expect } from 'vitest'
import {
  type Cid,
  cidBytes,
  cidFromBytes,
  cidOfBlock,
  cidParts,
  formatCid,
  Multicodec,
  Multihash,
  makeCid,
} from '../cid.ts'
import { CodecError } from '../errors.ts'
import { MAX_CAR_SECTION_BYTES } from '../limits.ts'
import { createCarReader } from './car-reader.ts'
import { type CarBlock, writeCarV1, writeCarV2 } from './car-writer.ts'

const hashes = await createHashes()

const anyBlock: fc.Arbitrary<CarBlock> = fc.oneof(
  anyBytes.map((block) => ({ cid: cidOfBlock(block, hashes), block })),
  anyBytes.map((block) => ({
    cid: makeCid(Multicodec.RAW, Multihash.SHA2_256, hashes.sha256(block)),
    block,
  })),
)
const anyBlocks = fc.array(anyBlock, { maxLength: 8 })
const anyRoots = fc.array(anyCid, { minLength: 1, maxLength: 4 })

const BLOCKS: readonly CarBlock[] = [0, 1, 40].map((length) => {
  const block = randomSource(length).bytes(length)
  return { cid: cidOfBlock(block, hashes), block }
})
const ROOT = cidOfBlock(new Uint8Array(), hashes)

function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}

/** What a reader makes of the pieces of a file; blocks in hexadecimal. */
function read(...pieces: readonly Uint8Array[]) {
  const blocks: { cid: string; block: string }[] = []
  const reader = createCarReader(hashes, (bytes, start, end, block) => {
    blocks.push({ cid: formatCid(cidFromBytes(bytes.slice(start, end))), block: hexOf(block) })
  })
  for (const piece of pieces) {
    reader.push(piece)
  }
  return { roots: reader.finish().map(formatCid), blocks }
}

function contentOf(roots: readonly Cid[], blocks: readonly CarBlock[]) {
  return {
    roots: roots.map(formatCid),
    blocks: blocks.map(({ cid, block }) => ({ cid: formatCid(cid), block: hexOf(block) })),
  }
}

function section(...parts: readonly Uint8Array[]): Uint8Array {
  const content = concat(...parts)
  return concat(encodeVarint(content.length), content)
}

const HEADER = concat(...writeCarV1([ROOT], []))

function codeError(code: string) {
  return expect.objectContaining({ code })
}

describe('a CAR', () => {
  test.prop([anyRoots, anyBlocks])('that @ipld/car wrote is read block by block', async (roots, blocks) => {
    const { writer, out } = CarWriter.create(roots.map((cid) => CID.decode(cidBytes(cid))))
    const pieces: Uint8Array[] = []
    const collected = (async () => {
      for await (const piece of out) {
        pieces.push(piece)
      }
    })()
    for (const { cid, block } of blocks) {
      await writer.put({ cid: CID.decode(cidBytes(cid)), bytes: block })
    }
    await writer.close()
    await collected
    expect(read(...pieces)).toEqual(contentOf(roots, blocks))
  })

  test.prop([anyRoots, anyBlocks, fc.array(fc.nat(5000), { maxLength: 12 }), fc.boolean()])(
    'is the same however its bytes come in',
    (roots, blocks, cuts, isV2) => {
      const car = concat(...(isV2 ? writeCarV2(roots, blocks) : writeCarV1(roots, blocks)))
      const places = [0, ...cuts.map((cut) => cut % (car.length + 1)).sort((a, b) => a - b), car.length]
      const pieces = places.slice(1).map((place, i) => car.subarray(places[i], place))
      expect(read(...pieces)).toEqual(contentOf(roots, blocks))
    },
  )

  test.each([
    { version: 1, car: concat(...writeCarV1([ROOT], BLOCKS)) },
    { version: 2, car: concat(...writeCarV2([ROOT], BLOCKS)) },
  ])('of version $version is read byte by byte', ({ car }) => {
    expect(read(...[...car].map((byte) => Uint8Array.of(byte)))).toEqual(contentOf([ROOT], BLOCKS))
  })

  test('is read with blocks far larger than the pieces, and small ones between', () => {
    const blocks = [3_000_000, 5, 0, 1_500_000, 70_000, 1].map((length) => {
      const block = new Uint8Array(Buffer.alloc(length, randomSource(length).bytes(251)))
      return { cid: cidOfBlock(block, hashes), block }
    })
    const car = concat(...writeCarV1([ROOT], blocks))
    const pieces = Array.from({ length: Math.ceil(car.length / 65_536) }, (_, i) =>
      car.subarray(i * 65_536, (i + 1) * 65_536),
    )
    expect(read(...pieces)).toEqual(contentOf([ROOT], blocks))
  })

  test('may hold the same block twice', () => {
    const twice = [...BLOCKS, ...BLOCKS]
    expect(read(...writeCarV1([ROOT], twice))).toEqual(contentOf([ROOT], twice))
  })

  test('may name a block by a CID of version 0', () => {
    const block = Uint8Array.of(1, 2, 3)
    const bare = concat(Uint8Array.of(0x12, 0x20), hashes.sha256(block))
    expect(read(HEADER, section(bare, block)).blocks).toEqual([
      { cid: formatCid(cidFromBytes(bare)), block: '010203' },
    ])
  })

  test('does not pass on the block inside an identity CID, which the CID itself holds', () => {
    const block = new TextEncoder().encode('fil')
    const cid = makeCid(Multicodec.RAW, Multihash.IDENTITY, block)
    expect(read(HEADER, section(cidBytes(cid), block)).blocks).toEqual([])
  })
})

describe('a CAR that is cut short', () => {
  // A CARv1 does not say how long it is: cut between two sections, it is a shorter CAR.
  test('is truncated at every byte but the ends of sections, if it is of version 1', () => {
    const pieces = [...writeCarV1([ROOT], BLOCKS)]
    const car = concat(...pieces)
    // The header has two pieces, every section three.
    const ends = new Map(
      [0, 1, 2, 3].map((count) => [concat(...pieces.slice(0, 2 + 3 * count)).length, count]),
    )
    for (let length = 0; length <= car.length; length++) {
      const count = ends.get(length)
      if (count === undefined) {
        expect(() => read(car.subarray(0, length))).toThrow(codeError('CAR_TRUNCATED'))
      } else {
        expect(read(car.subarray(0, length))).toEqual(contentOf([ROOT], BLOCKS.slice(0, count)))
      }
    }
  })

  test('is truncated at every byte, if it is of version 2', () => {
    const car = concat(...writeCarV2([ROOT], BLOCKS))
    for (let length = 0; length < car.length; length++) {
      expect(() => read(car.subarray(0, length))).toThrow(codeError('CAR_TRUNCATED'))
    }
    expect(read(car)).toEqual(contentOf([ROOT], BLOCKS))
  })

  test('is truncated when nothing came at all', () => {
    expect(() => read()).toThrow(codeError('CAR_TRUNCATED'))
    expect(() => read(new Uint8Array())).toThrow(codeError('CAR_TRUNCATED'))
  })
})

describe('a block of a CAR', () => {
  const block = Uint8Array.of(1, 2, 3)
  const digest = hashes.blake2b256(block)

  test.each([
    {
      why: 'has another hash than its CID says',
      cid: makeCid(Multicodec.DAG_CBOR, Multihash.BLAKE2B_256, hashes.blake2b256(Uint8Array.of(9))),
      code: 'CAR_HASH_MISMATCH',
    },
    {
      why: 'is named by the beginning of its hash',
      cid: makeCid(Multicodec.DAG_CBOR, Multihash.BLAKE2B_256, digest.subarray(0, 31)),
      code: 'CAR_HASH_MISMATCH',
    },
    {
      why: 'is named by its hash and a byte more',
      cid: makeCid(Multicodec.DAG_CBOR, Multihash.BLAKE2B_256, concat(digest, Uint8Array.of(0))),
      code: 'CAR_HASH_MISMATCH',
    },
    {
      why: 'is named by an empty hash',
      cid: makeCid(Multicodec.DAG_CBOR, Multihash.BLAKE2B_256, new Uint8Array()),
      code: 'CAR_HASH_MISMATCH',
    },
    {
      why: 'has another hash function than its CID says',
      cid: makeCid(Multicodec.DAG_CBOR, Multihash.SHA2_256, digest),
      code: 'CAR_HASH_MISMATCH',
    },
    {
      why: 'is not what its identity CID holds',
      cid: makeCid(Multicodec.RAW, Multihash.IDENTITY, Uint8Array.of(1, 2)),
      code: 'CAR_HASH_MISMATCH',
    },
    {
      why: 'is a sealed commitment, which is no hash of a block',
      cid: makeCid(Multicodec.FIL_COMMITMENT_SEALED, Multihash.POSEIDON_BLS12_381_A1_FC1, digest),
      code: 'CAR_HASH_UNKNOWN',
    },
    {
      why: 'has a hash function that is not known here',
      cid: makeCid(Multicodec.RAW, 0x1b, digest),
      code: 'CAR_HASH_UNKNOWN',
    },
  ])('is refused with $code when it $why', ({ cid, code }) => {
    expect(() => read(HEADER, section(cidBytes(cid), block))).toThrow(codeError(code))
  })

  test.each([
    { why: 'is half a CID', content: parseHex('0171a0e40220ffff') },
    { why: 'is a CID of version 2', content: concat(parseHex('0271a0e40220'), digest, block) },
    { why: 'is one byte', content: parseHex('01') },
  ])('is refused when its section $why', ({ content }) => {
    // The bytes after the section must not lend it what it lacks.
    expect(() => read(concat(HEADER, section(content), new Uint8Array(100)))).toThrow(
      codeError('INVALID_CID'),
    )
  })

  test.prop([fc.array(fc.nat(200), { maxLength: 5 })])(
    'that is refused is located in the file, however its bytes came in',
    (cuts) => {
      const good = section(cidBytes(cidOfBlock(block, hashes)), block)
      const bad = section(cidBytes(ROOT), block)
      const car = concat(HEADER, good, bad)
      const places = [0, ...cuts.map((cut) => cut % car.length).sort((a, b) => a - b), car.length]
      const pieces = places.slice(1).map((place, i) => car.subarray(places[i], place))
      // One byte of length stands before the CID.
      const offset = HEADER.length + good.length + 1
      expect(() => read(...pieces)).toThrow(
        expect.objectContaining({ code: 'CAR_HASH_MISMATCH', data: { offset } }),
      )
    },
  )
})

describe('the length of a section', () => {
  test.each([
    { why: 'is zero', bytes: encodeVarint(0), code: 'CAR_SECTION_TOO_LARGE' },
    {
      why: 'is a byte over the limit',
      bytes: encodeVarint(MAX_CAR_SECTION_BYTES + 1),
      code: 'CAR_SECTION_TOO_LARGE',
    },
    { why: 'is 2^64 − 1', bytes: encodeVarint(2n ** 64n - 1n), code: 'CAR_SECTION_TOO_LARGE' },
    { why: 'is not minimal', bytes: parseHex('8100'), code: 'CAR_SECTION' },
    { why: 'has 70 bits', bytes: parseHex('ffffffffffffffffff7f'), code: 'CAR_SECTION' },
    { why: 'has eleven bytes', bytes: parseHex('8080808080808080808001'), code: 'CAR_SECTION' },
    // No byte follows any of them, so it is the length itself that is refused.
  ])('is refused when it $why', ({ bytes, code }) => {
    expect(() => read(HEADER, bytes)).toThrow(codeError(code))
  })

  test('may be the limit, after which bytes must follow', () => {
    expect(() => read(HEADER, encodeVarint(MAX_CAR_SECTION_BYTES))).toThrow(codeError('CAR_TRUNCATED'))
  })
})

describe('a damaged CAR', () => {
  test.prop([
    fc.oneof(
      mutated(concat(...writeCarV1([ROOT], BLOCKS))),
      mutated(concat(...writeCarV2([ROOT], BLOCKS))),
      anyBytes,
    ),
  ])('is refused with a data error, or all its blocks have the hashes of their CIDs', (car) => {
    const seen: (readonly [Cid, Uint8Array])[] = []
    const reader = createCarReader(hashes, (bytes, start, end, block) => {
      seen.push([cidFromBytes(bytes.slice(start, end)), block.slice()])
    })
    try {
      reader.push(car)
      reader.finish()
    } catch (error) {
      expect(error).toBeInstanceOf(CodecError)
      expect(error).toHaveProperty('code', expect.stringMatching(/^(CAR_|CBOR_|INVALID_)/))
    }
    // Damage to the codec of a CID is not seen: no hash covers it.
    for (const [cid, block] of seen) {
      expect(hexOf(cidParts(cid).digest)).toBe(hexOf(hashes.blake2b256(block)))
    }
  })
})
