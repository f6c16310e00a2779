import {
  CONTINUED_FAULT_PROJECTION_PERIOD,
  type NetworkEstimates,
  pledgePenaltyForTermination,
  rewardForPower,
  rewardProjection,
} from '@plimsoll/actors'
import type { AttoFil, ChainEpoch } from '@plimsoll/primitives'
import { payDebt } from './predict-money.ts'
import { tellingPledge } from './predict-pledge.ts'
import type {
  PredictedDeadline,
  PredictedMiner,
  PredictedPartition,
  PredictedSector,
} from './predict-state.ts'

/** Sectors of a partition that a message names. */
export interface DeclaredPart {
  readonly deadline: number
  readonly partition: number
  /** By ascending number. */
  readonly sectors: readonly number[]
}

/** A sector that was charged: for the age that it had in an epoch, attoFIL. */
export interface SettledFee {
  readonly sector: number
  readonly epoch: ChainEpoch
  readonly fee: AttoFil
}

/** What one round of charging came to; attoFIL. */
export interface PredictedRound {
  /** In the order in which they are charged. */
  readonly fees: readonly SettledFee[]
  readonly fee: AttoFil
  readonly pledgeReleased: AttoFil
  readonly burned: AttoFil
  /** Whether the queue has more. */
  readonly hasMore: boolean
}

/** A message that terminates sectors, and what came of it. */
export interface PredictedTermination {
  readonly epoch: ChainEpoch
  readonly declared: readonly DeclaredPart[]
  readonly rounds: readonly PredictedRound[]
  readonly isDone: boolean
  readonly debtBefore: AttoFil
  readonly debtAfter: AttoFil
  readonly estimates: NetworkEstimates
}

/**
 * Method 9: queues what is declared and charges one round. The deadlines must be ones that can be changed, and the
 * sectors live.
 *
 * Source: builtin-actors v18, `actors/miner/src/lib.rs`, `terminate_sectors`.
 */
export function predictTermination(
  miner: PredictedMiner,
  epoch: ChainEpoch,
  declared: readonly DeclaredPart[],
  estimates: NetworkEstimates,
): PredictedTermination {
  const debtBefore = miner.feeDebt
  const hadPending = miner.pending.size > 0
  declare(miner, epoch, declared)
  const round = settleRound(miner, epoch, estimates)
  if (round.hasMore && !hadPending) {
    enrolEarlyTerminations(miner, epoch)
  }
  const isDone = !round.hasMore
  return { epoch, declared, rounds: [round], isDone, debtBefore, debtAfter: miner.feeDebt, estimates }
}

/**
 * Method 37: charges the queue, then what is declared, round after round until nothing is left.
 *
 * Source: FIPs pull request 1035, `FIPS/fip-tbd.md`.
 */
export function predictTermination2(
  miner: PredictedMiner,
  epoch: ChainEpoch,
  declared: readonly DeclaredPart[],
  estimates: NetworkEstimates,
): PredictedTermination {
  const debtBefore = miner.feeDebt
  const rounds = settleAll(miner, epoch, estimates)
  declare(miner, epoch, declared)
  rounds.push(...settleAll(miner, epoch, estimates))
  return { epoch, declared, rounds, isDone: true, debtBefore, debtAfter: miner.feeDebt, estimates }
}

function settleAll(miner: PredictedMiner, epoch: ChainEpoch, estimates: NetworkEstimates): PredictedRound[] {
  const rounds: PredictedRound[] = []
  while (miner.pending.size > 0) {
    rounds.push(settleRound(miner, epoch, estimates))
  }
  return rounds
}

/** Cron comes back for the rest in the next epoch. */
export function enrolEarlyTerminations(miner: PredictedMiner, epoch: ChainEpoch): void {
  miner.events = [...miner.events, { epoch: epoch + 1, kind: 'early terminations' }]
}

/** Ends sectors and queues them, to be charged for their age in this epoch. */
function declare(miner: PredictedMiner, epoch: ChainEpoch, declared: readonly DeclaredPart[]): void {
  for (const { deadline: index, partition: number, sectors } of declared) {
    const deadline = miner.deadlines[index]
    const partition = deadline?.partitions.find((candidate) => candidate.index === number)
    // A deadline that is named is marked, even where nothing of it is terminated.
    miner.pending.add(index)
    if (deadline === undefined || partition === undefined || sectors.length === 0) {
      continue
    }
    const ended = sectors.flatMap((sector) => partition.live.get(sector) ?? [])
    endSectors(miner, deadline, partition, ended)
    enqueue(deadline, partition, epoch, ended)
  }
}

/** Takes sectors out of everything that a deadline adds up. */
export function endSectors(
  miner: PredictedMiner,
  deadline: PredictedDeadline,
  partition: PredictedPartition,
  sectors: readonly PredictedSector[],
): void {
  for (const sector of sectors) {
    partition.live.delete(sector.number)
    deadline.liveQaPower -= sector.qaPower
    deadline.dailyFee -= sector.dailyFee
    if (sector.isFaulty) {
      deadline.faultyQaPower -= sector.qaPower
    } else if (!sector.isUnproven) {
      loseClaim(miner, sector)
    }
  }
}

