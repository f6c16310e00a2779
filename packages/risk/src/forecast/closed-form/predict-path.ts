import {
  addLockedFunds,
  lockedRewardFromReward,
  type NetworkEstimates,
  type PowerPair,
  REWARD_VESTING_SPEC,
} from '@plimsoll/actors'
import { type AttoFil, type ChainEpoch, EPOCHS_IN_DAY } from '@plimsoll/primitives'
import { openDeadlineOf } from '../../plan/predict-deadline.ts'
import { payDebt, predictRepayDebt, predictWithdrawal } from '../../plan/predict-money.ts'
import { tellingPledge } from '../../plan/predict-pledge.ts'
import { predictProof, predictRecoveries } from '../../plan/predict-proof.ts'
import type { PredictedMiner } from '../../plan/predict-state.ts'
import { type PredictedTick, predictTick } from '../../plan/predict-tick.ts'
import { isProving, type Operator, RECOVERY_LEAD_DEADLINES } from '../../run/operator.ts'
import {
  type Crossing,
  type CrossingKind,
  growTrack,
  type MoneyPoint,
  type MoneyTrack,
  moneyPoint,
  nextTrack,
  noteCrossings,
  type Outlook,
  outlookOf,
  sortedCrossings,
  type Thresholds,
} from '../crossings.ts'

/** A stated path of the network's estimates, which may depend on what the miner does to the network's power. */
export interface EstimatePath {
  /** What a message or a tick in the present epoch reads. */
  estimates(): NetworkEstimates
  /** Ends an epoch at whose end the miner has that claim. */
  tick(epoch: ChainEpoch, claim: PowerPair): void
}

/** FIL that comes, goes, or pays debt in an epoch; attoFIL. */
export type MoneyMove =
  | { readonly kind: 'topUp'; readonly epoch: ChainEpoch; readonly amount: AttoFil }
  | { readonly kind: 'withdraw'; readonly epoch: ChainEpoch; readonly amount: AttoFil }
  | { readonly kind: 'repayDebt'; readonly epoch: ChainEpoch }

/** What a path is made of beside the miner. */
export interface PathInputs {
  /** The epoch of the first message. */
  readonly start: ChainEpoch
  readonly days: number
  readonly operator: Operator
  /** Which sectors cannot be proven in an epoch, whatever the operator does; none unless given. */
  readonly isLost?: ((sector: number, epoch: ChainEpoch) => boolean) | undefined
  readonly network: EstimatePath
  readonly moves?: readonly MoneyMove[] | undefined
  /** Rewards that are expected to come in the last epoch of a day, counted from 1; none unless given; attoFIL. */
  readonly rewardOfDay?: ((day: number) => AttoFil) | undefined
  /** Minted against the miner and not burned, in an epoch: constant, or growing by passive mint and interest; attoFIL. */
  readonly outstandingAt: (epoch: ChainEpoch) => AttoFil
  readonly thresholds: Thresholds
}

/**
 * What moved a miner's money in a day; attoFIL.
 *
 * The balance at the end is that at the beginning, with what was rewarded and topped up, without what was burned and
 * withdrawn. The debt at the end is that at the beginning with all charges, without what was burned.
 */
export interface DayTerms {
  readonly dailyFee: AttoFil
  readonly faultFee: AttoFil
  readonly terminationFee: AttoFil
  /** Deposits of pre-commitments that expired: a charge as well. */
  readonly burnedDeposits: AttoFil
  readonly burned: AttoFil
  readonly rewarded: AttoFil
  readonly toppedUp: AttoFil
  readonly withdrawn: AttoFil
  /** Of the locked funds, what vested or was taken for debt. */
  readonly unlocked: AttoFil
  /** Of sectors that expired or were charged. */
  readonly pledgeReleased: AttoFil
}

export interface PathDay extends MoneyPoint {
  readonly terms: DayTerms
}

