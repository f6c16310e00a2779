import { fc, test } from '@fast-check/vitest'
import { blake2b } from '@noble/hashes/blake2.js'
import { createHashes, formatBase32, formatHex, parseHex } from '@plimsoll/primitives'
import { anyBytes, anyCid, concat, mutated } from '@plimsoll/testkit'
import { CID } from 'multiformats/cid'
import * as Digest from 'multiformats/hashes/digest'
import { describe, expect } from 'vitest'
import {
  BLAKE2B_CID_BYTES,
  BLAKE2B_DAG_CBOR_PREFIX,
  type Cid,
  cidBytes,
  cidFromBytes,
  cidOfBlock,
  cidParts,
  findIdentityText,
  formatCid,
  Multicodec,
  Multihash,
  makeCid,
  parseCid,
  scanCid,
} from './cid.ts'
import { MAX_CID_BYTES } from './limits.ts'

const hashes = await createHashes()

const NOT_A_CID = expect.objectContaining({ code: 'INVALID_CID' })

// Codecs and hashes of one to five bytes as varints.
const anyCode = fc.oneof(
  fc.constantFrom(...Object.values(Multicodec), 0x70, 0x0129, 0x7f, 0x80, 0x3fff, 0x4000),
  fc.nat(2 ** 31 - 1),
)
const anyParts = fc.record({
  codec: anyCode,
  multihash: fc.oneof(fc.constantFrom(...Object.values(Multihash)), fc.nat(2 ** 31 - 1)),
  digest: fc.uint8Array({ maxLength: 100 }),
})

function hexOf(cid: Cid): string {
  return formatHex(cidBytes(cid))
}

describe('the numbers of codecs and hashes', () => {
  // multiformats `table.csv`.
  test('are those of the table', () => {
    expect(Multicodec).toEqual({
      RAW: 0x55,
      DAG_CBOR: 0x71,
      FIL_COMMITMENT_UNSEALED: 0xf101,
      FIL_COMMITMENT_SEALED: 0xf102,
    })
    expect(Multihash).toEqual({
      IDENTITY: 0x00,
      SHA2_256: 0x12,
      SHA2_256_TRUNC254_PADDED: 0x1012,
      BLAKE2B_256: 0xb220,
      POSEIDON_BLS12_381_A1_FC1: 0xb401,
    })
  })
})

describe('makeCid', () => {
  test.prop([anyParts])(
    'writes what multiformats writes, in bytes and in text',
    ({ codec, multihash, digest }) => {
      const cid = makeCid(codec, multihash, digest)
      const oracle = CID.createV1(codec, Digest.create(multihash, digest))
      expect(hexOf(cid)).toBe(formatHex(oracle.bytes))
      expect(formatCid(cid)).toBe(oracle.toString())
      expect(parseCid(oracle.toString())).toBe(cid)
      expect(cidFromBytes(oracle.bytes)).toBe(cid)
    },
  )

  test.prop([anyParts])('makes a CID whose parts are the ones it was made of', (parts) => {
    const cid = makeCid(parts.codec, parts.multihash, parts.digest)
    expect(cidParts(cid)).toEqual({ version: 1, ...parts })
  })
})

describe('cidOfBlock', () => {
  test.prop([anyBytes])('names a block as dag-cbor under blake2b-256', (block) => {
    const digest = blake2b(block, { dkLen: 32 })
    const oracle = CID.createV1(0x71, Digest.create(0xb220, digest))
    const cid = cidOfBlock(block, hashes)
    expect(formatCid(cid)).toBe(oracle.toString())
    expect(cidBytes(cid)).toHaveLength(BLAKE2B_CID_BYTES)
    expect(cidBytes(cid).subarray(0, BLAKE2B_DAG_CBOR_PREFIX.length)).toEqual(BLAKE2B_DAG_CBOR_PREFIX)
  })
})

