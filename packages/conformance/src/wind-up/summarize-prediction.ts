import type { NetworkEstimates } from '@plimsoll/actors'
import {
  hasCharged,
  type MoneyMoment,
  type PredictedPayment,
  type PredictedTermination,
  type PredictedTick,
  type PredictedWindUp,
  type SettledFee,
  type WindUpStep,
} from '@plimsoll/risk'

/** A predicted wind-up in the words of the recorded summaries: amounts are decimal texts of attoFIL. */
export function summarizePrediction(windUp: PredictedWindUp, initialFeeDebt: bigint) {
  const { steps, afterLastTermination, end } = windUp
  const numbers = numberSteps(steps, afterLastTermination?.epoch ?? end.epoch)
  const payments = steps.flatMap((step, i) =>
    step.kind === 'payment' ? [[step.outcome, numbers[i]] as const] : [],
  )
  const terminations = steps.flatMap((step, i) =>
    step.kind === 'termination' ? [[step.outcome, numbers[i]] as const] : [],
  )
  const ticks = steps.flatMap((step) =>
    step.kind === 'tick' && step.outcome !== undefined && hasCharged(step.outcome) ? [step.outcome] : [],
  )
  return {
    termination_messages: terminations.map(([outcome, step]) => terminationOf(outcome, step)),
    after_last_termination:
      afterLastTermination === undefined
        ? undefined
        : { epoch: afterLastTermination.epoch, ...momentOf(afterLastTermination) },
    ticks_with_charges: ticks.map(tickOf),
    money_messages: payments.map(([outcome, step]) => paymentOf(outcome, step)),
    cash_by_epoch: cashByEpoch(payments.map(([outcome]) => outcome)),
    end: { epoch: end.epoch, ...momentOf(end), deadline_cron_active: end.deadlineCronActive },
    totals: totalsOf(
      terminations.map(([outcome]) => outcome),
      ticks,
      payments.map(([outcome]) => outcome),
      end,
      initialFeeDebt,
    ),
  }
}

export function momentOf({ balance, initialPledge, lockedFunds, preCommitDeposits, feeDebt }: MoneyMoment) {
  return {
    balance: String(balance),
    initial_pledge: String(initialPledge),
    locked_funds: String(lockedFunds),
    pre_commit_deposits: String(preCommitDeposits),
    fee_debt: String(feeDebt),
  }
}

export function estimatesOf({ qaPower, reward }: NetworkEstimates) {
  return {
    qa_power: [String(qaPower.position), String(qaPower.velocity)],
    reward: [String(reward.position), String(reward.velocity)],
  }
}

/** The index of every step in the file, in which ticks that are not looked at follow each other in one line. */
function numberSteps(steps: readonly WindUpStep[], woundDownAt: number): readonly number[] {
  let number = -1
  let isInRun = false
  return steps.map((step) => {
    const isPlain = step.kind === 'tick' && !isLookedAt(step.outcome, woundDownAt)
    number += isPlain && isInRun ? 0 : 1
    isInRun = isPlain
    return number
  })
}

/** Every call of the miner while it has sectors, and after that those that change its money. */
function isLookedAt(tick: PredictedTick | undefined, woundDownAt: number): boolean {
  return tick !== undefined && (tick.epoch < woundDownAt || hasCharged(tick) || (tick.end?.vested ?? 0n) > 0n)
}

function terminationOf(outcome: PredictedTermination, step: number | undefined) {
  const fees = outcome.rounds.flatMap((round) => round.fees)
  return {
    step,
    epoch: outcome.epoch,
    exit: 0,
    done: outcome.isDone,
    declared: outcome.declared.map(({ deadline, partition, sectors }) => [
      deadline,
      partition,
      rangesOf(sectors),
    ]),
    declared_sectors: outcome.declared.reduce((sum, { sectors }) => sum + sectors.length, 0),
    settled_sectors: fees.length,
    fee_charged: String(sumOfFees(fees)),
    burn: String(outcome.rounds.reduce((sum, { burned }) => sum + burned, 0n)),
    fee_debt_before: String(outcome.debtBefore),
    fee_debt_after: String(outcome.debtAfter),
    estimates: estimatesOf(outcome.estimates),
    fees: groupFees(fees),
  }
}

