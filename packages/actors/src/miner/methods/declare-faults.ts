import { requireAllowed, requireParam } from '../../runtime/actor-error.ts'
import type { Draft } from '../../runtime/draft.ts'
import type { Runtime } from '../../runtime/runtime.ts'
import {
  type DeadlineInfo,
  deadlineInfo,
  isFaultCutoffPassed,
  lastEpoch,
  nextNotElapsed,
  quantSpecOfDeadline,
} from '../deadline-info.ts'
import { declareDeadlineFaultsRecovered, recordDeadlineFaults } from '../deadline-state/faults.ts'
import { loadDeadline, updateDeadline } from '../deadlines.ts'
import type { SectorDeclaration } from '../method-types.ts'
import { addPower, type PowerPair, ZERO_POWER } from '../power-pair.ts'
import { type DeadlineSectorMap, deadlineSectorMap, requireDeclaredAtMost } from '../sector-map.ts'
import { loadSectorsArray } from '../sectors.ts'
import { burnFunds, requestUpdatePower } from '../sends.ts'
import { loadDeadlinesDraft, saveDeadlines } from '../state/assign-sectors.ts'
import { checkBalanceInvariants, repayDebtsOrAbort } from '../state/funds.ts'
import {
  currentProvingPeriodStart,
  getInfoForController,
  isConsensusFaultActive,
  powerTermsOf,
} from '../state/info.ts'
import { type MinerInfo, MinerState } from '../state.ts'

/** Source of everything here: builtin-actors v18, `actors/miner/src/lib.rs`. */

/**
 * Method 10, `DeclareFaults`: before their deadline opens. It costs nothing at once.
 *
 * Source: `declare_faults`.
 *
 * @throws {ActorError} `USR_ILLEGAL_ARGUMENT` for too many, too late, or sectors of another partition;
 * `USR_FORBIDDEN`, `USR_NOT_FOUND`, `USR_ILLEGAL_STATE`
 */
export function declareFaults(rt: Runtime, declarations: readonly SectorDeclaration[]): void {
  const declared = collect(rt, declarations)
  const powerDelta = rt.transaction(MinerState, (state) => {
    const info = getInfoForController(rt, state)
    return recordDeclaredFaults(rt, state, info, declared)
  })
  requestUpdatePower(rt, powerDelta)
}

/**
 * Method 11, `DeclareFaultsRecovered`: promises to prove faulty sectors in their next window. The fee debt is paid
 * first, before the caller is looked at, and only from what is not locked; under FIP-0006 it is left alone.
 *
 * Source: `declare_faults_recovered`.
 *
 * @throws {ActorError} `USR_INSUFFICIENT_FUNDS` when the debt cannot be paid; `USR_FORBIDDEN` also during the
 * exclusion for a consensus fault; and as {@link declareFaults} does.
 */
export function declareFaultsRecovered(rt: Runtime, declarations: readonly SectorDeclaration[]): void {
  const declared = collect(rt, declarations)
  const feeToBurn = rt.transaction(MinerState, (state) => {
    const debt = rt.policy.rules.recoveryInDebt ? 0n : repayDebtsOrAbort(rt, state)
    const info = getInfoForController(rt, state)
    requireAllowed(
      !isConsensusFaultActive(info, rt.currEpoch),
      'recovery not allowed during active consensus fault',
    )
    recordDeclaredRecoveries(rt, state, info, declared)
    return debt
  })
  burnFunds(rt, feeToBurn)
  checkBalanceInvariants(rt.state(MinerState), rt.currentBalance())
}

function collect({ policy }: Runtime, declarations: readonly SectorDeclaration[]): DeadlineSectorMap {
  const declared = deadlineSectorMap(policy, declarations)
  requireDeclaredAtMost(declared, policy.addressedPartitionsMax, policy.addressedSectorsMax)
  return declared
}

function recordDeclaredFaults(
  rt: Runtime,
  state: Draft<MinerState>,
  info: MinerInfo,
  declared: DeadlineSectorMap,
): PowerPair {
  const { store, policy } = rt
  const deadlines = loadDeadlinesDraft(store, state)
  const sectors = loadSectorsArray(store, state)
  let powerDelta = ZERO_POWER
  for (const [index, partitions] of declared) {
    const target = declarationDeadline(rt, state, index)
    const deadline = loadDeadline(store, deadlines, index)
    const delta = recordDeadlineFaults(
      store,
      deadline,
      sectors,
      partitions,
      lastEpoch(target) + policy.faultMaxAge,
      powerTermsOf(policy, info),
      quantSpecOfDeadline(policy, target),
    )
    updateDeadline(store, deadlines, index, deadline)
    powerDelta = addPower(powerDelta, delta)
  }
  saveDeadlines(store, state, deadlines)
  return powerDelta
}

function recordDeclaredRecoveries(
  rt: Runtime,
  state: Draft<MinerState>,
  info: MinerInfo,
  declared: DeadlineSectorMap,
): void {
  const { store, policy } = rt
  const deadlines = loadDeadlinesDraft(store, state)
  const sectors = loadSectorsArray(store, state)
  for (const [index, partitions] of declared) {
    declarationDeadline(rt, state, index)
    const deadline = loadDeadline(store, deadlines, index)
    declareDeadlineFaultsRecovered(store, deadline, sectors, partitions, powerTermsOf(policy, info))
    updateDeadline(store, deadlines, index, deadline)
  }
  saveDeadlines(store, state, deadlines)
}

/** Source: `declaration_deadline_info` and `validate_fr_declaration_deadline`. */
function declarationDeadline(rt: Runtime, state: Draft<MinerState>, index: number): DeadlineInfo {
  const { policy, currEpoch } = rt
  const periodStart = currentProvingPeriodStart(policy, state, currEpoch)
  const target = nextNotElapsed(policy, deadlineInfo(policy, periodStart, index, currEpoch))
  requireParam(!isFaultCutoffPassed(target), 'late fault or recovery declaration')
  return target
}
