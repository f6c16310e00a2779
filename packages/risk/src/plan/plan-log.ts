import { type AttoFil, ExitCode } from '@plimsoll/primitives'
import type { NamedMessage } from '../run/send.ts'
import { plannedMessage, sizeOfMessage } from './plan-messages.ts'
import type { CashFlow, PlannedTick, PlanStep } from './plan-types.ts'
import type { GasBand } from './planned-gas.ts'
import type { PredictedPayment } from './predict-money.ts'
import { moneyOf, type PredictedMiner } from './predict-state.ts'
import type { PredictedTermination } from './predict-terminations.ts'
import { hasCharged, type PredictedTick } from './predict-tick.ts'

/** What a prediction does to a miner, written down as it goes. */
export interface PlanLog {
  readonly steps: readonly PlanStep[]
  readonly ticks: readonly PlannedTick[]
  readonly cash: readonly CashFlow[]
  cashTotal(): AttoFil
  termination(message: NamedMessage, gas: GasBand, outcome: PredictedTermination): void
  payment(message: NamedMessage, outcome: PredictedPayment): void
  tick(outcome: PredictedTick): void
}

export function createPlanLog(miner: PredictedMiner): PlanLog {
  const steps: PlanStep[] = []
  const ticks: PlannedTick[] = []
  const cash: CashFlow[] = []
  const cashTotal = () => cash.at(-1)?.total ?? 0n
  return {
    ...{ steps, ticks, cash, cashTotal },
    termination: (message, gas, { epoch, declared, rounds }) => {
      steps.push({
        ...{ epoch, declared, gas },
        message: plannedMessage(message),
        sizeBytes: sizeOfMessage(message),
        predicted: {
          exitCode: ExitCode.OK,
          fee: sumOf(rounds.map(({ fee }) => fee)),
          settledSectors: rounds.reduce((sum, { fees }) => sum + fees.length, 0),
          burned: sumOf(rounds.map(({ burned }) => burned)),
          paidOut: 0n,
          after: moneyOf(miner),
        },
      })
    },
    payment: (message, { epoch, exitCode, burned, paidOut }) => {
      steps.push({
        epoch,
        message: plannedMessage(message),
        declared: [],
        gas: null,
        sizeBytes: sizeOfMessage(message),
        predicted: { exitCode, fee: 0n, settledSectors: 0, burned, paidOut, after: moneyOf(miner) },
      })
      if (paidOut > 0n) {
        cash.push({ epoch, amount: paidOut, total: cashTotal() + paidOut })
      }
    },
    tick: (outcome) => {
      const vested = outcome.end?.vested ?? 0n
      if (hasCharged(outcome) || vested > 0n) {
        ticks.push({ ...plannedTick(outcome), after: moneyOf(miner) })
      }
    },
  }
}

function plannedTick({ epoch, end, rounds, burned }: PredictedTick): Omit<PlannedTick, 'after'> {
  return {
    ...{ epoch, burned },
    deadline: end?.deadline ?? null,
    faultFee: end?.faultFee ?? 0n,
    dailyFee: end?.dailyFee ?? 0n,
    burnedDeposits: end?.burnedDeposits ?? 0n,
    terminationFee: sumOf(rounds.map(({ fee }) => fee)),
    settledSectors: rounds.reduce((sum, { fees }) => sum + fees.length, 0),
    vested: end?.vested ?? 0n,
  }
}

function sumOf(amounts: readonly AttoFil[]): AttoFil {
  return amounts.reduce((sum, amount) => sum + amount, 0n)
}
