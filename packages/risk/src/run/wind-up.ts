import {
  countQueuedTerminations,
  currentProvingPeriodStart,
  isDeadlineMutable,
  type MinerState,
  type Partition,
  type SectorDeclaration,
} from '@plimsoll/actors'
import { countBits, isEmptyBitField, subtractBitFields } from '@plimsoll/ipld'
import type { Address } from '@plimsoll/primitives'
import { type TerminatedPart, terminate2Gas, terminateGas, terminateWork } from '../gas/terminate-gas.ts'
import { loadDeadlineParts, minerInfo, minerState } from './miner-parts.ts'
import type { Run } from './open-run.ts'
import { namedMessage, type Sent, send } from './send.ts'

/** A message of a wind-up with what it will cost. */
export interface TerminationSent extends Sent {
  readonly sectors: number
  /** Estimated; of TerminateSectors2 extrapolated. */
  readonly gas: bigint
}

/**
 * Terminates every sector that can be terminated in this epoch: those of deadlines that are neither open nor next. With
 * TerminateSectors2 it is one message, else as few as method 9 takes.
 */
export function terminateWhatCanBe(run: Run, miner: Address): readonly TerminationSent[] {
  const parts = terminableParts(run, miner)
  const hasNewMethod = run.rules.terminateSectors2 !== 'off'
  const batches = hasNewMethod ? (parts.length === 0 ? [] : [parts]) : batchesForMethod9(run, parts)
  return batches.map((batch) =>
    hasNewMethod ? sendTerminate2(run, miner, batch) : sendTerminate(run, miner, batch),
  )
}

/** Whether nothing of a miner is left to be terminated or to be charged. */
export function isWoundUp(run: Run, miner: Address): boolean {
  const state = minerState(run, miner)
  if (!isEmptyBitField(state.earlyTerminations)) {
    return false
  }
  return everyDeadline(run).every((index) => livePartsOf(run, state, index).length === 0)
}

function sendTerminate(run: Run, miner: Address, parts: readonly TerminatedPart[]): TerminationSent {
  const work = terminateWork(run.vm.store, parts)
  const { worker } = minerInfo(run, miner)
  const message = namedMessage('storageminer', 'TerminateSectors', worker, miner, declarationsOf(parts))
  return { ...send(run, message), sectors: work.sectors, gas: terminateGas(work) }
}

function sendTerminate2(run: Run, miner: Address, parts: readonly TerminatedPart[]): TerminationSent {
  const work = terminateWork(run.vm.store, parts)
  const queued = countQueuedTerminations(run.vm.store, minerState(run, miner))
  const { worker } = minerInfo(run, miner)
  const params = { terminations: declarationsOf(parts), maxTermination: BigInt(queued + work.sectors) }
  const message = namedMessage('storageminer', 'TerminateSectors2', worker, miner, params)
  return { ...send(run, message), sectors: work.sectors, gas: terminate2Gas(work, queued) }
}

function declarationsOf(parts: readonly TerminatedPart[]): readonly SectorDeclaration[] {
  return parts.map(({ deadline, index, sectors }) => ({
    deadline: BigInt(deadline),
    partition: BigInt(index),
    sectors,
  }))
}

/** Batches that method 9 accepts: so many partitions and sectors, and what a block can hold. */
function batchesForMethod9(
  run: Run,
  parts: readonly TerminatedPart[],
): readonly (readonly TerminatedPart[])[] {
  const { addressedPartitionsMax, addressedSectorsMax } = run.vm.host.policy
  const batches: TerminatedPart[][] = []
  let [batch, sectors]: [TerminatedPart[], number] = [[], 0]
  for (const part of parts) {
    const count = Number(countBits(part.sectors))
    if (
      batch.length > 0 &&
      (batch.length === addressedPartitionsMax || sectors + count > addressedSectorsMax)
    ) {
      batches.push(batch)
      ;[batch, sectors] = [[], 0]
    }
    batch.push(part)
    sectors += count
  }
  return batch.length === 0 ? batches : [...batches, batch]
}

function terminableParts(run: Run, miner: Address): readonly TerminatedPart[] {
  const { vm } = run
  const state = minerState(run, miner)
  const { policy } = vm.host
  const periodStart = currentProvingPeriodStart(policy, state, vm.epoch)
  return everyDeadline(run)
    .filter((index) => isDeadlineMutable(policy, periodStart, index, vm.epoch))
    .flatMap((index) => livePartsOf(run, state, index))
}

function livePartsOf(run: Run, state: MinerState, deadline: number): readonly TerminatedPart[] {
  const { partitions } = loadDeadlineParts(run, state, deadline)
  const neighbours = new Map<number, Partition>(partitions.map(({ index, partition }) => [index, partition]))
  return partitions.flatMap(({ index, partition }) => {
    const sectors = subtractBitFields(partition.sectors, partition.terminated)
    return isEmptyBitField(sectors) ? [] : [{ deadline, index, partition, sectors, neighbours }]
  })
}

function everyDeadline({ vm }: Run): readonly number[] {
  return Array.from({ length: vm.host.policy.wpostPeriodDeadlines }, (_, index) => index)
}
