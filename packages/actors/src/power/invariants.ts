import { type Blockstore, within } from '@plimsoll/ipld'
import type { Address, ChainEpoch } from '@plimsoll/primitives'
import type { ActorsVersion } from '../actors-version.ts'
import type { Findings } from '../invariants/findings.ts'
import type { Policy } from '../policy.ts'
import { type AnyPowerState, type Claim, Claims, CronEventQueue, CronEvents } from './state.ts'

/** A call that cron will make. */
export interface MinerCronEvent {
  readonly epoch: ChainEpoch
  readonly payload: Uint8Array
}

/** What miners are compared with. */
export interface PowerSummary {
  readonly claims: ReadonlyMap<Address, Claim>
  readonly cronEvents: ReadonlyMap<Address, readonly MinerCronEvent[]>
}

/**
 * The rules that the power actor's state keeps.
 *
 * The batch of proofs must be empty from v14 on (FIP-0084); before, its contents were checked in a way that
 * needs the proofs' types and is left out.
 *
 * Source: builtin-actors v18, `actors/power/src/testing.rs`, `check_state_invariants`. The reference reads the
 * epochs of the cron queue as unsigned numbers and so compares twice the epoch; here they are read as written.
 */
export function checkPowerInvariants(
  policy: Policy,
  version: ActorsVersion,
  store: Blockstore,
  state: AnyPowerState,
  findings: Findings,
): PowerSummary {
  checkTotals(state, findings)
  if (version >= 14) {
    findings.require(
      state.proofValidationBatch === null,
      'power/proof-validation-batch',
      () => 'it should be empty since FIP-0084',
    )
  }
  return {
    cronEvents: within('cronEventQueue', () =>
      checkCronQueue(store, state, findings.under('cronEventQueue')),
    ),
    claims: within('claims', () => checkClaims(policy, store, state, findings)),
  }
}

function checkTotals(state: AnyPowerState, findings: Findings): void {
  const { totalRawBytePower, totalBytesCommitted, totalQualityAdjPower, totalQaBytesCommitted } = state
  findings.require(totalRawBytePower >= 0n, 'power/raw-negative', () => String(totalRawBytePower))
  findings.require(totalQualityAdjPower >= 0n, 'power/qa-negative', () => String(totalQualityAdjPower))
  findings.require(totalBytesCommitted >= 0n, 'power/raw-committed-negative', () =>
    String(totalBytesCommitted),
  )
  findings.require(totalQaBytesCommitted >= 0n, 'power/qa-committed-negative', () =>
    String(totalQaBytesCommitted),
  )
  requireAtMost(findings, 'power/raw-over-qa', totalRawBytePower, totalQualityAdjPower)
  requireAtMost(findings, 'power/raw-committed-over-qa-committed', totalBytesCommitted, totalQaBytesCommitted)
  requireAtMost(findings, 'power/raw-over-committed', totalRawBytePower, totalBytesCommitted)
  requireAtMost(findings, 'power/qa-over-committed', totalQualityAdjPower, totalQaBytesCommitted)
}

function checkCronQueue(
  store: Blockstore,
  state: AnyPowerState,
  findings: Findings,
): Map<Address, MinerCronEvent[]> {
  const byMiner = new Map<Address, MinerCronEvent[]>()
  for (const [epoch, root] of CronEventQueue.load(store, state.cronEventQueue).entries()) {
    findings.require(
      epoch >= state.firstCronEpoch,
      'power/cron-event-before-first-epoch',
      () => `an event at ${epoch}, where the first epoch is ${state.firstCronEpoch}`,
    )
    for (const { minerAddr, callbackPayload } of within(epoch, () => [
      ...CronEvents.load(store, root).values(),
    ])) {
      const events = byMiner.get(minerAddr) ?? []
      byMiner.set(minerAddr, events)
      events.push({ epoch, payload: callbackPayload })
    }
  }
  return byMiner
}

function checkClaims(
  policy: Policy,
  store: Blockstore,
  state: AnyPowerState,
  findings: Findings,
): Map<Address, Claim> {
  const claims = new Map<Address, Claim>()
  let [committedRaw, committedQa, raw, qa, aboveMinimum] = [0n, 0n, 0n, 0n, 0]
  for (const [miner, claim] of Claims.load(store, state.claims).entries()) {
    claims.set(miner, claim)
    committedRaw += claim.rawBytePower
    committedQa += claim.qualityAdjPower
    if (claim.rawBytePower >= policy.minimumConsensusPower) {
      aboveMinimum++
      raw += claim.rawBytePower
      qa += claim.qualityAdjPower
    }
  }
  requireSum(findings, 'power/raw-committed', state.totalBytesCommitted, committedRaw)
  requireSum(findings, 'power/qa-committed', state.totalQaBytesCommitted, committedQa)
  requireSum(findings, 'power/miners-above-minimum', state.minerAboveMinPowerCount, aboveMinimum)
  requireSum(findings, 'power/raw', state.totalRawBytePower, raw)
  requireSum(findings, 'power/qa', state.totalQualityAdjPower, qa)
  return claims
}

function requireAtMost(findings: Findings, kind: string, smaller: bigint, larger: bigint): void {
  findings.require(smaller <= larger, kind, () => `${smaller} over ${larger}`)
}

function requireSum<T extends number | bigint>(
  findings: Findings,
  kind: string,
  stored: T,
  computed: T,
): void {
  findings.require(stored === computed, kind, () => `${stored}, where the claims have ${computed}`)
}
