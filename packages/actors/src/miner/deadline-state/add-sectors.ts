import type { BitIndex, Blockstore } from '@plimsoll/ipld'
import { countBits } from '@plimsoll/ipld'
import type { AttoFil, ChainEpoch } from '@plimsoll/primitives'
import { type Draft, draftOf } from '../../runtime/draft.ts'
import { type Deadline, Partitions } from '../deadline-state.ts'
import { addSectorsToPartition, newPartition } from '../partition-state/add-sectors.ts'
import { addPower, type PowerPair, ZERO_POWER } from '../power-pair.ts'
import type { QuantSpec } from '../quantize.ts'
import type { PowerTerms } from '../sector-power.ts'
import type { SectorFigures } from '../types.ts'
import { addExpirations, putPartition } from './partitions.ts'

/** How sectors come into a deadline. */
export interface Arrival {
  readonly partitionSize: number
  /** Whether they are proven already. */
  readonly isProven: boolean
  /** Whether the deadline does not count their daily fee yet. */
  readonly hasNewFees: boolean
}

/**
 * Adds sectors to the last partition, and to new ones when it is full.
 *
 * Source: builtin-actors v18, `actors/miner/src/deadline_state.rs`, `add_sectors`.
 *
 * @returns the power, and what was added to the daily fee.
 * @throws {ActorError} `USR_ILLEGAL_STATE`
 */
export function addSectorsToDeadline(
  store: Blockstore,
  deadline: Draft<Deadline>,
  sectors: readonly SectorFigures[],
  { partitionSize, isProven, hasNewFees }: Arrival,
  terms: PowerTerms,
  quant: QuantSpec,
): { readonly power: PowerPair; readonly dailyFee: AttoFil } {
  if (sectors.length === 0) {
    return { power: ZERO_POWER, dailyFee: 0n }
  }
  deadline.liveSectors += sectors.length
  deadline.totalSectors += sectors.length
  const partitions = Partitions.load(store, deadline.partitions)
  const expirations: (readonly [ChainEpoch, BitIndex])[] = []
  let [power, dailyFee] = [ZERO_POWER, 0n]
  let added = 0
  for (let index = Math.max(partitions.count - 1, 0); added < sectors.length; index++) {
    const present = partitions.get(index)
    const partition = present === undefined ? newPartition(store) : draftOf(present)
    const room = partitionSize - Number(countBits(partition.sectors))
    if (room <= 0) {
      continue
    }
    const arriving = sectors.slice(added, added + room)
    added += arriving.length
    const sums = addSectorsToPartition(store, partition, isProven, arriving, terms, quant)
    power = addPower(power, sums.power)
    dailyFee += hasNewFees ? sums.dailyFee : 0n
    putPartition(partitions, index, partition)
    expirations.push(...arriving.map(({ expiration }) => [expiration, index] as const))
  }
  deadline.partitions = partitions.flush()
  addExpirations(store, deadline, expirations, quant)
  deadline.dailyFee += dailyFee
  deadline.livePower = addPower(deadline.livePower, power)
  return { power, dailyFee }
}
