import { fc, test } from '@fast-check/vitest'
import { type ActorId, EPOCHS_IN_DAY } from '@plimsoll/primitives'
import { describe, expect } from 'vitest'
import { type Draw, drawMiner, drawNetwork } from './draw-shock.ts'
import { createNormal } from './draws/normal.ts'
import { parseStressFile, type Shock } from './stress-file.ts'

const normal = createNormal()
const ONE = 10n ** 18n
const drawOf = (index: number, seed = 1): Draw => ({ seed, index, normal })
const [A, B] = [1001 as ActorId, 1002 as ActorId]

function shockOf(fields: object): Shock {
  const shocks = [{ name: 'shock', ...fields }]
  const [shock] = parseStressFile({ format: 1, days: 1, draws: 1, levels: ['0.5'], shocks }).shocks
  return shock as Shock
}

const spread = (correlation: string) => ({ kind: 'uniform', from: '0', to: '1', correlation })
const shareOf = (shock: Shock, index: number, miner: ActorId) =>
  drawMiner(shock, drawOf(index), miner).faultyShare.num

describe('a draw', () => {
  test('of fixed values is those values, in every draw', () => {
    const shock = shockOf({ faults: { share: '0.25', days: '1.5' }, feeDebt: '2 FIL', price: '0.9' })
    for (const index of [0, 1]) {
      expect(drawMiner(shock, drawOf(index), A)).toEqual({
        faultyShare: { num: ONE >> 2n, denom: ONE },
        faultEpochs: EPOCHS_IN_DAY + EPOCHS_IN_DAY / 2,
        faultyUnit: 'sectors',
        consensusFault: false,
        feeDebt: 2n * ONE,
      })
      expect(drawNetwork(shock, drawOf(index)).price).toEqual({ num: 900_000_000_000_000_000n, denom: ONE })
    }
  })

  test('meets only the miners that are named', () => {
    const shock = shockOf({ miners: ['f01001'], feeDebt: '2 FIL' })
    expect(drawMiner(shock, drawOf(0), A).feeDebt).toBe(2n * ONE)
    expect(drawMiner(shock, drawOf(0), B).feeDebt).toBe(0n)
  })

  test.prop([fc.nat(1000)])('with the correlation 1 is the same for all miners', (index) => {
    const shock = shockOf({ faults: { share: spread('1'), days: '1' } })
    expect(shareOf(shock, index, A)).toBe(shareOf(shock, index, B))
  })

  // Both are drawn evenly from 0 to 1: they add up to 1 but for a step of 10^-18 each.
  test.prop([fc.nat(1000)])('with the correlations 1 and −1 goes opposite ways', (index) => {
    const [up, down] = ['1', '-1'].map((tie) => shockOf({ faults: { share: spread(tie), days: '1' } }))
    const sum = shareOf(up as Shock, index, A) + shareOf(down as Shock, index, B)
    expect(ONE - sum).toBeLessThanOrEqual(2n)
    expect(ONE - sum).toBeGreaterThanOrEqual(0n)
  })

  // Without a tie the two are both above a half in a quarter of 2,000 draws: 500, with a deviation of 19.
  test('with the correlation 0 is each miner’s own', () => {
    const shock = shockOf({ faults: { share: spread('0'), days: '1' } })
    const both = Array.from({ length: 2000 }, (_, index) =>
      [A, B].every((miner) => shareOf(shock, index, miner) > ONE >> 1n),
    ).filter(Boolean).length
    expect(both).toBeGreaterThan(420)
    expect(both).toBeLessThan(580)
  })

  test.each([
    { chance: '0', times: [0, 0] },
    { chance: '1', times: [400, 400] },
    // 100 of 400, with a deviation of 8.7.
    { chance: '0.25', times: [65, 135] },
  ])('has a fault of the chance $chance so often', ({ chance, times: [least, most] }) => {
    const shock = shockOf({ consensusFault: { chance } })
    const times = Array.from({ length: 400 }, (_, i) => drawMiner(shock, drawOf(i), A)).filter(
      ({ consensusFault }) => consensusFault,
    ).length
    expect(times).toBeGreaterThanOrEqual(least as number)
    expect(times).toBeLessThanOrEqual(most as number)
  })
})
