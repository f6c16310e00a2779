import { cidBytes, cidParts, formatCid, parseCid } from '@plimsoll/ipld'
import { createHashes, formatHex } from '@plimsoll/primitives'
import { describe, expect, test } from 'vitest'
import { fakePieceCommitment, zeroPieceCommitment } from './piece-commitment.ts'

const hashes = await createHashes()
const GIB = 2 ** 30
/** The commitment to 32 GiB of zeros, as every network shows it for sectors without data. */
const ZERO_32_GIB = 'baga6ea4seaqao7s73y24kcutaosvacpdjgfe5pw76ooefnyqw4ynr3d2y6x2mpq'

describe('the commitment to zeros', () => {
  // Source: builtin-actors v18, `actors/miner/src/commd.rs`, `ZERO_COMMD_HASH`.
  test.each([
    { sizeBytes: 2 * 2 ** 10, digest: 'fc7e928296e516faade986b28f92d44a4f24b935485223376a799027bc18f833' },
    { sizeBytes: 8 * 2 ** 20, digest: '65f29e5d98d246c38b388cfc06db1f6b021303c5a289000bdce832a9c3ec421c' },
    { sizeBytes: 512 * 2 ** 20, digest: '39560e7b13a93b07a243fd2720ffa7cb3e1d2e505ab3629e79f46313512cda06' },
    { sizeBytes: 32 * GIB, digest: '077e5fde35c50a9303a55009e3498a4ebedff39c42b710b730d8ec7ac7afa63e' },
    { sizeBytes: 64 * GIB, digest: 'e64005a6bfe3777953b8ad6ef93f0fca1049b2041654f2a411f7702799cece02' },
  ])('of $sizeBytes bytes is $digest', ({ sizeBytes, digest }) => {
    expect(formatHex(cidParts(zeroPieceCommitment(hashes, sizeBytes)).digest)).toBe(digest)
  })

  test('is written as a CID of unsealed data', () => {
    expect(formatCid(zeroPieceCommitment(hashes, 32 * GIB))).toBe(ZERO_32_GIB)
  })
})

describe('what stands for the commitment to pieces', () => {
  const piece = { cid: parseCid(ZERO_32_GIB), size: BigInt(32 * GIB) }

  test('of none is the commitment to zeros of the sector’s size', () => {
    expect(formatCid(fakePieceCommitment(hashes, 8, []) ?? piece.cid)).toBe(ZERO_32_GIB)
  })

  // SHA-256 over zig-zag 8 (16), the CID's bytes, and the size as a varint: the reference's fake hashes the same.
  test('is the hash of the proof’s number, the CIDs and the sizes', () => {
    const preimage = Buffer.concat([
      Uint8Array.of(16),
      cidBytes(piece.cid),
      Uint8Array.of(0x80, 0x80, 0x80, 0x80, 0x80, 0x01),
    ])
    const commitment = fakePieceCommitment(hashes, 8, [piece])
    expect(commitment && formatHex(cidParts(commitment).digest)).toBe(formatHex(hashes.sha256(preimage)))
  })

  test('is another one for other pieces', () => {
    const one = fakePieceCommitment(hashes, 8, [piece])
    expect(fakePieceCommitment(hashes, 9, [piece])).not.toBe(one)
    expect(fakePieceCommitment(hashes, 8, [piece, piece])).not.toBe(one)
    expect(fakePieceCommitment(hashes, 8, [{ ...piece, size: 2048n }])).not.toBe(one)
  })

  test('is none where the number is no seal proof’s', () => {
    expect(fakePieceCommitment(hashes, 20, [piece])).toBeUndefined()
  })
})
