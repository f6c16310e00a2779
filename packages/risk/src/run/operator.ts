import {
  type BitField,
  bitFieldOf,
  EMPTY_BIT_FIELD,
  intersectBitFields,
  isEmptyBitField,
  subtractBitFields,
  unionBitFields,
} from '@plimsoll/ipld'
import { type Address, type ChainEpoch, POST_PROOF_SIZE_BYTES } from '@plimsoll/primitives'
import { FIXED_RANDOMNESS } from '@plimsoll/vm'
import {
  loadDeadlineParts,
  minerInfo,
  minerState,
  openDeadline,
  type PlacedPartition,
} from './miner-parts.ts'
import type { Run } from './open-run.ts'
import { namedMessage, type Sent, send } from './send.ts'

/**
 * What the operators of the miners that are looked at do from day to day: prove what can be proven; nothing; or
 * nothing until an epoch, and then declare every fault recovered and prove again.
 */
export type Operator =
  | { readonly kind: 'proves' }
  | { readonly kind: 'stops' }
  | { readonly kind: 'recovers'; readonly at: ChainEpoch }

/** What an operator has in mind for one miner: sectors that it cannot prove, whatever it does in general. */
export interface OperatorState {
  readonly operator: Operator
  /** Sectors whose data are lost or out of reach, by their numbers. */
  lost: BitField
}

export function operatorState(operator: Operator): OperatorState {
  return { operator, lost: EMPTY_BIT_FIELD }
}

/** How many deadlines ahead faults are declared recovered: far enough for the cutoff, 70 epochs before the window. */
export const RECOVERY_LEAD_DEADLINES = 2

/**
 * Does what an operator does in an epoch: at the beginning of a deadline it proves its partitions, and declares the
 * recoveries of one that is to come. In all other epochs it does nothing, but for the first of a run, which may lie in
 * the middle of a deadline whose partitions are not proven yet.
 */
export function operate(run: Run, miner: Address, { operator, lost }: OperatorState): readonly Sent[] {
  const { vm } = run
  const state = minerState(run, miner)
  const { index, open } = openDeadline(run, state)
  const isTurn = open === vm.epoch || run.start === vm.epoch
  if (!(isTurn && state.deadlineCronActive && isProving(operator, vm.epoch))) {
    return []
  }
  const sent = proveDeadline(run, miner, index, lost)
  const ahead = (index + RECOVERY_LEAD_DEADLINES) % vm.host.policy.wpostPeriodDeadlines
  return [...sent, ...declareRecoveries(run, miner, ahead, lost)]
}

/** Whether an operator proves in an epoch. */
export function isProving(operator: Operator, epoch: ChainEpoch): boolean {
  switch (operator.kind) {
    case 'proves':
      return true
    case 'stops':
      return false
    case 'recovers':
      return epoch >= operator.at
  }
}

/** Proves every partition of the open deadline of which something can be proven, three to a message as the policy has it. */
function proveDeadline(run: Run, miner: Address, index: number, lost: BitField): readonly Sent[] {
  const { vm } = run
  const { partitions, posted } = loadDeadlineParts(run, minerState(run, miner), index)
  const info = minerInfo(run, miner)
  const due = partitions.flatMap((placed) => {
    const provable = provableSectors(placed, lost)
    const isPosted =
      posted !== undefined && !isEmptyBitField(intersectBitFields(posted, bitFieldOf([placed.index])))
    return isPosted || isEmptyBitField(provable) ? [] : [{ placed, skipped: skippedSectors(placed, lost) }]
  })
  return chunks(due, vm.host.policy.postedPartitionsMax).map((chunk) => {
    const params = {
      deadline: BigInt(index),
      partitions: chunk.map(({ placed, skipped }) => ({ index: BigInt(placed.index), skipped })),
      proofs: [
        { postProof: BigInt(info.windowPostProofType), proofBytes: new Uint8Array(POST_PROOF_SIZE_BYTES) },
      ],
      chainCommitEpoch: BigInt(vm.epoch - 1),
      chainCommitRand: FIXED_RANDOMNESS,
    }
    return send(run, namedMessage('storageminer', 'SubmitWindowedPoSt', info.worker, miner, params))
  })
}

/** Live sectors that are not faulty, or are declared recovered, and whose data are there. */
function provableSectors({ partition }: PlacedPartition, lost: BitField): BitField {
  const faulty = subtractBitFields(partition.faults, partition.recoveries)
  const live = subtractBitFields(partition.sectors, partition.terminated)
  return subtractBitFields(subtractBitFields(live, faulty), lost)
}

/** Sectors that would be proven if their data were there. */
function skippedSectors({ partition }: PlacedPartition, lost: BitField): BitField {
  const faulty = subtractBitFields(partition.faults, partition.recoveries)
  const live = subtractBitFields(partition.sectors, partition.terminated)
  return intersectBitFields(subtractBitFields(live, faulty), lost)
}

/** Declares every fault of a deadline recovered whose data are there again. */
function declareRecoveries(run: Run, miner: Address, deadline: number, lost: BitField): readonly Sent[] {
  const { partitions } = loadDeadlineParts(run, minerState(run, miner), deadline)
  const recoveries = partitions.flatMap(({ index, partition }) => {
    const settled = unionBitFields(partition.recoveries, partition.terminated)
    const sectors = subtractBitFields(subtractBitFields(partition.faults, settled), lost)
    return isEmptyBitField(sectors) ? [] : [{ deadline: BigInt(deadline), partition: BigInt(index), sectors }]
  })
  if (recoveries.length === 0) {
    return []
  }
  const { worker } = minerInfo(run, miner)
  return [send(run, namedMessage('storageminer', 'DeclareFaultsRecovered', worker, miner, recoveries))]
}

function chunks<T>(list: readonly T[], size: number): readonly (readonly T[])[] {
  const count = Math.ceil(list.length / size)
  return Array.from({ length: count }, (_, i) => list.slice(i * size, (i + 1) * size))
}
