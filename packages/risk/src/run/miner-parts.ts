import {
  currentDeadlineInfo,
  Deadline,
  type DeadlineInfo,
  Deadlines,
  getInfo,
  type MinerInfo,
  MinerState,
  type Partition,
  Partitions,
} from '@plimsoll/actors'
import { type BitField, type Link, load } from '@plimsoll/ipld'
import type { Address } from '@plimsoll/primitives'
import type { Run } from './open-run.ts'

/** A partition with its number, in a deadline with its index. */
export interface PlacedPartition {
  readonly deadline: number
  readonly index: number
  readonly partition: Partition
}

/** A miner's state as the run has it. */
export function minerState({ vm }: Run, miner: Address): MinerState {
  return vm.stateOf(miner, MinerState)
}

/** Whose orders the miner takes, and what it proves with. */
export function minerInfo(run: Run, miner: Address): MinerInfo {
  return getInfo(run.vm.store, minerState(run, miner))
}

/** The deadline that is open, by the miner's own offset: its state says so only while its cron is active. */
export function openDeadline({ vm }: Run, state: MinerState): DeadlineInfo {
  return currentDeadlineInfo(vm.host.policy, state, vm.epoch)
}

/** A deadline's partitions, and which of them were proven in the window that is open. */
export function loadDeadlineParts(
  { vm }: Run,
  state: MinerState,
  index: number,
): { readonly partitions: readonly PlacedPartition[]; readonly posted: BitField | undefined } {
  const link = load(vm.store, Deadlines, state.deadlines).due[index]
  if (link === undefined) {
    return { partitions: [], posted: undefined }
  }
  const deadline = load(vm.store, Deadline, link as Link<Deadline>)
  const partitions = [...Partitions.load(vm.store, deadline.partitions).entries()].map(
    ([number, partition]) => ({ deadline: index, index: Number(number), partition }),
  )
  return { partitions, posted: deadline.partitionsPosted }
}
