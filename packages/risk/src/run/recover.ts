import { type BitField, intersectBitFields, isEmptyBitField, subtractBitFields } from '@plimsoll/ipld'
import type { Address } from '@plimsoll/primitives'
import { messageBatches } from './message-batches.ts'
import { loadDeadlineParts, minerInfo, minerState } from './miner-parts.ts'
import type { Run } from './open-run.ts'
import { namedMessage, type Sent, send } from './send.ts'

/** Declares the faulty ones of some sectors recovered, wherever they are; the actor decides whether it is in time. */
export function declareRecovered(run: Run, miner: Address, wanted: BitField): readonly Sent[] {
  const state = minerState(run, miner)
  const parts = Array.from({ length: run.vm.host.policy.wpostPeriodDeadlines }, (_, deadline) =>
    loadDeadlineParts(run, state, deadline).partitions.map(({ index, partition }) => {
      const faulty = subtractBitFields(partition.faults, partition.recoveries)
      return {
        deadline: BigInt(deadline),
        partition: BigInt(index),
        sectors: intersectBitFields(faulty, wanted),
      }
    }),
  ).flat()
  const { worker } = minerInfo(run, miner)
  return messageBatches(
    run.vm.host.policy,
    parts.filter(({ sectors }) => !isEmptyBitField(sectors)),
  ).map((batch) => send(run, namedMessage('storageminer', 'DeclareFaultsRecovered', worker, miner, batch)))
}
