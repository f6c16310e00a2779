import { amt, attoFil, bitField, type Codec, mapped, tuple, type ValueOf } from '@plimsoll/ipld'
import { PowerPair } from './power-pair.ts'

/** Source of everything here: builtin-actors v18, `actors/miner/src/expiration_queue.rs`. */

const setFields = {
  /** Sectors that expire as promised; their pledge comes back. */
  onTimeSectors: bitField,
  /** Faulty sectors that will be terminated if they do not recover. */
  earlySectors: bitField,
  onTimePledge: attoFil,
  activePower: PowerPair,
  faultyPower: PowerPair,
}

/**
 * The sectors of a partition that leave it at the same time.
 *
 * CBOR tuple from v16 on; written by v15 without the last field and read like that.
 */
export const ExpirationSet = tuple('ExpirationSet', setFields, {
  tail: { feeDeduction: { codec: attoFil, absent: 0n } },
  readAll: (reader) => ({
    onTimeSectors: bitField.decode(reader),
    earlySectors: bitField.decode(reader),
    onTimePledge: attoFil.decode(reader),
    activePower: PowerPair.decode(reader),
    faultyPower: PowerPair.decode(reader),
    feeDeduction: attoFil.decode(reader),
  }),
})
export type ExpirationSet = ValueOf<typeof ExpirationSet>

/** The layout before v16, which knew no daily fee. */
export const ExpirationSetV8: Codec<ExpirationSet> = mapped(
  'ExpirationSet',
  tuple('ExpirationSet', setFields),
  (set) => ({ ...set, feeDeduction: 0n }),
  ({ feeDeduction: _, ...set }) => set,
)

/** The queue of a partition, by the last epoch of the deadline in which the sectors leave. */
export const PartitionExpirations = amt(ExpirationSet, { bitWidth: 4 })
export const PartitionExpirationsV8 = amt(ExpirationSetV8, { bitWidth: 4 })
