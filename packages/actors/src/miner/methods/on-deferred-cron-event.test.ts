import { CRON_ACTOR_ADDR, createHashes, ExitCode, STORAGE_POWER_ACTOR_ADDR } from '@plimsoll/primitives'
import { ScriptedMiner, type ScriptedMinerPlan, STRANGER } from '@plimsoll/testkit'
import { describe, expect, test } from 'vitest'
import { CRON_EVENT_PROCESS_EARLY_TERMINATIONS } from '../types.ts'

const hashes = await createHashes()
const ONE = 10n ** 18n

/** A miner in the last epoch of its first deadline. */
function atEnd(plan: ScriptedMinerPlan = {}) {
  const miner = new ScriptedMiner(hashes, plan)
  miner.rt.currEpoch = miner.deadlineEnd
  return miner
}

// What the events do is in the tests of `handleProvingDeadline` and of `processEarlyTerminations`.
describe('OnDeferredCronEvent', () => {
  test('is for the power actor', () => {
    const params = { eventPayload: new Uint8Array(), rewardSmoothed: zero(), qualityAdjPowerSmoothed: zero() }
    for (const caller of [STRANGER, CRON_ACTOR_ADDR]) {
      const miner = atEnd()
      miner.rt.actors.set(CRON_ACTOR_ADDR, { type: 'cron' })
      expect(miner.exitCode('OnDeferredCronEvent', params, caller)).toBe(ExitCode.USR_FORBIDDEN)
    }
    const exitCode = atEnd().exitCode('OnDeferredCronEvent', params, STORAGE_POWER_ACTOR_ADDR)
    expect(exitCode).toBe(ExitCode.USR_ILLEGAL_STATE)
  })

  test('does nothing for an event that is none', () => {
    const miner = atEnd({ feeDebt: 7n, unlockedBalance: ONE })
    miner.cron(3)
    expect(miner.state).toMatchObject({ feeDebt: 7n, currentDeadline: 0 })
  })

  test('finds an empty queue and sends nothing', () => {
    const miner = atEnd({ feeDebt: 7n, unlockedBalance: ONE })
    miner.cron(CRON_EVENT_PROCESS_EARLY_TERMINATIONS)
    expect(miner.state.feeDebt).toBe(7n)
  })

  const zero = () => ({ position: 0n, velocity: 0n })
})
