import { bitField, countBits, isSameLink, type Link, load } from '@plimsoll/ipld'
import {
  type Address,
  AddressProtocol,
  addressFromBytes,
  createHashes,
  ExitCode,
  INIT_ACTOR_ADDR,
} from '@plimsoll/primitives'
import {
  MINER_CONTROL,
  MINER_EPOCH,
  MINER_OWNER,
  MINER_WORKER,
  ScriptedMiner,
  STRANGER,
} from '@plimsoll/testkit'
import { describe, expect, test } from 'vitest'
import { Deadlines } from '../deadline-state.ts'
import type { MinerConstructorParams } from '../method-types.ts'
import { loadVestingTable, VestingTail } from '../vesting-state.ts'

const hashes = await createHashes()
/**
 * The pledge for a tenth of 10 TiB: 20 days of reward and the share of 30 % of the supply, which are
 * 75 FIL · 57,600 / 2^24 and 180 M FIL / 2^24, the latter in two parts that are rounded down.
 */
const DEPOSIT = 257_492_065_429_687_500n + 7_510_185_241_699_218_750n + 3_218_650_817_871_093_750n

const PARAMS: MinerConstructorParams = {
  owner: MINER_OWNER,
  worker: MINER_WORKER,
  controlAddresses: [MINER_CONTROL],
  windowPostProofType: 13n,
  peerId: Uint8Array.of(1),
  multiAddresses: [Uint8Array.of(2)],
}

const BLS_KEY = key(AddressProtocol.Bls, 48)

function key(protocol: number, bytes: number): Address {
  const encoded = new Uint8Array(1 + bytes).fill(7)
  encoded[0] = protocol
  return addressFromBytes(encoded)
}

/** A miner that has no state yet, but what was sent to it. */
function unborn(balance = DEPOSIT) {
  const miner = new ScriptedMiner(hashes)
  miner.rt.head = undefined
  miner.rt.balance = balance
  // The deposit vests, but nothing enrols cron for it before the first sector is promised; the reference's own rule
  // does not allow for that.
  miner.brokenRules = ['miner/cron-inactive-with-funds']
  return miner
}

function construct(miner: ScriptedMiner, params: Partial<MinerConstructorParams> = {}) {
  miner.expectEstimates()
  miner.expectKey(MINER_WORKER, BLS_KEY)
  miner.call('Constructor', { ...PARAMS, ...params }, INIT_ACTOR_ADDR)
}

const exitCode = (miner: ScriptedMiner, params: Partial<MinerConstructorParams>, caller = INIT_ACTOR_ADDR) =>
  miner.exitCode('Constructor', { ...PARAMS, ...params }, caller)

