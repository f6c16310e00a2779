import { Multicodec, Multihash, makeCid } from '@plimsoll/ipld'
import { ExitCode, parseHex } from '@plimsoll/primitives'
import { exitCodeOf, sealedCid } from '@plimsoll/testkit'
import { describe, expect, test } from 'vitest'
import { commDOf, isSealedSector, isUnsealedSector } from './commd.ts'

const digest = new Uint8Array(32).fill(7)
const unsealed = makeCid(Multicodec.FIL_COMMITMENT_UNSEALED, Multihash.SHA2_256_TRUNC254_PADDED, digest)
const sealed = sealedCid(digest)
const { FIL_COMMITMENT_SEALED, FIL_COMMITMENT_UNSEALED, DAG_CBOR } = Multicodec
const { SHA2_256_TRUNC254_PADDED, POSEIDON_BLS12_381_A1_FC1, SHA2_256 } = Multihash

// Source: builtin-actors v18, `actors/miner/src/commd.rs`, `is_unsealed_sector`, and `policy.rs`, `is_sealed_sector`.
describe('a commitment', () => {
  test.each([
    { what: 'of unsealed data', cid: unsealed, isOfData: true, isOfSector: false },
    { what: 'of a sealed sector', cid: sealed, isOfData: false, isOfSector: true },
    {
      what: 'of data with the hash of a sector',
      cid: makeCid(FIL_COMMITMENT_UNSEALED, POSEIDON_BLS12_381_A1_FC1, digest),
      isOfData: false,
      isOfSector: false,
    },
    {
      what: 'of a sector with the hash of data',
      cid: makeCid(FIL_COMMITMENT_SEALED, SHA2_256_TRUNC254_PADDED, digest),
      isOfData: false,
      isOfSector: false,
    },
    {
      what: 'of another codec',
      cid: makeCid(DAG_CBOR, SHA2_256_TRUNC254_PADDED, digest),
      isOfData: false,
      isOfSector: false,
    },
    {
      what: 'of data that is too short',
      cid: makeCid(FIL_COMMITMENT_UNSEALED, SHA2_256_TRUNC254_PADDED, digest.subarray(1)),
      isOfData: false,
      isOfSector: false,
    },
    {
      what: 'of a sector that is too short',
      cid: makeCid(FIL_COMMITMENT_SEALED, POSEIDON_BLS12_381_A1_FC1, digest.subarray(1)),
      isOfData: false,
      isOfSector: false,
    },
    {
      what: 'of a block of state',
      cid: makeCid(DAG_CBOR, SHA2_256, digest),
      isOfData: false,
      isOfSector: false,
    },
  ])('$what is of data: $isOfData, of a sector: $isOfSector', ({ cid, isOfData, isOfSector }) => {
    expect(isUnsealedSector(cid)).toBe(isOfData)
    expect(isSealedSector(cid)).toBe(isOfSector)
  })
})

// Source: builtin-actors v18, `actors/miner/src/commd.rs`, `zero_commd`. Every construction of a size has the same.
describe('commDOf', () => {
  const ZERO_DIGESTS = {
    '2 KiB': 'fc7e928296e516faade986b28f92d44a4f24b935485223376a799027bc18f833',
    '8 MiB': '65f29e5d98d246c38b388cfc06db1f6b021303c5a289000bdce832a9c3ec421c',
    '512 MiB': '39560e7b13a93b07a243fd2720ffa7cb3e1d2e505ab3629e79f46313512cda06',
    '32 GiB': '077e5fde35c50a9303a55009e3498a4ebedff39c42b710b730d8ec7ac7afa63e',
    '64 GiB': 'e64005a6bfe3777953b8ad6ef93f0fca1049b2041654f2a411f7702799cece02',
  }

  test.each([
    { size: '2 KiB', sealProofs: [0, 5, 10, 15] },
    { size: '8 MiB', sealProofs: [1, 6, 11, 16] },
    { size: '512 MiB', sealProofs: [2, 7, 12, 17] },
    { size: '32 GiB', sealProofs: [3, 8, 13, 18] },
    { size: '64 GiB', sealProofs: [4, 9, 14, 19] },
  ] as const)('of a sector of $size without data is that of zeros', ({ size, sealProofs }) => {
    const zeros = makeCid(FIL_COMMITMENT_UNSEALED, SHA2_256_TRUNC254_PADDED, parseHex(ZERO_DIGESTS[size]))
    expect(sealProofs.map((sealProof) => commDOf(null, sealProof))).toEqual([zeros, zeros, zeros, zeros])
    expect(isUnsealedSector(zeros)).toBe(true)
  })

  test('is what was declared, whatever the proof', () => {
    expect(commDOf(unsealed, 99)).toBe(unsealed)
  })

  test.each([-1, 20, 2 ** 40])('of zeros fails for %s, which is no seal proof', (sealProof) => {
    expect(exitCodeOf(() => commDOf(null, sealProof))).toBe(ExitCode.USR_ILLEGAL_ARGUMENT)
  })
})
