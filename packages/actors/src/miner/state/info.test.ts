import { createMemoryBlockstore } from '@plimsoll/ipld'
import { actorId, createHashes, ExitCode, idAddress } from '@plimsoll/primitives'
import { emptyMinerState, exitCodeOf, SECTOR_BYTES, TestRuntime } from '@plimsoll/testkit'
import { describe, expect, test } from 'vitest'
import { MAINNET_POLICY } from '../../policy.ts'
import {
  controllersOf,
  currentDeadlineInfo,
  currentProvingPeriodStart,
  getInfo,
  getInfoForController,
  isConsensusFaultActive,
  powerTermsOf,
  saveInfo,
} from './info.ts'

const hashes = await createHashes()
const store = createMemoryBlockstore(hashes)
const policy = MAINNET_POLICY
const account = (id: number) => idAddress(actorId(id))
const [OWNER, WORKER, CONTROL, OTHER] = [account(100), account(101), account(102), account(103)]

const stored = getInfo(store, emptyMinerState(store))
const info = {
  ...stored,
  owner: OWNER,
  worker: WORKER,
  controlAddresses: [CONTROL],
  consensusFaultElapsed: 900,
}

// Source: builtin-actors v18, `actors/miner/src/state.rs` and `lib.rs`.
describe('the info of a miner', () => {
  test('is what was saved last', () => {
    const state = emptyMinerState(store)
    saveInfo(store, state, info)
    expect(getInfo(store, state)).toEqual(info)
  })

  test('says whose orders the miner takes', () => {
    expect(controllersOf(info)).toEqual([CONTROL, WORKER, OWNER])
  })

  test.each([
    { who: 'the owner', caller: OWNER, exitCode: ExitCode.OK },
    { who: 'the worker', caller: WORKER, exitCode: ExitCode.OK },
    { who: 'a control address', caller: CONTROL, exitCode: ExitCode.OK },
    { who: 'anyone else', caller: OTHER, exitCode: ExitCode.USR_FORBIDDEN },
  ])('is given to $who with $exitCode', ({ caller, exitCode }) => {
    const rt = new TestRuntime(hashes, account(1000), 'storageminer')
    const state = emptyMinerState(rt.store)
    saveInfo(rt.store, state, info)
    rt.caller = caller
    expect(exitCodeOf(() => getInfoForController(rt, state))).toBe(exitCode)
  })

  test('says what the power of sectors follows from', () => {
    expect(powerTermsOf(policy, info)).toEqual({
      sectorSize: SECTOR_BYTES,
      multiplier: policy.rules.durationMultiplier,
    })
  })

  // The epoch itself is the last of the exclusion.
  test.each([
    { epoch: 899, isActive: true },
    { epoch: 900, isActive: true },
    { epoch: 901, isActive: false },
  ])('excludes the miner at $epoch: $isActive', ({ epoch, isActive }) => {
    expect(isConsensusFaultActive(info, epoch)).toBe(isActive)
  })
})

describe('the deadline of a miner', () => {
  // A state whose cron has not run for a while says an old period; the epoch counts.
  test.each([
    { epoch: 5005, periodStart: 5005, index: 0 },
    { epoch: 5005 + 2879, periodStart: 5005, index: 47 },
    { epoch: 5005 + 10 * 2880 + 61, periodStart: 5005 + 10 * 2880, index: 1 },
    { epoch: 5004, periodStart: 5005 - 2880, index: 47 },
  ])('at $epoch is deadline $index of the period from $periodStart', ({ epoch, periodStart, index }) => {
    const state = emptyMinerState(store, 5005)
    expect(currentDeadlineInfo(policy, state, epoch)).toMatchObject({
      periodStart,
      index,
      currentEpoch: epoch,
    })
    expect(currentProvingPeriodStart(policy, state, epoch)).toBe(periodStart)
  })
})
