import type { ActorId, AttoFil, ChainEpoch } from '@plimsoll/primitives'
import type { GasBand } from './planned-gas.ts'
import type { MoneyMoment } from './predict-state.ts'
import type { DeclaredPart } from './predict-terminations.ts'
import type { SafeVerdict } from './safe-target.ts'

/** A message ready to be signed. The nonce and what is paid for gas are the signer's. */
export interface PlannedMessage {
  /** Addresses as text, such as `f01234`. */
  readonly from: string
  readonly to: string
  /** AttoFIL. */
  readonly value: AttoFil
  readonly method: number
  readonly methodName: string
  /** CBOR in hexadecimal; null where the method takes nothing. */
  readonly params: string | null
}

/** What a message is predicted to come to; attoFIL. */
export interface PredictedEffect {
  readonly exitCode: number
  /** What is charged for terminations. */
  readonly fee: AttoFil
  readonly settledSectors: number
  readonly burned: AttoFil
  readonly paidOut: AttoFil
  readonly after: MoneyMoment
}

export interface PlanStep {
  /** The epoch of the state that the message runs on. */
  readonly epoch: ChainEpoch
  readonly message: PlannedMessage
  readonly declared: readonly DeclaredPart[]
  /** Null for messages that move money, whose gas is small. */
  readonly gas: GasBand | null
  readonly sizeBytes: number
  readonly predicted: PredictedEffect
}

/** A tick that costs something or unlocks something; attoFIL. */
export interface PlannedTick {
  readonly epoch: ChainEpoch
  readonly deadline: number | null
  readonly faultFee: AttoFil
  readonly dailyFee: AttoFil
  readonly burnedDeposits: AttoFil
  readonly terminationFee: AttoFil
  readonly settledSectors: number
  readonly vested: AttoFil
  readonly burned: AttoFil
  readonly after: MoneyMoment
}

/** Cash that leaves for the beneficiary; attoFIL. */
export interface CashFlow {
  readonly epoch: ChainEpoch
  readonly amount: AttoFil
  readonly total: AttoFil
}

/** Something that keeps a plan from all that there is, planned around where that is possible. */
export interface PlanBlocker {
  readonly kind: string
  readonly certainty: 'certain' | 'possible'
  readonly message: string
  /** Sectors that the plan leaves out because of it, ascending. */
  readonly sectors: readonly number[]
  /** What cannot be had as long as it is there; attoFIL. */
  readonly lockedValue: AttoFil
}

export interface PlanTotals {
  readonly terminationMessages: number
  readonly settledSectors: number
  readonly terminationFees: AttoFil
  readonly faultFees: AttoFil
  readonly dailyFees: AttoFil
  readonly burnedDeposits: AttoFil
  readonly burned: AttoFil
  /** Of the cash what comes in the epoch after the last sector is charged, or before. */
  readonly cashNow: AttoFil
  readonly cashLater: AttoFil
  readonly gas: GasBand
}

/** Below the level a lender terminates. */
export interface TerminationLevel {
  readonly outstanding: AttoFil
  readonly termination: AttoFil
}

export interface ComparedLevel extends TerminationLevel {
  readonly eligibleAsset: AttoFil
}

/** A plan without its hash. */
export interface PlanBody {
  readonly format: 1
  readonly target: 'all' | 'safe'
  readonly miner: ActorId
  /**
   * Whether everything is to be terminated of a miner that was not found below a termination level: because it is not,
   * or because none was given. A plan that nobody's rules ask for is not sent unseen.
   */
  readonly forced: boolean
  /** The level that was given, with what it was compared with; attoFIL. */
  readonly level: ComparedLevel | null
  /** What the plan was made for; it fits nothing else. */
  readonly stateRoot: string
  readonly epoch: ChainEpoch
  readonly rules: string
  readonly assumptions: readonly string[]
  readonly start: MoneyMoment & {
    readonly liveSectors: number
    readonly queuedSectors: number
  }
  readonly steps: readonly PlanStep[]
  readonly ticks: readonly PlannedTick[]
  /** The last epoch in which every round is ticked; from then on only those that end one of the miner's deadlines. */
  readonly everyEpochUntil: ChainEpoch
  readonly end: MoneyMoment & {
    readonly epoch: ChainEpoch
    readonly liveSectors: number
    readonly queuedSectors: number
    /** Debt that nothing is left to pay. */
    readonly shortfall: AttoFil
  }
  readonly cash: readonly CashFlow[]
  readonly totals: PlanTotals
  readonly blockers: readonly PlanBlocker[]
  /** Of the target `safe`. */
  readonly safe: SafeVerdict | null
}

/** A plan, and the BLAKE2b-256 of its text in hexadecimal. */
export interface LiquidationPlan extends PlanBody {
  readonly hash: string
}
