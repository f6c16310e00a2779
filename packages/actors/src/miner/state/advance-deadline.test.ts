import { fc, test } from '@fast-check/vitest'
import { bitFieldOf, bitFieldRange, createMemoryBlockstore } from '@plimsoll/ipld'
import { createHashes } from '@plimsoll/primitives'
import { emptyMinerState, minerFindings, powerOfAll, quickSector } from '@plimsoll/testkit'
import { describe, expect } from 'vitest'
import { MAINNET_POLICY } from '../../policy.ts'
import { recordProvenSectors } from '../deadline-state/proofs.ts'
import { Partitions } from '../deadline-state.ts'
import { loadDeadline, updateDeadline } from '../deadlines.ts'
import { activePower } from '../partition-state.ts'
import { addPower, negatePower, type PowerPair, ZERO_POWER } from '../power-pair.ts'
import { quantSpecForDeadline } from '../quant-specs.ts'
import { loadSectorsArray } from '../sectors.ts'
import { advanceDeadline } from './advance-deadline.ts'
import { assignSectorsToDeadline, loadDeadlinesDraft, putSectors, saveDeadlines } from './assign-sectors.ts'
import { popEarlyTerminations } from './early-terminations.ts'
import { getInfo, powerTermsOf } from './info.ts'
import { allocateSectorNumbers } from './sector-numbers.ts'

const store = createMemoryBlockstore(await createHashes())
/** Faults last three periods here. */
const policy = { ...MAINNET_POLICY, faultMaxAge: 3 * 2880 }
const DAY = 2880
/** Deadline 2 of a period that begins at 0 ends with epoch 179. */
const LAST = 179

/** Sectors 0 to 2, which promise to last for 10, 10 and 20 days, and are in deadline 2, not proven. */
const SECTORS = [10, 10, 20].map((days, i) =>
  quickSector(days * DAY, i, 0n, 1000n + BigInt(i), 10n + BigInt(i)),
)

function stateOfThree() {
  const state = emptyMinerState(store)
  putSectors(store, state, SECTORS)
  allocateSectorNumbers(store, state, bitFieldRange(0, 3), 'denyCollisions')
  Object.assign(state, { initialPledge: 3003n, deadlineCronActive: true })
  assignSectorsToDeadline(policy, store, state, 0, SECTORS, getInfo(store, state), 2)
  return state
}

type StateDraft = ReturnType<typeof stateOfThree>

/** Has the deadlines end before deadline 2 of the period with this number, counted from 0. */
function goTo(state: StateDraft, period: number) {
  for (
    let epoch = state.provingPeriodStart + state.currentDeadline * 60 + 59;
    epoch < period * DAY + LAST;
    epoch += 60
  ) {
    advanceDeadline(policy, store, state, epoch)
  }
}

/** Proves the partition of deadline 2, but for the skipped sectors. */
function prove(state: StateDraft, skipped: readonly number[] = []): PowerPair {
  const deadlines = loadDeadlinesDraft(store, state)
  const deadline = loadDeadline(store, deadlines, 2)
  const { powerDelta } = recordProvenSectors(
    store,
    deadline,
    loadSectorsArray(store, state),
    [{ index: 0n, skipped: bitFieldOf(skipped) }],
    state.provingPeriodStart + LAST + policy.faultMaxAge,
    powerTermsOf(policy, getInfo(store, state)),
    quantSpecForDeadline(policy, state, 2),
  )
  updateDeadline(store, deadlines, 2, deadline)
  saveDeadlines(store, state, deadlines)
  return powerDelta
}

const endOf = (state: StateDraft, period: number) =>
  advanceDeadline(policy, store, state, period * DAY + LAST)

function expectSound(state: StateDraft) {
  expect(minerFindings(store, state, state.initialPledge)).toEqual([])
}

const NOTHING = {
  pledgeDelta: 0n,
  powerDelta: ZERO_POWER,
  previouslyFaultyPower: ZERO_POWER,
  dailyFee: 0n,
  livePower: ZERO_POWER,
}

