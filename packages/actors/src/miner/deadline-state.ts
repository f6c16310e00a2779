import {
  type Amt,
  amt,
  attoFil,
  bitField,
  bytes,
  fixedList,
  int,
  type Link,
  link,
  list,
  tuple,
  uint,
  type ValueOf,
} from '@plimsoll/ipld'
import { Partition } from './partition-state.ts'
import { PowerPair } from './power-pair.ts'
import type { SectorOnChainInfo } from './types.ts'

/** Source of everything here: builtin-actors v18, `actors/miner/src/deadline_state.rs`. */

/** Deadlines in a proving period; the block of the deadlines has exactly as many links. */
export const WPOST_PERIOD_DEADLINES = 48

/** The partitions of a deadline, by their index. */
export const Partitions = amt(Partition, { bitWidth: 3 })

/** Which partitions of a deadline may have sectors that expire, by epoch; never less than there are. */
export const DeadlineExpirations = amt(bitField, { bitWidth: 5 })

/** A proof of the registered type. CBOR tuple. Source: ref-fvm `shared/src/sector/post.rs`, `PoStProof`. */
export const PoStProof = tuple('PoStProof', { postProof: int, proofBytes: bytes })

/** A proof that was accepted and may be disputed. CBOR tuple. */
export const WindowedPoSt = tuple('WindowedPoSt', { partitions: bitField, proofs: list(PoStProof) })
export type WindowedPoSt = ValueOf<typeof WindowedPoSt>

export const OptimisticPoStSubmissions = amt(WindowedPoSt, { bitWidth: 2 })

const deadlineFields = {
  partitions: Partitions.link,
  expirationsEpochs: DeadlineExpirations.link,
  partitionsPosted: bitField,
  /** Partitions with sectors that were terminated early and not charged yet. */
  earlyTerminations: bitField,
  liveSectors: uint,
  totalSectors: uint,
  faultyPower: PowerPair,
  optimisticPostSubmissions: OptimisticPoStSubmissions.link,
  sectorsSnapshot: link<Amt<SectorOnChainInfo>>(),
  partitionsSnapshot: Partitions.link,
  optimisticPostSubmissionsSnapshot: OptimisticPoStSubmissions.link,
}

/** A deadline from v16 on, with the power and the daily fee of its live sectors. CBOR tuple. */
export const Deadline = tuple('Deadline', { ...deadlineFields, livePower: PowerPair, dailyFee: attoFil })
export type Deadline = ValueOf<typeof Deadline>

/** A deadline from v8 to v15. CBOR tuple. */
export const DeadlineV8 = tuple('Deadline', deadlineFields)
export type DeadlineV8 = ValueOf<typeof DeadlineV8>

/** A deadline of any version. */
export type AnyDeadline = Deadline | DeadlineV8

/** The links to the deadlines, one for each index. CBOR tuple around an array. */
export const Deadlines = tuple('Deadlines', { due: fixedList(link<AnyDeadline>(), WPOST_PERIOD_DEADLINES) })
export type Deadlines = { readonly due: readonly Link<AnyDeadline>[] }