describe('parseCid', () => {
  test.each([
    // The genesis of mainnet, from ChainSafe/forest `src/networks/mainnet/mod.rs`.
    {
      text: 'bafy2bzacecnamqgqmifpluoeldx7zzglxcljo6oja4vrmtj7432rphldpdmm2',
      codec: 0x71,
      multihash: 0xb220,
    },
    // The storage miner of actors version 8, from the release notes of Lotus 1.16.
    {
      text: 'bafk2bzacecgnynvd3tene3bvqoknuspit56canij5bpra6wl4mrq2mxxwriyu',
      codec: 0x55,
      multihash: 0xb220,
    },
  ])('reads $text', ({ text, codec, multihash }) => {
    const cid = parseCid(text)
    expect(cidParts(cid)).toMatchObject({ version: 1, codec, multihash })
    expect(hexOf(cid)).toBe(formatHex(CID.parse(text).bytes))
    expect(formatCid(cid)).toBe(text)
  })

  test.prop([anyCid])('undoes formatCid', (cid) => {
    expect(parseCid(formatCid(cid))).toBe(cid)
  })

  test.each([
    { text: '', why: 'is empty' },
    { text: 'b', why: 'has no bytes' },
    { text: 'QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWKPbdG', why: 'is of version 0, in base58' },
    { text: 'zb2rhe5P4gXftAwvA4eXQ5HJwsER2owDyS9sKaQRRVQPn93bA', why: 'is in base58 with its letter' },
    { text: 'BAFKQABDHNFWA', why: 'is in capital letters' },
    { text: 'afkqabdgnfwa', why: 'has no letter for its base' },
    { text: ' bafkqaazgnfwa', why: 'has a space before' },
    { text: 'bafkqaazgnfwa ', why: 'has a space after' },
    { text: 'bafkqaa3gnfwa====', why: 'has padding' },
    { text: 'bafkqaa3gnf1a', why: 'has the digit 1' },
    { text: `b${formatBase32(parseHex('0155000366696c00'))}`, why: 'has a byte after the digest' },
    {
      text: `b${formatBase32(parseHex('01550003666900'.slice(0, -2)))}`,
      why: 'has less digest than it says',
    },
    { text: `b${formatBase32(parseHex('0255000366696c'))}`, why: 'has version 2' },
    { text: `b${formatBase32(parseHex('0055000366696c'))}`, why: 'has version 0 written out' },
    { text: `b${formatBase32(parseHex('0155000366696c'))}a`, why: 'has a letter too many' },
  ])('refuses "$text", which $why', ({ text }) => {
    expect(() => parseCid(text)).toThrow(NOT_A_CID)
  })

  test('says which text it was', () => {
    expect(() => parseCid('b1')).toThrow(expect.objectContaining({ data: { text: 'b1' } }))
    expect(() => parseCid('1')).toThrow(expect.objectContaining({ data: { text: '1' } }))
  })

  test.prop([fc.oneof(fc.string(), fc.stringMatching(/^b[a-z2-7]{0,70}$/))])(
    'takes any text for the only one of its CID, or refuses it with that code',
    (text) => {
      try {
        expect(formatCid(parseCid(text))).toBe(text)
      } catch (error) {
        expect(error).toEqual(NOT_A_CID)
      }
    },
  )
})

describe('cidFromBytes', () => {
  test.each([
    { hex: '', why: 'there are none' },
    { hex: '01', why: 'they end after the version' },
    { hex: '0155', why: 'they end after the codec' },
    { hex: '015500', why: 'they end after the hash' },
    { hex: '0155000366696c00', why: 'one is left over' },
    { hex: '015500036669', why: 'the digest is cut short' },
    { hex: '0255000366696c', why: 'the version is 2' },
    { hex: '0055000366696c', why: 'the version is 0' },
    { hex: '810055000366696c', why: 'the version is not minimal' },
    { hex: '01d500000366696c', why: 'the codec is not minimal' },
    { hex: '01558000' + '0366696c', why: 'the hash is not minimal' },
    { hex: '0155008300' + '66696c', why: 'the length is not minimal' },
    { hex: `01${'ff'.repeat(9)}02000366696c`, why: 'the codec has 65 bits' },
    { hex: `015500${'ff'.repeat(9)}01`, why: 'the length is 2^64 − 1' },
  ])('refuses bytes when $why', ({ hex }) => {
    expect(() => cidFromBytes(parseHex(hex))).toThrow(NOT_A_CID)
  })

  // Four bytes stand before a digest of up to 127 bytes: 124 bytes make 128, 125 make 129.
  test('takes a CID of 128 bytes and refuses one of 129', () => {
    const bytes = (size: number) => concat(Uint8Array.of(0x01, 0x55, 0x00, size), new Uint8Array(size))
    expect(MAX_CID_BYTES).toBe(128)
    expect(cidBytes(cidFromBytes(bytes(124)))).toEqual(bytes(124))
    expect(() => cidFromBytes(bytes(125))).toThrow(NOT_A_CID)
  })

  test.prop([
    fc.oneof(
      anyBytes,
      anyCid.chain((cid) => mutated(cidBytes(cid))),
    ),
  ])('refuses damaged bytes or keeps every one of them', (bytes) => {
    try {
      expect(cidBytes(cidFromBytes(bytes))).toEqual(bytes)
    } catch (error) {
      expect(error).toEqual(NOT_A_CID)
    }
  })

  test.prop([anyCid.chain((cid) => mutated(cidBytes(cid)))])(
    'reads damaged bytes as multiformats does',
    (bytes) => {
      let cid: Cid
      try {
        cid = cidFromBytes(bytes)
      } catch {
        return
      }
      const { version, codec, multihash, digest } = cidParts(cid)
      // Beyond that the numbers of multiformats are not exact.
      fc.pre(codec < 2 ** 31 && multihash < 2 ** 31)
      const oracle = CID.decode(bytes)
      expect([version, codec, multihash]).toEqual([oracle.version, oracle.code, oracle.multihash.code])
      expect(formatHex(digest)).toBe(formatHex(oracle.multihash.digest))
    },
  )
})

