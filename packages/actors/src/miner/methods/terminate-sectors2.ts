import {
  type BitField,
  type Blockstore,
  canonicalIndex,
  countBits,
  isEmptyBitField,
  subtractBitFields,
  unionBitFields,
  unionOfBitFields,
} from '@plimsoll/ipld'
import type { Policy } from '../../policy.ts'
import type { Rules } from '../../rules/rules.ts'
import { requireFound, requireParam } from '../../runtime/actor-error.ts'
import type { Runtime } from '../../runtime/runtime.ts'
import { Partitions } from '../deadline-state.ts'
import { isDeadlineMutable, loadDeadline } from '../deadlines.ts'
import type { TerminateSectors2Params, TerminateSectorsReturn } from '../method-types.ts'
import type { NetworkEstimates } from '../monies.ts'
import { EarlyTerminated, type Partition } from '../partition-state.ts'
import { ZERO_POWER } from '../power-pair.ts'
import { processEarlyTerminations } from '../process-early-terminations.ts'
import {
  countDeclared,
  type DeadlineSectorMap,
  deadlineSectorMap,
  type PartitionSectorMap,
} from '../sector-map.ts'
import { requestEstimates, requestUpdatePower } from '../sends.ts'
import { loadDeadlinesDraft } from '../state/assign-sectors.ts'
import { countQueuedTerminations } from '../state/early-terminations.ts'
import { checkBalanceInvariants } from '../state/funds.ts'
import { currentProvingPeriodStart, getInfoForController } from '../state/info.ts'
import { MinerState } from '../state.ts'
import { markTerminated } from './terminate-sectors.ts'

/** Whether a miner has the method at all. */
export function hasTerminateSectors2({ terminateSectors2 }: Rules): boolean {
  return terminateSectors2 !== 'off'
}

/**
 * Method 37, `TerminateSectors2`: settles every queued termination, then ends more sectors and settles them too. It
 * does all of it or fails, and nothing stays in the queue, so that a contract has the miner's funds in the same call.
 *
 * Source: FIPs pull request 1035, `FIPS/fip-tbd.md`, on the ground of builtin-actors v18, `actors/miner/src/lib.rs`,
 * `terminate_sectors`. Where the draft is silent, `docs/proposals.md` says what is done and why.
 *
 * @returns done, always.
 * @throws {ActorError} `USR_ILLEGAL_ARGUMENT` for a deadline that is open or next, sectors that are not live, or more
 * than the maximum; `USR_NOT_FOUND` for a partition that there is not; `USR_FORBIDDEN`, `USR_ILLEGAL_STATE`
 */
export function terminateSectors2(
  rt: Runtime,
  { terminations, maxTermination }: TerminateSectors2Params,
): TerminateSectorsReturn {
  const declared = deadlineSectorMap(rt.policy, terminations ?? [])
  countDeclared(declared)
  const state = rt.state(MinerState)
  const info = getInfoForController(rt, state)
  const remaining = withoutQueued(rt, state, declared)
  const total = countQueuedTerminations(rt.store, state) + Number(countDeclared(remaining).sectors)
  requireParam(total <= maxTermination, () => `${total} sectors to terminate, max ${maxTermination}`)
  const estimates = requestEstimates(rt)
  settleAll(rt, estimates)
  const powerDelta =
    remaining.size === 0
      ? ZERO_POWER
      : rt.transaction(MinerState, (draft) => markTerminated(rt, draft, info, remaining))
  settleAll(rt, estimates)
  checkBalanceInvariants(rt.state(MinerState), rt.currentBalance())
  requestUpdatePower(rt, powerDelta)
  return { done: true }
}

/** Round after round, as many partitions and sectors in each as one round may settle. */
function settleAll(rt: Runtime, estimates: NetworkEstimates): void {
  while (processEarlyTerminations(rt, estimates)) {
    // The queue has more.
  }
}

/** What is declared and not waiting to be settled already: a race that the caller has lost is no error. */
function withoutQueued(rt: Runtime, state: MinerState, declared: DeadlineSectorMap): DeadlineSectorMap {
  const { policy, store, currEpoch } = rt
  const deadlines = loadDeadlinesDraft(store, state)
  const remaining = new Map<number, PartitionSectorMap>()
  for (const [index, all] of declared) {
    const partitions = [...all].filter(([, sectors]) => !isEmptyBitField(sectors))
    if (partitions.length === 0) {
      continue
    }
    requireMutable(policy, currentProvingPeriodStart(policy, state, currEpoch), index, currEpoch)
    const array = Partitions.load(store, loadDeadline(store, deadlines, index).partitions)
    const live = new Map<bigint, BitField>()
    for (const [number, sectors] of partitions) {
      const partition = requireFound(array.get(canonicalIndex(number)), () => `no partition ${number}`)
      const wanted = subtractBitFields(sectors, skipped(policy, store, partition))
      requireLive(partition, wanted)
      if (!isEmptyBitField(wanted)) {
        live.set(number, wanted)
      }
    }
    if (live.size > 0) {
      remaining.set(index, live)
    }
  }
  return remaining
}

/** The queued sectors of a partition; leniently also those that were settled before. */
function skipped({ rules }: Policy, store: Blockstore, partition: Partition): BitField {
  const queue = EarlyTerminated.load(store, partition.earlyTerminated)
  const queued = unionOfBitFields([...queue.entries()].map(([, sectors]) => sectors))
  return rules.terminateSectors2 === 'lenient' ? unionBitFields(queued, partition.terminated) : queued
}

function requireMutable(policy: Policy, periodStart: number, index: number, currEpoch: number): void {
  requireParam(
    isDeadlineMutable(policy, periodStart, index, currEpoch),
    () => `cannot terminate sectors in immutable deadline ${index}`,
  )
}

function requireLive(partition: Partition, sectors: BitField): void {
  const live = subtractBitFields(partition.sectors, partition.terminated)
  const dead = countBits(subtractBitFields(sectors, live))
  requireParam(dead === 0, () => `${dead} sectors are not live in their partition`)
}
