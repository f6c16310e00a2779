import type {
  BeneficiaryTerm,
  MinerInfo,
  NetworkEstimates,
  Policy,
  PowerPair,
  VestingTable,
} from '@plimsoll/actors'
import type { BitField } from '@plimsoll/ipld'
import type { ActorId, Address, AttoFil, ChainEpoch, StoragePower } from '@plimsoll/primitives'

/** A live sector as a prediction has it: when it leaves, and whether it is charged and paid for until then. */
export interface PredictedSector {
  readonly number: number
  readonly activation: ChainEpoch
  readonly initialPledge: AttoFil
  readonly qaPower: StoragePower
  readonly dailyFee: AttoFil
  /** Whether the market hears of its termination. */
  readonly hasData: boolean
  /** The last epoch of its deadline in which it leaves when it is never found faulty for too long. */
  readonly promisedUntil: ChainEpoch
  /** The last epoch of its deadline in which it leaves as things are. */
  expiresAt: ChainEpoch
  /** Leaves as promised, with its pledge; otherwise it is terminated, and pays. */
  isOnTime: boolean
  isFaulty: boolean
  isRecovering: boolean
  isUnproven: boolean
}

/** Sectors that wait to be charged, by ascending number, for the age that they had in an epoch. */
export interface PredictedQueue {
  readonly epoch: ChainEpoch
  sectors: readonly PredictedSector[]
}

export interface PredictedPartition {
  readonly index: number
  /** Every sector that it ever had, terminated ones too. */
  readonly sectors: BitField
  readonly live: Map<number, PredictedSector>
  /** By ascending epoch. */
  queued: PredictedQueue[]
  /** Proven in the window that is open. */
  isPosted: boolean
}

export interface PredictedDeadline {
  /** By ascending index. */
  readonly partitions: readonly PredictedPartition[]
  liveQaPower: StoragePower
  faultyQaPower: StoragePower
  dailyFee: AttoFil
  /** Partitions that are looked at when the queue is charged. */
  readonly pending: Set<number>
}

/** What cron will call the miner for. */
export interface PredictedEvent {
  readonly epoch: ChainEpoch
  readonly kind: 'deadline' | 'early terminations'
}

/** Pre-commitments whose deposits are burned by the first deadline that ends at or after an epoch. */
export interface PredictedCleanUp {
  readonly epoch: ChainEpoch
  readonly deposit: AttoFil
}

/** What all miners of a network have locked, as the power actor adds it up. Miners of one network share it; attoFIL. */
export interface NetworkPledge {
  total: AttoFil
}

/**
 * A miner in the form that a prediction works on: plain values, changed in place. Amounts in attoFIL.
 *
 * It holds what decides money when nothing is proven, declared or committed any more; what else there is of a miner
 * is left out.
 */
export interface PredictedMiner {
  readonly id: ActorId
  readonly policy: Policy
  readonly sectorSizeBytes: number
  readonly owner: Address
  /** Who sends what is not the owner's to send. */
  worker: Address
  /** Replaces the worker at the end of a deadline. */
  pendingWorker: MinerInfo['pendingWorkerKey']
  readonly beneficiary: Address
  beneficiaryTerm: BeneficiaryTerm
  balance: AttoFil
  initialPledge: AttoFil
  preCommitDeposits: AttoFil
  lockedFunds: AttoFil
  feeDebt: AttoFil
  vesting: VestingTable
  /** By ascending epoch. */
  cleanUps: readonly PredictedCleanUp[]
  readonly periodOffset: ChainEpoch
  /** The last epoch in which a consensus fault excludes it from recovering; −1 without one. */
  readonly excludedUntil: ChainEpoch
  deadlineCronActive: boolean
  readonly deadlines: readonly PredictedDeadline[]
  /** Deadlines that are looked at when the queue is charged. */
  readonly pending: Set<number>
  /** In the order of their enrolment. */
  events: readonly PredictedEvent[]
  /** Whether the power actor knows the miner. To one that it does not know it refuses everything. */
  readonly hasClaim: boolean
  /** What the power actor counts of the miner. */
  claim: PowerPair
  readonly networkPledge: NetworkPledge
}

/** The estimates that a message or a tick in an epoch reads. */
export type EstimatesAt = (epoch: ChainEpoch) => NetworkEstimates

/** A sum of money figures of a miner at a moment; attoFIL. */
export interface MoneyMoment {
  readonly balance: AttoFil
  readonly initialPledge: AttoFil
  readonly lockedFunds: AttoFil
  readonly preCommitDeposits: AttoFil
  readonly feeDebt: AttoFil
}

export function moneyOf(miner: MoneyMoment): MoneyMoment {
  const { balance, initialPledge, lockedFunds, preCommitDeposits, feeDebt } = miner
  return { balance, initialPledge, lockedFunds, preCommitDeposits, feeDebt }
}

export function liveSectorsOf({ deadlines }: PredictedMiner): readonly PredictedSector[] {
  return deadlines.flatMap(({ partitions }) => partitions.flatMap(({ live }) => [...live.values()]))
}

/** Whether nothing of a miner is left to be terminated or to be charged. */
export function isWoundDown(miner: PredictedMiner): boolean {
  return (
    miner.pending.size === 0 &&
    miner.deadlines.every(({ partitions }) => partitions.every(({ live }) => live.size === 0))
  )
}

export function countQueued({ deadlines }: PredictedMiner): number {
  let count = 0
  for (const { partitions } of deadlines) {
    for (const { queued } of partitions) {
      count += queued.reduce((sum, { sectors }) => sum + sectors.length, 0)
    }
  }
  return count
}
