import { address, encodeCbor } from '@plimsoll/ipld'
import { createHashes, ExitCode } from '@plimsoll/primitives'
import { exitCodeOf, MINER, sealedSector, TestRuntime } from '@plimsoll/testkit'
import { describe, expect, test } from 'vitest'
import { DomainSeparationTag } from '../runtime/primitives.ts'
import { commDOf } from './commd.ts'
import type { SectorPreCommitOnChainInfo } from './types.ts'
import { validatePreCommits } from './validate-pre-commits.ts'

const hashes = await createHashes()
const PROMISED = 1000
/** The challenge is that of 150 epochs after the promise. */
const EARLIEST = PROMISED + 151
/** 30 days and the delay of the challenge. */
const LATEST = PROMISED + 30 * 2880 + 150

type Change = Partial<SectorPreCommitOnChainInfo['info']>

function promise(
  sectorNumber: number,
  change: Change = {},
  preCommitEpoch = PROMISED,
): SectorPreCommitOnChainInfo {
  return {
    info: {
      sealProof: 8,
      sectorNumber,
      sealedCid: sealedSector(sectorNumber),
      sealRandEpoch: 900,
      dealIds: [],
      expiration: 2_000_000,
      unsealedCid: null,
      ...change,
    },
    preCommitDeposit: 5n,
    preCommitEpoch,
  }
}

function runtime(currEpoch: number) {
  const rt = new TestRuntime(hashes, MINER, 'storageminer')
  rt.currEpoch = currEpoch
  const asked: unknown[] = []
  rt.primitives = {
    getRandomnessFromTickets: (...question) => {
      asked.push(question)
      return Uint8Array.of(1)
    },
    getRandomnessFromBeacon: (...question) => {
      asked.push(question)
      return Uint8Array.of(2)
    },
  }
  return { rt, asked }
}

const exitCode = (currEpoch: number, preCommits: readonly SectorPreCommitOnChainInfo[], requireAll = false) =>
  exitCodeOf(() => validatePreCommits(runtime(currEpoch).rt, preCommits, requireAll))

// Source: builtin-actors v18, `actors/miner/src/lib.rs`, `validate_precommits`.
describe('validatePreCommits', () => {
  test('says what has to be proven: replica, data, and two kinds of randomness', () => {
    const { rt, asked } = runtime(EARLIEST)
    const { batch, claims } = validatePreCommits(rt, [promise(7)], true)
    expect(batch).toEqual({ successCount: 1, failCodes: [] })
    expect(claims).toEqual([
      {
        sectorNumber: 7,
        randomness: Uint8Array.of(1),
        interactiveRandomness: Uint8Array.of(2),
        sealedCid: sealedSector(7),
        unsealedCid: commDOf(null, 8),
      },
    ])
    const entropy = encodeCbor(address, MINER)
    expect(asked).toEqual([
      [DomainSeparationTag.SEAL_RANDOMNESS, 900, entropy],
      [DomainSeparationTag.INTERACTIVE_SEAL_CHALLENGE_SEED, PROMISED + 150, entropy],
    ])
  })

  test.each([
    { currEpoch: LATEST, failCodes: [] },
    { currEpoch: LATEST + 1, failCodes: [{ index: 0, code: ExitCode.USR_ILLEGAL_ARGUMENT }] },
  ])('at epoch $currEpoch drops $failCodes.length', ({ currEpoch, failCodes }) => {
    const { rt } = runtime(currEpoch)
    const { batch, claims } = validatePreCommits(rt, [promise(7), promise(8, {}, PROMISED + 9)], false)
    expect(batch.failCodes).toEqual(failCodes)
    // What is too late is to be proven all the same, where all is proven in one.
    expect(claims).toHaveLength(2)
  })

  test('drops a promise with deals', () => {
    const { rt } = runtime(EARLIEST)
    const { batch } = validatePreCommits(rt, [promise(7, { dealIds: [1n] }), promise(8)], false)
    expect(batch).toEqual({
      successCount: 1,
      failCodes: [{ index: 0, code: ExitCode.USR_ILLEGAL_ARGUMENT }],
    })
  })

  test('drops nothing where all are required', () => {
    expect(exitCode(LATEST + 1, [promise(7)], true)).toBe(ExitCode.USR_ILLEGAL_ARGUMENT)
    expect(exitCode(LATEST, [promise(7)], true)).toBe(ExitCode.OK)
  })

  test('fails altogether for one that is too early, even one with deals', () => {
    expect(exitCode(EARLIEST - 1, [promise(7, { dealIds: [1n] })])).toBe(ExitCode.USR_FORBIDDEN)
    expect(exitCode(EARLIEST, [promise(7), promise(8, {}, PROMISED + 1)])).toBe(ExitCode.USR_FORBIDDEN)
  })

  test('fails altogether for proofs of two kinds, before it looks at the time, and for those that have no promise', () => {
    expect(exitCode(EARLIEST - 1, [promise(7, { sealProof: 18 })])).toBe(ExitCode.USR_ILLEGAL_STATE)
    expect(exitCode(EARLIEST, [promise(7), promise(8, { sealProof: 13 })])).toBe(ExitCode.USR_ILLEGAL_STATE)
    const early = promise(8, { sealProof: 13 }, PROMISED + 1)
    expect(exitCode(EARLIEST, [promise(7), early])).toBe(ExitCode.USR_ILLEGAL_STATE)
  })
})
