import { encodeCbor } from '@plimsoll/ipld'
import {
  actorId,
  CRON_ACTOR_ADDR,
  createHashes,
  ExitCode,
  INIT_ACTOR_ADDR,
  idAddress,
  SYSTEM_ACTOR_ADDR,
} from '@plimsoll/primitives'
import { cborBlock, exitCodeOf, TestPower, testCode } from '@plimsoll/testkit'
import { beforeEach, describe, expect, test } from 'vitest'
import { ExecParams, ExecReturn } from '../init/types.ts'
import { createFindings } from '../invariants/findings.ts'
import { MinerConstructorParams } from '../miner/method-types.ts'
import { MAINNET_POLICY } from '../policy.ts'
import type { SendResult } from '../runtime/runtime.ts'
import { checkPowerInvariants } from './invariants.ts'
import { Claims, CronEventQueue, CronEvents } from './state.ts'

const hashes = await createHashes()
const OWNER = idAddress(actorId(101))
const MINER = idAddress(actorId(1000))
const ROBUST = idAddress(actorId(1001))
const CONTRACT = idAddress(actorId(1234))
const UNIT = MAINNET_POLICY.minimumConsensusPower

const EXPORTED = {
  createMiner: 1173380165,
  networkRawPower: 931722534,
  minerRawPower: 3753401894,
  minerCount: 1987646258,
  minerConsensusCount: 196739875,
  minerPower: 36284446,
}

let power: TestPower

function checkInvariants(): void {
  const findings = createFindings()
  checkPowerInvariants(MAINNET_POLICY, 18, power.rt.store, power.state, findings)
  expect(findings.list).toEqual([])
}

beforeEach(() => {
  power = new TestPower(hashes)
  power.rt.actors.set(OWNER, { type: 'account' })
  power.rt.actors.set(CONTRACT, { type: 'evm' })
})

// Source of the cases: builtin-actors v18, `actors/power/tests/power_actor_tests.rs`.
describe('the power actor', () => {
  test('knows of nothing at first, and guesses the power', () => {
    expect(power.state).toMatchObject({
      totalRawBytePower: 0n,
      totalQaBytesCommitted: 0n,
      totalPledgeCollateral: 0n,
      minerCount: 0,
      minerAboveMinPowerCount: 0,
      firstCronEpoch: 0,
      rampStartEpoch: 0,
      rampDurationEpochs: 0,
      proofValidationBatch: null,
    })
    // 750,000 GiB, and 3840 GiB more in every epoch. Q.128.
    expect(power.state.thisEpochQaPowerSmoothed).toEqual({
      position: 750_000n << 158n,
      velocity: 3840n << 158n,
    })
    checkInvariants()
  })

  test('is made by the system', () => {
    power.rt.head = undefined
    expect(exitCodeOf(() => power.call(OWNER, 1))).toBe(ExitCode.USR_FORBIDDEN)
    expect(exitCodeOf(() => power.call(SYSTEM_ACTOR_ADDR, 1))).toBe(ExitCode.OK)
    expect(exitCodeOf(() => power.call(SYSTEM_ACTOR_ADDR, 1))).toBe(ExitCode.USR_ILLEGAL_STATE)
  })
})

