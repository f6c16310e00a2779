import { createHashes, encodeVarint, formatHex, parseHex } from '@plimsoll/primitives'
import { concat } from '@plimsoll/testkit'
import { describe, expect, test } from 'vitest'
import { encodeCbor } from '../cbor/codec.ts'
import { type IpldValue, ipldValue } from '../cbor/ipld-value.ts'
import { cidBytes, cidFromBytes, cidOfBlock, formatCid } from '../cid.ts'
import { MAX_CAR_HEADER_BYTES } from '../limits.ts'
import { createCarReader } from './car-reader.ts'
import { writeCarV1 } from './car-writer.ts'

const hashes = await createHashes()

const BLOCK = Uint8Array.of(1, 2, 3)
const ROOT = cidOfBlock(BLOCK, hashes)
const CAR_V1 = concat(...writeCarV1([ROOT], [{ cid: ROOT, block: BLOCK }]))
const CONTENT = { roots: [formatCid(ROOT)], blocks: [formatCid(ROOT)] }
const PRAGMA = parseHex('0aa16776657273696f6e02')

/** The roots of a file and the CIDs of its blocks. */
function read(...pieces: readonly Uint8Array[]) {
  const blocks: string[] = []
  const reader = createCarReader(hashes, (bytes, start, end) => {
    blocks.push(formatCid(cidFromBytes(bytes.slice(start, end))))
  })
  for (const piece of pieces) {
    reader.push(piece)
  }
  return { roots: reader.finish().map(formatCid), blocks }
}

function section(content: Uint8Array): Uint8Array {
  return concat(encodeVarint(content.length), content)
}

function headerOf(entries: readonly (readonly [string, IpldValue])[]): Uint8Array {
  return section(encodeCbor(ipldValue, new Map(entries)))
}

function codeError(code: string) {
  return expect.objectContaining({ code })
}

describe('the header of a CARv1', () => {
  const root: IpldValue = { link: ROOT }

  // IPLD specification CARv1: {"roots": [CID], "version": 1}; older writers put the version first.
  test('may have its fields in either order', () => {
    const swapped = headerOf([
      ['version', 1n],
      ['roots', [root]],
    ])
    expect(read(swapped)).toEqual({ roots: CONTENT.roots, blocks: [] })
  })

  test('may name several roots, and keeps their order', () => {
    const other = cidOfBlock(new Uint8Array(), hashes)
    const header = headerOf([
      ['roots', [root, { link: other }, root]],
      ['version', 1n],
    ])
    expect(read(header).roots).toEqual([ROOT, other, ROOT].map(formatCid))
  })

  test.each<{ why: string; entries: [string, IpldValue][]; code: string }>([
    { why: 'names no roots', entries: [['version', 1n]], code: 'CAR_HEADER' },
    {
      why: 'has an empty list of roots',
      entries: [
        ['roots', []],
        ['version', 1n],
      ],
      code: 'CAR_HEADER',
    },
    { why: 'has no version', entries: [['roots', [root]]], code: 'CAR_HEADER' },
    { why: 'is empty', entries: [], code: 'CAR_HEADER' },
    {
      why: 'has another field',
      entries: [
        ['roots', [root]],
        ['version', 1n],
        ['index', 0n],
      ],
      code: 'CAR_HEADER',
    },
    {
      why: 'has a field that only begins like a known one',
      entries: [
        ['roots', [root]],
        ['versions', 1n],
      ],
      code: 'CAR_HEADER',
    },
    {
      why: 'has a field with a very long name',
      entries: [['v'.repeat(100_000), 1n]],
      code: 'CAR_HEADER',
    },
    {
      why: 'has version 0',
      entries: [
        ['roots', [root]],
        ['version', 0n],
      ],
      code: 'CAR_VERSION',
    },
    {
      why: 'has version 3',
      entries: [
        ['roots', [root]],
        ['version', 3n],
      ],
      code: 'CAR_VERSION',
    },
    {
      why: 'has version 2 and roots',
      entries: [
        ['roots', [root]],
        ['version', 2n],
      ],
      code: 'CAR_VERSION',
    },
    { why: 'has version 2^53', entries: [['version', 2n ** 53n]], code: 'CBOR_INTEGER_TOO_LARGE' },
    { why: 'has a negative version', entries: [['version', -1n]], code: 'CBOR_UNEXPECTED_TYPE' },
    { why: 'has a text for a version', entries: [['version', '1']], code: 'CBOR_UNEXPECTED_TYPE' },
    {
      why: 'has a root instead of roots',
      entries: [
        ['roots', root],
        ['version', 1n],
      ],
      code: 'CBOR_UNEXPECTED_TYPE',
    },
    {
      why: 'has bytes for a root',
      entries: [
        ['roots', [cidBytes(ROOT)]],
        ['version', 1n],
      ],
      code: 'CBOR_UNEXPECTED_TYPE',
    },
  ])('is refused with $code when it $why', ({ entries, code }) => {
    expect(() => read(headerOf(entries))).toThrow(codeError(code))
  })

  test.each([
    { why: 'is an array', hex: '80', code: 'CBOR_UNEXPECTED_TYPE' },
    { why: 'is followed by a byte', hex: 'a16776657273696f6e0100', code: 'CBOR_TRAILING_BYTES' },
    { why: 'is of indefinite length', hex: 'bf6776657273696f6e01ff', code: 'CBOR_NOT_CANONICAL' },
    { why: 'ends inside its map', hex: 'a16776657273696f6e', code: 'CBOR_TRUNCATED' },
    { why: 'has bytes for a key', hex: 'a14776657273696f6e01', code: 'CBOR_UNEXPECTED_TYPE' },
  ])('is refused with $code when its section $why', ({ hex, code }) => {
    expect(() => read(section(parseHex(hex)))).toThrow(codeError(code))
  })

  test('says in the path of an error that it is the header', () => {
    const header = headerOf([['roots', [root, 7n]]])
    expect(() => read(header)).toThrow(expect.objectContaining({ path: ['CAR header', 1] }))
  })

  test('is refused when its section is empty or a byte over the limit, before its bytes are there', () => {
    expect(() => read(encodeVarint(0))).toThrow(codeError('CAR_SECTION_TOO_LARGE'))
    expect(() => read(encodeVarint(MAX_CAR_HEADER_BYTES + 1))).toThrow(codeError('CAR_SECTION_TOO_LARGE'))
    expect(() => read(encodeVarint(MAX_CAR_HEADER_BYTES))).toThrow(codeError('CAR_TRUNCATED'))
  })

  test('does not limit a section of the size of a header', () => {
    expect(() => read(CAR_V1, encodeVarint(MAX_CAR_HEADER_BYTES + 1))).toThrow(codeError('CAR_TRUNCATED'))
  })
})

