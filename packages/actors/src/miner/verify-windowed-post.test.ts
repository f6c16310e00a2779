import { address, encodeCbor } from '@plimsoll/ipld'
import { actorId, createHashes, idAddress } from '@plimsoll/primitives'
import { quickSector, sealedCid, TestRuntime } from '@plimsoll/testkit'
import { describe, expect, test } from 'vitest'
import { DomainSeparationTag, type WindowPoStVerifyInfo } from '../runtime/primitives.ts'
import { verifyWindowedPoSt } from './verify-windowed-post.ts'

const hashes = await createHashes()
const MINER = idAddress(actorId(1000))
const RANDOMNESS = new Uint8Array(32).fill(9)

// Source: builtin-actors v18, `actors/miner/src/lib.rs`, `verify_windowed_post`.
describe('verifyWindowedPoSt', () => {
  test.each([true, false])('asks about the sectors in their order, and says what it hears: %s', (answer) => {
    const rt = new TestRuntime(hashes, MINER, 'storageminer')
    const randomnessAsked: unknown[] = []
    const asked: WindowPoStVerifyInfo[] = []
    rt.primitives = {
      getRandomnessFromBeacon: (...args) => {
        randomnessAsked.push(args)
        return RANDOMNESS
      },
      verifyPost: (info) => {
        asked.push(info)
        return answer
      },
    }
    const proofs = [{ postProof: 13, proofBytes: Uint8Array.of(1, 2) }]
    const standIn = { ...quickSector(100, 5, 0n, 0n, 0n), sealedCid: sealedCid(new Uint8Array(32).fill(5)) }
    // A faulty sector is replaced by a good one, which is then there twice.
    expect(verifyWindowedPoSt(rt, 77, [standIn, standIn, quickSector(100, 9, 0n, 0n, 0n)], proofs)).toBe(
      answer,
    )
    expect(randomnessAsked).toEqual([
      [DomainSeparationTag.WINDOWED_POST_CHALLENGE_SEED, 77, encodeCbor(address, MINER)],
    ])
    const challenged = { proof: 8, sectorNumber: 5, sealedCid: standIn.sealedCid }
    expect(asked).toEqual([
      {
        randomness: RANDOMNESS,
        proofs,
        challengedSectors: [
          challenged,
          challenged,
          { proof: 8, sectorNumber: 9, sealedCid: sealedCid(new Uint8Array(32)) },
        ],
        prover: 1000,
      },
    ])
  })
})
