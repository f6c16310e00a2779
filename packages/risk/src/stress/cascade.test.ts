import { MAINNET_POLICY } from '@plimsoll/actors'
import {
  type ActorId,
  ATTO_FIL_PER_FIL,
  type AttoFil,
  createHashes,
  EPOCHS_IN_DAY,
  findActorId,
  minBigInt,
} from '@plimsoll/primitives'
import { buildMixedMiner, give, openNetwork } from '@plimsoll/testkit'
import { beforeAll, describe, expect, test } from 'vitest'
import { type MinerTerms, NO_TERMS } from '../assess/assess-miner.ts'
import type { NetworkView } from '../assess/network-view.ts'
import { loadPredictedMiner } from '../plan/load-predicted-miner.ts'
import { createNormal } from './draws/normal.ts'
import { faultySectors } from './faulty-sectors.ts'
import type { ForcedTermination } from './follow-days.ts'
import { runShock } from './run-shock.ts'
import { parseStressFile, type Shock } from './stress-file.ts'
import { type StressSubject, stressSubject } from './stressed-miner.ts'
import { claimedIn, figuresIn, machineDays, settledView, withoutPower } from './testing/machine-days.ts'

const hashes = await createHashes()
const DRAW = { seed: 1, index: 0, normal: createNormal() }
/** Of the longest path; others end sooner. */
const DAYS = 13
const FEW = 4

/** Three tenths of everybody's sectors fail and stay lost. */
const SHARE = { num: 3n, denom: 10n }
const [SHOCK] = parseStressFile({
  ...{ format: 1, days: DAYS },
  shocks: [{ name: 'shock', faults: { share: '0.3', days: String(DAYS) } }],
}).shocks as [Shock]

let view: NetworkView
/** Full of verified data, sectors have ten times the power: of 1,200 the large miner has 800, the middle one 240. */
let large: ActorId
let middle: ActorId
let small: ActorId
/** The days on the machine, which are run once: with all three miners, and with the large one's power gone at once. */
let together: readonly NetworkView[]
let withoutLarge: readonly NetworkView[]

beforeAll(() => {
  const network = openNetwork(hashes)
  const idOf = (plan: Parameters<typeof buildMixedMiner>[1]) => {
    const { id } = buildMixedMiner(network, plan)
    // Enough that every fee of the days can be paid.
    give(network, id, 5_000_000n * ATTO_FIL_PER_FIL)
    return findActorId(id) as ActorId
  }
  large = idOf({ verified: 80 })
  middle = idOf({ verified: 24 })
  small = idOf({ verified: 16 })
  view = settledView(network.vm)
  together = days(view, [large, middle, small], DAYS)
  withoutLarge = days(withoutPower(view, large), [middle, small], DAYS)
})

function stressed(terms: ReadonlyMap<ActorId, MinerTerms>, count: number) {
  const subjects = [large, middle, small].map((miner) =>
    stressSubject(view, miner, terms.get(miner) ?? NO_TERMS),
  )
  const shock = { view, policy: MAINNET_POLICY, subjects, shock: SHOCK, draw: DRAW, days: count }
  return runShock(shock)
}

/** The days on the machine from a state on, of miners that lose what the shock takes from them. */
function days(from: NetworkView, miners: readonly ActorId[], count: number) {
  const lost = miners.map((miner) => {
    const predicted = loadPredictedMiner(view, miner, MAINNET_POLICY)
    const faults = { faultyShare: SHARE, faultyUnit: 'sectors' as const }
    return { miner, sectors: [...faultySectors(predicted, miner, faults, DRAW)] }
  })
  return machineDays(hashes, from, miners, lost, count)
}

const subjectOf = (miner: ActorId): StressSubject => stressSubject(view, miner, NO_TERMS)
const assetsOf = (states: readonly NetworkView[], miner: ActorId): readonly AttoFil[] =>
  states.map((state) => figuresIn(state, subjectOf(miner)).eligibleAsset)
const below = (terminationThreshold: AttoFil): MinerTerms => ({ ...NO_TERMS, terminationThreshold })
const endOfDay = (day: number) => view.assessedEpoch + day * EPOCHS_IN_DAY - 1

/** What a forced termination has to be, by the state of the machine at the end of a day. */
function terminationIn(state: NetworkView, miner: ActorId, breach: ForcedTermination['breach']) {
  const { terminationFee: fee } = figuresIn(state, subjectOf(miner))
  const { estimates, stateEpoch: epoch } = state
  return { miner, breach, epoch, fee, qaPower: claimedIn(state, miner), estimates }
}

