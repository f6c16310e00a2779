import { createMemoryBlockstore } from '@plimsoll/ipld'
import { type ActorId, createHashes } from '@plimsoll/primitives'
import { buildState, type SectorPlan } from '@plimsoll/testkit'
import { describe, expect, test } from 'vitest'
import { openNetworkView } from '../assess/network-view.ts'
import { loadMinerPowers } from './load-miner-powers.ts'
import { type PowerQuestion, powerReport } from './power-report.ts'
import { SPEC2019_DEFAULTS } from './spec2019.ts'

const hashes = await createHashes()

/** A report on miners with so many sectors of 32 GiB each. */
function reportOf(sectors: readonly number[], question: PowerQuestion) {
  const store = createMemoryBlockstore(hashes)
  const miners = sectors.map((count, index) => ({
    id: (1000 + index) as ActorId,
    sectors: Array.from({ length: count }, (_, sectorNumber): SectorPlan => ({ sectorNumber })),
  }))
  const view = openNetworkView(store, [buildState(store, { epoch: 1_000_000, miners })])
  return powerReport(view, loadMinerPowers(view), question)
}

describe('powerReport', () => {
  test('has the largest first, and ties by id', () => {
    const { miners } = reportOf([1, 3, 0, 3], { rule: 'today', measure: 'qa' })
    expect(miners.map(({ miner }) => miner)).toEqual(['f01001', 'f01003', 'f01000', 'f01002'])
  })

  test('names the parameters of the rule of 2019, which today does not have', () => {
    const [today, spec2019] = [
      reportOf([1], { rule: 'today', measure: 'raw' }),
      reportOf([1], { rule: 'spec2019', measure: 'raw', parameters: SPEC2019_DEFAULTS }),
    ]
    expect(today).toMatchObject({ format: 1, assessedEpoch: 1_000_000, rule: 'today', power: 'raw' })
    expect(today.parameters).toBeUndefined()
    expect(today.miners[0]).not.toHaveProperty('ruleEffect')
    expect(spec2019.parameters).toEqual({
      minMinerSizeStor: '109951162777600',
      minMinerSizeTarg: 3,
      zeroesUnderCollateralised: true,
    })
  })

  test('of a network without power has shares of nothing', () => {
    const { totals, miners } = reportOf([0, 0], { rule: 'today', measure: 'qa' })
    expect(totals).toMatchObject({
      eligibleMiners: 0,
      nominal: '0',
      expectedWinsPerDay: '0',
      rewardPerDay: '0',
    })
    expect(miners.map(({ share }) => share)).toEqual(['0', '0'])
  })

  // A third has no end in decimals; three of them are the whole all the same.
  test('sums the exact chances up, not the rounded ones', () => {
    const { totals, miners } = reportOf([1, 1, 1], { rule: 'today', measure: 'qa' })
    expect(miners[0]?.share).toBe('0.333333333333333333')
    expect(totals.expectedWinsPerDay).toBe('14400')
  })
})
