import { fc, test } from '@fast-check/vitest'
import { MAINNET_POLICY } from '@plimsoll/actors'
import { createHashes, EPOCHS_IN_DAY } from '@plimsoll/primitives'
import { buildMixedMiner, openNetwork } from '@plimsoll/testkit'
import { beforeAll, describe, expect } from 'vitest'
import { type NetworkView, openNetworkView } from '../../assess/network-view.ts'
import { PlanError } from '../../plan/load-predicted-miner.ts'
import type { PredictedMiner, PredictedSector } from '../../plan/predict-state.ts'
import { plainDeadline, plainMiner, plainSector } from '../../plan/testing/plain-miner.ts'
import type { Operator } from '../../run/operator.ts'
import type { EstimatesAssumption } from '../../scenario/estimates-assumption.ts'
import { estimatePath } from './estimate-paths.ts'
import type { EstimatePath, MoneyMove, PathInputs } from './path-inputs.ts'
import { openPath, type PredictedPath, predictPath } from './predict-path.ts'

const hashes = await createHashes()
let view: NetworkView

beforeAll(() => {
  const network = openNetwork(hashes)
  buildMixedMiner(network, { nonInteractive: 130, batches: 2 })
  view = openNetworkView(network.vm.store, [network.vm.root()])
})

/** The literal form: nothing is left out. */
function predictEveryEpoch(miner: PredictedMiner, inputs: PathInputs): PredictedPath {
  const path = openPath(miner, inputs)
  for (let epoch = inputs.start; epoch < inputs.start + inputs.days * EPOCHS_IN_DAY; epoch++) {
    path.pass(epoch)
    inputs.network.pass(epoch, epoch + 1, miner.claim)
  }
  return path.result()
}

type Predict = typeof predictPath

interface Case {
  readonly miner: () => PredictedMiner
  readonly assumption: EstimatesAssumption
  readonly inputs: Omit<PathInputs, 'network' | 'start'>
}

/** All there is to see of a path: its result or why it is refused, and the miner and the estimates that are left. */
function outcomeOf(predict: Predict, { miner: open, assumption, inputs }: Case) {
  const miner = open()
  const network = estimatePath(assumption, view, miner.policy, miner.claim)
  const left = () => ({ miner, estimates: network.estimates() })
  try {
    return { path: predict(miner, { ...inputs, start: view.assessedEpoch, network }), ...left() }
  } catch (error) {
    if (error instanceof PlanError) {
      return { code: error.code, data: error.data, ...left() }
    }
    throw error
  }
}

const DAYS = 44
/** Of the frozen network, in which every epoch takes as long as a hundred of another one. */
const FROZEN_DAYS = 2

const epochWithin = (days: number) => fc.nat(days * EPOCHS_IN_DAY - 1)
const attoFil = fc.bigInt(0n, 10n ** 19n)

function anySector(days: number): fc.Arbitrary<Omit<Partial<PredictedSector>, 'number'>> {
  return fc
    .record({
      activation: fc.integer({ min: -10 * EPOCHS_IN_DAY, max: 0 }),
      leavesAfter: fc.option(epochWithin(days)),
      ...{ initialPledge: attoFil, dailyFee: fc.bigInt(0n, 10n ** 16n), qaPower: fc.bigInt(0n, 1n << 36n) },
      ...{
        isOnTime: fc.boolean(),
        isFaulty: fc.boolean(),
        isRecovering: fc.boolean(),
        isUnproven: fc.boolean(),
      },
    })
    .map(({ activation, leavesAfter, isFaulty, isRecovering, isUnproven, ...fields }) => ({
      ...fields,
      activation: view.assessedEpoch + activation,
      ...(leavesAfter === null ? {} : { expiresAt: view.assessedEpoch + leavesAfter }),
      isFaulty,
      isRecovering: isFaulty && isRecovering,
      isUnproven: !isFaulty && isUnproven,
    }))
}

/** Some deadlines with a partition or two; a round charges only one sector, so that cron comes back for the rest. */
function anyMiner(days: number): fc.Arbitrary<() => PredictedMiner> {
  const partition = fc.array(anySector(days), { minLength: 1, maxLength: 3 })
  return fc
    .record({
      deadlines: fc.array(fc.array(partition, { maxLength: 2 }), { maxLength: 6 }),
      vesting: fc.array(fc.tuple(epochWithin(days), attoFil), { maxLength: 4 }),
      cleanUp: fc.option(fc.tuple(epochWithin(days), attoFil)),
      ...{
        free: attoFil,
        feeDebt: fc.oneof(fc.constant(0n), attoFil),
        claimed: fc.integer({ max: 8, min: 0 }),
      },
      ...{ periodOffset: fc.nat(2879), isLate: fc.boolean(), excluded: fc.option(epochWithin(days)) },
      deadlineCronActive: fc.integer({ min: 0, max: 8 }).map((one) => one > 0),
    })
    .map((drawn) => () => {
      const { free, feeDebt, periodOffset, isLate, deadlineCronActive } = drawn
      const start = view.assessedEpoch
      let number = 0
      const deadlines = drawn.deadlines.map((partitions) =>
        plainDeadline(...partitions.map((sectors) => sectors.map((sector) => plainSector(number++, sector)))),
      )
      const live = deadlines.flatMap(({ partitions }) => partitions.flatMap((one) => [...one.live.values()]))
      const initialPledge = live.reduce((sum, sector) => sum + sector.initialPledge, 0n)
      const vesting = drawn.vesting
        .map(([after, amount]) => ({ epoch: start + after, amount }))
        .toSorted((a, b) => a.epoch - b.epoch)
      const lockedFunds = vesting.reduce((sum, { amount }) => sum + amount, 0n)
      const preCommitDeposits = drawn.cleanUp?.[1] ?? 0n
      const window = MAINNET_POLICY.wpostChallengeWindow
      const sinceOpen = (((start - periodOffset) % window) + window) % window
      return plainMiner({
        ...{ deadlines, initialPledge, vesting, lockedFunds, preCommitDeposits, feeDebt, periodOffset },
        ...{ deadlineCronActive, hasClaim: drawn.claimed > 0 },
        policy: { ...MAINNET_POLICY, settledSectorsMax: 1 },
        balance: initialPledge + lockedFunds + preCommitDeposits + free,
        cleanUps:
          drawn.cleanUp === null ? [] : [{ epoch: start + drawn.cleanUp[0], deposit: preCommitDeposits }],
        excludedUntil: drawn.excluded === null ? -1 : start + drawn.excluded,
        events: deadlineCronActive
          ? [{ epoch: isLate ? start - 1 : start + window - 1 - sinceOpen, kind: 'deadline' }]
          : [],
        claim: { raw: 1n << 40n, qa: 1n << 40n },
      })
    })
}

