import { StateError } from '@plimsoll/actors'
import { createMemoryBlockstore } from '@plimsoll/ipld'
import { type ActorId, createHashes, REWARD_ACTOR_ID } from '@plimsoll/primitives'
import { buildState, OWNER_ID, testCode } from '@plimsoll/testkit'
import { describe, expect, test } from 'vitest'
import { findMiners, requireMiner } from './find-miners.ts'
import { AssessError, openNetworkView } from './network-view.ts'

const hashes = await createHashes()

function viewOf(ids: readonly number[]) {
  const store = createMemoryBlockstore(hashes)
  const miners = ids.map((id) => ({ id: id as ActorId, unlockedBalance: BigInt(id) }))
  return openNetworkView(store, [buildState(store, { epoch: 1_000_000, miners })])
}

function errorOf(read: () => unknown): unknown {
  try {
    return read()
  } catch (error) {
    return error
  }
}

describe('findMiners', () => {
  // Ids are not ordered in the state tree, and not as text.
  test('finds every miner and nothing else, by ascending id', () => {
    const ids = [1000, 999, 123_456, 2000, 101, 70_000, 5000]
    const miners = findMiners(viewOf(ids))
    expect(miners.map(({ id }) => id)).toEqual([101, 999, 1000, 2000, 5000, 70_000, 123_456])
    expect(miners.map(({ record }) => record.balance)).toEqual(miners.map(({ id }) => BigInt(id)))
  })

  test('finds none in a network without miners', () => {
    expect(findMiners(viewOf([]))).toEqual([])
  })
})

describe('requireMiner', () => {
  test('gives the miner of that id, with its record', () => {
    const { id, record } = requireMiner(viewOf([1000, 1001]), 1001 as ActorId)
    expect(id).toBe(1001)
    expect(record).toMatchObject({ code: testCode('storageminer'), balance: 1001n })
  })

  test('refuses an id that no actor has', () => {
    const error = errorOf(() => requireMiner(viewOf([1000]), 1001 as ActorId))
    expect(error).toBeInstanceOf(StateError)
    expect(error).toMatchObject({ code: 'ACTOR_NOT_FOUND', data: { id: 1001 } })
  })

  test.each([
    { id: OWNER_ID, name: 'account' },
    { id: REWARD_ACTOR_ID, name: 'reward' },
  ])('refuses the actor $id, which is of the kind $name', ({ id, name }) => {
    const error = errorOf(() => requireMiner(viewOf([1000]), id))
    expect(error).toBeInstanceOf(AssessError)
    expect(error).toMatchObject({ code: 'NOT_A_MINER', data: { id, name } })
  })
})
