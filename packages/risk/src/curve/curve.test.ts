import { estimate, type NetworkEstimates, PowerState, parseRuleSet, RewardState } from '@plimsoll/actors'
import {
  type ActorId,
  ATTO_FIL_PER_FIL,
  createHashes,
  EPOCHS_IN_DAY,
  findActorId,
  idAddress,
  REWARD_ACTOR_ADDR,
  STORAGE_POWER_ACTOR_ADDR,
} from '@plimsoll/primitives'
import { advanceBy, buildMixedMiner, declareRecoveries, openNetwork, SECTOR_BYTES } from '@plimsoll/testkit'
import { beforeAll, describe, expect, test } from 'vitest'
import { openMiner } from '../assess/assess-miner.ts'
import { requireMiner } from '../assess/find-miners.ts'
import { type NetworkView, openNetworkView } from '../assess/network-view.ts'
import { type SectorColumns, SectorStatus } from '../book/sector-columns.ts'
import { fip0098Fees } from '../fees/sector-fees.ts'
import { liveTerminationFees } from '../fees/termination-fees.ts'
import type { EstimatesAt } from '../plan/predict-state.ts'
import { openRun } from '../run/open-run.ts'
import { runScenario } from '../run/run-scenario.ts'
import { parseScenarioFile } from '../scenario/scenario-file.ts'
import { type CurvePoint, openCurve } from './curve.ts'

const hashes = await createHashes()
let view: NetworkView
let miner: ActorId
/** Faulty ones that stay so; one more is declared recovered. */
let lost: readonly number[]

beforeAll(() => {
  const network = openNetwork(hashes)
  // Another miner's pledge, from which what is paid out of a new miner's deposit can be taken.
  buildMixedMiner(network, { nonInteractive: 130, batches: 2 })
  const mixed = buildMixedMiner(network, {
    committedCapacity: 4,
    verified: 2,
    extended: 2,
    faulty: 4,
    terminated: 1,
    batches: 2,
    daysBetween: 20,
  })
  miner = findActorId(mixed.id) as ActorId
  const [recovering, ...others] = mixed.sectors.faulty
  lost = others
  // So that faults are about to be too old.
  advanceBy(network, 39 * EPOCHS_IN_DAY)
  declareRecoveries(network, mixed, [recovering as number])
  // The deadline that is open then has been proven.
  advanceBy(network, 30)
  view = openNetworkView(network.vm.store, [network.vm.root()])
})

const held: EstimatesAt = () => view.estimates

function pointsOf(range: { from?: number; to: number; step: number }, estimatesAt = held): CurvePoint[] {
  const from = range.from ?? view.assessedEpoch
  return [...openCurve(view, miner, { ...range, from }, estimatesAt).points()]
}

/** Whether a sector is live, and is neither faulty nor, as the one that recovers, about to be proven. */
function isOnTime({ status }: SectorColumns, row: number): boolean {
  const { LIVE, FAULTY, RECOVERING } = SectorStatus
  const [bits, recovering] = [status[row] ?? 0, LIVE | FAULTY | RECOVERING]
  return (bits & recovering) === LIVE || (bits & recovering) === recovering
}

/** The fee of today's set by the formula itself. */
function literalFee(estimates: NetworkEstimates, epoch: number): bigint | null {
  const { book } = openMiner(view, miner, requireMiner(view, miner).record)
  return liveTerminationFees(book, fip0098Fees(book, estimates), epoch).fee
}

/** The miner on the machine, alone in a frozen network, and the estimates that every epoch read. */
function runMachine(days: number) {
  const { rules } = parseRuleSet('v18', view.assessedEpoch)
  const supply = 600_000_000n * ATTO_FIL_PER_FIL
  const inputs = { hashes, rules, miners: [miner], networkVersion: 28, circulatingSupply: supply }
  const run = openRun(view, { ...inputs, background: 'frozen' })
  const read = new Map([[view.assessedEpoch, view.estimates]])
  const steps = [{ do: 'lose', miner: `f0${miner}`, day: 0, sectors: lost }]
  const { moments } = runScenario(run, parseScenarioFile({ format: 1, days, steps }), {
    onEpoch: () => {
      const reward = run.vm.stateOf(REWARD_ACTOR_ADDR, RewardState).thisEpochRewardSmoothed
      const qaPower = run.vm.stateOf(STORAGE_POWER_ACTOR_ADDR, PowerState).thisEpochQaPowerSmoothed
      read.set(run.vm.epoch + 1, { reward, qaPower })
    },
  })
  return { moments, estimatesAt: (epoch: number) => read.get(epoch) as NetworkEstimates }
}

