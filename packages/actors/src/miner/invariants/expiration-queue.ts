import {
  type BitField,
  EMPTY_BIT_FIELD,
  intersectBitFields,
  subtractBitFields,
  unionBitFields,
} from '@plimsoll/ipld'
import { type AttoFil, type ChainEpoch, formatFil } from '@plimsoll/primitives'
import type { Findings } from '../../invariants/findings.ts'
import { formatMembers, reportedMembers } from '../../invariants/members.ts'
import type { ExpirationSet } from '../expiration-queue.ts'
import { dailyFeeForSectors } from '../policy.ts'
import { equalPower, type PowerPair } from '../power-pair.ts'
import { type QuantSpec, quantizeUp } from '../quantize.ts'
import { type PowerTerms, powerOfSectors } from '../sector-power.ts'
import type { SectorOnChainInfo } from '../types.ts'
import { type SectorSet, selectSectors } from './sector-set.ts'

/** What the queue of a partition is checked against. */
export interface QueueContext {
  readonly liveSectors: SectorSet
  readonly faults: BitField
  readonly quant: QuantSpec
  readonly terms: PowerTerms
}

export interface QueueSummary {
  readonly sectors: BitField
  readonly epochs: readonly ChainEpoch[]
  readonly feeDeduction: AttoFil
}

/** Source: builtin-actors v18, `actors/miner/src/testing.rs`, `check_expiration_queue`. */
export function checkExpirationQueue(
  queue: Iterable<readonly [ChainEpoch, ExpirationSet]>,
  context: QueueContext,
  findings: Findings,
): QueueSummary {
  let sectors = EMPTY_BIT_FIELD
  let feeDeduction = 0n
  const epochs: ChainEpoch[] = []
  for (const [epoch, set] of queue) {
    const here = findings.under(epoch)
    epochs.push(epoch)
    const quantized = quantizeUp(context.quant, epoch)
    here.require(quantized === epoch, 'queue/epoch', () => `${epoch}, where the grid has ${quantized}`)
    sectors = addUnseen(sectors, set.onTimeSectors, here)
    checkOnTimeSectors(epoch, set, context, here)
    sectors = addUnseen(sectors, set.earlySectors, here)
    checkEarlySectors(epoch, set, context, here)
    checkTotals(set, context, here)
    feeDeduction += set.feeDeduction
  }
  return { sectors, epochs, feeDeduction }
}

/** Adds sectors to those that were seen in the queue before; each may be there once. */
function addUnseen(seen: BitField, added: BitField, findings: Findings): BitField {
  for (const sector of reportedMembers(intersectBitFields(seen, added))) {
    findings.add('queue/sector-twice', `sector ${sector}`)
  }
  return unionBitFields(seen, added)
}

function checkOnTimeSectors(
  epoch: ChainEpoch,
  set: ExpirationSet,
  context: QueueContext,
  findings: Findings,
): void {
  const { selected, missing } = selectSectors(context.liveSectors, set.onTimeSectors)
  for (const sector of selected.byNumber.values()) {
    const target = quantizeUp(context.quant, sector.expiration)
    findings.require(
      epoch === target,
      'queue/on-time-epoch',
      () => `sector ${sector.sectorNumber} expires at ${target}`,
    )
  }
  reportNotLive(missing, findings)
}

function checkEarlySectors(
  epoch: ChainEpoch,
  set: ExpirationSet,
  context: QueueContext,
  findings: Findings,
): void {
  for (const sector of reportedMembers(subtractBitFields(set.earlySectors, context.faults))) {
    findings.add('queue/early-not-faulty', `sector ${sector}`)
  }
  const { selected, missing } = selectSectors(context.liveSectors, set.earlySectors)
  for (const sector of selected.byNumber.values()) {
    const target = quantizeUp(context.quant, sector.expiration)
    findings.require(
      epoch < target,
      'queue/early-epoch',
      () => `sector ${sector.sectorNumber} expires on time at ${target}`,
    )
  }
  reportNotLive(missing, findings)
}

function checkTotals(set: ExpirationSet, context: QueueContext, findings: Findings): void {
  const all = unionBitFields(set.onTimeSectors, set.earlySectors)
  const active = selectSectors(context.liveSectors, subtractBitFields(all, context.faults))
  const faulty = selectSectors(context.liveSectors, intersectBitFields(all, context.faults))
  requireNoneMissing(findings, 'queue/active-not-live', active.missing)
  requireNoneMissing(findings, 'queue/faulty-not-live', faulty.missing)
  requirePower(findings, 'queue/active-power', set.activePower, powerOf(active.selected, context))
  requirePower(findings, 'queue/faulty-power', set.faultyPower, powerOf(faulty.selected, context))
  const onTime = selectSectors(context.liveSectors, set.onTimeSectors).selected.byNumber.values()
  requireAmount(findings, 'queue/on-time-pledge', set.onTimePledge, pledgeOf(onTime))
  // The fee counts a sector for each of the two sets that it is in.
  const early = selectSectors(context.liveSectors, set.earlySectors).selected.byNumber.values()
  const fees = dailyFeeForSectors(
    selectSectors(context.liveSectors, set.onTimeSectors).selected.byNumber.values(),
  )
  requireAmount(findings, 'queue/fee-deduction', set.feeDeduction, fees + dailyFeeForSectors(early))
}

function powerOf(sectors: SectorSet, context: QueueContext): PowerPair {
  return powerOfSectors(context.terms, [...sectors.byNumber.values()])
}

function pledgeOf(sectors: Iterable<SectorOnChainInfo>): AttoFil {
  let sum = 0n
  for (const sector of sectors) {
    sum += sector.initialPledge
  }
  return sum
}

function reportNotLive(missing: BitField, findings: Findings): void {
  for (const sector of reportedMembers(missing)) {
    findings.add('queue/sector-not-live', `sector ${sector}`)
  }
}

export function requireNoneMissing(findings: Findings, kind: string, missing: BitField): void {
  findings.require(missing.boundaries.length === 0, kind, () => formatMembers(missing))
}

export function requirePower(findings: Findings, kind: string, stored: PowerPair, computed: PowerPair): void {
  findings.require(
    equalPower(stored, computed),
    kind,
    () => `raw ${stored.raw}, QA ${stored.qa}, where the sectors have raw ${computed.raw}, QA ${computed.qa}`,
  )
}

export function requireAmount(findings: Findings, kind: string, stored: AttoFil, computed: AttoFil): void {
  findings.require(
    stored === computed,
    kind,
    () => `${formatFil(stored)}, where the sectors add up to ${formatFil(computed)}`,
  )
}
