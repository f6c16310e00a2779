import {
  countQueuedTerminations,
  currentProvingPeriodStart,
  isDeadlineMutable,
  type MinerState,
  type Partition,
  type SectorDeclaration,
} from '@plimsoll/actors'
import { type BitField, intersectBitFields, isEmptyBitField, subtractBitFields } from '@plimsoll/ipld'
import type { Address } from '@plimsoll/primitives'
import { type TerminatedPart, terminate2Gas, terminateGas, terminateWork } from '../gas/terminate-gas.ts'
import { messageBatches } from './message-batches.ts'
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
  return terminate(run, miner, terminableParts(run, miner))
}

/** Terminates the live ones of some sectors, wherever they are; the actor refuses those of a deadline that is open or next. */
export function terminateChosen(run: Run, miner: Address, wanted: BitField): readonly TerminationSent[] {
  const state = minerState(run, miner)
  const parts = everyDeadline(run)
    .flatMap((index) => livePartsOf(run, state, index))
    .map((part) => ({ ...part, sectors: intersectBitFields(part.sectors, wanted) }))
  return terminate(
    run,
    miner,
    parts.filter(({ sectors }) => !isEmptyBitField(sectors)),
  )
}

function terminate(run: Run, miner: Address, parts: readonly TerminatedPart[]): readonly TerminationSent[] {
  const hasNewMethod = run.rules.terminateSectors2 !== 'off'
  const batches = hasNewMethod
    ? parts.length === 0
      ? []
      : [parts]
    : messageBatches(run.vm.host.policy, parts)
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
