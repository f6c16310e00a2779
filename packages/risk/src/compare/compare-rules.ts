import { isFalling, type RuleSet, requireExecutable } from '@plimsoll/actors'
import { type ActorId, type AttoFil, type Hashes, idAddress } from '@plimsoll/primitives'
import type { NetworkView } from '../assess/network-view.ts'
import { openRun } from '../run/open-run.ts'
import { type RunResult, runScenario } from '../run/run-scenario.ts'
import { isWoundUp } from '../run/wind-up.ts'
import type { ScenarioFile } from '../scenario/scenario-file.ts'
import { type ReRating, reRate } from './re-rate.ts'

/** What a comparison is made of. */
export interface CompareInputs {
  readonly hashes: Hashes
  readonly ruleSets: readonly [RuleSet, ...RuleSet[]]
  readonly scenario: ScenarioFile
  /** The miners that are looked at. */
  readonly miners: readonly ActorId[]
  readonly networkVersion: number
  readonly circulatingSupply: AttoFil | undefined
}

/** The same state and the same scenario under one rule set. */
export interface RuledRun extends RunResult {
  readonly ruleSet: RuleSet
  /** What the rules contradict in their own draft. */
  readonly warnings: readonly string[]
}

/** One miner terminated completely under one rule set, in a run of its own. */
export interface WindUpFigures {
  readonly miner: ActorId
  readonly method: 'TerminateSectors' | 'TerminateSectors2'
  readonly messages: number
  readonly failedMessages: number
  readonly sectors: number
  /** Estimated; for TerminateSectors2 extrapolated and never measured. */
  readonly gas: bigint
  /** From the first message until nothing is left; undefined when two days did not do. */
  readonly epochs: number | undefined
  /** Fees and penalties burnt by then. */
  readonly burnt: AttoFil
  /** What the owner can withdraw then; the rest is locked until it vests. */
  readonly withdrawable: AttoFil
}

/** A comparison of rule sets on one state. */
export interface Comparison {
  readonly inputs: CompareInputs
  readonly runs: readonly [RuledRun, ...RuledRun[]]
  /** Of each rule set with and without TerminateSectors2, where one has it. */
  readonly windUps: readonly (readonly [ruleSet: RuleSet, figures: readonly WindUpFigures[]])[]
  /** Of each rule set with a duration multiplier. */
  readonly reRatings: readonly (readonly [ruleSet: RuleSet, ratings: readonly ReRating[]])[]
}

/** How often it is looked whether nothing is left. */
const LOOK_EPOCHS = 10

/** A wind-up takes a day, since every deadline is mutable once in it; the second is a margin. */
const WIND_UP_DAYS = 2

/**
 * Runs a scenario under several rule sets, each on a branch of its own.
 *
 * @throws {RulesError} `RULES_NOT_EXECUTABLE`
 * @throws {RunError} `STATE_NOT_EXECUTABLE`, `CIRCULATING_SUPPLY_NEEDED`
 */
export function compareRules(
  view: NetworkView,
  inputs: CompareInputs,
  onProgress?: (done: number, total: number) => void,
): Comparison {
  const { ruleSets, scenario, miners } = inputs
  for (const ruleSet of ruleSets) {
    requireExecutable(ruleSet)
  }
  const total = ruleSets.length * scenario.days
  let done = 0
  const [first, ...others] = ruleSets.map((ruleSet): RuledRun => {
    const run = openRun(view, { ...inputs, rules: ruleSet.rules, background: scenario.background })
    const result = runScenario(run, scenario, { onDay: () => onProgress?.(++done, total) })
    return { ...result, ruleSet, warnings: warningsOf(ruleSet) }
  }) as [RuledRun, ...RuledRun[]]
  const comparesTermination = ruleSets.some(({ rules }) => rules.terminateSectors2 !== 'off')
  return {
    inputs,
    runs: [first, ...others],
    windUps: comparesTermination
      ? ruleSets.map((ruleSet) => [
          ruleSet,
          miners.map((miner) => windUpFigures(view, inputs, ruleSet, miner)),
        ])
      : [],
    reRatings: ruleSets.flatMap((ruleSet) => {
      const { durationMultiplier } = ruleSet.rules
      return durationMultiplier === null
        ? []
        : [
            [
              ruleSet,
              miners.map((id) => reRate(view, id, durationMultiplier, inputs.circulatingSupply)),
            ] as const,
          ]
    }),
  }
}

function warningsOf({ rules: { durationMultiplier } }: RuleSet): readonly string[] {
  return durationMultiplier !== null && isFalling(durationMultiplier.curve)
    ? ['the multiplier falls with the duration, which contradicts the draft: it is to increase monotonically']
    : []
}

/** Terminates everything that a miner has, from the epoch of the state on, while the operator does as in the scenario. */
function windUpFigures(
  view: NetworkView,
  inputs: CompareInputs,
  ruleSet: RuleSet,
  miner: ActorId,
): WindUpFigures {
  const background = inputs.scenario.background
  const run = openRun(view, { ...inputs, miners: [miner], rules: ruleSet.rules, background })
  const scenario: ScenarioFile = {
    ...inputs.scenario,
    days: WIND_UP_DAYS,
    // Who terminates everything wins nothing.
    rewards: [],
    steps: [{ do: 'windUp', miner, day: 0 }],
  }
  const { moments, windUps } = runScenario(run, scenario, {
    isOver: () => run.vm.epoch % LOOK_EPOCHS === 0 && isWoundUp(run, idAddress(miner)),
  })
  const [windUp] = windUps
  const messages = windUp?.messages ?? []
  const last = moments.at(-1)?.miners.get(idAddress(miner))
  const available = last?.available ?? 0n
  return {
    miner,
    method: ruleSet.rules.terminateSectors2 === 'off' ? 'TerminateSectors' : 'TerminateSectors2',
    messages: messages.length,
    failedMessages: messages.filter(({ receipt }) => receipt.exitCode !== 0).length,
    sectors: messages.reduce((sum, { sectors }) => sum + sectors, 0),
    gas: messages.reduce((sum, { gas }) => sum + gas, 0n),
    epochs: windUp?.ended === undefined ? undefined : windUp.ended - windUp.began,
    burnt: last?.burnt ?? 0n,
    withdrawable: available > 0n ? available : 0n,
  }
}
