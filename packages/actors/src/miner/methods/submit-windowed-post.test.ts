import { bitFieldOf } from '@plimsoll/ipld'
import { createHashes, ExitCode } from '@plimsoll/primitives'
import {
  MINER_EPOCH,
  membersTogether,
  ScriptedMiner,
  type ScriptedMinerPlan,
  SECTOR_BYTES,
  STRANGER,
  TRUSTING,
} from '@plimsoll/testkit'
import { describe, expect, test } from 'vitest'
import { OptimisticPoStSubmissions } from '../deadline-state.ts'
import { loadDeadline } from '../deadlines.ts'
import type { SubmitWindowedPoStParams } from '../method-types.ts'
import { loadDeadlinesDraft } from '../state/assign-sectors.ts'

const hashes = await createHashes()
const POWER = BigInt(SECTOR_BYTES)
const RANDOMNESS = new Uint8Array(32).fill(4)

/** A miner ten epochs after its first deadline has opened. */
function proving(sectors: ScriptedMinerPlan['sectors'] = [{ sectorNumber: 1 }, { sectorNumber: 2 }]) {
  const miner = new ScriptedMiner(hashes, { sectors })
  miner.rt.currEpoch = MINER_EPOCH + 10
  miner.rt.primitives = { ...TRUSTING, getRandomnessFromTickets: () => RANDOMNESS }
  return miner
}

type Change = Partial<SubmitWindowedPoStParams>

const post = (change: Change = {}): SubmitWindowedPoStParams => ({
  deadline: 0n,
  partitions: [{ index: 0n, skipped: bitFieldOf([]) }],
  proofs: [{ postProof: 13n, proofBytes: Uint8Array.of(1) }],
  chainCommitEpoch: BigInt(MINER_EPOCH + 9),
  chainCommitRand: RANDOMNESS,
  ...change,
})

const skipping = (...numbers: readonly number[]): Change => ({
  partitions: [{ index: 0n, skipped: bitFieldOf(numbers) }],
})

const submit = (miner: ScriptedMiner, change: Change = {}) => miner.call('SubmitWindowedPoSt', post(change))

function deadlineOf({ rt, state }: ScriptedMiner) {
  return loadDeadline(rt.store, loadDeadlinesDraft(rt.store, state), 0)
}

const members = (miner: ScriptedMiner, set: 'faults' | 'recoveries' | 'unproven') =>
  membersTogether(miner.rt.store, deadlineOf(miner), set)

const optimisticProofs = (miner: ScriptedMiner) =>
  OptimisticPoStSubmissions.load(miner.rt.store, deadlineOf(miner).optimisticPostSubmissions).count

const power = (count: bigint) => ({ raw: count * POWER, qa: count * POWER })

// Source of the cases: builtin-actors v18, `actors/miner/tests/miner_actor_test_wpost.rs`.
describe('SubmitWindowedPoSt', () => {
  test('is accepted unseen where nothing recovers, and kept to be disputed', () => {
    const miner = proving()
    miner.rt.primitives = { getRandomnessFromTickets: () => RANDOMNESS }
    submit(miner)
    expect(optimisticProofs(miner)).toBe(1)
    // What was proven keeps its power at the end.
    miner.rt.currEpoch = miner.deadlineEnd
    miner.expectCron(miner.deadlineEnd + 60)
    miner.cron()
    expect(members(miner, 'faults')).toEqual([])
  })

  test('gives new sectors their power', () => {
    const miner = proving([{ sectorNumber: 1, condition: 'unproven' }, { sectorNumber: 2 }])
    miner.expectPower(power(1n))
    submit(miner)
    expect(members(miner, 'unproven')).toEqual([])
  })

  test('makes skipped sectors faulty', () => {
    const miner = proving()
    miner.expectPower(power(-1n))
    submit(miner, skipping(2))
    expect(members(miner, 'faults')).toEqual([2])
  })

  test('gives new sectors no power that are skipped', () => {
    const miner = proving([{ sectorNumber: 1, condition: 'unproven' }, { sectorNumber: 2 }])
    submit(miner, skipping(1))
    expect([members(miner, 'unproven'), members(miner, 'faults')]).toEqual([[], [1]])
  })

  test('lets sectors recover, for which it is verified and not kept', () => {
    const miner = proving([{ sectorNumber: 1, condition: 'recovering' }, { sectorNumber: 2 }])
    let seen = 0
    miner.rt.primitives = {
      ...miner.rt.primitives,
      verifyPost: () => {
        seen++
        return true
      },
    }
    miner.expectPower(power(1n))
    submit(miner)
    expect([members(miner, 'faults'), members(miner, 'recoveries')]).toEqual([[], []])
    expect([seen, optimisticProofs(miner)]).toEqual([1, 0])
  })

  test('lets no sectors recover that are skipped', () => {
    const miner = proving([{ sectorNumber: 1, condition: 'recovering' }, { sectorNumber: 2 }])
    submit(miner, skipping(1))
    expect([members(miner, 'faults'), members(miner, 'recoveries')]).toEqual([[1], []])
    expect(optimisticProofs(miner)).toBe(1)
  })

  test('fails when it is verified and is none', () => {
    const miner = proving([{ sectorNumber: 1, condition: 'recovering' }])
    miner.rt.primitives = { ...miner.rt.primitives, verifyPost: () => false }
    expect(miner.exitCode('SubmitWindowedPoSt', post())).toBe(ExitCode.USR_ILLEGAL_ARGUMENT)
  })

  test('may prove partitions one by one, but each only once', () => {
    const miner = proving([
      { sectorNumber: 1 },
      { sectorNumber: 2, partition: 1 },
      { sectorNumber: 3, partition: 2 },
    ])
    const partitions = (...indices: readonly bigint[]) => ({
      partitions: indices.map((index) => ({ index, skipped: bitFieldOf([]) })),
    })
    submit(miner, partitions(1n))
    expect(miner.exitCode('SubmitWindowedPoSt', post(partitions(0n, 1n)))).toBe(ExitCode.USR_ILLEGAL_ARGUMENT)
    submit(miner, partitions(0n, 2n))
    expect(optimisticProofs(miner)).toBe(2)
    expect(miner.exitCode('SubmitWindowedPoSt', post())).toBe(ExitCode.USR_ILLEGAL_ARGUMENT)
  })
})

