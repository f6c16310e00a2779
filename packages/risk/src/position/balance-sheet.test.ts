import { loadMiner, minerLayout, type VestingTable } from '@plimsoll/actors'
import { createMemoryBlockstore } from '@plimsoll/ipld'
import { type ActorId, createHashes } from '@plimsoll/primitives'
import { buildMiner, type MinerPlan } from '@plimsoll/testkit'
import { describe, expect, test } from 'vitest'
import { loadBalanceSheet } from './balance-sheet.ts'

const hashes = await createHashes()
const EPOCH = 1_000_000

function built(plan: Partial<MinerPlan>) {
  const store = createMemoryBlockstore(hashes)
  const { head, balance } = buildMiner(store, { id: 1000 as ActorId, ...plan }, EPOCH)
  return { miner: loadMiner(store, minerLayout(18), head), balance }
}

const vesting: VestingTable = [
  { epoch: EPOCH - 1, amount: 3n },
  { epoch: EPOCH, amount: 40n },
  { epoch: EPOCH + 1440, amount: 500n },
]

describe('loadBalanceSheet', () => {
  test('has what the miner holds and owes, and what is left of it', () => {
    const { miner, balance } = built({
      sectors: [
        { sectorNumber: 1, initialPledge: 2000n },
        { sectorNumber: 2, initialPledge: 5000n },
      ],
      unlockedBalance: 80_000n,
      feeDebt: 90_000n,
      vesting,
    })
    const deposited = { ...miner, state: { ...miner.state, preCommitDeposits: 600n } }
    expect(loadBalanceSheet(deposited, balance, EPOCH)).toEqual({
      // 7000 of pledge, 543 locked and 80,000 beyond.
      actorBalance: 87_543n,
      preCommitDeposit: 600n,
      initialPledge: 7000n,
      lockedFunds: 543n,
      feeDebt: 90_000n,
      // 87,543 − 543 − 600 − 7000
      unlockedBalance: 79_400n,
      availableBalance: -10_600n,
      vestedFunds: 3n,
      vestingTable: vesting,
    })
  })

  // A step is still locked in its own epoch.
  test.each([
    { epoch: EPOCH - 1, vested: 0n },
    { epoch: EPOCH, vested: 3n },
    { epoch: EPOCH + 1, vested: 43n },
    { epoch: EPOCH + 1440, vested: 43n },
    { epoch: EPOCH + 1441, vested: 543n },
  ])('counts $vested attoFIL as vested for a message in epoch $epoch', ({ epoch, vested }) => {
    const { miner, balance } = built({ vesting })
    const sheet = loadBalanceSheet(miner, balance, epoch)
    expect(sheet.vestedFunds).toBe(vested)
    // They are unlocked by the next message and not before, so that nothing else changes.
    expect({ ...sheet, vestedFunds: 0n }).toEqual({ ...loadBalanceSheet(miner, balance, 0), vestedFunds: 0n })
  })

  test('has no vesting table for a miner without rewards', () => {
    const { miner, balance } = built({ unlockedBalance: 9n })
    expect(loadBalanceSheet(miner, balance, EPOCH)).toMatchObject({
      lockedFunds: 0n,
      vestedFunds: 0n,
      vestingTable: [],
      unlockedBalance: 9n,
      availableBalance: 9n,
    })
  })

  test('shows a negative unlocked balance as it is', () => {
    const { miner } = built({ sectors: [{ sectorNumber: 1, initialPledge: 2000n }], feeDebt: 5n })
    expect(loadBalanceSheet(miner, 1500n, EPOCH)).toMatchObject({
      unlockedBalance: -500n,
      availableBalance: -505n,
    })
  })
})
