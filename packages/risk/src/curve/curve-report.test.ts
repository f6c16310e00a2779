import { type ActorId, createHashes, EPOCHS_IN_DAY, findActorId, MAINNET } from '@plimsoll/primitives'
import { buildMixedMiner, openNetwork } from '@plimsoll/testkit'
import { beforeAll, describe, expect, test } from 'vitest'
import { type NetworkView, openNetworkView } from '../assess/network-view.ts'
import { type Curve, openCurve } from './curve.ts'
import { curveReport, MAX_CURVE_POINTS } from './curve-report.ts'

const hashes = await createHashes()
let view: NetworkView
let open: (epochs: number, step: number) => Curve

beforeAll(() => {
  const network = openNetwork(hashes)
  // So that there is a total of pledges which deposits can be taken from.
  buildMixedMiner(network, { nonInteractive: 130, batches: 2 })
  const { id } = buildMixedMiner(network, { committedCapacity: 3 })
  view = openNetworkView(network.vm.store, [network.vm.root()])
  const miner = findActorId(id) as ActorId
  open = (epochs, step) => {
    const from = view.assessedEpoch
    return openCurve(view, miner, { from, to: from + epochs, step }, () => view.estimates)
  }
})

describe('the report of a curve', () => {
  test('counts days as dates: twelve hours are a day where a midnight lies between', () => {
    // A genesis by which the assessed epoch is an hour before midnight.
    const hour = 3600
    const genesisUnixSeconds = 20_000 * 24 * hour - hour - view.assessedEpoch * 30
    const dated = { ...view, network: { ...view.network, network: { ...MAINNET, genesisUnixSeconds } } }
    const { points } = curveReport(dated, open(2 * EPOCHS_IN_DAY, EPOCHS_IN_DAY / 2), 'held')
    expect(points.map(({ daysAhead }) => daysAhead)).toEqual([0, 1, 1, 2, 2])
  })

  test('has no days where the genesis is not known', () => {
    const undated = { ...view, network: { ...view.network, network: undefined } }
    expect(curveReport(undated, open(EPOCHS_IN_DAY, EPOCHS_IN_DAY), 'held').points[1]?.daysAhead).toBeNull()
  })

  test('has the first of the least totals as the cheapest', () => {
    const { points, cheapest } = curveReport(view, open(3 * EPOCHS_IN_DAY, EPOCHS_IN_DAY), 'held')
    const least = points.map(({ total }) => BigInt(total)).reduce((a, b) => (b < a ? b : a))
    expect(cheapest).toEqual(points.find(({ total }) => BigInt(total) === least))
  })

  test('is refused beyond its limit, and not at it', () => {
    expect(curveReport(view, open(MAX_CURVE_POINTS - 1, 1), 'held').points).toHaveLength(MAX_CURVE_POINTS)
    expect(() => curveReport(view, open(MAX_CURVE_POINTS, 1), 'held')).toThrow(
      expect.objectContaining({ code: 'CURVE_TOO_LONG', data: { points: MAX_CURVE_POINTS + 1 } }),
    )
  })
})
