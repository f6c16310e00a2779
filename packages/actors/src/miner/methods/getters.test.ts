import { encodeCbor } from '@plimsoll/ipld'
import { createHashes, ExitCode } from '@plimsoll/primitives'
import {
  expectedReward,
  MINER_CONTROL,
  MINER_EPOCH,
  MINER_OWNER,
  MINER_WORKER,
  ScriptedMiner,
  type ScriptedMinerPlan,
  SECTOR_BYTES,
  STRANGER,
} from '@plimsoll/testkit'
import { describe, expect, test } from 'vitest'
import { NO_PLACE, SectorLocation, SectorStatusCode } from '../method-types.ts'

const hashes = await createHashes()
const ONE = 10n ** 18n
const LARGEST = (1n << 63n) - 1n

const SECTORS: NonNullable<ScriptedMinerPlan['sectors']> = [
  { sectorNumber: 1, deadline: 5, partition: 1 },
  { sectorNumber: 2, deadline: 5, condition: 'faulty' },
  { sectorNumber: 3, deadline: 7, condition: { queuedSince: MINER_EPOCH - 10 } },
  { sectorNumber: 4, condition: 'unproven' },
  { sectorNumber: 5, condition: 'recovering' },
]
const VESTING = [{ epoch: MINER_EPOCH + 1440, amount: 50n }]

const plain = (plan: ScriptedMinerPlan = {}) => new ScriptedMiner(hashes, plan)
const ask = (miner: ScriptedMiner, method: string, params?: unknown) => miner.call(method, params, STRANGER)

// Source of the cases: builtin-actors v18, `actors/miner/tests/exported_getters.rs`.
describe('anybody may ask a miner', () => {
  test('who it belongs to and who controls it', () => {
    const miner = plain()
    miner.changeInfo({ pendingOwnerAddress: STRANGER })
    expect(ask(miner, 'GetOwnerExported')).toEqual({ owner: MINER_OWNER, proposed: STRANGER })
    expect(ask(miner, 'ControlAddresses')).toEqual({
      owner: MINER_OWNER,
      worker: MINER_WORKER,
      controlAddresses: [MINER_CONTROL],
    })
    expect(ask(miner, 'GetBeneficiary')).toEqual({
      active: { beneficiary: MINER_OWNER, term: { quota: 0n, usedQuota: 0n, expiration: 0 } },
      proposed: null,
    })
  })

  test.each([
    { address: MINER_OWNER, expected: true },
    { address: MINER_WORKER, expected: true },
    { address: MINER_CONTROL, expected: true },
    { address: STRANGER, expected: false },
  ])('whether an address controls it (%#)', ({ address, expected }) => {
    expect(ask(plain(), 'IsControllingAddressExported', address)).toBe(expected)
  })

  test('where it is found and how large its sectors are', () => {
    const miner = plain()
    miner.changeInfo({ peerId: Uint8Array.of(1), multiAddress: [Uint8Array.of(2)] })
    expect(ask(miner, 'GetPeerIDExported')).toEqual({ peerId: Uint8Array.of(1) })
    expect(ask(miner, 'GetMultiaddrsExported')).toEqual({ multiAddrs: [Uint8Array.of(2)] })
    expect(ask(miner, 'GetSectorSizeExported')).toBe(BigInt(SECTOR_BYTES))
  })

  test('what it has', () => {
    const miner = plain({ sectors: SECTORS, vesting: VESTING, unlockedBalance: 9n, feeDebt: 12n })
    expect(ask(miner, 'GetAvailableBalanceExported')).toBe(-3n)
    expect(ask(miner, 'GetVestingFundsExported')).toEqual({ vestingFunds: VESTING })
    expect(ask(miner, 'InitialPledgeExported')).toBe(5n * ONE)
  })

  test('but not what is available where less is there than is locked', () => {
    const miner = plain({ sectors: SECTORS })
    miner.rt.balance--
    const exitCode = miner.exitCode('GetAvailableBalanceExported', undefined, STRANGER)
    expect(exitCode).toBe(ExitCode.USR_ILLEGAL_STATE)
  })

  // Source of the case: builtin-actors v18, `actors/miner/tests/terminate_sectors_test.rs`.
  test.each([
    { what: '8.5 % of the pledge', initialPledge: ONE, fee: 85n * 10n ** 15n },
    // 1.05 · 1,412,071,287,631,988
    { what: '105 % of a fault', initialPledge: 1000n, fee: 1_482_674_852_013_587n },
  ])('what a termination costs at most: $what', ({ initialPledge, fee }) => {
    const miner = plain()
    miner.expectEstimates()
    const power = BigInt(SECTOR_BYTES)
    expect(expectedReward(10_108, power)).toBe(1_412_071_287_631_988n)
    expect(ask(miner, 'MaxTerminationFeeExported', { power, initialPledge })).toBe(fee)
  })

  test('when a sector expires, dead or alive', () => {
    const miner = plain({ sectors: SECTORS })
    expect(ask(miner, 'GetNominalSectorExpirationExported', 3n)).toBe(1_556_200)
    const exitCode = miner.exitCode('GetNominalSectorExpirationExported', 9n, STRANGER)
    expect(exitCode).toBe(ExitCode.USR_NOT_FOUND)
  })

  test.each([
    { sectorNumber: 1n, exitCode: ExitCode.OK },
    { sectorNumber: 3n, exitCode: ExitCode.OK },
    { sectorNumber: 9n, exitCode: ExitCode.USR_NOT_FOUND },
    { sectorNumber: LARGEST, exitCode: ExitCode.USR_NOT_FOUND },
    { sectorNumber: LARGEST + 1n, exitCode: ExitCode.USR_ILLEGAL_ARGUMENT },
  ])('whether sector $sectorNumber was proven: $exitCode', ({ sectorNumber, exitCode }) => {
    const miner = plain({ sectors: SECTORS })
    expect(miner.exitCode('CheckSectorProven', { sectorNumber }, STRANGER)).toBe(exitCode)
  })
})

const { DEAD, ACTIVE, FAULTY } = SectorStatusCode
const located = (deadline: bigint, partition: bigint) => encodeCbor(SectorLocation, { deadline, partition })
const NOWHERE = located(NO_PLACE, NO_PLACE)

// Source of the cases: builtin-actors v18, `actors/miner/tests/sector_status_test.rs`.
describe('GenerateSectorLocation', () => {
  test.each([
    { sectorNumber: 1n, status: ACTIVE, auxData: located(5n, 1n) },
    { sectorNumber: 2n, status: FAULTY, auxData: located(5n, 0n) },
    { sectorNumber: 3n, status: DEAD, auxData: located(7n, 0n) },
    // A sector that is not proven yet is active, one that is to recover still faulty.
    { sectorNumber: 4n, status: ACTIVE, auxData: located(0n, 0n) },
    { sectorNumber: 5n, status: FAULTY, auxData: located(0n, 0n) },
    { sectorNumber: 9n, status: DEAD, auxData: NOWHERE },
  ])('of sector $sectorNumber', ({ sectorNumber, status, auxData }) => {
    const miner = plain({ sectors: SECTORS })
    expect(ask(miner, 'GenerateSectorLocationExported', { sectorNumber })).toEqual({ status, auxData })
  })
})
