import { fc, test } from '@fast-check/vitest'
import { parseRuleSet } from '@plimsoll/actors'
import {
  type ActorId,
  ATTO_FIL_PER_FIL,
  createHashes,
  EPOCHS_IN_DAY,
  findActorId,
} from '@plimsoll/primitives'
import { buildMixedMiner, openNetwork } from '@plimsoll/testkit'
import { beforeAll, describe, expect } from 'vitest'
import { type NetworkView, openNetworkView } from '../assess/network-view.ts'
import { parseScenarioFile } from '../scenario/scenario-file.ts'
import { parsePercent } from '../schema/parse-percent.ts'
import { closedFormOf } from './closed-form/closed-form.ts'
import { growTrack, type MoneyPoint, moneyPoint, strictAsset, type Thresholds } from './crossings.ts'
import { forecast } from './forecast.ts'
import { type OutstandingTerms, outstandingPath } from './outstanding-path.ts'

const FIL = ATTO_FIL_PER_FIL
const START = 5000

describe('what is outstanding', () => {
  test('stays what it is where nothing is said of its growth', () => {
    const at = outstandingPath({ outstanding: 7n }, START)
    expect([at(START - 1), at(START + 10 * EPOCHS_IN_DAY)]).toEqual([7n, 7n])
  })

  // 365 days at 10 % of 73 FIL are 7.3 FIL, a day 0.02 FIL, an epoch 0.02 / 2880 FIL = 6,944,444,444,444.4… attoFIL.
  test('grows by simple interest every epoch, rounded up', () => {
    const at = outstandingPath({ outstanding: 73n * FIL, interestPerYear: parsePercent('10 %') }, START)
    expect(at(START - 1)).toBe(73n * FIL)
    expect(at(START) - 73n * FIL).toBe(6_944_444_444_445n)
    expect(at(START + EPOCHS_IN_DAY - 1) - 73n * FIL).toBe(2n * 10n ** 16n)
    expect(at(START + 365 * EPOCHS_IN_DAY - 1)).toBe((803n * FIL) / 10n)
  })

  test('grows by a passive mint in the last epoch of each day, which bears no interest', () => {
    const terms = { outstanding: 73n * FIL, interestPerYear: parsePercent('10'), passiveMintPerDay: FIL }
    const at = outstandingPath(terms, START)
    const without = outstandingPath({ ...terms, passiveMintPerDay: 0n }, START)
    expect(at(START + EPOCHS_IN_DAY - 2)).toBe(without(START + EPOCHS_IN_DAY - 2))
    expect(at(START + EPOCHS_IN_DAY - 1) - without(START + EPOCHS_IN_DAY - 1)).toBe(FIL)
    expect(at(START + 3 * EPOCHS_IN_DAY - 1) - without(START + 3 * EPOCHS_IN_DAY - 1)).toBe(3n * FIL)
  })
})

describe('a miner to which nothing happens', () => {
  const amount = fc.bigInt({ min: 0n, max: 1000n })
  const money = { preCommitDeposits: 0n, initialPledge: 0n, lockedFunds: 0n, feeDebt: 0n }

  test.prop([amount, amount, amount, amount, amount, fc.integer({ min: 1, max: 9000 })])(
    'crosses a level in the epoch that looking at every one of them finds',
    (balance, outstanding, passiveMintPerDay, percent, level, epochs) => {
      const interestPerYear = { num: 100n * percent, denom: 100n }
      const at = outstandingPath({ outstanding, passiveMintPerDay, interestPerYear }, START)
      const points = Array.from({ length: epochs + 1 }, (_, i) =>
        moneyPoint({ ...money, balance }, at(START - 1 + i), START - 1 + i),
      )
      const [start, end] = [points[0] as MoneyPoint, points.at(-1) as MoneyPoint]
      const first = new Map()
      const thresholds: Thresholds = { warning: level }
      const track = growTrack(first, { latest: start, lowest: start }, end.epoch, at, thresholds)
      expect(first.get('warning')).toBe(points.find(({ eligibleAsset }) => eligibleAsset < level)?.epoch)
      expect(track.latest).toEqual(end)
      const least = points.reduce((low, point) => (strictAsset(point) < strictAsset(low) ? point : low))
      expect(track.lowest).toEqual(least)
    },
  )
})

describe('a forecast with an outstanding that grows', () => {
  let view: NetworkView
  let miner: ActorId

  beforeAll(async () => {
    const network = openNetwork(await createHashes())
    miner = findActorId(buildMixedMiner(network, { committedCapacity: 3, verified: 2 }).id) as ActorId
    // So that there is a total of pledges which deposits can be taken from.
    buildMixedMiner(network, { nonInteractive: 130, batches: 2 })
    view = openNetworkView(network.vm.store, [network.vm.root()])
  })

  async function run(scenario: object, terms: OutstandingTerms, thresholds: Thresholds) {
    return forecast(view, {
      ...{
        hashes: await createHashes(),
        miner,
        networkVersion: 28,
        circulatingSupply: undefined,
        thresholds,
      },
      ...terms,
      rules: parseRuleSet('v18', view.assessedEpoch).rules,
      scenario: parseScenarioFile({ format: 1, ...scenario }),
    })
  }

  const terms = { outstanding: 1000n * FIL, passiveMintPerDay: FIL, interestPerYear: parsePercent('36.5') }

  test.each([
    ['a miner that proves', { days: 4 }],
    ['one that stops', { days: 46, operator: 'stops' }],
    ['one that stops and recovers', { days: 8, operator: { recoversAtDay: 3.3 } }],
  ])('is the same on the actors and in closed form: %s', async (_, scenario) => {
    const start = (await run({ days: 1 }, terms, {})).start.eligibleAsset
    const of = await run(scenario, terms, { warning: start - FIL / 3n, termination: start - 5n * FIL })
    const closed = closedFormOf(view, of)
    expect(closed).toMatchObject({ differences: [] })
    expect('band' in closed && closed.band.paths[0]?.path).toMatchObject({
      crossings: of.crossings,
      lowest: of.lowest,
    })
    expect(of.crossings.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['warning', 'termination']))
  })

  // 36.5 % of 1000 FIL are 1 FIL a day. Cron charges daily fees at the end of a deadline only, at which the money is known.
  test('crosses a level between two deadlines, in the epoch in which the interest gets there', async () => {
    const { start } = await run({ days: 1 }, terms, {})
    const interest = (epochs: number) => (FIL * BigInt(epochs) + 2879n) / 2880n
    // Nothing is charged before the first of the miner's deadlines ends, half an hour or less from the start.
    const of = await run({ days: 1 }, terms, { warning: start.eligibleAsset - interest(2) })
    expect(of.crossings).toContainEqual({ kind: 'warning', epoch: start.epoch + 3 })
  })
})