export interface PredictedPath {
  readonly start: MoneyPoint
  /** The end of every day. */
  readonly days: readonly PathDay[]
  /** By epoch. */
  readonly crossings: readonly Crossing[]
  readonly outlook: Outlook
  /** The lowest that the eligible asset gets when debt is counted against it. */
  readonly lowest: MoneyPoint
}

/**
 * Leads a miner through days of deadlines by closed formulas: no actor is executed. Under the estimates that a run of
 * the actors has, the path is the run's to the attoFIL.
 *
 * The miner is changed.
 *
 * @throws {PlanError} `STATE_NOT_PREDICTABLE` as `predictProof` and `tellingPledge` do.
 */
export function predictPath(miner: PredictedMiner, inputs: PathInputs): PredictedPath {
  const path = openPath(miner, inputs)
  const end = inputs.start + inputs.days * EPOCHS_IN_DAY
  for (let epoch = inputs.start; epoch < end; epoch++) {
    path.pass(epoch)
    inputs.network.tick(epoch, miner.claim)
  }
  return path.result()
}

/** A path that is led on epoch by epoch, for several miners in one network. */
export interface OpenPath {
  /** Passes the next epoch, but for the network's tick. */
  pass(epoch: ChainEpoch): void
  result(): PredictedPath
}

export function openPath(miner: PredictedMiner, inputs: PathInputs): OpenPath {
  const { start: from, outstandingAt, thresholds } = inputs
  const start = moneyPoint(miner, outstandingAt(from - 1), from - 1)
  const first = new Map<CrossingKind, ChainEpoch>()
  noteCrossings(first, start, thresholds)
  if (!miner.hasClaim) {
    first.set('claimDeleted', start.epoch)
  }
  const days: PathDay[] = []
  let track: MoneyTrack = { latest: start, lowest: start }
  let [before, sums] = [start, emptySums()]
  const growTo = (epoch: ChainEpoch) => {
    track = growTrack(first, track, epoch, outstandingAt, thresholds)
  }
  return {
    pass: (epoch) => {
      const isDayOver = (epoch - from + 1) % EPOCHS_IN_DAY === 0
      if (passEpoch(miner, inputs, epoch, isDayOver ? days.length + 1 : undefined, sums)) {
        growTo(epoch - 1)
        track = nextTrack(track, moneyPoint(miner, outstandingAt(epoch), epoch))
        noteCrossings(first, track.latest, thresholds)
        if (sums.isCharged && !first.has('sectorsTerminated')) {
          first.set('sectorsTerminated', epoch)
        }
      }
      if (isDayOver) {
        growTo(epoch)
        days.push({ ...track.latest, terms: termsOf(sums, before, track.latest) })
        before = track.latest
        sums = emptySums()
      }
    },
    result: () => ({
      ...{ start, days, crossings: sortedCrossings(first), outlook: outlookOf(first), lowest: track.lowest },
    }),
  }
}

/** What a day has come to so far. */
interface DaySums {
  dailyFee: AttoFil
  faultFee: AttoFil
  terminationFee: AttoFil
  burnedDeposits: AttoFil
  burned: AttoFil
  rewarded: AttoFil
  locked: AttoFil
  toppedUp: AttoFil
  withdrawn: AttoFil
  /** Whether a terminated sector was charged. */
  isCharged: boolean
}

function emptySums(): DaySums {
  const [zero, isCharged] = [0n, false]
  return {
    ...{ dailyFee: zero, faultFee: zero, terminationFee: zero, burnedDeposits: zero, burned: zero },
    ...{ rewarded: zero, locked: zero, toppedUp: zero, withdrawn: zero, isCharged },
  }
}

/**
 * In the order of a run: what is done to the miner, what its operator does, the reward of the day that ends, cron.
 *
 * @returns whether anything happened.
 */
