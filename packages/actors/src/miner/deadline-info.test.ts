import { describe, expect, test } from 'vitest'
import { MAINNET_POLICY } from '../policy.ts'
import { deadlineInfo, lastEpoch } from './deadline-info.ts'

// Source: builtin-actors v18, `actors/miner/src/deadline_info.rs`: deadlines are 60 epochs long.
describe('deadlineInfo', () => {
  test.each([
    { index: 0, periodStart: 5000, open: 5000, close: 5060, challenge: 4980, faultCutoff: 4930 },
    { index: 1, periodStart: 5000, open: 5060, close: 5120, challenge: 5040, faultCutoff: 4990 },
    { index: 47, periodStart: 5000, open: 7820, close: 7880, challenge: 7800, faultCutoff: 7750 },
    { index: 25, periodStart: -1520, open: -20, close: 40, challenge: -40, faultCutoff: -90 },
  ])('deadline $index of a period from $periodStart is open from $open until $close', (row) => {
    const info = deadlineInfo(MAINNET_POLICY, row.periodStart, row.index, 6000)
    expect(info).toEqual({ currentEpoch: 6000, ...row })
    expect(lastEpoch(info)).toBe(row.close - 1)
  })

  test('the last deadline ends with the proving period', () => {
    const { close } = deadlineInfo(MAINNET_POLICY, 0, MAINNET_POLICY.wpostPeriodDeadlines - 1, 0)
    expect(close).toBe(MAINNET_POLICY.wpostProvingPeriod)
  })

  test('the length of deadlines is a matter of policy', () => {
    const policy = { ...MAINNET_POLICY, wpostChallengeWindow: 7 }
    expect(deadlineInfo(policy, 100, 2, 0)).toMatchObject({ open: 114, close: 121 })
  })
})
