import { fc, test } from '@fast-check/vitest'
import { CarReader } from '@ipld/car/reader'
import { CarWriter } from '@ipld/car/writer'
import { createHashes, formatHex } from '@plimsoll/primitives'
import { anyBytes, anyCid, concat } from '@plimsoll/testkit'
import { CID } from 'multiformats/cid'
import { describe, expect } from 'vitest'
import { type Cid, cidBytes, cidOfBlock, formatCid, Multicodec, Multihash, makeCid } from '../cid.ts'
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

function oracleCid(cid: Cid): CID {
  return CID.decode(cidBytes(cid))
}

/** What @ipld/car writes. */
async function oracleCar(roots: readonly Cid[], blocks: readonly CarBlock[]): Promise<Uint8Array> {
  const { writer, out } = CarWriter.create(roots.map(oracleCid))
  const collected = (async () => {
    const pieces: Uint8Array[] = []
    for await (const piece of out) {
      pieces.push(piece)
    }
    return concat(...pieces)
  })()
  for (const { cid, block } of blocks) {
    await writer.put({ cid: oracleCid(cid), bytes: block })
  }
  await writer.close()
  return collected
}

/** What @ipld/car reads. */
async function oracleContent(car: Uint8Array) {
  const reader = await CarReader.fromBytes(car)
  const blocks: { cid: string; block: string }[] = []
  for await (const { cid, bytes } of reader.blocks()) {
    blocks.push({ cid: cid.toString(), block: formatHex(bytes) })
  }
  return { version: reader.version, roots: (await reader.getRoots()).map(String), blocks }
}

function contentOf(version: number, roots: readonly Cid[], blocks: readonly CarBlock[]) {
  return {
    version,
    roots: roots.map(formatCid),
    blocks: blocks.map(({ cid, block }) => ({ cid: formatCid(cid), block: formatHex(block) })),
  }
}

describe('writeCarV1', () => {
  test.prop([anyRoots, anyBlocks])('writes the bytes that @ipld/car writes', async (roots, blocks) => {
    const car = concat(...writeCarV1(roots, blocks))
    expect(formatHex(car)).toBe(formatHex(await oracleCar(roots, blocks)))
  })

  test.prop([anyRoots, anyBlocks])('writes what @ipld/car reads', async (roots, blocks) => {
    const car = concat(...writeCarV1(roots, blocks))
    expect(await oracleContent(car)).toEqual(contentOf(1, roots, blocks))
  })

  // IPLD specification CARv1: varint, {"roots": [42(h'000155000366696c')], "version": 1};
  // then varint, CID and block. The CID is raw, identity, "fil".
  test('writes a header and a section as the specification has them', () => {
    const cid = makeCid(Multicodec.RAW, Multihash.IDENTITY, new TextEncoder().encode('fil'))
    const car = concat(...writeCarV1([cid], [{ cid, block: Uint8Array.of(7) }]))
    const header = `a265726f6f747381d82a48000155000366696c6776657273696f6e01`
    expect(formatHex(car)).toBe(
      `${(header.length / 2).toString(16)}${header}${'08'}${'0155000366696c'}${'07'}`,
    )
  })

  test('takes its blocks one by one', () => {
    const block = { cid: cidOfBlock(new Uint8Array(), hashes), block: new Uint8Array() }
    const stats = { taken: 0 }
    function* blocks() {
      for (let i = 0; i < 3; i++) {
        stats.taken++
        yield block
      }
    }
    const pieces = writeCarV1([block.cid], blocks())
    // The header is a length and a map, a section is a length, a CID and a block.
    pieces.next()
    pieces.next()
    expect(stats.taken).toBe(0)
    pieces.next()
    expect(stats.taken).toBe(1)
  })
})

describe('writeCarV2', () => {
  test.prop([anyRoots, anyBlocks])('writes what @ipld/car reads', async (roots, blocks) => {
    const car = concat(...writeCarV2(roots, blocks))
    expect(await oracleContent(car)).toEqual(contentOf(2, roots, blocks))
  })

  // IPLD specification CARv2: the pragma is a CARv1 header of version 2; of the 40 bytes that follow, 16 are
  // characteristics, then come the offset and the size of the data and the offset of the index, little-endian.
  test.prop([anyRoots, anyBlocks])('wraps a CARv1 and says where it lies', (roots, blocks) => {
    const car = concat(...writeCarV2(roots, blocks))
    const inner = concat(...writeCarV1(roots, blocks))
    expect(formatHex(car.subarray(0, 11))).toBe('0aa16776657273696f6e02')
    const header = new DataView(car.buffer, car.byteOffset + 11, 40)
    expect(formatHex(car.subarray(11, 27))).toBe('00'.repeat(16))
    expect(header.getBigUint64(16, true)).toBe(51n)
    expect(header.getBigUint64(24, true)).toBe(BigInt(inner.length))
    expect(header.getBigUint64(32, true)).toBe(0n)
    expect(formatHex(car.subarray(51))).toBe(formatHex(inner))
  })
})
