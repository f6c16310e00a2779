import { bitFieldOf } from '@plimsoll/ipld'
import { createHashes, divExact, ExitCode } from '@plimsoll/primitives'
import {
  MINER_EPOCH,
  pieceCommitment,
  ScriptedMiner,
  type ScriptedMinerPlan,
  SECTOR_BYTES,
  STRANGER,
} from '@plimsoll/testkit'
import { describe, expect, test } from 'vitest'
import { minerLayout } from '../layout.ts'
import { loadSectorsByNumber } from '../load-miner.ts'
import type { ExpirationExtension2, SectorClaim } from '../method-types.ts'

const hashes = await createHashes()
const ONE = 10n ** 18n
const DAY = 2880
const SPACE = BigInt(SECTOR_BYTES)
/** Sectors of the harness live from 1000 to 1,556,200, so that 556,840 epochs of their life are left. */
const DURATION = 1_555_200n
const OLD_EXPIRATION = 1_556_200
const REMAINING = 556_840n
const NEW_EXPIRATION = OLD_EXPIRATION + 100 * DAY
/** 161,817 · 10^-30 · 600 M FIL · 2^35 */
const DAILY_FEE = 3_335_993_870_096n

type Sectors = NonNullable<ScriptedMinerPlan['sectors']>

function miner(sectors: Sectors = [{ sectorNumber: 1 }]) {
  return new ScriptedMiner(hashes, { sectors: sectors.map((sector) => ({ deadline: 5, ...sector })) })
}

function extension(change: Partial<ExpirationExtension2> = {}): ExpirationExtension2 {
  return {
    deadline: 5n,
    partition: 0n,
    sectors: bitFieldOf([1]),
    sectorsWithClaims: [],
    newExpiration: BigInt(NEW_EXPIRATION),
    ...change,
  }
}

const extend = (of: ScriptedMiner, ...extensions: readonly ExpirationExtension2[]) =>
  of.call('ExtendSectorExpiration2', { extensions })

const exitCode = (of: ScriptedMiner, extensions: readonly ExpirationExtension2[], caller?: typeof STRANGER) =>
  of.exitCode('ExtendSectorExpiration2', { extensions }, caller)

const sectorOf = ({ rt, state }: ScriptedMiner, number = 1) =>
  loadSectorsByNumber({ store: rt.store, layout: minerLayout(18), state }).get(number)

// Source of the cases: builtin-actors v18, `actors/miner/tests/extend_sector_expiration_test.rs`.
describe('ExtendSectorExpiration2', () => {
  test('lets a sector live longer, counts its power from now on, and leaves its pledge', () => {
    const of = miner([{ sectorNumber: 1, dailyFee: 77n }])
    extend(of, extension())
    expect(sectorOf(of)).toMatchObject({
      expiration: NEW_EXPIRATION,
      powerBaseEpoch: MINER_EPOCH,
      activation: 1000,
      initialPledge: ONE,
      dailyFee: 77n,
    })
  })

  test.each([
    { networkVersion: 25, dailyFee: 0n },
    { networkVersion: 26, dailyFee: DAILY_FEE },
  ])('gives a sector without a daily fee $dailyFee at version $networkVersion', (at) => {
    const of = miner()
    of.rt.networkVersion = at.networkVersion
    extend(of, extension())
    expect(sectorOf(of)?.dailyFee).toBe(at.dailyFee)
  })

  test('keeps the space of data that is not verified', () => {
    const of = miner([{ sectorNumber: 1, dealWeight: 1000n * DURATION }])
    extend(of, extension())
    // The weight of what is left of the old life; that of the new life would be more.
    expect(sectorOf(of)?.dealWeight).toBe(1000n * REMAINING)
  })

  test('extends sectors of several partitions and deadlines, the open one too', () => {
    const of = miner([
      { sectorNumber: 1 },
      { sectorNumber: 2, partition: 1 },
      { sectorNumber: 3, deadline: 0 },
      { sectorNumber: 4, deadline: 1 },
    ])
    const two = extension({
      partition: 1n,
      sectors: bitFieldOf([2]),
      newExpiration: BigInt(NEW_EXPIRATION + 7),
    })
    const three = extension({ deadline: 0n, sectors: bitFieldOf([3]) })
    const four = extension({ deadline: 1n, sectors: bitFieldOf([4]) })
    extend(of, extension(), three, two, four)
    expect([1, 2, 3, 4].map((number) => sectorOf(of, number)?.expiration)).toEqual([
      NEW_EXPIRATION,
      NEW_EXPIRATION + 7,
      NEW_EXPIRATION,
      NEW_EXPIRATION,
    ])
  })

  test('may set the expiration that a sector has', () => {
    const of = miner()
    extend(of, extension({ newExpiration: BigInt(OLD_EXPIRATION) }))
    expect(sectorOf(of)).toMatchObject({ expiration: OLD_EXPIRATION, powerBaseEpoch: MINER_EPOCH })
  })

  test('does nothing without extensions', () => {
    const of = miner()
    const before = of.state
    extend(of)
    expect(of.state).toEqual(before)
  })

  test('scales the weights of sectors of the old kind, whatever is claimed', () => {
    const of = miner([{ sectorNumber: 1, flags: 0, verifiedDealWeight: 1024n * DURATION, dailyFee: 7n }])
    // 1024 bytes of 32 GiB are too few to count in the quality, which has 20 bits.
    extend(of, extension())
    expect(sectorOf(of)).toMatchObject({ verifiedDealWeight: 1024n * REMAINING, dailyFee: 7n })
  })
})

