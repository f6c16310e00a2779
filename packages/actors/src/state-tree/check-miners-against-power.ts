import { decodeCbor } from '@plimsoll/ipld'
import { type Address, BaseError } from '@plimsoll/primitives'
import type { Findings } from '../invariants/findings.ts'
import type { MinerSummary } from '../miner/invariants/check-state-invariants.ts'
import {
  CRON_EVENT_PROCESS_EARLY_TERMINATIONS,
  CRON_EVENT_PROVING_DEADLINE,
  CronEventPayload,
} from '../miner/types.ts'
import type { MinerCronEvent, PowerSummary } from '../power/invariants.ts'

/**
 * What the power actor says of a miner must be what the miner says of itself.
 *
 * Source: builtin-actors v18, `state/src/check.rs`, `check_miner_against_power`. The reference asks for the
 * proving deadline's event after each of a miner's events and so depends on their order; here it is asked once.
 */
export function checkMinerAgainstPower(
  miner: Address,
  summary: MinerSummary,
  power: PowerSummary,
  findings: Findings,
): void {
  const claim = power.claims.get(miner)
  if (claim === undefined) {
    findings.add('tree/miner-without-claim', 'the power actor has no claim of it')
  } else {
    const { activePower } = summary
    findings.require(
      activePower.raw === claim.rawBytePower && activePower.qa === claim.qualityAdjPower,
      'tree/claim-power',
      () =>
        `raw ${claim.rawBytePower}, QA ${claim.qualityAdjPower} claimed, ` +
        `where partitions have raw ${activePower.raw}, QA ${activePower.qa}`,
    )
    findings.require(
      summary.windowPostProofType === claim.windowPostProofType,
      'tree/claim-proof-type',
      () => `${claim.windowPostProofType} claimed, where the miner has ${summary.windowPostProofType}`,
    )
  }
  checkCronEvents(power.cronEvents.get(miner) ?? [], summary, findings)
}

function checkCronEvents(events: readonly MinerCronEvent[], summary: MinerSummary, findings: Findings): void {
  let provingDeadlines = 0
  for (const { epoch, payload } of events) {
    const type = findEventType(payload)
    if (type === undefined) {
      findings.add('tree/cron-payload', `the event at ${epoch} has a payload that does not decode`)
    } else if (type === CRON_EVENT_PROVING_DEADLINE) {
      provingDeadlines++
    } else if (type !== CRON_EVENT_PROCESS_EARLY_TERMINATIONS) {
      findings.add('tree/cron-event-type', `the event at ${epoch} is of type ${type}`)
    }
  }
  findings.require(provingDeadlines <= 1, 'tree/two-proving-deadlines', () => `${provingDeadlines} events`)
  if (events.length === 0) {
    findings.require(
      !summary.deadlineCronActive,
      'tree/active-cron-without-events',
      () => 'the deadline cron is active, and no event is enrolled',
    )
    return
  }
  findings.require(
    summary.deadlineCronActive === provingDeadlines > 0,
    'tree/cron-active-mismatch',
    () =>
      `the deadline cron is ${summary.deadlineCronActive ? '' : 'not '}active, and ${provingDeadlines} events`,
  )
  findings.require(
    provingDeadlines > 0,
    'tree/no-proving-deadline',
    () => 'events are enrolled, and none is of the proving deadline',
  )
}

function findEventType(payload: Uint8Array): number | undefined {
  try {
    return decodeCbor(CronEventPayload, payload).eventType
  } catch (error) {
    if (error instanceof BaseError) {
      return undefined
    }
    throw error
  }
}
