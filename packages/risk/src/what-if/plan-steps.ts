import { amountAt, type MinerState, type Policy, quantizeUp } from '@plimsoll/actors'
import { type ActorId, type AttoFil, type ChainEpoch, REWARD_ACTOR_ID } from '@plimsoll/primitives'
import type { SectorBook } from '../book/sector-book.ts'
import { SectorStatus } from '../book/sector-columns.ts'
import type { ScenarioStep } from '../scenario/scenario-file.ts'
import { rowsOfSet, type SectorSet } from './sector-set.ts'

/** What is done to a miner by messages, in this order. Amounts in attoFIL. */
export interface WhatIfActions {
  readonly topUp?: AttoFil | undefined
  readonly recover?: SectorSet | undefined
  readonly extend?: { readonly sectors: SectorSet; readonly expiration: ChainEpoch } | undefined
  readonly terminate?: SectorSet | undefined
  readonly withdraw?: AttoFil | undefined
}

/** Sectors that an action was to be about and cannot be. */
export interface LeftOut {
  readonly action: 'recover' | 'extend'
  readonly sectors: number
  readonly reason: 'not faulty, or recovering already' | 'faulty or not proven' | 'verified data'
}

/** The steps of a run, and when everything that they set off is over. */
export interface PlannedSteps {
  readonly steps: readonly ScenarioStep[]
  /** Faults that nobody recovers: sectors, by their numbers. */
  readonly lost: readonly number[]
  readonly leftOut: readonly LeftOut[]
  /** The epoch in which figures are compared: after the last message, and the last proof of a recovery. */
  readonly until: ChainEpoch
}

/** Where an action is planned: a miner's state and sectors at the epoch of its next message. */
export interface PlanningGround {
  readonly miner: ActorId
  readonly policy: Policy
  readonly state: MinerState
  readonly book: SectorBook
  readonly start: ChainEpoch
}

/**
 * Plans the messages of an action, each as early as the actor takes it: a deadline that is open or next has to pass
 * before its sectors are terminated, and recoveries are declared before the cutoff of a window.
 *
 * @throws {WhatIfError} `SECTOR_NOT_LIVE`
 */
export function planSteps(ground: PlanningGround, actions: WhatIfActions): PlannedSteps {
  const { miner, policy, start, book } = ground
  const { columns } = book
  const { FAULTY, RECOVERING, UNPROVEN } = SectorStatus
  const has = (row: number, bits: number) => ((columns.status[row] as number) & bits) !== 0
  const rowsOf = (set: SectorSet | undefined) => (set === undefined ? [] : rowsOfSet(miner, columns, set))
  const numbersOf = (rows: readonly number[]) => rows.map((row) => columns.sectorNumber[row] as number)

  const [recovered, sound] = partition(
    rowsOf(actions.recover),
    (row) => has(row, FAULTY) && !has(row, RECOVERING),
  )
  const [active, idle] = partition(rowsOf(actions.extend?.sectors), (row) => !has(row, FAULTY | UNPROVEN))
  const [extended, verified] = partition(active, (row) => amountAt(columns.verifiedDealWeight, row) === 0n)
  const at = (epoch: ChainEpoch) => ({ miner, epoch })

  const recoveries = byEpoch(ground, recovered, policy.faultDeclarationCutoff)
  const terminations = byEpoch(ground, rowsOf(actions.terminate), policy.wpostChallengeWindow)
  const proofs = recoveries.flatMap(([epoch, rows]) =>
    rows.map(
      (row) => windowEnd(ground, columns.deadline[row] as number, epoch) - policy.wpostChallengeWindow + 1,
    ),
  )
  const lastTermination = terminations.at(-1)?.[0] ?? start
  const steps: ScenarioStep[] = [
    // Whoever pays; the reward actor has enough, and wins nothing by what it has.
    ...optional(actions.topUp, (amount) => ({
      do: 'topUp' as const,
      amount,
      from: REWARD_ACTOR_ID,
      ...at(start),
    })),
    ...recoveries.map(([epoch, rows]) => ({
      do: 'recover' as const,
      sectors: numbersOf(rows),
      ...at(epoch),
    })),
    ...(actions.extend === undefined || extended.length === 0
      ? []
      : [
          {
            do: 'extend' as const,
            sectors: numbersOf(extended),
            expiration: actions.extend.expiration,
            ...at(start),
          },
        ]),
    ...terminations.map(([epoch, rows]) => ({
      do: 'terminate' as const,
      sectors: numbersOf(rows),
      ...at(epoch),
    })),
    // What can be withdrawn is known once everything is charged.
    ...optional(actions.withdraw, (amount) => ({ do: 'withdraw' as const, amount, ...at(lastTermination) })),
  ]
  const faulty = rowsOf({ kind: 'faulty' }).filter((row) => !has(row, RECOVERING))
  const until = 1 + Math.max(start, ...steps.map(({ epoch }) => epoch ?? start), ...proofs)
  const left = [
    { action: 'recover', rows: sound, reason: 'not faulty, or recovering already' },
    { action: 'extend', rows: idle, reason: 'faulty or not proven' },
    { action: 'extend', rows: verified, reason: 'verified data' },
  ] as const
  return {
    steps,
    lost: numbersOf(faulty),
    leftOut: left.flatMap(({ action, rows, reason }) =>
      rows.length === 0 ? [] : [{ action, reason, sectors: rows.length }],
    ),
    until,
  }
}

/** Rows by the first epoch from the start on that is at least so many epochs before the window of their deadline. */
function byEpoch(
  ground: PlanningGround,
  rows: readonly number[],
  epochsBefore: number,
): readonly (readonly [ChainEpoch, readonly number[]])[] {
  const { start, book, policy } = ground
  const earliest = (row: number): ChainEpoch => {
    const end = windowEnd(ground, book.columns.deadline[row] as number, start)
    const open = end - policy.wpostChallengeWindow + 1
    return start < open - epochsBefore ? start : end + 1
  }
  return [...Map.groupBy(rows, earliest)].sort(([a], [b]) => a - b)
}

/** The last epoch of the window of a deadline that is open in an epoch, or opens next after it. */
function windowEnd({ policy, state }: PlanningGround, deadline: number, epoch: ChainEpoch): ChainEpoch {
  const { wpostProvingPeriod: unit, wpostChallengeWindow } = policy
  return quantizeUp(
    { unit, offset: state.provingPeriodStart + (deadline + 1) * wpostChallengeWindow - 1 },
    epoch,
  )
}

function partition<T>(list: readonly T[], isSo: (each: T) => boolean): readonly [readonly T[], readonly T[]] {
  return [list.filter(isSo), list.filter((each) => !isSo(each))]
}

function optional<T, Step>(value: T | undefined, stepOf: (value: T) => Step): readonly Step[] {
  return value === undefined ? [] : [stepOf(value)]
}
