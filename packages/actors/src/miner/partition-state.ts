import {
  type Amt,
  amt,
  type BitField,
  bitField,
  link,
  subtractBitFields,
  tuple,
  unionBitFields,
  type ValueOf,
} from '@plimsoll/ipld'
import type { ExpirationSet } from './expiration-queue.ts'
import { type PowerPair, PowerPair as PowerPairCodec, subtractPower } from './power-pair.ts'

/** Source of everything here: builtin-actors v18, `actors/miner/src/partition_state.rs`. */

/** Sectors that were terminated early and whose fee is not charged yet, by the epoch of their termination. */
export const EarlyTerminated = amt(bitField, { bitWidth: 3 })

/** Up to 2,349 sectors that are proven together. CBOR tuple, unchanged from v8 on. */
export const Partition = tuple('Partition', {
  sectors: bitField,
  unproven: bitField,
  faults: bitField,
  /** Faults that were declared recovered and have to be proven in the next window. */
  recoveries: bitField,
  terminated: bitField,
  expirationsEpochs: link<Amt<ExpirationSet>>(),
  earlyTerminated: EarlyTerminated.link,
  livePower: PowerPairCodec,
  unprovenPower: PowerPairCodec,
  faultyPower: PowerPairCodec,
  recoveringPower: PowerPairCodec,
})
export type Partition = ValueOf<typeof Partition>

/** Sectors that are not terminated. Source: `live_sectors`. */
export function liveSectors(partition: Partition): BitField {
  return subtractBitFields(partition.sectors, partition.terminated)
}

/** Sectors that are neither terminated nor faulty nor unproven. Source: `active_sectors`. */
export function activeSectors(partition: Partition): BitField {
  return subtractBitFields(liveSectors(partition), unionBitFields(partition.faults, partition.unproven))
}

/** The power that counts in the miner's claim. Source: `active_power`. */
export function activePower(partition: Partition): PowerPair {
  return subtractPower(subtractPower(partition.livePower, partition.faultyPower), partition.unprovenPower)
}