describe('a CID of version 0', () => {
  // CID specification: a bare multihash of sha2-256 with 32 bytes, which names a block of dag-pb.
  const digest = hashes.sha256(new TextEncoder().encode('fil'))
  const bare = concat(Uint8Array.of(0x12, 0x20), digest)

  test('is read from its bytes as multiformats reads it', () => {
    const cid = cidFromBytes(bare)
    expect(cidParts(cid)).toEqual({ version: 0, codec: 0x70, multihash: 0x12, digest })
    expect(CID.decode(bare)).toMatchObject({ version: 0, code: 0x70 })
    expect(cidBytes(cid)).toEqual(bare)
  })

  test.each([
    { bytes: bare.subarray(0, 33), why: 'is a byte short' },
    { bytes: concat(bare, Uint8Array.of(0)), why: 'is a byte too long' },
    { bytes: concat(Uint8Array.of(0x12, 0x1f), digest.subarray(1)), why: 'has a digest of 31 bytes' },
    { bytes: concat(Uint8Array.of(0x12, 0x21), digest, Uint8Array.of(0)), why: 'has a digest of 33 bytes' },
    { bytes: concat(Uint8Array.of(0x11, 0x20), digest), why: 'has another hash' },
    { bytes: Uint8Array.of(0x12), why: 'is one byte' },
  ])('is refused when it $why', ({ bytes }) => {
    expect(() => cidFromBytes(bytes)).toThrow(NOT_A_CID)
  })
})

describe('scanCid', () => {
  test.prop([anyParts, anyBytes, anyBytes])(
    'finds the parts of a CID with other bytes around it',
    ({ codec, multihash, digest }, before, after) => {
      const cid = cidBytes(makeCid(codec, multihash, digest))
      const end = before.length + cid.length
      const bytes = concat(before, cid, after)
      const digestStart = end - digest.length
      expect(scanCid(bytes, before.length)).toEqual({ version: 1, codec, multihash, digestStart, end })
    },
  )

  test('finds a CID of version 0 with other bytes around it', () => {
    const bytes = concat(Uint8Array.of(9, 0x12, 0x20), new Uint8Array(40))
    const expected = { version: 0, codec: 0x70, multihash: 0x12, digestStart: 3, end: 35 }
    expect(scanCid(bytes, 1)).toEqual(expected)
  })
})

describe('findIdentityText', () => {
  // Before the actors were WebAssembly, their code was a name: specs-actors `builtin/codes.go`.
  test.each([
    { text: 'fil/1/storageminer', cid: 'bafkqaetgnfwc6mjpon2g64tbm5sw22lomvza' },
    { text: '', cid: 'bafkqaaa' },
  ])('finds "$text" in $cid', ({ text, cid }) => {
    expect(findIdentityText(parseCid(cid))).toBe(text)
    expect(formatHex(CID.parse(cid).multihash.digest)).toBe(formatHex(new TextEncoder().encode(text)))
  })

  test.prop([anyBytes])('finds nothing in a CID of another hash', (block) => {
    expect(findIdentityText(cidOfBlock(block, hashes))).toBeUndefined()
  })
})