describe('claims of an extended sector', () => {
  const MAX = 5_259_485
  const full = { sectorNumber: 1, verifiedDealWeight: SPACE * DURATION, dailyFee: 1000n }
  const claim = (change: object = {}) => ({
    provider: 1000n,
    client: 300n,
    data: pieceCommitment(1),
    size: SPACE,
    termMin: 180 * DAY,
    termMax: MAX,
    termStart: 1000,
    sector: 1n,
    ...change,
  })

  function expectClaims(of: ScriptedMiner, claimIds: readonly bigint[], claims: readonly unknown[]) {
    const missing = claimIds.length - claims.length
    const failCodes = Array.from({ length: missing }, (_, index) => ({ index, code: ExitCode.USR_NOT_FOUND }))
    const value = { batchInfo: { successCount: claims.length, failCodes }, claims }
    of.expectCall('verifiedregistry', 'GetClaims', { provider: 1000n, claimIds }, { value })
  }

  const withClaims = (claims: Partial<SectorClaim>, change: Partial<ExpirationExtension2> = {}) =>
    extension({
      sectors: bitFieldOf([]),
      sectorsWithClaims: [{ sectorNumber: 1n, maintainClaims: [], dropClaims: [], ...claims }],
      ...change,
    })

  test('are kept, and with them the power', () => {
    const of = miner([full])
    expectClaims(of, [7n], [claim()])
    extend(of, withClaims({ maintainClaims: [7n] }))
    expect(sectorOf(of)).toMatchObject({
      verifiedDealWeight: SPACE * BigInt(NEW_EXPIRATION - MINER_EPOCH),
      dailyFee: 1000n,
    })
  })

  test('are dropped in the last thirty days, and with them the power and its fee', () => {
    const duration = BigInt(400 * DAY + 30 * DAY)
    const plan = {
      ...full,
      verifiedDealWeight: SPACE * duration,
      expiration: MINER_EPOCH + 30 * DAY,
      activation: MINER_EPOCH - 400 * DAY,
    }
    const of = miner([plan])
    expectClaims(of, [7n], [claim()])
    of.expectPower({ raw: 0n, qa: -9n * SPACE })
    extend(of, withClaims({ dropClaims: [7n] }, { newExpiration: BigInt(MINER_EPOCH + 200 * DAY) }))
    // A tenth of the power, a tenth of the fee.
    expect(sectorOf(of)).toMatchObject({ verifiedDealWeight: 0n, dailyFee: 100n })
  })

  test('may be kept and dropped one by one', () => {
    const duration = BigInt(410 * DAY)
    const half = divExact(SPACE, 2n)
    const plan = {
      ...full,
      verifiedDealWeight: SPACE * duration,
      expiration: MINER_EPOCH + 10 * DAY,
      activation: MINER_EPOCH - 400 * DAY,
    }
    const of = miner([plan])
    expectClaims(of, [8n, 7n], [claim({ size: half }), claim({ size: half })])
    // Half of the data count tenfold: 5.5 instead of 10.
    of.expectPower({ raw: 0n, qa: divExact(-9n * SPACE, 2n) })
    const newExpiration = BigInt(MINER_EPOCH + 200 * DAY)
    extend(of, withClaims({ maintainClaims: [8n], dropClaims: [7n] }, { newExpiration }))
    expect(sectorOf(of)).toMatchObject({ verifiedDealWeight: half * BigInt(200 * DAY), dailyFee: 550n })
  })

  test('are not dropped earlier', () => {
    const remaining = 30 * DAY + 1
    const plan = {
      ...full,
      verifiedDealWeight: SPACE * BigInt(400 * DAY + remaining),
      expiration: MINER_EPOCH + remaining,
      activation: MINER_EPOCH - 400 * DAY,
    }
    const of = miner([plan])
    expectClaims(of, [7n], [claim()])
    const newExpiration = BigInt(MINER_EPOCH + 200 * DAY)
    const code = exitCode(of, [withClaims({ dropClaims: [7n] }, { newExpiration })])
    expect(code).toBe(ExitCode.USR_FORBIDDEN)
  })

  test.each([
    { what: 'of another provider', change: { provider: 1001n }, code: ExitCode.USR_ILLEGAL_ARGUMENT },
    { what: 'of another sector', change: { sector: 2n }, code: ExitCode.USR_ILLEGAL_ARGUMENT },
    {
      what: 'of less space than the sector has',
      change: { size: SPACE - 1n },
      code: ExitCode.USR_ILLEGAL_ARGUMENT,
    },
    {
      what: 'that end before the sector would',
      change: { termMax: NEW_EXPIRATION - 1001 },
      code: ExitCode.USR_FORBIDDEN,
    },
    { what: 'that end with the sector', change: { termMax: NEW_EXPIRATION - 1000 }, code: ExitCode.OK },
  ])('$what end with $code', ({ change, code }) => {
    const of = miner([full])
    expectClaims(of, [7n], [claim(change)])
    expect(exitCode(of, [withClaims({ maintainClaims: [7n] })])).toBe(code)
  })

  test('that there are not are refused before the caller is looked at', () => {
    const of = miner([full])
    expectClaims(of, [7n], [])
    const code = exitCode(of, [withClaims({ maintainClaims: [7n] })], STRANGER)
    expect(code).toBe(ExitCode.USR_ILLEGAL_ARGUMENT)
  })

  test('have to be named', () => {
    expect(exitCode(miner([full]), [extension()])).toBe(ExitCode.USR_ILLEGAL_ARGUMENT)
  })
})