describe('a cascade', () => {
  // A fault fee is what a sector would earn in some days: its part of the network's power times the reward. Of 800, 240
  // and 160, seven tenths count once faults are found. With the first gone some 280 of 840 are left, and the others pay
  // three times as much; with the second gone as well some 112 of 280, and the third pays two and a half times that.
  // So a level that is not crossed in all the days otherwise is crossed after some of them.
  test('goes from one miner to the next by the power that the forced terminations take away', () => {
    const middleHeld = assetsOf(together, middle)
    const middleFalls = assetsOf(withoutLarge, middle)
    const level = middleHeld.at(-1) as AttoFil
    const day = middleFalls.findIndex((asset) => asset < level)
    expect(day).toBeGreaterThan(1)

    const smallHeld = assetsOf(withoutLarge, small)
    const then = withoutLarge[day] as NetworkView
    const withoutBoth = days(withoutPower(then, middle), [small], DAYS - day)
    const smallFalls = assetsOf(withoutBoth, small)
    const smallLevel = smallHeld.at(-1) as AttoFil
    const later = smallFalls.findIndex((asset) => asset < smallLevel)
    expect(later).toBeGreaterThan(0)

    const { rounds, miners } = stressed(
      new Map([
        [large, below(10n ** 30n)],
        [middle, below(level)],
        [small, below(smallLevel)],
      ]),
      DAYS,
    )
    expect(rounds.map(({ terminated }) => terminated)).toEqual([
      [terminationIn(view, large, 'termination level')],
      [terminationIn(then, middle, 'termination level')],
      [terminationIn(withoutBoth[later] as NetworkView, small, 'termination level')],
    ])
    expect(rounds.map(({ terminated }) => terminated[0]?.epoch)).toEqual([0, day, day + later].map(endOfDay))
    // At the end of a round the power of the rounds before is gone.
    expect(rounds[0]?.estimates).toEqual(together.at(-1)?.estimates)
    expect(rounds[1]?.estimates).toEqual(withoutLarge.at(-1)?.estimates)
    // Each stays as it broke.
    const broken = [view, then, withoutBoth[later] as NetworkView]
    expect(miners.map(({ figures }) => figures)).toMatchObject(
      [large, middle, small].map((miner, i) => figuresIn(broken[i] as NetworkView, subjectOf(miner))),
    )
    expect(miners.map(({ round }) => round)).toEqual([0, 1, 2])
  })

  test('stops where the levels are what the machine comes to', () => {
    const lowest = (miner: ActorId) => below(assetsOf(withoutLarge, miner)[FEW] as AttoFil)
    const terms = [
      [large, below(10n ** 30n)],
      [middle, lowest(middle)],
      [small, lowest(small)],
    ] as const
    expect(stressed(new Map(terms), FEW).rounds).toHaveLength(1)
  })

  test('has a miner insolvent at the end of the day after which it could not return what it owes', () => {
    const values = together.map((state) => figuresIn(state, subjectOf(small)).liquidationValue ?? 0n)
    // The first day, but for the first two, that ends with less than every day before.
    const day = values.findIndex((value, i) => i > 2 && values.slice(0, i).every((before) => value < before))
    const outstanding = values.slice(0, day).reduce(minBigInt)
    const { rounds, miners } = stressed(new Map([[small, { ...NO_TERMS, outstanding }]]), DAYS)
    const then = together[day] as NetworkView
    expect(rounds.map(({ terminated }) => terminated)).toEqual([[terminationIn(then, small, 'insolvent')]])
    expect(rounds[0]?.terminated[0]?.epoch).toBe(endOfDay(day))
    expect(miners[2]?.figures.loss).toBe(outstanding - (values[day] as AttoFil))
  })

  test('begins with a miner that is insolvent from the start, whose power is gone at once', () => {
    const outstanding = 10n ** 9n * ATTO_FIL_PER_FIL
    const { rounds, miners } = stressed(new Map([[large, { ...NO_TERMS, outstanding }]]), FEW)
    expect(rounds.map(({ terminated }) => terminated)).toEqual([[terminationIn(view, large, 'insolvent')]])
    for (const { subject, figures } of miners.slice(1)) {
      expect(figures).toMatchObject(figuresIn(withoutLarge[FEW] as NetworkView, subject))
    }
  })
})
