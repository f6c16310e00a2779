import { describe, expect, test } from 'vitest'
import { findWindowPoStProof } from './registered-proof.ts'

const KIB = 2 ** 10
const MIB = 2 ** 20
const GIB = 2 ** 30

describe('findWindowPoStProof', () => {
  // ref-fvm `shared/src/sector/registered_proof.rs`: the numbers, `sector_size` and
  // `window_post_partition_sectors` of RegisteredPoStProof.
  test.each([
    { proofType: 10, sectorSizeBytes: 2 * KIB, partitionSectors: 2 },
    { proofType: 11, sectorSizeBytes: 8 * MIB, partitionSectors: 2 },
    { proofType: 12, sectorSizeBytes: 512 * MIB, partitionSectors: 2 },
    { proofType: 13, sectorSizeBytes: 32 * GIB, partitionSectors: 2349 },
    { proofType: 14, sectorSizeBytes: 64 * GIB, partitionSectors: 2300 },
  ])('says that type $proofType proves $partitionSectors sectors of $sectorSizeBytes bytes', (row) => {
    const { proofType, ...proof } = row
    expect(findWindowPoStProof(proofType)).toEqual(proof)
    // The first version of the same construction, five numbers before.
    expect(findWindowPoStProof(proofType - 5)).toEqual(proof)
  })

  test.each([
    { proofType: 0, why: 'is a winning PoSt' },
    { proofType: 4, why: 'is the last winning PoSt' },
    { proofType: 15, why: 'is beyond the last' },
    { proofType: -1, why: 'is negative' },
    { proofType: 13.5, why: 'is no whole number' },
    { proofType: Number.NaN, why: 'is no number' },
  ])('does not know type $proofType, which $why', ({ proofType }) => {
    expect(findWindowPoStProof(proofType)).toBeUndefined()
  })
})