describe('CreateMiner', () => {
  const params = {
    owner: OWNER,
    worker: OWNER,
    windowPostProofType: 13n,
    peer: Uint8Array.of(1, 2),
    multiaddrs: [Uint8Array.of(3)],
  }
  const created: SendResult = {
    exitCode: ExitCode.OK,
    returnData: cborBlock(ExecReturn, { idAddress: MINER, robustAddress: ROBUST }),
  }

  function expectExec(result: SendResult): void {
    const { peer: peerId, multiaddrs: multiAddresses, ...rest } = params
    const constructorParams = encodeCbor(MinerConstructorParams, {
      ...rest,
      ...{ controlAddresses: [], peerId, multiAddresses },
    })
    const execParams = cborBlock(ExecParams, { codeCid: testCode('storageminer'), constructorParams })
    power.rt.valueReceived = 10n
    power.rt.balance = 10n
    power.rt.expectSend({ to: INIT_ACTOR_ADDR, method: 2, params: execParams, value: 10n, result })
  }

  test.each([
    { who: 'an account', caller: OWNER, method: 2 },
    { who: 'an account', caller: OWNER, method: EXPORTED.createMiner },
    { who: 'a contract', caller: CONTRACT, method: EXPORTED.createMiner },
  ])('has the init actor make a miner, which claims nothing: $who by $method', ({ caller, method }) => {
    expectExec(created)
    expect(power.call(caller, method, params)).toEqual({ idAddress: MINER, robustAddress: ROBUST })
    const claims = Claims.load(power.rt.store, power.state.claims)
    expect([...claims.entries()]).toEqual([
      [MINER, { windowPostProofType: 13, rawBytePower: 0n, qualityAdjPower: 0n }],
    ])
    expect(power.state).toMatchObject({ minerCount: 1, minerAboveMinPowerCount: 0, totalRawBytePower: 0n })
    expect(power.rt.balance).toBe(0n)
    checkInvariants()
  })

  test('counts a miner at once where nothing is needed to count', () => {
    power.rt.policy = { ...MAINNET_POLICY, minimumConsensusPower: 0n }
    expectExec(created)
    power.call(OWNER, 2, params)
    expect(power.state.minerAboveMinPowerCount).toBe(1)
  })

  test.each<{ readonly fault: string; readonly result: SendResult; readonly code: number }>([
    {
      fault: 'fails',
      result: { exitCode: ExitCode.USR_INSUFFICIENT_FUNDS, returnData: null },
      code: ExitCode.USR_INSUFFICIENT_FUNDS,
    },
    {
      fault: 'returns nothing',
      result: { exitCode: ExitCode.OK, returnData: null },
      code: ExitCode.USR_SERIALIZATION,
    },
  ])('fails with $code where the making of the miner $fault', ({ result, code }) => {
    expectExec(result)
    expect(exitCodeOf(() => power.call(OWNER, 2, params))).toBe(code)
    expect(power.state.minerCount).toBe(0)
  })

  test('is not for contracts by its internal number', () => {
    expect(exitCodeOf(() => power.call(CONTRACT, 2, params))).toBe(ExitCode.USR_FORBIDDEN)
  })
})