describe('SubmitWindowedPoSt refuses', () => {
  const illegal = ExitCode.USR_ILLEGAL_ARGUMENT
  const proof = (postProof: bigint, bytes = 1) => ({ postProof, proofBytes: new Uint8Array(bytes) })
  const partition = (index: bigint) => ({ index, skipped: bitFieldOf([]) })

  test.each<{ what: string; change: Change }>([
    { what: 'no proof', change: { proofs: [] } },
    { what: 'two proofs', change: { proofs: [proof(13n), proof(13n)] } },
    { what: 'a type of proof that may not be', change: { proofs: [proof(3n)] } },
    { what: 'no deadline', change: { deadline: 48n } },
    { what: 'too much randomness', change: { chainCommitRand: new Uint8Array(33) } },
  ])('$what before it looks at who calls', ({ change }) => {
    expect(proving().exitCode('SubmitWindowedPoSt', post(change), STRANGER)).toBe(illegal)
  })

  test('who may not', () => {
    const params = post({ proofs: [proof(14n)] })
    expect(proving().exitCode('SubmitWindowedPoSt', params, STRANGER)).toBe(ExitCode.USR_FORBIDDEN)
  })

  test.each<{ what: string; change: Change }>([
    { what: 'the proof of another sector size', change: { proofs: [proof(14n)] } },
    { what: 'more than 192 bytes for a partition', change: { proofs: [proof(13n, 193)] } },
    { what: 'four partitions', change: { partitions: [0n, 1n, 2n, 3n].map(partition) } },
    { what: 'another deadline than the open one', change: { deadline: 1n } },
    {
      what: 'a commitment from before the challenge',
      change: { chainCommitEpoch: BigInt(MINER_EPOCH - 21) },
    },
    { what: 'a commitment of the present epoch', change: { chainCommitEpoch: BigInt(MINER_EPOCH + 10) } },
    { what: 'randomness of another chain', change: { chainCommitRand: new Uint8Array(32) } },
    { what: 'less randomness', change: { chainCommitRand: RANDOMNESS.slice(1) } },
    { what: 'a partition twice', change: { partitions: [partition(0n), partition(0n)] } },
    { what: 'a partition in which all is skipped', change: skipping(1, 2) },
    { what: 'skipped sectors of another partition', change: skipping(9) },
  ])('$what', ({ change }) => {
    expect(proving().exitCode('SubmitWindowedPoSt', post(change))).toBe(illegal)
  })

  test('no commitment from the epoch of the challenge on', () => {
    const miner = proving()
    submit(miner, { chainCommitEpoch: BigInt(MINER_EPOCH - 20) })
    expect(optimisticProofs(miner)).toBe(1)
  })

  test('a partition that there is not', () => {
    const params = post({ partitions: [partition(1n)] })
    expect(proving().exitCode('SubmitWindowedPoSt', params)).toBe(ExitCode.USR_NOT_FOUND)
  })

  test('a partition of nothing but faults', () => {
    const miner = proving([{ sectorNumber: 1, condition: 'faulty' }])
    expect(miner.exitCode('SubmitWindowedPoSt', post())).toBe(illegal)
  })
})
