import { checkStateInvariants, loadActorCodes, loadStateTree, MAINNET_POLICY } from '@plimsoll/actors'
import { createMemoryBlockstore } from '@plimsoll/ipld'
import { type ActorId, createHashes } from '@plimsoll/primitives'
import { describe, expect, test } from 'vitest'
import { buildState } from './build-state.ts'

const hashes = await createHashes()

describe('buildState', () => {
  test('builds a state in which no invariant is broken', () => {
    const store = createMemoryBlockstore(hashes)
    const root = buildState(store, {
      epoch: 1_000_000,
      miners: [
        { id: 1000 as ActorId },
        {
          id: 1001 as ActorId,
          unlockedBalance: 7n,
          feeDebt: 3n,
          vesting: [{ epoch: 1_001_520, amount: 5n }],
          sectors: [
            { sectorNumber: 1 },
            { sectorNumber: 2, condition: 'unproven' },
            { sectorNumber: 3, condition: 'faulty', dailyFee: 9n },
            { sectorNumber: 4, condition: 'recovering', deadline: 47, partition: 1 },
            { sectorNumber: 5, condition: { queuedSince: 999_000 }, deadline: 3 },
            { sectorNumber: 6, condition: { queuedSince: 998_000 }, deadline: 3 },
            // Expires within the 42 days that a fault may last, so the fault changes nothing of its expiration.
            { sectorNumber: 7, condition: 'faulty', expiration: 1_010_000 },
          ],
        },
      ],
    })
    const tree = loadStateTree(store, [root])
    const check = checkStateInvariants(MAINNET_POLICY, tree, loadActorCodes(tree), 999_999)
    expect(check.findings).toEqual([])
    expect(Object.fromEntries(check.checked)).toMatchObject({ storageminer: 2, storagepower: 1, account: 1 })
  })
})
