import { Claims, PowerState } from '@plimsoll/actors'
import { createMemoryBlockstore } from '@plimsoll/ipld'
import {
  type ActorId,
  type Address,
  actorAddress,
  createHashes,
  idAddress,
  STORAGE_POWER_ACTOR_ID,
} from '@plimsoll/primitives'
import {
  buildState,
  editActor,
  editAll,
  editMinerInfo,
  editRecord,
  type MinerPlan,
  SECTOR_BYTES,
  type StateEdit,
} from '@plimsoll/testkit'
import { describe, expect, test } from 'vitest'
import { openNetworkView } from '../assess/network-view.ts'
import { loadMinerPowers } from './load-miner-powers.ts'

const hashes = await createHashes()
const EPOCH = 1_000_000
const MINER = 1000 as ActorId

function powersOf(miners: readonly MinerPlan[], ...edits: readonly StateEdit[]) {
  const store = createMemoryBlockstore(hashes)
  const root = editAll(...edits)(store, buildState(store, { epoch: EPOCH, miners }))
  return loadMinerPowers(openNetworkView(store, [root]))
}

const conditions = (...of: readonly ('active' | 'faulty' | 'unproven' | 'recovering')[]): MinerPlan => ({
  id: MINER,
  sectors: of.map((condition, sectorNumber) => ({ sectorNumber, condition, deadline: 40 + sectorNumber })),
})

describe('loadMinerPowers', () => {
  test('reads the claims of all miners by id', () => {
    const powers = powersOf([
      { id: 1002 as ActorId },
      conditions('active', 'active', 'faulty'),
      { id: 1001 as ActorId, feeDebt: 7n, unlockedBalance: 7n },
    ])
    expect(powers.map(({ miner }) => miner)).toEqual([1000, 1001, 1002])
    const two = 2n * BigInt(SECTOR_BYTES)
    expect(powers[0]).toEqual({
      miner: MINER,
      claimed: { raw: two, qa: two },
      hasMiner: true,
      feeDebt: 0n,
      isConsensusFaultActive: false,
      isDetectedFault: false,
      isUnderCollateralised: false,
    })
    expect(powers[1]?.feeDebt).toBe(7n)
  })

  // Never proven is not the same as failed; recovering sectors are faulty until they are proven.
  test.each([
    { of: ['active', 'faulty'], isFault: false },
    { of: ['faulty', 'faulty'], isFault: true },
    { of: ['faulty', 'unproven'], isFault: true },
    { of: ['recovering'], isFault: true },
    { of: ['unproven'], isFault: false },
    { of: [], isFault: false },
  ] as const)('finds a miner of $of sectors in a detected fault: $isFault', ({ of, isFault }) => {
    expect(powersOf([conditions(...of)])[0]?.isDetectedFault).toBe(isFault)
  })

  // A pledge of 1 FIL, and nothing unlocked, covers no debt.
  test.each([
    { unlockedBalance: 0n, feeDebt: 0n, isUnder: false },
    { unlockedBalance: 0n, feeDebt: 1n, isUnder: true },
    { unlockedBalance: 1n, feeDebt: 1n, isUnder: false },
  ])(
    'with $unlockedBalance unlocked and $feeDebt owed is under-collateralised: $isUnder',
    ({ isUnder, ...money }) => {
      expect(powersOf([{ ...conditions('active'), ...money }])[0]?.isUnderCollateralised).toBe(isUnder)
    },
  )

  test('finds a miner with less than its pledge under-collateralised', () => {
    const poorer = editRecord(MINER, (record) => ({ ...record, balance: record.balance - 1n }))
    expect(powersOf([conditions('active')], poorer)[0]?.isUnderCollateralised).toBe(true)
  })

  test.each([
    { elapsed: EPOCH - 1, isActive: false },
    { elapsed: EPOCH, isActive: true },
  ])('excludes a miner until $elapsed at the next epoch: $isActive', ({ elapsed, isActive }) => {
    const excluded = editMinerInfo(MINER, (info) => ({ ...info, consensusFaultElapsed: elapsed }))
    expect(powersOf([conditions('active')], excluded)[0]?.isConsensusFaultActive).toBe(isActive)
  })

  test('holds nothing against a claim of which the state has no miner', () => {
    const [, unknown] = powersOf([conditions('active')], addClaim(idAddress(4321 as ActorId)))
    expect(unknown).toEqual({
      miner: 4321,
      claimed: { raw: 2n, qa: 20n },
      hasMiner: false,
      feeDebt: 0n,
      isConsensusFaultActive: false,
      isDetectedFault: false,
      isUnderCollateralised: false,
    })
  })

  test('refuses a claim under an address that is no id', () => {
    expect(() =>
      powersOf([conditions('active')], addClaim(actorAddress(new Uint8Array(20), hashes))),
    ).toThrow(expect.objectContaining({ code: 'INVALID_VALUE', path: ['f04', 'claims'] }))
  })
})

function addClaim(address: Address): StateEdit {
  return editActor(STORAGE_POWER_ACTOR_ID, PowerState, (state, store) => {
    const claims = Claims.load(store, state.claims)
    claims.set(address, { windowPostProofType: 13, rawBytePower: 2n, qualityAdjPower: 20n })
    return { ...state, claims: claims.flush() }
  })
}