describe('a CARv2', () => {
  /** The 40 bytes after the pragma; IPLD specification CARv2: 16 of characteristics, then three numbers. */
  function characteristics(dataOffset: bigint, dataSize: bigint, indexOffset = 0n): Uint8Array {
    const header = new DataView(new ArrayBuffer(40))
    header.setBigUint64(16, dataOffset, true)
    header.setBigUint64(24, dataSize, true)
    header.setBigUint64(32, indexOffset, true)
    return new Uint8Array(header.buffer)
  }

  const size = BigInt(CAR_V1.length)

  test('holds a CARv1 right after its header', () => {
    expect(read(PRAGMA, characteristics(51n, size), CAR_V1)).toEqual(CONTENT)
  })

  // What stands there is not read, so it may be anything.
  test.each([1, 10, 100_000])('may have %i bytes of padding before its data', (padding) => {
    const car = concat(
      PRAGMA,
      characteristics(51n + BigInt(padding), size),
      new Uint8Array(padding).fill(0xff),
      CAR_V1,
    )
    expect(read(car)).toEqual(CONTENT)
    expect(read(...[...car].map((byte) => Uint8Array.of(byte)))).toEqual(CONTENT)
  })

  test.each([1, 9, 100_000])('may have an index of %i bytes after its data', (length) => {
    const index = new Uint8Array(length).fill(0xff)
    const car = concat(PRAGMA, characteristics(51n, size, 51n + size), CAR_V1, index)
    expect(read(car)).toEqual(CONTENT)
    expect(read(car.subarray(0, car.length - length), index)).toEqual(CONTENT)
  })

  test('may say anything of itself in its characteristics', () => {
    const header = characteristics(51n, size)
    header.fill(0xff, 0, 16)
    expect(read(PRAGMA, header, CAR_V1)).toEqual(CONTENT)
  })

  test.each([0n, 11n, 50n])('is refused when its data begin at byte %d, inside the header', (offset) => {
    expect(() => read(PRAGMA, characteristics(offset, size), CAR_V1)).toThrow(codeError('CAR_HEADER'))
  })

  test.each([
    { why: 'end a byte before the last section does', dataSize: size - 1n },
    { why: 'end inside the header', dataSize: 10n },
    { why: 'are one byte', dataSize: 1n },
  ])('is refused when its data $why, though the bytes go on', ({ dataSize }) => {
    expect(() => read(PRAGMA, characteristics(51n, dataSize), CAR_V1)).toThrow(codeError('CAR_SECTION'))
  })

  test.each([
    { why: 'go on after the file', dataOffset: 51n, dataSize: size + 1n },
    { why: 'are empty', dataOffset: 51n, dataSize: 0n },
    { why: 'begin after the file', dataOffset: 10_000n, dataSize: size },
    { why: 'begin at byte 2^64 − 1', dataOffset: 2n ** 64n - 1n, dataSize: size },
    { why: 'are 2^64 − 1 bytes', dataOffset: 51n, dataSize: 2n ** 64n - 1n },
  ])('is truncated when its data $why', ({ dataOffset, dataSize }) => {
    expect(() => read(PRAGMA, characteristics(dataOffset, dataSize), CAR_V1)).toThrow(
      codeError('CAR_TRUNCATED'),
    )
  })

  test('is refused inside another', () => {
    const inner = concat(PRAGMA, characteristics(51n, size), CAR_V1)
    expect(() => read(PRAGMA, characteristics(51n, BigInt(inner.length)), inner)).toThrow(
      codeError('CAR_VERSION'),
    )
  })

  test('locates what is wrong from the beginning of the whole file', () => {
    const damaged = CAR_V1.slice()
    damaged.set([0xee], damaged.length - 1)
    // The section of the only block is a byte of length, the CID and the block.
    const offset = 51 + CAR_V1.length - cidBytes(ROOT).length - BLOCK.length
    expect(() => read(PRAGMA, characteristics(51n, size), damaged)).toThrow(
      expect.objectContaining({ code: 'CAR_HASH_MISMATCH', data: { offset } }),
    )
  })

  test('begins with the pragma of the specification', () => {
    // {"version": 2}
    expect(formatHex(section(encodeCbor(ipldValue, new Map([['version', 2n]]))))).toBe(formatHex(PRAGMA))
  })
})
