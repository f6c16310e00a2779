import { bigInt } from '@plimsoll/ipld'
import {
  type Address,
  actorId,
  addressFromBytes,
  BURNT_FUNDS_ACTOR_ADDR,
  createHashes,
  ExitCode,
  idAddress,
  parseHex,
  REWARD_ACTOR_ADDR,
  STORAGE_POWER_ACTOR_ADDR,
  SYSTEM_ACTOR_ADDR,
} from '@plimsoll/primitives'
import { cborBlock, exitCodeOf, TestRuntime } from '@plimsoll/testkit'
import { describe, expect, test } from 'vitest'
import { createFindings } from '../invariants/findings.ts'
import { ApplyRewardParams } from '../miner/method-types.ts'
import { draftOf, valueOfDraft } from '../runtime/draft.ts'
import { ErrorNumber, METHOD_SEND, type SendResult } from '../runtime/runtime.ts'
import { REWARD_ACTOR } from './actor.ts'
import { checkRewardInvariants } from './invariants.ts'
import {
  initialRewardState,
  updateSmoothedEstimates,
  updateToNextEpoch,
  updateToNextEpochWithReward,
} from './minting.ts'
import { RewardState } from './state.ts'
import { AWARD_BLOCK_REWARD_METHOD, THIS_EPOCH_REWARD_METHOD, UPDATE_NETWORK_KPI_METHOD } from './types.ts'

const hashes = await createHashes()
const WINNER = idAddress(actorId(1000))
const WINNER_KEY = addressFromBytes(parseHex(`02${'11'.repeat(20)}`))
const EPOCH_ZERO_REWARD = 36266264293777134739n
const APPLY_REWARDS_METHOD = 14
const ALLOCATION = 1_100_000_000n * 10n ** 18n

function runtime(power = 0n): TestRuntime {
  const rt = new TestRuntime(hashes, REWARD_ACTOR_ADDR, 'reward')
  rt.actors.set(SYSTEM_ACTOR_ADDR, { type: 'system' })
  rt.actors.set(STORAGE_POWER_ACTOR_ADDR, { type: 'storagepower' })
  rt.actors.set(WINNER, { type: 'storageminer' })
  rt.idAddresses.set(WINNER_KEY, WINNER)
  rt.caller = SYSTEM_ACTOR_ADDR
  rt.call(REWARD_ACTOR, 1, power)
  return rt
}

/** A reward actor that has that much, and pays so much an epoch. */
function paying(thisEpochReward: bigint, balance: bigint): TestRuntime {
  const rt = runtime()
  rt.transaction(RewardState, (state) => {
    state.thisEpochReward = thisEpochReward
  })
  rt.balance = balance
  return rt
}

interface Award {
  readonly miner?: Address
  readonly penalty?: bigint
  readonly gasReward?: bigint
  readonly winCount?: bigint
}

function award(rt: TestRuntime, given: Award = {}): number {
  rt.caller = SYSTEM_ACTOR_ADDR
  const params = { miner: WINNER, penalty: 0n, gasReward: 0n, winCount: 1n, ...given }
  return exitCodeOf(() => rt.call(REWARD_ACTOR, AWARD_BLOCK_REWARD_METHOD, params))
}

function expectPaid(rt: TestRuntime, reward: bigint, penalty = 0n, result?: SendResult): void {
  rt.expectSend({
    to: WINNER,
    method: APPLY_REWARDS_METHOD,
    params: cborBlock(ApplyRewardParams, { reward, penalty }),
    value: reward,
    ...(result && { result }),
  })
}

function checkInvariants(rt: TestRuntime, priorEpoch: number): void {
  const findings = createFindings()
  const state = rt.state(RewardState)
  checkRewardInvariants(18, state, priorEpoch, ALLOCATION - state.totalStoragePowerReward, findings)
  expect(findings.list).toEqual([])
}

