import { requireInvariant } from '../../runtime/actor-error.ts'
import type { Runtime } from '../../runtime/runtime.ts'
import { loadAllocations } from '../allocations.ts'
import { transferDataCap } from '../datacap-calls.ts'
import { emitAllocationRemoved } from '../emit.ts'
import { allocationExpiration, selectExpired } from '../expiration.ts'
import { VerifregState } from '../state.ts'
import type { RemoveExpiredAllocationsParams, RemoveExpiredAllocationsReturn } from '../types.ts'

/**
 * `RemoveExpiredAllocations`: gives a client back what nobody has claimed in time. Anybody may call it. The client
 * is sent its DataCap even where that is nothing.
 *
 * Source: builtin-actors v18, `actors/verifreg/src/lib.rs`, `remove_expired_allocations`.
 *
 * @throws {ActorError} `USR_ASSERTION_FAILED` for an expired allocation that is named twice; what the client ends
 * with when it gets its DataCap.
 */
export function removeExpiredAllocations(
  rt: Runtime,
  { client, allocationIds }: RemoveExpiredAllocationsParams,
): RemoveExpiredAllocationsReturn {
  rt.validateImmediateCallerAcceptAny()
  const removed = rt.transaction(VerifregState, (state) => {
    const allocations = loadAllocations(rt.store, state)
    const expired = selectExpired(allocations, allocationExpiration, client, allocationIds, rt.currEpoch)
    let dataCapRecovered = 0n
    for (const id of expired.toRemove) {
      const allocation = allocations.delete(client, id)
      requireInvariant(allocation !== undefined, 'an allocation was removed twice')
      emitAllocationRemoved(rt, id, allocation)
      dataCapRecovered += allocation.size
    }
    state.allocations = allocations.flush()
    return { ...expired, dataCapRecovered }
  })
  const { considered, results, dataCapRecovered } = removed
  transferDataCap(rt, client, dataCapRecovered)
  return { considered, results, dataCapRecovered }
}
