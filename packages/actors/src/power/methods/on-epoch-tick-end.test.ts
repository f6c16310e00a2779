import { bigInt } from '@plimsoll/ipld'
import {
  type Address,
  createHashes,
  ExitCode,
  REWARD_ACTOR_ADDR,
  SYSTEM_ACTOR_ADDR,
} from '@plimsoll/primitives'
import { cborBlock, exitCodeOf, SENT, TestPower } from '@plimsoll/testkit'
import { beforeEach, describe, expect, test } from 'vitest'
import { createFindings } from '../../invariants/findings.ts'
import { DeferredCronEventParams, ON_DEFERRED_CRON_EVENT_METHOD } from '../../miner/method-types.ts'
import { MAINNET_POLICY } from '../../policy.ts'
import {
  THIS_EPOCH_REWARD_METHOD,
  ThisEpochRewardReturn,
  UPDATE_NETWORK_KPI_METHOD,
} from '../../reward/types.ts'
import { ErrorNumber, type SendResult } from '../../runtime/runtime.ts'
import { filterEstimate, nextEstimate } from '../../smooth/alpha-beta-filter.ts'
import { checkPowerInvariants } from '../invariants.ts'
import { Claims, CronEventQueue, PowerState } from '../state.ts'

const hashes = await createHashes()
const UNIT = MAINNET_POLICY.minimumConsensusPower
const REWARD_SMOOTHED = filterEstimate(50n * 10n ** 18n, -3n)
const REFUSED: SendResult = { exitCode: ExitCode.USR_ILLEGAL_STATE, returnData: null }

let power: TestPower
let miner1: Address
let miner2: Address

beforeEach(() => {
  power = new TestPower(hashes)
  miner1 = power.addMiner(101)
  miner2 = power.addMiner(102)
})

function expectRewardQuery(result?: SendResult): void {
  const thisEpochReward = { thisEpochRewardSmoothed: REWARD_SMOOTHED, thisEpochBaselinePower: 7n }
  const returnData = cborBlock(ThisEpochRewardReturn, thisEpochReward)
  power.rt.expectSend({
    to: REWARD_ACTOR_ADDR,
    method: THIS_EPOCH_REWARD_METHOD,
    result: result ?? { exitCode: ExitCode.OK, returnData },
  })
}

function expectCallback(miner: Address, eventPayload: Uint8Array, result = SENT, meanwhile = () => {}): void {
  const params = cborBlock(DeferredCronEventParams, {
    eventPayload,
    rewardSmoothed: REWARD_SMOOTHED,
    qualityAdjPowerSmoothed: power.state.thisEpochQaPowerSmoothed,
  })
  power.rt.expectSend({ to: miner, method: ON_DEFERRED_CRON_EVENT_METHOD, params, result, meanwhile })
}

function expectKpi(rawPower: bigint, result = SENT): void {
  const params = cborBlock(bigInt, rawPower)
  power.rt.expectSend({ to: REWARD_ACTOR_ADDR, method: UPDATE_NETWORK_KPI_METHOD, params, result })
}

function checkInvariants(): void {
  const findings = createFindings()
  checkPowerInvariants(MAINNET_POLICY, 18, power.rt.store, power.state, findings)
  expect(findings.list).toEqual([])
}

const queuedEpochs = () => [...CronEventQueue.load(power.rt.store, power.state.cronEventQueue).keys()]