// Source: builtin-actors v18, `actors/miner/src/state.rs`, `advance_deadline`.
describe('advanceDeadline', () => {
  test('goes to the next deadline, and from the last to the next period', () => {
    const state = emptyMinerState(store)
    for (let index = 0; index < 48; index++) {
      expect(state).toMatchObject({ currentDeadline: index, provingPeriodStart: 0 })
      expect(advanceDeadline(policy, store, state, index * 60 + 59)).toEqual(NOTHING)
    }
    expect(state).toMatchObject({ currentDeadline: 0, provingPeriodStart: DAY })
  })

  test('makes unproven sectors faulty, which costs no power; they pay from the next window on', () => {
    const state = stateOfThree()
    goTo(state, 0)
    expect(endOf(state, 0)).toEqual({ ...NOTHING, dailyFee: 33n, livePower: powerOfAll(SECTORS) })
    expectSound(state)
    goTo(state, 1)
    expect(endOf(state, 1)).toEqual({
      ...NOTHING,
      previouslyFaultyPower: powerOfAll(SECTORS),
      dailyFee: 33n,
      livePower: powerOfAll(SECTORS),
    })
    expectSound(state)
  })

  test('takes nothing from what was proven', () => {
    const state = stateOfThree()
    goTo(state, 0)
    expect(prove(state)).toEqual(powerOfAll(SECTORS))
    expect(endOf(state, 0)).toEqual({ ...NOTHING, dailyFee: 33n, livePower: powerOfAll(SECTORS) })
    expectSound(state)
  })

  test('takes the power of what was not proven, once', () => {
    const state = stateOfThree()
    goTo(state, 0)
    prove(state)
    endOf(state, 0)
    goTo(state, 1)
    expect(endOf(state, 1)).toMatchObject({
      powerDelta: negatePower(powerOfAll(SECTORS)),
      previouslyFaultyPower: ZERO_POWER,
    })
    goTo(state, 2)
    expect(endOf(state, 2)).toMatchObject({
      powerDelta: ZERO_POWER,
      previouslyFaultyPower: powerOfAll(SECTORS),
    })
    expectSound(state)
  })

  // What expires at epoch 28,800 leaves when the deadline ends next: with period 10, which begins then.
  test('lets what is due leave, with its power and its pledge', () => {
    const state = stateOfThree()
    for (let period = 0; period < 10; period++) {
      goTo(state, period)
      prove(state)
      expect(endOf(state, period).pledgeDelta).toBe(0n)
    }
    goTo(state, 10)
    prove(state)
    expect(endOf(state, 10)).toEqual({
      pledgeDelta: -2001n,
      powerDelta: negatePower(powerOfAll(SECTORS.slice(0, 2))),
      previouslyFaultyPower: ZERO_POWER,
      dailyFee: 12n,
      livePower: powerOfAll(SECTORS.slice(2)),
    })
    expect(state.initialPledge).toBe(1002n)
    expect(state.earlyTerminations).toEqual(bitFieldOf([]))
    expectSound(state)
  })

  // Faults of period 0 may last until the end of period 3.
  test('terminates what was faulty for too long, and keeps its pledge until that is charged', () => {
    const state = stateOfThree()
    for (let period = 0; period < 3; period++) {
      goTo(state, period)
      endOf(state, period)
      expect(state.earlyTerminations).toEqual(bitFieldOf([]))
    }
    goTo(state, 3)
    expect(endOf(state, 3)).toEqual({ ...NOTHING, previouslyFaultyPower: powerOfAll(SECTORS) })
    expect(state).toMatchObject({ initialPledge: 3003n, earlyTerminations: bitFieldOf([2]) })
    expectSound(state)
    expect(popEarlyTerminations(store, state, 10, 10).result.sectors).toEqual(
      new Map([[3 * DAY + LAST, bitFieldOf([0, 1, 2])]]),
    )
    state.initialPledge = 0n
    expectSound(state)
  })

  test('looks at a deadline without sectors until its snapshot has none either, and then no more', () => {
    const state = stateOfThree()
    for (let period = 0; period < 4; period++) {
      goTo(state, period)
      endOf(state, period)
    }
    const { deadlines } = state
    goTo(state, 4)
    endOf(state, 4)
    expect(state.deadlines).not.toEqual(deadlines)
    const settled = state.deadlines
    goTo(state, 5)
    endOf(state, 5)
    expect(state.deadlines).toEqual(settled)
  })

  test.prop([fc.array(fc.option(fc.nat(7)), { minLength: 1, maxLength: 12 })], { numRuns: 20 })(
    'keeps the invariants, and the claim is what its deltas add up to',
    (windows) => {
      const state = stateOfThree()
      let claim = ZERO_POWER
      windows.forEach((skips, period) => {
        goTo(state, period)
        const { liveSectors } = loadDeadline(store, loadDeadlinesDraft(store, state), 2)
        if (skips !== null && liveSectors > 0) {
          claim = addPower(
            claim,
            prove(
              state,
              [0, 1, 2].filter((number) => (skips >> number) % 2 === 1),
            ),
          )
        }
        claim = addPower(claim, endOf(state, period).powerDelta)
        expectSound(state)
        const { partitions } = loadDeadline(store, loadDeadlinesDraft(store, state), 2)
        const partition = Partitions.load(store, partitions).get(0)
        expect(claim).toEqual(partition && activePower(partition))
      })
    },
  )
})