describe('ExtendSectorExpiration2 refuses', () => {
  const illegal = ExitCode.USR_ILLEGAL_ARGUMENT

  test.each([
    { what: 'an earlier expiration', newExpiration: BigInt(OLD_EXPIRATION - 1) },
    { what: 'one more than 1278 days away', newExpiration: BigInt(MINER_EPOCH + 1278 * DAY + 1) },
    { what: 'one beyond 64 bits of epochs', newExpiration: (1n << 63n) - 1n },
  ])('$what', ({ newExpiration }) => {
    expect(exitCode(miner(), [extension({ newExpiration })])).toBe(illegal)
  })

  test('a life of more than five years', () => {
    const of = miner([{ sectorNumber: 1, activation: MINER_EPOCH - 800 * DAY, expiration: MINER_EPOCH + 1 }])
    // 5 · 1,051,897 epochs from the activation on, which is less than 1278 days from now.
    const last = BigInt(MINER_EPOCH - 800 * DAY + 5_259_485)
    expect(exitCode(of, [extension({ newExpiration: last + 1n })])).toBe(illegal)
    expect(exitCode(of, [extension({ newExpiration: last })])).toBe(ExitCode.OK)
  })

  test.each([
    { what: 'that has expired', expiration: MINER_EPOCH - 1, code: ExitCode.USR_FORBIDDEN },
    { what: 'that expires now', expiration: MINER_EPOCH, code: ExitCode.OK },
  ])('a sector $what: $code', ({ expiration, code }) => {
    expect(exitCode(miner([{ sectorNumber: 1, expiration }]), [extension()])).toBe(code)
  })

  test('no deadline before it looks at who calls, then the caller, then the partition and the sector', () => {
    expect(exitCode(miner(), [extension({ deadline: 48n })], STRANGER)).toBe(illegal)
    expect(exitCode(miner(), [extension({ partition: 1n })], STRANGER)).toBe(ExitCode.USR_FORBIDDEN)
    expect(exitCode(miner(), [extension({ partition: 1n })])).toBe(ExitCode.USR_NOT_FOUND)
    expect(exitCode(miner(), [extension({ sectors: bitFieldOf([9]) })])).toBe(ExitCode.USR_NOT_FOUND)
  })

  test.each(['faulty', 'recovering'] as const)('a sector that is %s', (condition) => {
    expect(exitCode(miner([{ sectorNumber: 1, condition }]), [extension()])).toBe(ExitCode.USR_ILLEGAL_STATE)
  })

  test('a sector that is terminated', () => {
    const of = miner([{ sectorNumber: 1, condition: { queuedSince: MINER_EPOCH - 10 } }])
    expect(exitCode(of, [extension()])).toBe(ExitCode.USR_ILLEGAL_STATE)
  })
})