describe('what miners tell', () => {
  test.each([
    { method: 3, params: { rawByteDelta: 100n, qualityAdjustedDelta: 200n } },
    { method: 4, params: { eventEpoch: 1n, payload: new Uint8Array() } },
    { method: 6, params: 1n },
  ])('is believed of miners alone: method $method', ({ method, params }) => {
    for (const caller of [OWNER, SYSTEM_ACTOR_ADDR, CRON_ACTOR_ADDR]) {
      expect(exitCodeOf(() => power.call(caller, method, params))).toBe(ExitCode.USR_FORBIDDEN)
    }
  })

  test('is not believed of a miner without a claim', () => {
    const miner = power.addMiner(1000)
    power.dropClaim(miner)
    expect(exitCodeOf(() => power.updateClaimedPower(miner, 1n, 1n))).toBe(ExitCode.USR_NOT_FOUND)
    expect(exitCodeOf(() => power.updatePledgeTotal(miner, 1n))).toBe(ExitCode.USR_FORBIDDEN)
  })

  test('adds power', () => {
    const [first, second] = [power.addMiner(1000), power.addMiner(1001)]
    power.updateClaimedPower(first, 100n, 200n)
    power.updateClaimedPower(second, 100n, 100n)
    power.updateClaimedPower(second, -100n, -100n)
    const claims = Claims.load(power.rt.store, power.state.claims)
    expect(claims.get(first)).toMatchObject({ rawBytePower: 100n, qualityAdjPower: 200n })
    expect(claims.get(second)).toMatchObject({ rawBytePower: 0n, qualityAdjPower: 0n })
    expect(power.state).toMatchObject({ totalBytesCommitted: 100n, totalQaBytesCommitted: 200n })
    checkInvariants()
    expect(exitCodeOf(() => power.updateClaimedPower(second, -1n, 0n))).toBe(ExitCode.USR_ILLEGAL_STATE)
  })

  test('adds pledge, and takes no more than there is', () => {
    const miner = power.addMiner(1000)
    power.updatePledgeTotal(miner, 1_000_000n)
    power.updatePledgeTotal(miner, -100_000n)
    expect(power.state.totalPledgeCollateral).toBe(900_000n)
    power.updatePledgeTotal(miner, -900_000n)
    expect(exitCodeOf(() => power.updatePledgeTotal(miner, -1n))).toBe(ExitCode.USR_ILLEGAL_STATE)
    checkInvariants()
  })

  test('enrols events for any epoch that is not negative, the past as well', () => {
    const miner = power.addMiner(1000)
    power.rt.currEpoch = 5
    power.enrollCronEvent(miner, 2n, Uint8Array.of(1))
    power.enrollCronEvent(miner, 2n, Uint8Array.of(2))
    power.enrollCronEvent(miner, 0n, Uint8Array.of(3))
    const queue = CronEventQueue.load(power.rt.store, power.state.cronEventQueue)
    const payloadsAt = (epoch: number) => {
      const events = queue.get(epoch)
      const values = events === undefined ? [] : [...CronEvents.load(power.rt.store, events).values()]
      return values.map(({ minerAddr, callbackPayload }) => [minerAddr, ...callbackPayload])
    }
    expect(payloadsAt(2)).toEqual([
      [miner, 1],
      [miner, 2],
    ])
    expect(payloadsAt(0)).toEqual([[miner, 3]])
    expect(power.state.firstCronEpoch).toBe(0)
    const body = () => power.enrollCronEvent(miner, -1n, new Uint8Array())
    expect(exitCodeOf(body)).toBe(ExitCode.USR_ILLEGAL_ARGUMENT)
    checkInvariants()
  })
})

describe('what anybody may ask', () => {
  test('of the network is as the last tick has taken it down', () => {
    const miner = power.addMiner(1000)
    power.updateClaimedPower(miner, UNIT, 2n * UNIT)
    expect(power.call(CONTRACT, EXPORTED.networkRawPower)).toBe(0n)
    expect(power.call(OWNER, 9)).toEqual({
      rawBytePower: 0n,
      qualityAdjPower: 0n,
      pledgeCollateral: 0n,
      qualityAdjPowerSmoothed: power.state.thisEpochQaPowerSmoothed,
      rampStartEpoch: 0,
      rampDurationEpochs: 0n,
    })
    expect(power.call(CONTRACT, EXPORTED.minerCount)).toBe(1)
    expect(power.call(CONTRACT, EXPORTED.minerConsensusCount)).toBe(1)
  })

  test('of a miner is as it is', () => {
    power.updateClaimedPower(power.addMiner(1000), UNIT, 2n * UNIT)
    expect(power.call(CONTRACT, EXPORTED.minerRawPower, 1000n)).toEqual({
      rawBytePower: UNIT,
      meetsConsensusMinimum: true,
    })
    expect(power.call(CONTRACT, EXPORTED.minerPower, 1000n)).toEqual({
      rawBytePower: UNIT,
      qualityAdjPower: 2n * UNIT,
    })
  })

  test.each([1001n, (1n << 64n) - 1n])('of actor %s is nothing, which has no claim', (id) => {
    const rawPower = () => power.call(CONTRACT, EXPORTED.minerRawPower, id)
    expect(exitCodeOf(rawPower)).toBe(ExitCode.USR_ILLEGAL_ARGUMENT)
    expect(exitCodeOf(() => power.call(CONTRACT, EXPORTED.minerPower, id))).toBe(ExitCode.USR_NOT_FOUND)
  })

  test('is no internal method for contracts', () => {
    expect(exitCodeOf(() => power.call(CONTRACT, 9))).toBe(ExitCode.USR_FORBIDDEN)
  })
})