// Source of the cases: builtin-actors v18, `actors/reward/tests/reward_actor_test.rs`.
describe('the reward actor', () => {
  test.each([0n, 1n << 39n, 1n << 70n])('is made with the power %s', (power) => {
    const rt = runtime(power)
    expect(rt.state(RewardState)).toEqual(initialRewardState(power))
    // With any power the first state is an epoch of effective network time ahead of its rule, until the next tick.
    if (power === 0n) {
      checkInvariants(rt, -1)
    }
  })

  test.each([
    { caller: WINNER, params: cborBlock(bigInt, 0n), code: ExitCode.USR_FORBIDDEN },
    {
      caller: SYSTEM_ACTOR_ADDR,
      params: { codec: 0x51, data: parseHex('f6') },
      code: ExitCode.USR_ILLEGAL_ARGUMENT,
    },
    { caller: SYSTEM_ACTOR_ADDR, params: null, code: ExitCode.USR_ILLEGAL_ARGUMENT },
  ])('is not made otherwise: $code', ({ caller, params, code }) => {
    const rt = runtime()
    rt.head = undefined
    rt.caller = caller
    expect(exitCodeOf(() => rt.callWithBlock(REWARD_ACTOR, 1, params))).toBe(code)
  })
})

describe('AwardBlockReward', () => {
  test('pays a fifth of the reward and the gas, with three times the penalty', () => {
    const rt = runtime()
    rt.balance = ALLOCATION
    const reward = EPOCH_ZERO_REWARD / 5n + 200n
    expectPaid(rt, reward, 300n)
    expect(award(rt, { penalty: 100n, gasReward: 200n })).toBe(ExitCode.OK)
    expect(rt.balance).toBe(ALLOCATION - reward)
    expect(rt.state(RewardState).totalStoragePowerReward).toBe(EPOCH_ZERO_REWARD / 5n)
    checkInvariants(rt, -1)
  })

  test('pays for every win', () => {
    const rt = paying(5001n, 10_000n)
    // 5001 · 3 / 5 = 3000.6
    expectPaid(rt, 3000n)
    expect(award(rt, { winCount: 3n })).toBe(ExitCode.OK)
  })

  test('pays to the actor that an address is of', () => {
    const rt = paying(5000n, 10_000n)
    expectPaid(rt, 1000n)
    expect(award(rt, { miner: WINNER_KEY })).toBe(ExitCode.OK)
  })

  test('pays what is left where that is less, and counts it', () => {
    const rt = paying(5000n, 3500n)
    for (const reward of [1000n, 1000n, 1000n, 500n]) {
      expectPaid(rt, reward)
      expect(award(rt)).toBe(ExitCode.OK)
    }
    expect(rt.state(RewardState).totalStoragePowerReward).toBe(3500n)
    expect(rt.balance).toBe(0n)
  })

  test('pays the gas before the reward', () => {
    const rt = paying(5000n, 300n)
    expectPaid(rt, 300n)
    expect(award(rt, { gasReward: 300n })).toBe(ExitCode.OK)
    expect(rt.state(RewardState).totalStoragePowerReward).toBe(0n)
  })

  test.each<{ readonly way: string; readonly result: SendResult }>([
    { way: 'refuses it', result: { exitCode: ExitCode.USR_FORBIDDEN, returnData: null } },
    { way: 'is not there', result: { errorNumber: ErrorNumber.NOT_FOUND } },
  ])('burns the reward of a miner that $way, and counts it', ({ result }) => {
    const rt = paying(5000n, 3500n)
    expectPaid(rt, 1000n, 0n, result)
    rt.expectSend({ to: BURNT_FUNDS_ACTOR_ADDR, method: METHOD_SEND, value: 1000n })
    expect(award(rt)).toBe(ExitCode.OK)
    expect(rt.balance).toBe(2500n)
    expect(rt.state(RewardState).totalStoragePowerReward).toBe(1000n)
  })

  test('is done even where nothing can be burnt', () => {
    const rt = paying(5000n, 3500n)
    const refused = { exitCode: ExitCode.USR_FORBIDDEN, returnData: null }
    expectPaid(rt, 1000n, 0n, refused)
    rt.expectSend({ to: BURNT_FUNDS_ACTOR_ADDR, method: METHOD_SEND, value: 1000n, result: refused })
    expect(award(rt)).toBe(ExitCode.OK)
    expect(rt.balance).toBe(3500n)
  })

  test.each<{ readonly fault: string; readonly given: Award; readonly code: number }>([
    { fault: 'a negative penalty', given: { penalty: -1n }, code: ExitCode.USR_ILLEGAL_ARGUMENT },
    { fault: 'a negative gas reward', given: { gasReward: -1n }, code: ExitCode.USR_ILLEGAL_ARGUMENT },
    { fault: 'more gas than is there', given: { gasReward: 10n }, code: ExitCode.USR_ILLEGAL_STATE },
    {
      fault: 'more gas than is there, and no wins',
      given: { gasReward: 10n, winCount: 0n },
      code: ExitCode.USR_ILLEGAL_STATE,
    },
    { fault: 'no wins', given: { winCount: 0n }, code: ExitCode.USR_ILLEGAL_ARGUMENT },
    { fault: 'negative wins', given: { winCount: -1n }, code: ExitCode.USR_ILLEGAL_ARGUMENT },
    {
      fault: 'a winner that nobody knows',
      given: { miner: addressFromBytes(parseHex(`02${'22'.repeat(20)}`)) },
      code: ExitCode.USR_NOT_FOUND,
    },
  ])('refuses $fault: $code', ({ given, code }) => {
    const rt = paying(5000n, 9n)
    expect(award(rt, given)).toBe(code)
    expect(rt.state(RewardState).totalStoragePowerReward).toBe(0n)
  })

  test('is for the system', () => {
    const rt = paying(5000n, 9n)
    rt.caller = WINNER
    const params = { miner: WINNER, penalty: 0n, gasReward: 0n, winCount: 1n }
    const body = () => rt.call(REWARD_ACTOR, AWARD_BLOCK_REWARD_METHOD, params)
    expect(exitCodeOf(body)).toBe(ExitCode.USR_FORBIDDEN)
  })
})