function passEpoch(
  miner: PredictedMiner,
  inputs: PathInputs,
  epoch: ChainEpoch,
  endingDay: number | undefined,
  sums: DaySums,
): boolean {
  const moves = inputs.moves?.filter((move) => move.epoch === epoch) ?? []
  for (const move of moves) {
    makeMove(miner, move, sums)
  }
  const hasOperated = operateMiner(miner, inputs, epoch, sums)
  const isRewarded = endingDay !== undefined && receiveReward(miner, inputs, epoch, endingDay, sums)
  const tick = isDue(miner, epoch) ? predictTick(miner, epoch, () => inputs.network.estimates()) : undefined
  if (tick !== undefined) {
    addTick(sums, tick)
  }
  return moves.length > 0 || hasOperated || isRewarded || tick !== undefined
}

function isDue({ events }: PredictedMiner, epoch: ChainEpoch): boolean {
  return events.some((event) => event.epoch <= epoch)
}

function makeMove(miner: PredictedMiner, move: MoneyMove, sums: DaySums): void {
  if (move.kind === 'topUp') {
    miner.balance += move.amount
    sums.toppedUp += move.amount
    return
  }
  const payment =
    move.kind === 'withdraw'
      ? predictWithdrawal(miner, move.epoch, move.amount)
      : predictRepayDebt(miner, move.epoch)
  sums.withdrawn += payment.paidOut
  sums.burned += payment.burned
}

/** In the first epoch of a deadline, and of the path, its proof, and the recoveries of one that is to come. */
function operateMiner(miner: PredictedMiner, inputs: PathInputs, epoch: ChainEpoch, sums: DaySums): boolean {
  const { wpostChallengeWindow: window, wpostPeriodDeadlines } = miner.policy
  const isTurn = (epoch - miner.periodOffset) % window === 0 || epoch === inputs.start
  if (!(isTurn && miner.deadlineCronActive && isProving(inputs.operator, epoch))) {
    return false
  }
  const isLost = (sector: number) => inputs.isLost?.(sector, epoch) ?? false
  const { index } = openDeadlineOf(miner, epoch)
  predictProof(miner, epoch, isLost)
  const ahead = (index + RECOVERY_LEAD_DEADLINES) % wpostPeriodDeadlines
  sums.burned += predictRecoveries(miner, epoch, ahead, isLost)
  return true
}

/**
 * Three quarters are locked and vest; debt is paid at once.
 *
 * Source: builtin-actors v18, `actors/miner/src/lib.rs`, `apply_rewards`.
 */
function receiveReward(
  miner: PredictedMiner,
  { rewardOfDay }: PathInputs,
  epoch: ChainEpoch,
  day: number,
  sums: DaySums,
): boolean {
  const reward = rewardOfDay?.(day) ?? 0n
  if (reward === 0n) {
    return false
  }
  const toLock = lockedRewardFromReward(reward)
  sums.rewarded += reward
  sums.locked += toLock
  sums.burned += tellingPledge(miner, epoch, () => {
    miner.balance += reward
    const { periodOffset, vesting } = miner
    const { vested, remaining } = addLockedFunds(vesting, epoch, toLock, periodOffset, REWARD_VESTING_SPEC)
    miner.vesting = remaining
    miner.lockedFunds += toLock - vested
    return payDebt(miner, epoch)
  })
  return true
}

function addTick(sums: DaySums, { end, rounds, burned }: PredictedTick): void {
  sums.dailyFee += end?.dailyFee ?? 0n
  sums.faultFee += end?.faultFee ?? 0n
  sums.burnedDeposits += end?.burnedDeposits ?? 0n
  sums.burned += burned
  for (const { fee, fees } of rounds) {
    sums.terminationFee += fee
    sums.isCharged ||= fees.length > 0
  }
}

function termsOf(sums: DaySums, before: MoneyPoint, after: MoneyPoint): DayTerms {
  const { dailyFee, faultFee, terminationFee, burnedDeposits, burned } = sums
  const { rewarded, locked, toppedUp, withdrawn } = sums
  return {
    ...{ dailyFee, faultFee, terminationFee, burnedDeposits, burned, rewarded, toppedUp, withdrawn },
    unlocked: before.lockedFunds + locked - after.lockedFunds,
    pledgeReleased: before.initialPledge - after.initialPledge,
  }
}
