import { describe, expect, test } from 'vitest'
import { settleGas, terminate2Gas, terminateGas } from './terminate-gas.ts'

const ONE = {
  sectors: 1,
  partitions: 1,
  deadlines: 1,
  setsPartlyEmptied: 0,
  setsFullyEmptied: 1,
  sectorsLeaves: 1,
  bytesOfSets: 500,
}

// The terms of the model, added by hand.
describe('the gas of a termination', () => {
  test('of one sector is the sum of its terms', () => {
    const sum = 58_719_404n + 578_793n + 15_615_184n + 3_745_887n + 609_082n + 2_568_623n + 5_690_299n
    expect(terminateGas(ONE)).toBe(sum)
  })

  test('of a set that keeps sectors costs more than of one that is emptied', () => {
    const partly = terminateGas({ ...ONE, setsPartlyEmptied: 1, setsFullyEmptied: 0 })
    expect(partly - terminateGas(ONE)).toBe(3_546_268n - 609_082n)
  })

  test('that settles a queue first pays for it', () => {
    expect(settleGas(100)).toBe(47_058_842n + 54_045_700n)
    expect(terminate2Gas(ONE, 100)).toBe(settleGas(100) + terminateGas(ONE))
    expect(terminate2Gas(ONE, 0)).toBe(terminateGas(ONE))
  })
})