/** An active sector stops counting. */
export function loseClaim(miner: PredictedMiner, { qaPower }: PredictedSector): void {
  const { raw, qa } = miner.claim
  miner.claim = { raw: raw - BigInt(miner.sectorSizeBytes), qa: qa - qaPower }
}

/** A sector counts again, or for the first time. */
export function gainClaim(miner: PredictedMiner, { qaPower }: PredictedSector): void {
  const { raw, qa } = miner.claim
  miner.claim = { raw: raw + BigInt(miner.sectorSizeBytes), qa: qa + qaPower }
}

export function enqueue(
  deadline: PredictedDeadline,
  partition: PredictedPartition,
  epoch: ChainEpoch,
  sectors: readonly PredictedSector[],
): void {
  deadline.pending.add(partition.index)
  const present = partition.queued.find((queue) => queue.epoch === epoch)
  const all = [...(present?.sectors ?? []), ...sectors].toSorted((a, b) => a.number - b.number)
  partition.queued = [...partition.queued.filter((queue) => queue !== present), { epoch, sectors: all }].sort(
    (a, b) => a.epoch - b.epoch,
  )
}

/**
 * Charges as many queued sectors as one round may: each pays its fee, and its pledge is released.
 *
 * Source: builtin-actors v18, `actors/miner/src/lib.rs`, `process_early_terminations`.
 *
 * @throws {PlanError} `STATE_NOT_PREDICTABLE` as `tellingPledge` does.
 */
export function settleRound(
  miner: PredictedMiner,
  epoch: ChainEpoch,
  estimates: NetworkEstimates,
): PredictedRound {
  const popped = popQueue(miner)
  const projection = rewardProjection(estimates, CONTINUED_FAULT_PROJECTION_PERIOD)
  const fees: SettledFee[] = []
  let [fee, pledgeReleased] = [0n, 0n]
  for (const { sector, endedAt } of popped) {
    const { initialPledge, activation, qaPower, number } = sector
    const faultFee = rewardForPower(projection, qaPower)
    const charged = pledgePenaltyForTermination(initialPledge, endedAt - activation, faultFee)
    fees.push({ sector: number, epoch: endedAt, fee: charged })
    fee += charged
    pledgeReleased += initialPledge
  }
  miner.feeDebt += fee
  const burned = tellingPledge(miner, epoch, () => {
    miner.initialPledge -= pledgeReleased
    return popped.length === 0 ? 0n : payDebt(miner, epoch)
  })
  return { fees, fee, pledgeReleased, burned, hasMore: miner.pending.size > 0 }
}

interface Popped {
  readonly sector: PredictedSector
  readonly endedAt: ChainEpoch
}

/** What a round may still take. */
interface Allowance {
  partitions: number
  sectors: number
}

/**
 * Takes sectors out of the queues: deadlines, partitions and epochs ascending, until one of the limits is reached.
 *
 * Source: builtin-actors v18, `actors/miner/src/state.rs`, `pop_early_terminations`.
 *
 * @returns them by epoch, then by number.
 */
function popQueue(miner: PredictedMiner): readonly Popped[] {
  const { settledPartitionsMax, settledSectorsMax } = miner.policy
  const left: Allowance = { partitions: settledPartitionsMax, sectors: settledSectorsMax }
  const popped: Popped[] = []
  for (const index of ascending(miner.pending)) {
    const deadline = miner.deadlines[index]
    if (deadline !== undefined) {
      popDeadline(deadline, left, popped)
    }
    if (deadline === undefined || deadline.pending.size === 0) {
      miner.pending.delete(index)
    }
    if (left.partitions <= 0 || left.sectors <= 0) {
      break
    }
  }
  return popped.sort((a, b) => a.endedAt - b.endedAt || a.sector.number - b.sector.number)
}

function popDeadline(deadline: PredictedDeadline, left: Allowance, popped: Popped[]): void {
  for (const number of ascending(deadline.pending)) {
    const partition = deadline.partitions.find(({ index }) => index === number)
    if (partition === undefined) {
      deadline.pending.delete(number)
      continue
    }
    popPartition(partition, left, popped)
    if (partition.queued.length === 0) {
      deadline.pending.delete(number)
    }
    if (left.partitions <= 0 || left.sectors <= 0) {
      return
    }
  }
}

/** A partition counts as one, even where it has nothing to give. */
function popPartition(partition: PredictedPartition, left: Allowance, popped: Popped[]): void {
  for (const queue of partition.queued) {
    const taken = queue.sectors.slice(0, left.sectors)
    queue.sectors = queue.sectors.slice(taken.length)
    for (const sector of taken) {
      popped.push({ sector, endedAt: queue.epoch })
    }
    left.sectors -= taken.length
    if (left.sectors <= 0) {
      break
    }
  }
  partition.queued = partition.queued.filter(({ sectors }) => sectors.length > 0)
  left.partitions--
}

function ascending(numbers: ReadonlySet<number>): readonly number[] {
  return [...numbers].sort((a, b) => a - b)
}