// Source of the cases: builtin-actors v18, `actors/miner/tests/miner_actor_test_construction.rs`.
describe('a new miner', () => {
  test('is as it was asked for', () => {
    const miner = unborn()
    construct(miner)
    expect(miner.info).toMatchObject({
      owner: MINER_OWNER,
      worker: MINER_WORKER,
      controlAddresses: [MINER_CONTROL],
      pendingWorkerKey: null,
      windowPostProofType: 13,
      sectorSize: 2 ** 35,
      windowPostPartitionSectors: 2349,
      consensusFaultElapsed: -1,
      beneficiary: MINER_OWNER,
      beneficiaryTerm: { quota: 0n, usedQuota: 0n, expiration: 0 },
    })
  })

  test('has sectors of 64 GiB where it asks for them', () => {
    const miner = unborn()
    construct(miner, { windowPostProofType: 14n })
    expect(miner.info).toMatchObject({ sectorSize: 2 ** 36, windowPostPartitionSectors: 2300 })
  })

  test('has its deposit locked, which vests in 180 days; the rest is available', () => {
    const miner = unborn(DEPOSIT + 7n)
    construct(miner)
    const { state, rt } = miner
    expect(state).toMatchObject({ lockedFunds: DEPOSIT, initialPledge: 0n, feeDebt: 0n })
    const vesting = loadVestingTable(rt.store, VestingTail, state.vestingFunds)
    expect([vesting.length, vesting.reduce((sum, { amount }) => sum + amount, 0n)]).toEqual([180, DEPOSIT])
    expect(rt.balance).toBe(DEPOSIT + 7n)
  })

  test('has 48 deadlines without sectors, and no cron', () => {
    const miner = unborn()
    construct(miner)
    const { state, rt } = miner
    const { due } = load(rt.store, Deadlines, state.deadlines as Link<Deadlines>)
    expect([due.length, state.deadlineCronActive]).toEqual([48, false])
    expect(due.every((deadline) => isSameLink(deadline, due[0] as Link<unknown>))).toBe(true)
    expect(countBits(load(rt.store, bitField, state.allocatedSectors))).toBe(0)
  })

  test('has a proving period that its address decides, and that has begun', () => {
    const miner = unborn()
    construct(miner)
    const { provingPeriodStart, currentDeadline } = miner.state
    expect(provingPeriodStart).toBeLessThanOrEqual(MINER_EPOCH)
    expect(provingPeriodStart).toBeGreaterThan(MINER_EPOCH - 2880)
    expect(currentDeadline).toBe(Math.floor((MINER_EPOCH - provingPeriodStart) / 60))
    const other = unborn()
    other.rt.currEpoch = MINER_EPOCH + 1
    construct(other)
    // The epoch is hashed too, so that the offset is another one.
    expect((other.state.provingPeriodStart - provingPeriodStart) % 2880).not.toBe(0)
  })
})

describe('no miner is made', () => {
  const illegal = ExitCode.USR_ILLEGAL_ARGUMENT
  const controls = Array.from({ length: 11 }, () => MINER_CONTROL)

  test('by others than the init actor', () => {
    expect(exitCode(unborn(), { controlAddresses: controls }, STRANGER)).toBe(ExitCode.USR_FORBIDDEN)
  })

  test.each<{ what: string; params: Partial<MinerConstructorParams> }>([
    { what: 'more than ten control addresses', params: { controlAddresses: controls } },
    { what: 'a peer ID of more than 128 bytes', params: { peerId: new Uint8Array(129) } },
    { what: 'an empty multiaddress', params: { multiAddresses: [new Uint8Array()] } },
    { what: 'more than 1024 bytes of multiaddresses', params: { multiAddresses: [new Uint8Array(1025)] } },
    { what: 'a proof of the first version', params: { windowPostProofType: 3n } },
    { what: 'a proof that is none', params: { windowPostProofType: -1n } },
  ])('with $what, before anybody is asked', ({ params }) => {
    expect(exitCode(unborn(0n), params)).toBe(illegal)
  })

  test('without the deposit, before addresses are looked up', () => {
    const miner = unborn(DEPOSIT - 1n)
    miner.expectEstimates()
    expect(exitCode(miner, { owner: BLS_KEY })).toBe(ExitCode.USR_INSUFFICIENT_FUNDS)
  })

  test.each<{ what: string; params: Partial<MinerConstructorParams> }>([
    { what: 'an owner that there is not', params: { owner: BLS_KEY } },
    { what: 'a worker that there is not', params: { worker: BLS_KEY } },
    { what: 'a worker that is no account', params: { worker: INIT_ACTOR_ADDR } },
  ])('with $what', ({ params }) => {
    const miner = unborn()
    miner.expectEstimates()
    expect(exitCode(miner, params)).toBe(illegal)
  })

  test('with a worker that has no BLS key, or a control address that there is not', () => {
    const otherKey = unborn()
    otherKey.expectEstimates()
    otherKey.expectKey(MINER_WORKER, key(AddressProtocol.Secp256k1, 20))
    expect(exitCode(otherKey, {})).toBe(illegal)
    const otherControl = unborn()
    otherControl.expectEstimates()
    otherControl.expectKey(MINER_WORKER, BLS_KEY)
    expect(exitCode(otherControl, { controlAddresses: [BLS_KEY] })).toBe(illegal)
  })
})
