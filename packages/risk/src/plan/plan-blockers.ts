import { BLOCK_GAS_LIMIT } from '@plimsoll/actors'
import { type ActorId, type AttoFil, formatFil, maxBigInt } from '@plimsoll/primitives'
import type { NetworkView } from '../assess/network-view.ts'
import { type TerminationBlocker, terminationBlockers } from '../blockers/termination-blockers.ts'
import { settleDraft } from './plan-messages.ts'
import type { PlanBlocker } from './plan-types.ts'
import { remainingQuota } from './predict-money.ts'
import { countQueued, liveSectorsOf, type PredictedMiner } from './predict-state.ts'

/**
 * What in a state stands in the way of a plan before it begins, with the value that is locked behind each.
 *
 * @throws {CodecError} when a block is missing.
 */
export function blockersOfState(
  view: NetworkView,
  id: ActorId,
  miner: PredictedMiner,
): readonly PlanBlocker[] {
  const pledges = new Map(liveSectorsOf(miner).map(({ number, initialPledge }) => [number, initialPledge]))
  return [
    ...inOneOfEachKind(terminationBlockers(view, id), pledges),
    ...claimBlockers(miner, pledges),
    ...networkPledgeBlockers(view, miner),
    ...queueBlockers(miner),
  ]
}

/** Blockers of a kind as one, with what the first of them says. A sector that several of them name is locked once. */
function inOneOfEachKind(
  blockers: readonly TerminationBlocker[],
  pledges: ReadonlyMap<number, AttoFil>,
): readonly PlanBlocker[] {
  const groups = Map.groupBy(blockers, ({ kind, certainty }) => `${kind} ${certainty}`)
  return [...groups.values()].flatMap((group) => {
    const [first, ...others] = group
    if (first === undefined) {
      return []
    }
    const { kind, certainty } = first
    const sectors = [...new Set(group.flatMap((blocker) => blocker.sectors))].sort((a, b) => a - b)
    return [
      {
        ...{ kind, certainty },
        message: others.length === 0 ? first.message : `${first.message}; and ${others.length} more`,
        sectors: certainty === 'certain' ? sectors : [],
        lockedValue: pledgeOf(sectors, pledges),
      },
    ]
  })
}

function pledgeOf(sectors: readonly number[], pledges: ReadonlyMap<number, AttoFil>): AttoFil {
  return sectors.reduce((sum, sector) => sum + (pledges.get(sector) ?? 0n), 0n)
}

/**
 * The power actor deletes the claim of a miner whose cron failed. After that it refuses to hear of the miner's power and
 * pledge, so that nothing of it can be charged; where it merely counts too little, active sectors cannot be ended.
 *
 * Source: builtin-actors v18, `actors/power/src/lib.rs`, `update_pledge_total`, `update_claimed_power`.
 */
function claimBlockers(miner: PredictedMiner, pledges: ReadonlyMap<number, AttoFil>): readonly PlanBlocker[] {
  const live = liveSectorsOf(miner)
  const active = live.filter(({ isFaulty, isUnproven }) => !isFaulty && !isUnproven)
  const qaPower = active.reduce((sum, sector) => sum + sector.qaPower, 0n)
  const blocked = miner.hasClaim ? (qaPower > miner.claim.qa ? active : []) : live
  if (blocked.length === 0 && (miner.hasClaim || miner.pending.size === 0)) {
    return []
  }
  const sectors = blocked.map(({ number }) => number).sort((a, b) => a - b)
  return [
    {
      kind: 'frozen-miner',
      certainty: 'certain',
      message: miner.hasClaim
        ? 'the power actor counts less power of the miner than its active sectors have: no message can end them'
        : 'the power actor does not know the miner any more: nothing of it can be ended or charged',
      sectors,
      lockedValue: pledgeOf(sectors, pledges),
    },
  ]
}

/**
 * The power actor refuses to count less than no pledge. A new miner's deposit is taken from the count when it is paid
 * out, and was never added to it, which only a network of few miners feels.
 *
 * Source: builtin-actors v18, `actors/power/src/lib.rs`, `update_pledge_total`.
 */
function networkPledgeBlockers(view: NetworkView, miner: PredictedMiner): readonly PlanBlocker[] {
  const { totalPledgeCollateral } = view.network.power
  const released = miner.initialPledge + miner.lockedFunds
  if (released <= totalPledgeCollateral) {
    return []
  }
  return [
    {
      kind: 'network-pledge-short',
      certainty: 'possible',
      message: `the network counts ${formatFil(totalPledgeCollateral)} of pledge, less than the miner has to release`,
      sectors: [],
      lockedValue: released - totalPledgeCollateral,
    },
  ]
}

/** A round cannot be made smaller by who sends it, so that one that no block holds is left to cron. */
function queueBlockers(miner: PredictedMiner): readonly PlanBlocker[] {
  const queued = countQueued(miner)
  if (isSettledByMessage(miner)) {
    return []
  }
  return [
    {
      kind: 'queue-beyond-gas',
      certainty: 'certain',
      message: `${queued} sectors wait to be charged, and a round of them is more than a block holds: only cron can charge them`,
      sectors: [],
      lockedValue: maxBigInt(miner.balance - miner.preCommitDeposits, 0n),
    },
  ]
}

/** Whether a message that only charges the next round fits into a block. */
export function isSettledByMessage(miner: PredictedMiner): boolean {
  const round = Math.min(countQueued(miner), miner.policy.settledSectorsMax)
  return round === 0 || settleDraft(round, false).gas.high <= BLOCK_GAS_LIMIT
}

/** What keeps cash in the miner when everything that can be is terminated and charged. */
export function cashBlockers(
  miner: PredictedMiner,
  epoch: number,
  available: AttoFil,
): readonly PlanBlocker[] {
  const blockers: PlanBlocker[] = []
  const add = (kind: string, message: string, lockedValue: AttoFil) =>
    blockers.push({ kind, certainty: 'certain', message, sectors: [], lockedValue })
  const quota = remainingQuota(miner, epoch)
  const { expiration, quota: total } = miner.beneficiaryTerm
  if (miner.owner !== miner.beneficiary && expiration <= epoch) {
    add('beneficiary-expired', `the beneficiary's term ended at ${expiration}`, maxBigInt(available, 0n))
  } else if (quota === 0n) {
    add('beneficiary-exhausted', `the quota of ${formatFil(total)} is used up`, maxBigInt(available, 0n))
  } else if (quota < available) {
    add('beneficiary-quota', `of the quota ${formatFil(quota)} are left`, available - quota)
  }
  if (miner.pending.size > 0) {
    add('queue-not-empty', `${countQueued(miner)} sectors wait to be charged`, maxBigInt(available, 0n))
  }
  if (miner.feeDebt > 0n && available < 0n) {
    add('fee-debt', `${formatFil(miner.feeDebt)} of fee debt are not covered`, 0n)
  }
  return blockers
}
