import { type ChainEpoch, ExitCode } from '@plimsoll/primitives'
import { type BatchReturn, batchOf, batchOk, successesOf } from '../runtime/batch-return.ts'
import type { MapMap } from '../runtime/map-map.ts'
import type { Allocation, Claim } from './state.ts'

/** Source of everything here: builtin-actors v18, `actors/verifreg/src/expiration.rs`. */

/** The epoch from which a record has expired. */
export type ExpirationOf<T> = (record: T) => ChainEpoch

/** Source: `Expires for Allocation`. */
export function allocationExpiration({ expiration }: Allocation): ChainEpoch {
  return expiration
}

/** Source: `Expires for Claim`. */
export function claimExpiration({ termStart, termMax }: Claim): ChainEpoch {
  return termStart + termMax
}

/** Which records were looked at, whether each may go, and those that may. */
export interface Expired {
  readonly considered: readonly bigint[]
  readonly results: BatchReturn
  readonly toRemove: readonly bigint[]
}

/**
 * Those of an owner's records that have expired: among the named ones, or among all where none is named.
 *
 * Source: builtin-actors v18, `actors/verifreg/src/lib.rs`, the common part of `remove_expired_allocations` and
 * `remove_expired_claims`.
 */
export function selectExpired<T>(
  records: MapMap<bigint, bigint, T>,
  expirationOf: ExpirationOf<T>,
  owner: bigint,
  named: readonly bigint[],
  currEpoch: ChainEpoch,
): Expired {
  if (named.length === 0) {
    const considered = findExpired(records, expirationOf, owner, currEpoch)
    return { considered, results: batchOk(considered.length), toRemove: considered }
  }
  const results = checkExpired(records, expirationOf, owner, named, currEpoch)
  return { considered: named, results, toRemove: successesOf(results, named) }
}

/**
 * The ids of what has expired, in the order of their keys' hashes.
 *
 * Source: builtin-actors v18, `actors/verifreg/src/expiration.rs`, `find_expired`.
 */
function findExpired<T>(
  records: MapMap<bigint, bigint, T>,
  expirationOf: ExpirationOf<T>,
  owner: bigint,
  currEpoch: ChainEpoch,
): readonly bigint[] {
  const found: bigint[] = []
  for (const [id, record] of records.entriesOf(owner)) {
    if (currEpoch >= expirationOf(record)) {
      found.push(id)
    }
  }
  return found
}

/**
 * `USR_FORBIDDEN` for what has not expired, `USR_NOT_FOUND` for what there is not.
 *
 * Source: builtin-actors v18, `actors/verifreg/src/expiration.rs`, `check_expired`.
 */
function checkExpired<T>(
  records: MapMap<bigint, bigint, T>,
  expirationOf: ExpirationOf<T>,
  owner: bigint,
  candidates: readonly bigint[],
  currEpoch: ChainEpoch,
): BatchReturn {
  return batchOf(
    candidates.map((id) => {
      const record = records.get(owner, id)
      if (record === undefined) {
        return ExitCode.USR_NOT_FOUND
      }
      return currEpoch >= expirationOf(record) ? ExitCode.OK : ExitCode.USR_FORBIDDEN
    }),
  )
}
