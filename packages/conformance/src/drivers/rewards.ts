import {
  BASELINE_TOTAL,
  baselinePowerFromPrev,
  computeReward,
  draftOf,
  expneg,
  nextEstimate,
  type RewardState,
  SIMPLE_TOTAL,
  updateSmoothedEstimates,
  updateToNextEpochWithReward,
} from '@plimsoll/actors'
import type { Driver } from '../driver.ts'
import { allOf, expectEqual, type NamedOutcome, type Outcome } from '../outcome.ts'
import { readContents, readJson } from '../vector-file.ts'

const TOTALS = { simpleTotal: SIMPLE_TOTAL, baselineTotal: BASELINE_TOTAL }

/** The rows of a table, without the names of its columns. */
function* rowsOf(path: string): Generator<readonly bigint[]> {
  const [, ...rows] = new TextDecoder().decode(readContents(path)).trimEnd().split('\n')
  for (const row of rows) {
    yield row.split(',').map(BigInt)
  }
}

/** A table of a function: the arguments and, last, the value. */
function table(family: string, fileName: string, compute: (...args: readonly bigint[]) => bigint): Driver {
  return {
    family,
    handles: ({ name }) => name === fileName,
    *run({ path }): Generator<NamedOutcome> {
      for (const row of rowsOf(path)) {
        const args = row.slice(0, -1)
        yield [args.join(', '), expectEqual(row.at(-1), compute(...args))]
      }
    },
  }
}

/** What time alone mints, by epoch. */
export const simpleReward = table('builtin-actors', 'TestSimpleReward.golden', (epoch = 0n) =>
  computeReward(Number(epoch), 0n, 0n, TOTALS),
)

/** What growth alone mints, between two points of effective network time. */
export const baselineReward = table(
  'builtin-actors',
  'TestBaselineReward.golden',
  (previous = 0n, current = 0n) => {
    const simple = computeReward(0, 0n, 0n, TOTALS)
    return computeReward(0, previous, current, TOTALS) - simple
  },
)

export const expFunction = table('specs-actors', 'TestExpFunction.golden', (x = 0n) => expneg(x))

interface MintingState {
  readonly e: number
  readonly baseline: string
  readonly ct: readonly [cumsumBaseline: string, cumsumRealized: string]
  readonly ent: number
  readonly ebp: string
}

/** States of mainnet's reward actor, each from the one before: the baselines of all epochs between. */
export const mainnetRewardStates: Driver = {
  family: 'derived',
  handles: ({ name }) => name === 'reward_states_mainnet.json',
  *run({ path }): Generator<NamedOutcome> {
    const states = readJson<readonly MintingState[]>(path)
    for (const [index, after] of states.entries()) {
      const before = states[index - 1]
      if (before !== undefined) {
        yield [`epoch ${after.e} from ${before.e}`, recomputeBaselines(before, after)]
      }
    }
  },
}

function recomputeBaselines(before: MintingState, after: MintingState): Outcome {
  let baseline = BigInt(before.baseline)
  for (let epoch = before.e; epoch < after.e; epoch++) {
    baseline = baselinePowerFromPrev(baseline)
  }
  let [effectiveBaseline, cumsumBaseline] = [BigInt(before.ebp), BigInt(before.ct[0])]
  for (let time = before.ent; time < after.ent; time++) {
    effectiveBaseline = baselinePowerFromPrev(effectiveBaseline)
    cumsumBaseline += effectiveBaseline
  }
  return allOf([
    expectEqual(after.baseline, baseline),
    expectEqual(after.ebp, effectiveBaseline),
    expectEqual(after.ct[0], cumsumBaseline),
  ])
}

const AMOUNTS = [
  'cumsumBaseline',
  'cumsumRealized',
  'effectiveBaselinePower',
  'thisEpochReward',
  'thisEpochBaselinePower',
  'simpleTotal',
  'baselineTotal',
] as const

type StateText = Readonly<
  Record<(typeof AMOUNTS)[number] | 'effectiveNetworkTime' | 'smoothedPosition' | 'smoothedVelocity', string>
> & { readonly epoch: number }

interface Transitions {
  readonly transitions: readonly {
    readonly realizedPower: string
    readonly before: StateText
    readonly after: StateText
  }[]
  readonly powerFilter: readonly {
    readonly epoch: number
    readonly observationQA: string
    readonly before: readonly [position: string, velocity: string]
    readonly after: readonly [position: string, velocity: string]
  }[]
}

/** Epochs of mainnet that ended: what they did to the reward, and to the estimate of power. */
export const mainnetRewardTransitions: Driver = {
  family: 'derived',
  handles: ({ name }) => name === 'reward_transitions_mainnet.json',
  *run({ path }): Generator<NamedOutcome> {
    const { transitions, powerFilter } = readJson<Transitions>(path)
    for (const { realizedPower, before, after } of transitions) {
      const state = draftOf(rewardStateOf(before))
      updateToNextEpochWithReward(state, BigInt(realizedPower))
      updateSmoothedEstimates(state, 1)
      yield [`epoch ${before.epoch}`, compareStates(rewardStateOf(after), state)]
    }
    for (const { epoch, observationQA, before, after } of powerFilter) {
      const filter = { position: BigInt(before[0]), velocity: BigInt(before[1]) }
      const { position, velocity } = nextEstimate(filter, BigInt(observationQA), 1)
      yield [`power at ${epoch}`, expectEqual(after.join(' '), `${position} ${velocity}`)]
    }
  },
}

function rewardStateOf(text: StateText): RewardState {
  const amounts = Object.fromEntries(AMOUNTS.map((name) => [name, BigInt(text[name])])) as Record<
    (typeof AMOUNTS)[number],
    bigint
  >
  return {
    ...amounts,
    epoch: text.epoch,
    effectiveNetworkTime: Number(text.effectiveNetworkTime),
    thisEpochRewardSmoothed: {
      position: BigInt(text.smoothedPosition),
      velocity: BigInt(text.smoothedVelocity),
    },
    // What was paid is not in the vectors, and nothing here depends on it.
    totalStoragePowerReward: 0n,
  }
}

function compareStates(expected: RewardState, actual: RewardState): Outcome {
  const names = [...AMOUNTS, 'epoch', 'effectiveNetworkTime'] as const
  const { position, velocity } = expected.thisEpochRewardSmoothed
  return allOf([
    ...names.map((name) => expectEqual(`${name} ${expected[name]}`, `${name} ${actual[name]}`)),
    expectEqual(position, actual.thisEpochRewardSmoothed.position),
    expectEqual(velocity, actual.thisEpochRewardSmoothed.velocity),
  ])
}
