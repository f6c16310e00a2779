import { address, encodeCbor } from '@plimsoll/ipld'
import { actorId, createHashes, ExitCode, idAddress } from '@plimsoll/primitives'
import { exitCodeOf, sealedCid, TestRuntime } from '@plimsoll/testkit'
import { describe, expect, test } from 'vitest'
import { MAINNET_POLICY } from '../policy.ts'
import { type AggregateSealVerifyInfo, DomainSeparationTag } from '../runtime/primitives.ts'
import {
  proofEntropy,
  SNARK_PACK_V2,
  sealClaim,
  sealRandomness,
  validateSealAggregateProof,
  validateSealProofs,
  verifyAggregateSeal,
} from './seal-proofs.ts'

const hashes = await createHashes()
const MINER = idAddress(actorId(1000))
const newRuntime = () => new TestRuntime(hashes, MINER, 'storageminer')
const bytes = (length: number) => new Uint8Array(length)

// Source of everything here: builtin-actors v18, `actors/miner/src/lib.rs`.
describe('the randomness of a seal', () => {
  test('is drawn from the tickets of an epoch, for the miner', () => {
    const rt = newRuntime()
    const asked: unknown[] = []
    rt.primitives = {
      getRandomnessFromTickets: (...args) => {
        asked.push(args)
        return bytes(32).fill(9)
      },
    }
    expect(sealRandomness(rt, 77, proofEntropy(rt))).toEqual(bytes(32).fill(9))
    expect(asked).toEqual([[DomainSeparationTag.SEAL_RANDOMNESS, 77, encodeCbor(address, MINER)]])
  })
})

// Source of the sizes: ref-fvm `shared/src/sector/registered_proof.rs`, `proof_size`.
describe('validateSealProofs', () => {
  test.each([
    { of: '2 KiB', sealProof: 5, maxBytes: 192 },
    { of: '512 MiB', sealProof: 7, maxBytes: 192 },
    { of: '32 GiB', sealProof: 8, maxBytes: 1920 },
    { of: '64 GiB', sealProof: 9, maxBytes: 1920 },
    { of: '32 GiB, synthetic', sealProof: 13, maxBytes: 1920 },
    { of: '2 KiB, non-interactive', sealProof: 15, maxBytes: 14_164 },
    { of: '32 GiB, non-interactive', sealProof: 18, maxBytes: 23_092 },
  ])('lets proofs of sectors of $of have $maxBytes bytes', ({ sealProof, maxBytes }) => {
    expect(exitCodeOf(() => validateSealProofs(sealProof, [bytes(0), bytes(maxBytes)]))).toBe(ExitCode.OK)
    expect(exitCodeOf(() => validateSealProofs(sealProof, [bytes(1), bytes(maxBytes + 1)]))).toBe(
      ExitCode.USR_ILLEGAL_ARGUMENT,
    )
  })

  test('fails for what is no seal proof, even without proofs', () => {
    expect(exitCodeOf(() => validateSealProofs(20, []))).toBe(ExitCode.USR_ILLEGAL_STATE)
  })
})

describe('validateSealAggregateProof', () => {
  const bounds = { min: 4, max: 819 }

  test.each([
    { sectors: 3, proofBytes: 10, exitCode: ExitCode.USR_ILLEGAL_ARGUMENT },
    { sectors: 4, proofBytes: 81_960, exitCode: ExitCode.OK },
    { sectors: 4, proofBytes: 81_961, exitCode: ExitCode.USR_ILLEGAL_ARGUMENT },
    { sectors: 819, proofBytes: 0, exitCode: ExitCode.OK },
    { sectors: 820, proofBytes: 10, exitCode: ExitCode.USR_ILLEGAL_ARGUMENT },
  ])('of $sectors sectors and $proofBytes bytes ends with $exitCode', ({ sectors, proofBytes, exitCode }) => {
    const validating = () => validateSealAggregateProof(MAINNET_POLICY, bytes(proofBytes), sectors, bounds)
    expect(exitCodeOf(validating)).toBe(exitCode)
  })
})

describe('verifyAggregateSeal', () => {
  const randomness = { seal: bytes(32).fill(1), interactive: bytes(32).fill(2) }
  const claim = sealClaim(7, randomness, sealedCid(bytes(32).fill(3)), sealedCid(bytes(32).fill(4)))
  const seal = {
    sealer: 1000,
    sealProof: 18,
    aggregateProof: SNARK_PACK_V2,
    proof: Uint8Array.of(5),
    claims: [claim],
  }

  test('asks about all sectors at once', () => {
    const rt = newRuntime()
    const asked: AggregateSealVerifyInfo[] = []
    rt.primitives = {
      verifyAggregateSeals: (info) => {
        asked.push(info)
        return true
      },
    }
    verifyAggregateSeal(rt, seal)
    expect(asked).toEqual([
      {
        miner: 1000,
        sealProof: 18,
        aggregateProof: 1,
        proof: Uint8Array.of(5),
        infos: [
          {
            sectorNumber: 7,
            randomness: randomness.seal,
            interactiveRandomness: randomness.interactive,
            sealedCid: sealedCid(bytes(32).fill(3)),
            unsealedCid: sealedCid(bytes(32).fill(4)),
          },
        ],
      },
    ])
  })

  test('fails for a proof that does not hold', () => {
    const rt = newRuntime()
    rt.primitives = { verifyAggregateSeals: () => false }
    expect(exitCodeOf(() => verifyAggregateSeal(rt, seal))).toBe(ExitCode.USR_ILLEGAL_ARGUMENT)
  })
})
