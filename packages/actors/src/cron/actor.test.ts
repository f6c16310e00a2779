import {
  actorId,
  createHashes,
  ExitCode,
  idAddress,
  STORAGE_MARKET_ACTOR_ADDR,
  STORAGE_POWER_ACTOR_ADDR,
  SYSTEM_ACTOR_ADDR,
} from '@plimsoll/primitives'
import { exitCodeOf, TestRuntime } from '@plimsoll/testkit'
import { describe, expect, test } from 'vitest'
import { createFindings } from '../invariants/findings.ts'
import { ErrorNumber } from '../runtime/runtime.ts'
import { CRON_ACTOR } from './actor.ts'
import { checkCronInvariants } from './invariants.ts'
import { CronState } from './state.ts'
import { EPOCH_TICK_METHOD } from './types.ts'

const hashes = await createHashes()
const CRON = idAddress(actorId(3))
const OTHER = idAddress(actorId(1001))

function cron(entries: CronState['entries']): TestRuntime {
  const rt = new TestRuntime(hashes, CRON, 'cron')
  rt.actors.set(SYSTEM_ACTOR_ADDR, { type: 'system' })
  rt.actors.set(OTHER, { type: 'account' })
  rt.caller = SYSTEM_ACTOR_ADDR
  rt.call(CRON_ACTOR, 1, { entries })
  const findings = createFindings()
  checkCronInvariants(rt.state(CronState), findings)
  expect(findings.list).toEqual([])
  return rt
}

const POWER = { receiver: STORAGE_POWER_ACTOR_ADDR, methodNum: 5n }
const MARKET = { receiver: STORAGE_MARKET_ACTOR_ADDR, methodNum: 9n }

// Source of the cases: builtin-actors v18, `actors/cron/tests/cron_actor_test.rs`.
describe('the cron actor', () => {
  test('has the entries that it was made with', () => {
    expect(cron([]).state(CronState)).toEqual({ entries: [] })
    expect(cron([POWER, MARKET]).state(CronState)).toEqual({ entries: [POWER, MARKET] })
  })

  test('calls nothing where there are no entries', () => {
    expect(cron([]).call(CRON_ACTOR, EPOCH_TICK_METHOD)).toBe(undefined)
  })

  test('calls every entry in order, however the others end', () => {
    const rt = cron([POWER, MARKET, { receiver: OTHER, methodNum: 1n << 60n }, POWER])
    const failed = { exitCode: ExitCode.USR_ILLEGAL_ARGUMENT, returnData: null }
    rt.expectSend({ to: STORAGE_POWER_ACTOR_ADDR, method: 5 })
    rt.expectSend({ to: STORAGE_MARKET_ACTOR_ADDR, method: 9, result: failed })
    rt.expectSend({ to: OTHER, method: 1n << 60n, result: { errorNumber: ErrorNumber.NOT_FOUND } })
    rt.expectSend({ to: STORAGE_POWER_ACTOR_ADDR, method: 5 })
    expect(rt.call(CRON_ACTOR, EPOCH_TICK_METHOD)).toBe(undefined)
  })

  test('obeys the system alone', () => {
    const rt = cron([POWER])
    rt.caller = OTHER
    expect(exitCodeOf(() => rt.call(CRON_ACTOR, EPOCH_TICK_METHOD))).toBe(ExitCode.USR_FORBIDDEN)
    expect(exitCodeOf(() => rt.call(CRON_ACTOR, 1, { entries: [] }))).toBe(ExitCode.USR_FORBIDDEN)
  })
})
