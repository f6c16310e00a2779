import { createMemoryBlockstore } from '@plimsoll/ipld'
import { createHashes, ExitCode } from '@plimsoll/primitives'
import { emptyMinerState, exitCodeOf, membersOf, sealedCid } from '@plimsoll/testkit'
import { describe, expect, test } from 'vitest'
import { MAINNET_POLICY } from '../../policy.ts'
import { PreCommitCleanup } from '../state.ts'
import type { SectorPreCommitOnChainInfo } from '../types.ts'
import {
  addPreCommitCleanUps,
  cleanupExpiredPreCommits,
  deletePreCommits,
  findPreCommits,
  getPreCommits,
  loadPreCommits,
  putPreCommits,
} from './pre-commits.ts'

const store = createMemoryBlockstore(await createHashes())
const policy = MAINNET_POLICY

function preCommit(sectorNumber: number, preCommitDeposit = 10n): SectorPreCommitOnChainInfo {
  return {
    info: {
      sealProof: 8,
      sectorNumber,
      sealedCid: sealedCid(new Uint8Array(32).fill(sectorNumber)),
      sealRandEpoch: 1,
      dealIds: [],
      expiration: 1,
      unsealedCid: null,
    },
    preCommitDeposit,
    preCommitEpoch: 1,
  }
}

function stateWith(numbers: readonly number[]) {
  const state = emptyMinerState(store)
  putPreCommits(
    store,
    state,
    numbers.map((number) => preCommit(number)),
  )
  return state
}

type StateDraft = ReturnType<typeof stateWith>

/** The numbers that are pre-committed. */
function numbersIn(state: StateDraft) {
  const numbers = [...loadPreCommits(store, state).entries()].map(([number]) => number)
  return numbers.sort((a, b) => a - b)
}

// Source of the cases: builtin-actors v18, `actors/miner/tests/precommitted_sector_stores.rs`.
describe('the pre-commitments of a miner', () => {
  test('are put, found and deleted by their sector numbers', () => {
    const state = stateWith([1, 2])
    putPreCommits(store, state, [preCommit(3), preCommit(4)])
    expect(getPreCommits(store, state, [4n, 1n])).toEqual([preCommit(4), preCommit(1)])
    deletePreCommits(store, state, [1, 3])
    expect(numbersIn(state)).toEqual([2, 4])
    expect(findPreCommits(store, state, [1n, 2n, 3n, 4n])).toEqual([preCommit(2), preCommit(4)])
  })

  test.each([
    { rule: 'one that is there', added: [1] },
    { rule: 'one twice', added: [2, 2] },
  ])('cannot be put again: $rule', ({ added }) => {
    const putting = () =>
      putPreCommits(
        store,
        stateWith([1]),
        added.map((number) => preCommit(number)),
      )
    expect(exitCodeOf(putting)).toBe(ExitCode.USR_ILLEGAL_STATE)
  })

  test('cannot be deleted when they are not there', () => {
    expect(exitCodeOf(() => deletePreCommits(store, stateWith([1]), [1, 2]))).toBe(ExitCode.USR_ILLEGAL_STATE)
  })

  // Source: the same repository, `actors/miner/src/state.rs`, `get_precommitted_sectors`; 2^63 − 1 is the largest.
  test.each([
    { number: 2n, exitCode: ExitCode.USR_NOT_FOUND },
    { number: 2n ** 53n + 1n, exitCode: ExitCode.USR_NOT_FOUND },
    { number: 2n ** 63n - 1n, exitCode: ExitCode.USR_NOT_FOUND },
    { number: 2n ** 63n, exitCode: ExitCode.USR_ILLEGAL_ARGUMENT },
    { number: 2n ** 64n - 1n, exitCode: ExitCode.USR_ILLEGAL_ARGUMENT },
  ])('are not there for $number: $exitCode', ({ number, exitCode }) => {
    const state = stateWith([1])
    expect(exitCodeOf(() => getPreCommits(store, state, [1n, number]))).toBe(exitCode)
    expect(findPreCommits(store, state, [number])).toEqual([])
  })
})

// A deadline begins every 60 epochs; the state's first at 5.
describe('addPreCommitCleanUps', () => {
  test('notes pre-commitments at the beginning of the deadline after their epoch', () => {
    const state = Object.assign(stateWith([1, 2, 3]), { provingPeriodStart: 5 })
    addPreCommitCleanUps(policy, store, state, [
      [6, 1],
      [65, 2],
      [66, 3],
    ])
    const queue = PreCommitCleanup.load(store, state.preCommittedSectorsCleanup)
    expect([...queue.entries()].map(([epoch, numbers]) => [epoch, membersOf(numbers)])).toEqual([
      [65, [1, 2]],
      [125, [3]],
    ])
  })
})

// Source: builtin-actors v18, `actors/miner/src/state.rs`, `cleanup_expired_pre_commits`, and
// `actors/miner/tests/precommit_expiry.rs`.
describe('cleanupExpiredPreCommits', () => {
  function stateWithDeposits() {
    const state = Object.assign(emptyMinerState(store), { preCommitDeposits: 10n + 20n + 30n })
    putPreCommits(store, state, [preCommit(1, 10n), preCommit(2, 20n), preCommit(3, 30n)])
    addPreCommitCleanUps(policy, store, state, [
      [60, 1],
      [60, 2],
      [120, 3],
    ])
    return state
  }

  test.each([
    { epoch: 59, burned: 0n, left: [1, 2, 3] },
    { epoch: 60, burned: 30n, left: [3] },
    { epoch: 119, burned: 30n, left: [3] },
    { epoch: 120, burned: 60n, left: [] },
  ])('at $epoch burns $burned and leaves $left', ({ epoch, burned, left }) => {
    const state = stateWithDeposits()
    expect(cleanupExpiredPreCommits(policy, store, state, epoch)).toBe(burned)
    expect(numbersIn(state)).toEqual(left)
    expect(state.preCommitDeposits).toBe(60n - burned)
    const queue = PreCommitCleanup.load(store, state.preCommittedSectorsCleanup)
    expect([...queue.entries()].every(([due]) => due > epoch)).toBe(true)
    expect(cleanupExpiredPreCommits(policy, store, state, epoch)).toBe(0n)
  })

  test('burns nothing for what was proven in time', () => {
    const state = stateWithDeposits()
    deletePreCommits(store, state, [2])
    expect(cleanupExpiredPreCommits(policy, store, state, 60)).toBe(10n)
    expect(numbersIn(state)).toEqual([3])
  })

  test('fails where the deposits do not cover what is burned', () => {
    const state = stateWithDeposits()
    state.preCommitDeposits = 29n
    expect(exitCodeOf(() => cleanupExpiredPreCommits(policy, store, state, 60))).toBe(
      ExitCode.USR_ILLEGAL_STATE,
    )
  })
})
