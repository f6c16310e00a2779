import { bitFieldOf, unionBitFields } from '@plimsoll/ipld'
import { requireParam } from '../../runtime/actor-error.ts'
import type { Draft } from '../../runtime/draft.ts'
import type { Runtime } from '../../runtime/runtime.ts'
import { terminateDeadlineSectors } from '../deadline-state/terminations.ts'
import { isDeadlineMutable, loadDeadline, updateDeadline } from '../deadlines.ts'
import type { SectorDeclaration, TerminateSectorsReturn } from '../method-types.ts'
import { type PowerPair, subtractPower, ZERO_POWER } from '../power-pair.ts'
import { processEarlyTerminations } from '../process-early-terminations.ts'
import { quantSpecForDeadline } from '../quant-specs.ts'
import { type DeadlineSectorMap, deadlineSectorMap, requireDeclaredAtMost } from '../sector-map.ts'
import { loadSectorsArray } from '../sectors.ts'
import { requestEstimates, requestUpdatePower, scheduleEarlyTerminationWork } from '../sends.ts'
import { loadDeadlinesDraft, saveDeadlines } from '../state/assign-sectors.ts'
import { hasPendingEarlyTerminations } from '../state/early-terminations.ts'
import { checkBalanceInvariants } from '../state/funds.ts'
import { currentProvingPeriodStart, getInfoForController, powerTermsOf } from '../state/info.ts'
import { type MinerInfo, MinerState } from '../state.ts'

/**
 * Method 9, `TerminateSectors`: ends live sectors, and charges as many as one round may, queued ones first. The
 * rest is left to cron. Faulty and unproven sectors may be terminated, whatever the miner owes.
 *
 * Source: builtin-actors v18, `actors/miner/src/lib.rs`, `terminate_sectors`.
 *
 * @returns whether everything is charged.
 * @throws {ActorError} `USR_ILLEGAL_ARGUMENT` for too many, a deadline that is open or next, or sectors that are not
 * live; `USR_FORBIDDEN`, `USR_NOT_FOUND`, `USR_ILLEGAL_STATE`
 */
export function terminateSectors(
  rt: Runtime,
  declarations: readonly SectorDeclaration[],
): TerminateSectorsReturn {
  const { policy } = rt
  const declared = deadlineSectorMap(policy, declarations)
  requireDeclaredAtMost(declared, policy.addressedPartitionsMax, policy.addressedSectorsMax)
  const { hadEarlyTerminations, powerDelta } = rt.transaction(MinerState, (state) => {
    const hadPending = hasPendingEarlyTerminations(state)
    const info = getInfoForController(rt, state)
    return { hadEarlyTerminations: hadPending, powerDelta: markTerminated(rt, state, info, declared) }
  })
  const estimates = requestEstimates(rt)
  const hasMore = processEarlyTerminations(rt, estimates)
  if (hasMore && !hadEarlyTerminations) {
    scheduleEarlyTerminationWork(rt)
  }
  checkBalanceInvariants(rt.state(MinerState), rt.currentBalance())
  requestUpdatePower(rt, powerDelta)
  return { done: !hasMore }
}

/**
 * Terminates sectors and queues them. A deadline that is named is marked, even where nothing of it is.
 *
 * @returns what to add to the claim; negative.
 */
export function markTerminated(
  rt: Runtime,
  state: Draft<MinerState>,
  info: MinerInfo,
  declared: DeadlineSectorMap,
): PowerPair {
  const { store, policy, currEpoch } = rt
  const deadlines = loadDeadlinesDraft(store, state)
  const sectors = loadSectorsArray(store, state)
  let powerDelta = ZERO_POWER
  for (const [index, partitions] of declared) {
    const periodStart = currentProvingPeriodStart(policy, state, currEpoch)
    requireParam(
      isDeadlineMutable(policy, periodStart, index, currEpoch),
      () => `cannot terminate sectors in immutable deadline ${index}`,
    )
    const deadline = loadDeadline(store, deadlines, index)
    const removedPower = terminateDeadlineSectors(
      store,
      policy,
      deadline,
      sectors,
      currEpoch,
      partitions,
      powerTermsOf(policy, info),
      quantSpecForDeadline(policy, state, index),
    )
    state.earlyTerminations = unionBitFields(state.earlyTerminations, bitFieldOf([index]))
    powerDelta = subtractPower(powerDelta, removedPower)
    updateDeadline(store, deadlines, index, deadline)
  }
  saveDeadlines(store, state, deadlines)
  return powerDelta
}