describe('ThisEpochReward', () => {
  test('tells anybody the estimate of the reward, and the baseline', () => {
    const rt = runtime(1n)
    rt.caller = WINNER
    const { thisEpochRewardSmoothed, thisEpochBaselinePower } = rt.state(RewardState)
    expect(rt.call(REWARD_ACTOR, THIS_EPOCH_REWARD_METHOD)).toEqual({
      thisEpochRewardSmoothed,
      thisEpochBaselinePower,
    })
  })
})

describe('UpdateNetworkKPI', () => {
  const POWER = 1n << 50n

  test('ends one epoch after another', () => {
    const rt = runtime(POWER)
    const expected = draftOf(rt.state(RewardState))
    rt.caller = STORAGE_POWER_ACTOR_ADDR
    for (const epoch of [0, 1, 2]) {
      rt.currEpoch = epoch
      rt.call(REWARD_ACTOR, UPDATE_NETWORK_KPI_METHOD, POWER)
      updateToNextEpochWithReward(expected, POWER)
      updateSmoothedEstimates(expected, 1)
      expect(rt.state(RewardState)).toEqual(valueOfDraft(expected))
      expect(rt.state(RewardState).epoch).toBe(epoch + 1)
      checkInvariants(rt, epoch)
    }
  })

  test('ends the epochs without a block as well, and minted is only in the last', () => {
    const rt = runtime(POWER)
    const expected = draftOf(rt.state(RewardState))
    rt.caller = STORAGE_POWER_ACTOR_ADDR
    rt.currEpoch = 3
    rt.call(REWARD_ACTOR, UPDATE_NETWORK_KPI_METHOD, POWER)
    updateToNextEpoch(expected, POWER)
    updateToNextEpoch(expected, POWER)
    updateToNextEpoch(expected, POWER)
    updateToNextEpochWithReward(expected, POWER)
    updateSmoothedEstimates(expected, 4)
    expect(rt.state(RewardState)).toEqual(valueOfDraft(expected))
    checkInvariants(rt, 3)
  })

  test('is for the power actor, and with a power', () => {
    const rt = runtime(POWER)
    expect(exitCodeOf(() => rt.call(REWARD_ACTOR, UPDATE_NETWORK_KPI_METHOD, POWER))).toBe(
      ExitCode.USR_FORBIDDEN,
    )
    rt.caller = STORAGE_POWER_ACTOR_ADDR
    const none = { codec: 0x51, data: parseHex('f6') }
    const body = () => rt.callWithBlock(REWARD_ACTOR, UPDATE_NETWORK_KPI_METHOD, none)
    expect(exitCodeOf(body)).toBe(ExitCode.USR_ILLEGAL_ARGUMENT)
  })
})