function tickOf({ epoch, end, rounds, burned, debtBefore, debtAfter, estimates }: PredictedTick) {
  const fees = rounds.flatMap((round) => round.fees)
  const settled =
    fees.length === 0
      ? {}
      : { settled_sectors: fees.length, estimates: estimatesOf(estimates), fees: groupFees(fees) }
  return {
    epoch,
    deadline: end?.deadline,
    fault_fee: String(end?.faultFee ?? 0n),
    daily_fee: String(end?.dailyFee ?? 0n),
    burned_deposits: String(end?.burnedDeposits ?? 0n),
    termination_fee: String(sumOfFees(fees)),
    burn: String(burned),
    fee_debt_before: String(debtBefore),
    fee_debt_after: String(debtAfter),
    ...settled,
  }
}

function paymentOf(payment: PredictedPayment, step: number | undefined) {
  return {
    step,
    epoch: payment.epoch,
    message: payment.method,
    exit: payment.exitCode,
    paid_out: String(payment.paidOut),
    burn: String(payment.burned),
    fee_debt_before: String(payment.debtBefore),
    fee_debt_after: String(payment.debtAfter),
    balance_after: String(payment.balanceAfter),
    locked_after: String(payment.lockedAfter),
  }
}

function cashByEpoch(payments: readonly PredictedPayment[]) {
  let total = 0n
  return payments
    .filter(({ paidOut }) => paidOut > 0n)
    .map(({ epoch, paidOut }) => {
      total += paidOut
      return [epoch, String(paidOut), String(total)]
    })
}

function totalsOf(
  terminations: readonly PredictedTermination[],
  ticks: readonly PredictedTick[],
  payments: readonly PredictedPayment[],
  end: MoneyMoment,
  initialFeeDebt: bigint,
) {
  const fees = [...terminations, ...ticks].flatMap(({ rounds }) => rounds.flatMap((round) => round.fees))
  const burnt =
    sumOf(terminations.flatMap(({ rounds }) => rounds.map(({ burned }) => burned))) +
    sumOf(ticks.map(({ burned }) => burned)) +
    sumOf(payments.map(({ burned }) => burned))
  return {
    initial_fee_debt: String(initialFeeDebt),
    termination_messages: terminations.length,
    settled_sectors: fees.length,
    termination_fees: String(sumOfFees(fees)),
    fault_fees: String(sumOf(ticks.map((tick) => tick.end?.faultFee ?? 0n))),
    daily_fees: String(sumOf(ticks.map((tick) => tick.end?.dailyFee ?? 0n))),
    burned_deposits: String(sumOf(ticks.map((tick) => tick.end?.burnedDeposits ?? 0n))),
    burnt: String(burnt),
    cash_withdrawn: String(sumOf(payments.map(({ paidOut }) => paidOut))),
    final_balance: String(end.balance),
    shortfall: String(end.feeDebt),
  }
}

/** Sectors by the epoch of their termination and their fee, both ascending. */
function groupFees(fees: readonly SettledFee[]) {
  const groups = Map.groupBy(fees, ({ epoch, fee }) => `${epoch}/${fee}`)
  return [...groups.values()]
    .map((group) => {
      const { epoch, fee } = group[0] as SettledFee
      const sectors = group.map(({ sector }) => sector).sort((a, b) => a - b)
      return { epoch, fee, ranges: rangesOf(sectors) }
    })
    .sort((a, b) => a.epoch - b.epoch || (a.fee < b.fee ? -1 : 1))
    .map(({ epoch, fee, ranges }) => [epoch, String(fee), ranges])
}

/** Ascending numbers as `1-3,5`. */
export function rangesOf(numbers: readonly number[]): string {
  const ranges: [first: number, last: number][] = []
  for (const number of numbers) {
    const range = ranges.at(-1)
    if (range !== undefined && range[1] === number - 1) {
      range[1] = number
    } else {
      ranges.push([number, number])
    }
  }
  return ranges.map(([first, last]) => (first === last ? `${first}` : `${first}-${last}`)).join(',')
}

function sumOfFees(fees: readonly SettledFee[]): bigint {
  return sumOf(fees.map(({ fee }) => fee))
}

function sumOf(amounts: readonly bigint[]): bigint {
  return amounts.reduce((sum, amount) => sum + amount, 0n)
}
