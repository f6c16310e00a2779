import { countBits, lastBit } from '@plimsoll/ipld'
import { MAX_SECTOR_NUMBER } from '../../policy.ts'
import { requireAllowed, requireParam, requireState } from '../../runtime/actor-error.ts'
import type { Runtime } from '../../runtime/runtime.ts'
import { compactPartitions as compactPartitionsOf } from '../deadline-state/compact.ts'
import { isAvailableForCompaction, loadDeadline, updateDeadline } from '../deadlines.ts'
import type { CompactPartitionsParams, CompactSectorNumbersParams } from '../method-types.ts'
import { loadPartitionsSectorsMax } from '../policy.ts'
import { quantSpecForDeadline } from '../quant-specs.ts'
import { deleteSectors, loadSectorsArray } from '../sectors.ts'
import { loadDeadlinesDraft, saveDeadlines } from '../state/assign-sectors.ts'
import { currentProvingPeriodStart, getInfoForController, powerTermsOf } from '../state/info.ts'
import { allocateSectorNumbers } from '../state/sector-numbers.ts'
import { MinerState } from '../state.ts'

/** Source of everything here: builtin-actors v18, `actors/miner/src/lib.rs`. */

/**
 * Method 19, `CompactPartitions`: takes partitions of a deadline apart and forgets their dead sectors.
 *
 * Source: `compact_partitions`.
 *
 * @throws {ActorError} `USR_ILLEGAL_ARGUMENT` for too many partitions, or such as may not be; `USR_FORBIDDEN` for a
 * deadline that is open, next or disputable, or a caller that may not; `USR_ILLEGAL_STATE`
 */
export function compactPartitions(rt: Runtime, params: CompactPartitionsParams): void {
  const { policy, store, currEpoch } = rt
  requireParam(params.deadline < policy.wpostPeriodDeadlines, () => `invalid deadline ${params.deadline}`)
  const index = Number(params.deadline)
  rt.transaction(MinerState, (state) => {
    const info = getInfoForController(rt, state)
    const periodStart = currentProvingPeriodStart(policy, state, currEpoch)
    requireAllowed(
      isAvailableForCompaction(policy, periodStart, index, currEpoch),
      () => `cannot compact deadline ${index} while it is open, next or disputable`,
    )
    const limit = loadPartitionsSectorsMax(policy, info.windowPostPartitionSectors)
    requireParam(countBits(params.partitions) <= limit, () => `too many partitions, limit ${limit}`)
    const deadlines = loadDeadlinesDraft(store, state)
    const deadline = loadDeadline(store, deadlines, index)
    const feeBefore = deadline.dailyFee
    const sectors = loadSectorsArray(store, state)
    const dead = compactPartitionsOf(
      store,
      deadline,
      sectors,
      params.partitions,
      info.windowPostPartitionSectors,
      powerTermsOf(rt.policy, info),
      quantSpecForDeadline(policy, state, index),
    )
    deleteSectors(sectors, dead)
    state.sectors = sectors.flush()
    updateDeadline(store, deadlines, index, deadline)
    saveDeadlines(store, state, deadlines)
    requireState(deadline.dailyFee === feeBefore, 'the daily fee changed while partitions were compacted')
  })
}

/**
 * Method 20, `CompactSectorNumbers`: takes many sector numbers at once, used or not, so that their set is short.
 *
 * Source: `compact_sector_numbers`.
 *
 * @throws {ActorError} `USR_ILLEGAL_ARGUMENT` for no numbers or one out of range; `USR_FORBIDDEN`
 */
export function compactSectorNumbers(rt: Runtime, { maskSectorNumbers }: CompactSectorNumbersParams): void {
  const last = lastBit(maskSectorNumbers)
  requireParam(last !== undefined, 'no sector numbers')
  requireParam(last <= MAX_SECTOR_NUMBER, () => `sector number ${last} exceeds the maximum`)
  rt.transaction(MinerState, (state) => {
    getInfoForController(rt, state)
    allocateSectorNumbers(rt.store, state, maskSectorNumbers, 'allowCollisions')
  })
}
