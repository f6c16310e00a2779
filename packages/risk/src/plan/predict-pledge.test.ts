import { describe, expect, test } from 'vitest'
import { tellingPledge } from './predict-pledge.ts'
import { plainMiner } from './testing/plain-miner.ts'

const refusal = (epoch: number) =>
  expect.objectContaining({
    code: 'STATE_NOT_PREDICTABLE',
    data: expect.objectContaining({ miner: 1000, epoch }),
  })

describe('the pledge of the network', () => {
  test('follows the pledge and the locked funds of a miner together', () => {
    const networkPledge = { total: 100n }
    const miner = plainMiner({ initialPledge: 40n, lockedFunds: 30n, networkPledge })
    const told = tellingPledge(miner, 5, () => {
      miner.initialPledge -= 15n
      miner.lockedFunds += 4n
      return 'done'
    })
    // 100 − 15 + 4
    expect([told, networkPledge.total]).toEqual(['done', 89n])
  })

  test('may come down to nothing, and not below', () => {
    const networkPledge = { total: 30n }
    const miner = plainMiner({ lockedFunds: 31n, networkPledge })
    const unlock = (amount: bigint) => () => {
      miner.lockedFunds -= amount
    }
    tellingPledge(miner, 5, unlock(30n))
    expect(networkPledge.total).toBe(0n)
    expect(() => tellingPledge(miner, 6, unlock(1n))).toThrow(refusal(6))
  })

  test('is not told of what changes nothing, for which a claim is not needed', () => {
    const networkPledge = { total: 0n }
    const miner = plainMiner({ lockedFunds: 5n, hasClaim: false, networkPledge })
    expect(tellingPledge(miner, 5, () => 7n)).toBe(7n)
    expect(() =>
      tellingPledge(miner, 5, () => {
        miner.lockedFunds += 1n
      }),
    ).toThrow(refusal(5))
  })
})