describe('the fee of a set', () => {
  test('of today is that of the formula, sector by sector, at every epoch', () => {
    for (const { epoch, feeOfTodaysSet } of pointsOf({ to: view.assessedEpoch + 500_000, step: 9_973 })) {
      expect(feeOfTodaysSet).toBe(literalFee(view.estimates, epoch))
    }
  })

  test('is that of what has not expired, until nothing is left', () => {
    const { book } = openMiner(view, miner, requireMiner(view, miner).record)
    const { columns } = book
    const points = pointsOf({ to: view.assessedEpoch + 900 * EPOCHS_IN_DAY, step: 7 * EPOCHS_IN_DAY })
    const seen = new Set<number>()
    // A sector leaves at the end of its deadline, within a day from its expiration; a fault of more than 42 days has left.
    for (const { epoch, sectorsLeft, feeOfSectorsLeft } of points.slice(1)) {
      const rows = [...columns.expiration.keys()].filter((row) => isOnTime(columns, row))
      if (rows.some((row) => Math.abs((columns.expiration[row] ?? 0) - epoch) <= EPOCHS_IN_DAY)) {
        continue
      }
      const left = rows.filter((row) => (columns.expiration[row] ?? 0) > epoch)
      const fees = fip0098Fees(book, view.estimates)
      expect(sectorsLeft).toBe(left.length)
      expect(feeOfSectorsLeft).toBe(left.reduce((sum, row) => sum + (fees(row, epoch)?.fee ?? 0n), 0n))
      seen.add(left.length)
    }
    // The first batch, with the one that recovers; the second; and what was extended of each.
    expect([...seen]).toEqual([9, 5, 2, 1, 0])
  })
})

describe('what is charged until an epoch', () => {
  test('is what the machine burns, when the estimates are those of the machine', () => {
    const { moments, estimatesAt } = runMachine(4)
    const days = moments.map(({ epoch }) => epoch)
    const points = pointsOf({ to: days.at(-1) ?? 0, step: EPOCHS_IN_DAY }, estimatesAt)
    const address = idAddress(miner)
    const charged = moments.map(({ miners }) => {
      const { burnt = 0n, feeDebt = 0n } = miners.get(address) ?? {}
      return burnt + feeDebt
    })
    const queued = points[0]?.earlyFees ?? 0n
    expect(points.map(({ epoch }) => epoch)).toEqual(days)
    expect(
      points.map(({ faultFees, dailyFees, earlyFees }) => faultFees + dailyFees + earlyFees - queued),
    ).toEqual(charged.map((sum) => sum - (charged[0] ?? 0n)))
    // Sectors were faulty for 42 days, and left.
    expect(points.at(-1)?.earlyFees).toBeGreaterThan(queued)
    expect(points.map(({ sectorsLeft }) => sectorsLeft)).toEqual(
      moments.map(({ miners }) => miners.get(address)?.liveSectors),
    )
  })

  test('does not depend on where it is looked at', () => {
    const to = view.assessedEpoch + 4 * EPOCHS_IN_DAY
    const [often, once] = [7, 4 * EPOCHS_IN_DAY].map((step) => pointsOf({ to, step }).at(-1))
    expect(often).toEqual(once)
  })
})

test('expected rewards are the share of active power in the smoothed reward, epoch by epoch', () => {
  const [start, first, second] = pointsOf({ to: view.assessedEpoch + 2, step: 1 })
  // Six sectors without verified data, and two that are full of it; the faulty ones count nothing.
  const claim = (6n + 2n * 10n) * BigInt(SECTOR_BYTES)
  const { reward, qaPower } = view.estimates
  const rewards = (epochs: bigint) => (claim * epochs * estimate(reward)) / estimate(qaPower)
  expect(start?.expectedRewards).toBe(0n)
  expect(first?.expectedRewards).toBe(rewards(1n))
  // A deadline may end between the two, and is where rewards are rounded down.
  expect([0n, 1n]).toContain(rewards(2n) - (second?.expectedRewards ?? 0n))
})

test.each([
  { range: { from: -1, to: 10 }, code: 'EPOCH_BEFORE_STATE' },
  { range: { from: 0, to: -1 }, code: 'CURVE_RANGE' },
  { range: { from: 0, to: 1, step: 0 }, code: 'CURVE_RANGE' },
])('a curve over $range is refused', ({ range: { from, to, step = 1 }, code }) => {
  const { assessedEpoch } = view
  const open = () =>
    openCurve(view, miner, { from: assessedEpoch + from, to: assessedEpoch + to, step }, held)
  expect(open).toThrow(expect.objectContaining({ code }))
})
