import { type Partition, SubmitWindowedPoStParams, serialize } from '@plimsoll/actors'
import {
  type BitField,
  EMPTY_BIT_FIELD,
  hasBit,
  isEmptyBitField,
  subtractBitFields,
  unionBitFields,
} from '@plimsoll/ipld'
import type { Address } from '@plimsoll/primitives'
import { FIXED_RANDOMNESS } from '@plimsoll/vm'
import { deadlinesOf, infoOf, openDeadline, partitionsOf } from './miner-view.ts'
import { type Call, execute } from './send.ts'
import type { TestNetwork } from './test-network.ts'

/** Which partitions of the open deadline are proven, and which of their sectors are left out as faulty. */
export interface PoStPlan {
  readonly deadline: number
  readonly partitions: readonly { readonly index: number; readonly skipped?: BitField }[]
  /** Anything is valid unless the host says otherwise. */
  readonly proof?: Uint8Array
}

const PROOF = Uint8Array.of(1)

/** The message that proves partitions. */
export function windowPoStCall(
  network: TestNetwork,
  miner: Address,
  { deadline, partitions, proof = PROOF }: PoStPlan,
): Call {
  const { worker, windowPostProofType } = infoOf(network, miner)
  const params = serialize(SubmitWindowedPoStParams, {
    deadline: BigInt(deadline),
    partitions: partitions.map(({ index, skipped = EMPTY_BIT_FIELD }) => ({ index: BigInt(index), skipped })),
    proofs: [{ postProof: BigInt(windowPostProofType), proofBytes: proof }],
    chainCommitEpoch: BigInt(network.vm.epoch - 1),
    chainCommitRand: FIXED_RANDOMNESS,
  })
  return { from: worker, to: miner, actor: 'storageminer', method: 'SubmitWindowedPoSt', params }
}

/** Proves everything in the open deadline that can be and was not yet; says in how many messages. */
export function proveOpenDeadline(network: TestNetwork, miner: Address): number {
  const { index: deadline } = openDeadline(network, miner)
  const due = partitionsDue(network, miner)
  const { postedPartitionsMax } = network.vm.host.policy
  let messages = 0
  for (let start = 0; start < due.length; start += postedPartitionsMax) {
    const partitions = due.slice(start, start + postedPartitionsMax).map((index) => ({ index }))
    execute(network, windowPoStCall(network, miner, { deadline, partitions }))
    messages++
  }
  return messages
}

/** Partitions of the open deadline that were not proven yet, and of which something can be. */
export function partitionsDue(network: TestNetwork, miner: Address): readonly number[] {
  const { index } = openDeadline(network, miner)
  const deadline = deadlinesOf(network, miner)[index]
  if (deadline === undefined) {
    return []
  }
  const posted = deadline.partitionsPosted
  return partitionsOf(network, deadline).flatMap((partition, number) =>
    isEmptyBitField(provable(partition)) || hasBit(posted, number) ? [] : [number],
  )
}

/** A partition is refused that holds nothing but faults that nobody promised to recover. */
function provable({ sectors, terminated, faults, recoveries }: Partition): BitField {
  return subtractBitFields(sectors, unionBitFields(terminated, subtractBitFields(faults, recoveries)))
}
