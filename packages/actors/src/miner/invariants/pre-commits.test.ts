import { bitField, bitFieldOf, createMemoryBlockstore, load, save, unionBitFields } from '@plimsoll/ipld'
import { actorId, createHashes } from '@plimsoll/primitives'
import { editMiner, findingsAfter, SOUND_STATE, type StateEdit, sealedCid } from '@plimsoll/testkit'
import { describe, expect, test } from 'vitest'
import { minerLayout } from '../layout.ts'
import { PreCommitCleanup } from '../state.ts'

const store = createMemoryBlockstore(await createHashes())
const SECTOR = 900
/** When a deadline opens: the proving period starts at 999,360, and deadlines are 60 epochs long. */
const ON_GRID = 999_360 + 60 * 20

interface PreCommitment {
  readonly allocated?: readonly number[]
  readonly cleanupEpoch?: number
  readonly cleaned?: readonly number[]
  /** AttoFIL; what the state has of the 7 that were deposited. */
  readonly deposits?: bigint
}

/** Adds a pre-commitment of sector 900 with a deposit of 7 attoFIL, which is the miner's unlocked balance. */
function withPreCommitment({
  allocated = [SECTOR],
  cleanupEpoch = ON_GRID,
  cleaned = [SECTOR],
  deposits = 7n,
}: PreCommitment): StateEdit {
  return editMiner(actorId(1000), (state, blocks) => {
    const preCommits = minerLayout(18).preCommits.load(blocks, state.preCommittedSectors)
    preCommits.set(SECTOR, {
      info: {
        sealProof: 8,
        sectorNumber: SECTOR,
        sealedCid: sealedCid(new Uint8Array(32)),
        sealRandEpoch: 999_000,
        dealIds: [],
        expiration: 2_000_000,
        unsealedCid: null,
      },
      preCommitDeposit: 7n,
      preCommitEpoch: 999_900,
    })
    const cleanup = PreCommitCleanup.load(blocks, state.preCommittedSectorsCleanup)
    cleanup.set(cleanupEpoch, bitFieldOf(cleaned))
    const numbers = unionBitFields(load(blocks, bitField, state.allocatedSectors), bitFieldOf(allocated))
    return {
      ...state,
      preCommitDeposits: deposits,
      preCommittedSectors: preCommits.flush(),
      preCommittedSectorsCleanup: cleanup.flush(),
      allocatedSectors: save(blocks, bitField, numbers),
    }
  })
}

describe('the pre-commitments of a miner', () => {
  test('break no rule when they have a number, a deposit and a clean-up', () => {
    expect(findingsAfter(store, SOUND_STATE, withPreCommitment({}))).toEqual([])
  })

  test('may be cleaned up together with sectors that are committed by now', () => {
    expect(findingsAfter(store, SOUND_STATE, withPreCommitment({ cleaned: [SECTOR, 1, 5000] }))).toEqual([])
  })

  test.each([
    {
      rule: 'have a number that is allocated',
      kind: 'miner/pre-commit-not-allocated',
      place: 'f01000.preCommittedSectors[900]',
      plan: { allocated: [SECTOR - 1, SECTOR + 1] },
    },
    {
      rule: 'are cleaned up at some time',
      kind: 'miner/pre-commit-without-cleanup',
      place: 'f01000.preCommittedSectors[900]',
      plan: { cleaned: [SECTOR - 1, SECTOR + 1] },
    },
    {
      rule: 'have deposits that add up to those of the state',
      kind: 'miner/pre-commit-deposits',
      place: 'f01000',
      plan: { deposits: 6n },
    },
    {
      rule: 'are cleaned up when a deadline opens, not before',
      kind: 'miner/pre-commit-cleanup-epoch',
      place: 'f01000.preCommittedSectorsCleanup',
      plan: { cleanupEpoch: ON_GRID - 1 },
    },
    {
      rule: 'are cleaned up when a deadline opens, not after',
      kind: 'miner/pre-commit-cleanup-epoch',
      place: 'f01000.preCommittedSectorsCleanup',
      plan: { cleanupEpoch: ON_GRID + 1 },
    },
  ])('$rule: $kind', ({ kind, place, plan }) => {
    const findings = findingsAfter(store, SOUND_STATE, withPreCommitment(plan))
    expect(findings).toEqual([{ kind, place, message: expect.any(String) }])
  })
})
