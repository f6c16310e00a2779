import {
  type BitField,
  type Blockstore,
  countBits,
  EMPTY_BIT_FIELD,
  hasBit,
  isEmptyBitField,
  lastBit,
  unionOfBitFields,
} from '@plimsoll/ipld'
import { requireParam, requireState } from '../../runtime/actor-error.ts'
import type { Draft } from '../../runtime/draft.ts'
import { cutFromQueue } from '../bitfield-queue.ts'
import { type Deadline, DeadlineExpirations, Partitions } from '../deadline-state.ts'
import { liveSectors } from '../partition-state.ts'
import { addPower, equalPower, type PowerPair, subtractPower, ZERO_POWER } from '../power-pair.ts'
import type { QuantSpec } from '../quantize.ts'
import { figuresOf } from '../sector-list.ts'
import type { PowerTerms } from '../sector-power.ts'
import { loadSectorFigures, type Sectors } from '../sectors.ts'
import { addSectorsToDeadline } from './add-sectors.ts'

/**
 * Takes partitions apart: their live sectors are added to the others again, their dead ones are gone.
 *
 * Source: builtin-actors v18, `actors/miner/src/deadline_state.rs`, `compact_partitions`.
 *
 * @returns the dead sectors.
 * @throws {ActorError} `USR_ILLEGAL_ARGUMENT` for partitions that there are not, or with faults or unproven sectors,
 * and while terminations are not charged; `USR_ILLEGAL_STATE`
 */
export function compactPartitions(
  store: Blockstore,
  deadline: Draft<Deadline>,
  sectors: Sectors,
  toRemove: BitField,
  partitionSize: number,
  terms: PowerTerms,
  quant: QuantSpec,
): BitField {
  const { count } = Partitions.load(store, deadline.partitions)
  requireParam(countBits(toRemove) <= count, 'more partitions to remove than there are')
  const last = lastBit(toRemove)
  if (last === undefined) {
    return EMPTY_BIT_FIELD
  }
  requireParam(last < count, () => `partition index ${last} out of range`)
  requireParam(
    isEmptyBitField(deadline.earlyTerminations),
    'cannot remove partitions while terminations are not charged',
  )
  const removed = removePartitions(store, deadline, toRemove)
  const liveCount = Number(countBits(removed.live))
  deadline.liveSectors -= liveCount
  deadline.totalSectors -= liveCount + Number(countBits(removed.dead))
  deadline.livePower = subtractPower(deadline.livePower, removed.power)
  const expirations = DeadlineExpirations.load(store, deadline.expirationsEpochs)
  cutFromQueue({ amt: expirations, quant }, toRemove)
  deadline.expirationsEpochs = expirations.flush()
  const moved = loadSectorFigures(sectors, removed.live)
  const arrival = { partitionSize, isProven: true, hasNewFees: false }
  const added = addSectorsToDeadline(store, deadline, figuresOf(moved), arrival, terms, quant)
  requireState(equalPower(removed.power, added.power), 'power changed while partitions were compacted')
  return removed.dead
}

/** Keeps the other partitions, in their order, and sums up those that go. */
function removePartitions(
  store: Blockstore,
  deadline: Draft<Deadline>,
  toRemove: BitField,
): { readonly live: BitField; readonly dead: BitField; readonly power: PowerPair } {
  const kept = Partitions.empty(store)
  const live: BitField[] = []
  const dead: BitField[] = []
  let power = ZERO_POWER
  for (const [index, partition] of Partitions.load(store, deadline.partitions).entries()) {
    if (!hasBit(toRemove, index)) {
      kept.set(kept.count, partition)
      continue
    }
    requireParam(isEmptyBitField(partition.faults), () => `cannot remove partition ${index}: it has faults`)
    requireParam(
      isEmptyBitField(partition.unproven),
      () => `cannot remove partition ${index}: it has unproven sectors`,
    )
    dead.push(partition.terminated)
    live.push(liveSectors(partition))
    power = addPower(power, partition.livePower)
  }
  deadline.partitions = kept.flush()
  return { live: unionOfBitFields(live), dead: unionOfBitFields(dead), power }
}