function anyInputs(days: number): fc.Arbitrary<Case['inputs']> {
  const moves = fc.array(
    fc.record({
      kind: fc.constantFrom('topUp', 'withdraw', 'repayDebt'),
      after: epochWithin(days),
      amount: attoFil,
    }),
    { maxLength: 5 },
  )
  const operator = fc.oneof(
    fc.constantFrom<'proves' | 'stops'>('proves', 'stops').map((kind) => ({ kind })),
    epochWithin(days).map((after) => ({ kind: 'recovers', after }) as const),
  )
  return fc
    .record({
      ...{ moves, operator, warning: fc.option(attoFil), termination: fc.option(attoFil) },
      ...{
        lost: fc.tuple(epochWithin(days), epochWithin(days)),
        grows: fc.bigInt(-(10n ** 15n), 10n ** 15n),
      },
      ...{ reward: fc.option(attoFil), everyDays: fc.integer({ min: 1, max: 4 }) },
    })
    .map(({ moves, operator, lost, grows, reward, everyDays, warning, termination }) => {
      const start = view.assessedEpoch
      const [from, until] = lost
      return {
        days,
        operator: ('after' in operator
          ? { kind: 'recovers', at: start + operator.after }
          : operator) as Operator,
        isLost: (sector, epoch) => sector % 2 === 0 && start + from <= epoch && epoch < start + until,
        moves: moves.map(({ after, ...move }) => ({ ...move, epoch: start + after }) as MoneyMove),
        rewardOfDay: reward === null ? undefined : (day) => (day % everyDays === 0 ? reward : 0n),
        outstandingAt: (epoch) => BigInt(epoch - start) * grows,
        thresholds: { warning: warning ?? undefined, termination: termination ?? undefined },
      }
    })
}

const anyCase = (assumption: EstimatesAssumption, days: number): fc.Arbitrary<Case> =>
  fc.record({ miner: anyMiner(days), assumption: fc.constant(assumption), inputs: anyInputs(days) })

const compounding = {
  rewardPerDay: { num: 1001n, denom: 1000n },
  qaPowerPerDay: { num: 999n, denom: 1000n },
}

describe('a path that jumps from event to event is that which passes every epoch', () => {
  const anyOther = fc
    .tuple(fc.constantFrom('held', 'extrapolated', compounding), fc.constantFrom(1, 3, DAYS))
    .chain(([assumption, days]) => anyCase(assumption as EstimatesAssumption, days))
  test.prop([anyOther], { numRuns: 60 })('whatever happens, under estimates that nobody changes', (one) => {
    expect(outcomeOf(predictPath, one)).toEqual(outcomeOf(predictEveryEpoch, one))
  })

  test.prop([anyCase('frozen', FROZEN_DAYS)], { numRuns: 30 })(
    'whatever happens, in a frozen network',
    (one) => {
      expect(outcomeOf(predictPath, one)).toEqual(outcomeOf(predictEveryEpoch, one))
    },
  )
})

describe('a jump', () => {
  // Of 48 deadlines a day, each is opened and ended; the day ends in the middle of one, and begins with the start.
  test.each([
    { kind: 'proves', steps: 48 + 48 + 1 + 1 },
    { kind: 'stops', steps: 48 + 1 + 1 },
  ] as const)('leaves out all but $steps epochs of a day of an operator that $kind', ({ kind, steps }) => {
    const start = 60 * 2880 + 30
    const miner = plainMiner({
      ...{ deadlines: [plainDeadline([plainSector(0)])], initialPledge: 1000n, balance: 1000n },
      events: [{ epoch: start + 29, kind: 'deadline' }],
    })
    const passed: number[] = []
    const held = estimatePath('held', view, MAINNET_POLICY, miner.claim)
    const network: EstimatePath = { ...held, pass: (from, until) => passed.push(until - from) }
    const terms = { outstandingAt: () => 0n, thresholds: {} }
    predictPath(miner, { ...terms, start, days: 1, operator: { kind }, network })
    expect(passed).toHaveLength(steps)
    expect(passed.reduce((sum, epochs) => sum + epochs, 0)).toBe(EPOCHS_IN_DAY)
  })
})
