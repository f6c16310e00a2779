import { addLockedFunds, lockedRewardFromReward, REWARD_VESTING_SPEC } from '@plimsoll/actors'
import { type AttoFil, type ChainEpoch, EPOCHS_IN_DAY } from '@plimsoll/primitives'
import { openDeadlineOf } from '../../plan/predict-deadline.ts'
import { payDebt, predictRepayDebt, predictWithdrawal } from '../../plan/predict-money.ts'
import { tellingPledge } from '../../plan/predict-pledge.ts'
import { predictProof, predictRecoveries } from '../../plan/predict-proof.ts'
import type { PredictedMiner } from '../../plan/predict-state.ts'
import { type PredictedTick, predictTick } from '../../plan/predict-tick.ts'
import { isProving, RECOVERY_LEAD_DEADLINES } from '../../run/operator.ts'
import type { MoneyMove, PathInputs } from './path-inputs.ts'

/** What a day has come to so far. */
export interface DaySums {
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

export function emptySums(): DaySums {
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
export function passEpoch(
  miner: PredictedMiner,
  inputs: PathInputs,
  epoch: ChainEpoch,
  sums: DaySums,
): boolean {
  const moves = inputs.moves?.filter((move) => move.epoch === epoch) ?? []
  for (const move of moves) {
    makeMove(miner, move, sums)
  }
  const hasOperated = operateMiner(miner, inputs, epoch, sums)
  const endingDay = dayEndingIn(inputs, epoch)
  const isRewarded = endingDay !== undefined && receiveReward(miner, inputs, epoch, endingDay, sums)
  const tick = isDue(miner, epoch) ? predictTick(miner, epoch, () => inputs.network.estimates()) : undefined
  if (tick !== undefined) {
    addTick(sums, tick)
  }
  return moves.length > 0 || hasOperated || isRewarded || tick !== undefined
}

/** The day whose last epoch this is, counted from 1; undefined where no day ends. */
export function dayEndingIn({ start }: PathInputs, epoch: ChainEpoch): number | undefined {
  const passed = epoch + 1 - start
  return passed % EPOCHS_IN_DAY === 0 ? passed / EPOCHS_IN_DAY : undefined
}

/**
 * The next epoch in which something may happen to a miner that has passed one: a day ends, cron calls, money is moved,
 * or a deadline opens that the operator may prove. In the epochs before it {@link passEpoch} would do nothing.
 */
export function nextEpochAfter(miner: PredictedMiner, inputs: PathInputs, epoch: ChainEpoch): ChainEpoch {
  let next = nextMultiple(EPOCHS_IN_DAY, inputs.start - 1, epoch)
  for (const event of miner.events) {
    // What is overdue is called for at once.
    next = Math.min(next, Math.max(event.epoch, epoch + 1))
  }
  for (const move of inputs.moves ?? []) {
    next = move.epoch > epoch ? Math.min(next, move.epoch) : next
  }
  const { deadlineCronActive, policy, periodOffset } = miner
  const proves = deadlineCronActive && inputs.operator.kind !== 'stops'
  return proves ? Math.min(next, nextMultiple(policy.wpostChallengeWindow, periodOffset, epoch)) : next
}

/** The first epoch after `epoch` that is a whole number of units from `offset`. */
function nextMultiple(unit: number, offset: ChainEpoch, epoch: ChainEpoch): ChainEpoch {
  return offset + (Math.floor((epoch - offset) / unit) + 1) * unit
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
