import { address, list, tuple, u64, type ValueOf } from '@plimsoll/ipld'

/** A method that every tick calls. Source: builtin-actors v18, `actors/cron/src/state.rs`, `Entry`. */
export const CronEntry = tuple('CronEntry', { receiver: address, methodNum: u64 })
export type CronEntry = ValueOf<typeof CronEntry>

/** The state of the cron actor. CBOR tuple. Source: the same file, `State`. */
export const CronState = tuple('CronState', { entries: list(CronEntry) })
export type CronState = ValueOf<typeof CronState>