// Source of the cases: builtin-actors v18, `actors/power/tests/power_actor_tests.rs`, `cron_tests`.
describe('the end of an epoch', () => {
  test('tells the reward actor the power', () => {
    expectRewardQuery()
    expectKpi(0n)
    power.onEpochTickEnd(1)
    expect(power.state.firstCronEpoch).toBe(2)
    checkInvariants()
  })

  test('takes down power, pledge and the estimate', () => {
    const miners = [miner1, miner2, power.addMiner(103), power.addMiner(104)]
    for (const miner of miners) {
      power.updateClaimedPower(miner, UNIT, 2n * UNIT)
    }
    // The fifth is below the minimum, and with four above it nobody counts it.
    power.updateClaimedPower(power.addMiner(105), 3n, 3n)
    power.updatePledgeTotal(miner1, 9n)
    const { thisEpochQaPowerSmoothed } = power.state
    expectRewardQuery()
    expectKpi(4n * UNIT)
    power.onEpochTickEnd(0)
    expect(power.state).toMatchObject({
      thisEpochPledgeCollateral: 9n,
      thisEpochRawBytePower: 4n * UNIT,
      thisEpochQualityAdjPower: 8n * UNIT,
      thisEpochQaPowerSmoothed: nextEstimate(thisEpochQaPowerSmoothed, 8n * UNIT, 1),
    })
    checkInvariants()
  })

  test('calls the miners whose events are due, those of epochs without a block as well', () => {
    power.enrollCronEvent(miner1, 2n, Uint8Array.of(1, 3))
    power.enrollCronEvent(miner2, 4n, Uint8Array.of(2, 3))
    power.enrollCronEvent(miner2, 5n, Uint8Array.of(4))
    expectRewardQuery()
    expectCallback(miner1, Uint8Array.of(1, 3))
    expectCallback(miner2, Uint8Array.of(2, 3))
    expectKpi(0n)
    power.onEpochTickEnd(4)
    expect(queuedEpochs()).toEqual([5])
    checkInvariants()
  })

  test('calls for events of the past that were enrolled late', () => {
    expectRewardQuery()
    expectKpi(0n)
    power.onEpochTickEnd(4)
    power.enrollCronEvent(miner1, 2n, Uint8Array.of(1, 3))
    expect(power.state.firstCronEpoch).toBe(2)
    expectRewardQuery()
    expectCallback(miner1, Uint8Array.of(1, 3))
    expectKpi(0n)
    power.onEpochTickEnd(6)
    expect(queuedEpochs()).toEqual([])
    checkInvariants()
  })

  test('lets a called miner enrol again, for a later epoch', () => {
    power.enrollCronEvent(miner1, 2n, Uint8Array.of(1))
    expectRewardQuery()
    expectCallback(miner1, Uint8Array.of(1), SENT, () => {
      // The queue has been saved without what is due.
      expect(queuedEpochs()).toEqual([])
      expect(power.state.firstCronEpoch).toBe(3)
    })
    expectKpi(0n)
    power.onEpochTickEnd(2)
  })

  test('does not call a miner without a claim', () => {
    power.enrollCronEvent(miner1, 2n, new Uint8Array())
    power.enrollCronEvent(miner2, 2n, new Uint8Array())
    power.dropClaim(miner1)
    expectRewardQuery()
    expectCallback(miner2, new Uint8Array())
    expectKpi(0n)
    power.onEpochTickEnd(2)
    expect(queuedEpochs()).toEqual([])
    checkInvariants()
  })

  test.each<{ readonly way: string; readonly result: SendResult }>([
    { way: 'fails', result: REFUSED },
    { way: 'cannot be called', result: { errorNumber: ErrorNumber.NOT_FOUND } },
  ])('takes the power of a miner that $way, and goes on', ({ result }) => {
    power.enrollCronEvent(miner1, 2n, new Uint8Array())
    power.enrollCronEvent(miner2, 2n, new Uint8Array())
    power.updateClaimedPower(miner1, UNIT, UNIT)
    expect(power.state.minerAboveMinPowerCount).toBe(1)
    expectRewardQuery()
    expectCallback(miner1, new Uint8Array(), result)
    expectCallback(miner2, new Uint8Array())
    expectKpi(0n)
    power.onEpochTickEnd(2)
    expect(power.state).toMatchObject({
      totalBytesCommitted: 0n,
      totalQaBytesCommitted: 0n,
      totalRawBytePower: 0n,
      minerAboveMinPowerCount: 0,
      minerCount: 1,
    })
    const claims = Claims.load(power.rt.store, power.state.claims)
    expect([claims.has(miner1), claims.has(miner2)]).toEqual([false, true])
    checkInvariants()
    expectRewardQuery()
    expectKpi(0n)
    power.onEpochTickEnd(3)
  })

  // The reference decrements for every failed call, since to delete a claim that is gone succeeds.
  test('counts a miner that fails twice as two', () => {
    power.enrollCronEvent(miner1, 2n, Uint8Array.of(1))
    power.enrollCronEvent(miner1, 2n, Uint8Array.of(2))
    expectRewardQuery()
    expectCallback(miner1, Uint8Array.of(1), REFUSED)
    expectCallback(miner1, Uint8Array.of(2), REFUSED)
    expectKpi(0n)
    power.onEpochTickEnd(2)
    expect(power.state.minerCount).toBe(0)
  })

  test('leaves the claim of a failed miner that is not in the totals, but takes it off what is committed', () => {
    const miner = power.addMiner(103)
    power.rt.transaction(PowerState, (state) => {
      const claims = Claims.load(power.rt.store, state.claims)
      claims.set(miner, { windowPostProofType: 13, rawBytePower: UNIT, qualityAdjPower: UNIT })
      state.claims = claims.flush()
    })
    power.enrollCronEvent(miner, 2n, new Uint8Array())
    expectRewardQuery()
    expectCallback(miner, new Uint8Array(), REFUSED)
    // Fewer than four miners count: the power is what is committed, which the attempt has changed.
    expectKpi(-UNIT)
    power.onEpochTickEnd(2)
    expect(Claims.load(power.rt.store, power.state.claims).has(miner)).toBe(true)
    expect(power.state).toMatchObject({
      minerCount: 3,
      totalBytesCommitted: -UNIT,
      minerAboveMinPowerCount: -1,
    })
  })

  test.each<{ readonly who: string; readonly query: SendResult; readonly code: number }>([
    { who: 'query', query: REFUSED, code: ExitCode.USR_ILLEGAL_STATE },
    { who: 'query, with nothing', query: SENT, code: ExitCode.USR_SERIALIZATION },
  ])('fails with $code as the reward actor does: $who', ({ query, code }) => {
    expectRewardQuery(query)
    expect(exitCodeOf(() => power.onEpochTickEnd(1))).toBe(code)
    expect(power.state.firstCronEpoch).toBe(0)
  })

  test('fails where the reward actor does not take the power', () => {
    expectRewardQuery()
    expectKpi(0n, { exitCode: ExitCode.USR_FORBIDDEN, returnData: null })
    expect(exitCodeOf(() => power.onEpochTickEnd(1))).toBe(ExitCode.USR_FORBIDDEN)
  })

  test('is for cron', () => {
    for (const caller of [SYSTEM_ACTOR_ADDR, miner1]) {
      expect(exitCodeOf(() => power.call(caller, 5))).toBe(ExitCode.USR_FORBIDDEN)
    }
  })
})
