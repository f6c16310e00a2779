import type { AttoFil, ChainEpoch } from '@plimsoll/primitives'
import type { MoneyMoment } from '../plan/predict-state.ts'

/** Levels of the eligible asset below which a lender warns, and below which it terminates; attoFIL. */
export interface Thresholds {
  readonly warning?: AttoFil | undefined
  readonly termination?: AttoFil | undefined
}

/** A miner's money in an epoch; attoFIL. */
export interface MoneyPoint {
  readonly epoch: ChainEpoch
  readonly balance: AttoFil
  readonly preCommitDeposits: AttoFil
  readonly initialPledge: AttoFil
  readonly lockedFunds: AttoFil
  readonly feeDebt: AttoFil
  /** Of the balance what is not locked, less the debt. */
  readonly available: AttoFil
  /** Balance without deposits and what is outstanding: what the thresholds are compared with. */
  readonly eligibleAsset: AttoFil
}

/** What happens to a miner for the first time. */
export const CROSSINGS = [
  'noneAvailable',
  'feeDebt',
  'warning',
  'termination',
  'sectorsTerminated',
  /** Its cron fails, or the power actor does not know it: nothing is charged, burned or unlocked by itself any more. */
  'claimDeleted',
] as const
export type CrossingKind = (typeof CROSSINGS)[number]

/** The first epoch at whose end something is so; of the epoch before the run when it is so already. */
export interface Crossing {
  readonly kind: CrossingKind
  readonly epoch: ChainEpoch
}

/**
 * How bad the worst is that happens within the forecast: a threshold is crossed, or the miner is without a claim, which
 * is a warning by itself. Its path is flat then because nobody charges it, and not because it is well.
 */
export type Outlook = 'safe' | 'warning' | 'termination'

/** The eligible asset less the debt: what is left of it once the debt is paid. */
export function strictAsset({ eligibleAsset, feeDebt }: MoneyPoint): AttoFil {
  return eligibleAsset - feeDebt
}

/** The point of a miner's money at the end of an epoch. */
export function moneyPoint(money: MoneyMoment, outstanding: AttoFil, epoch: ChainEpoch): MoneyPoint {
  const { balance, preCommitDeposits, initialPledge, lockedFunds, feeDebt } = money
  return {
    ...{ epoch, balance, preCommitDeposits, initialPledge, lockedFunds, feeDebt },
    available: balance - preCommitDeposits - initialPledge - lockedFunds - feeDebt,
    eligibleAsset: balance - preCommitDeposits - outstanding,
  }
}

/** Notes what a point crosses that no point before it has. */
export function noteCrossings(
  first: Map<CrossingKind, ChainEpoch>,
  { epoch, available, feeDebt, eligibleAsset }: MoneyPoint,
  { warning, termination }: Thresholds,
): void {
  const isSo: Readonly<Record<CrossingKind, boolean>> = {
    noneAvailable: available <= 0n,
    feeDebt: feeDebt > 0n,
    warning: warning !== undefined && eligibleAsset < warning,
    termination: termination !== undefined && eligibleAsset < termination,
    // What happens in an epoch is no level of money.
    sectorsTerminated: false,
    claimDeleted: false,
  }
  for (const kind of CROSSINGS) {
    if (isSo[kind] && !first.has(kind)) {
      first.set(kind, epoch)
    }
  }
}

/** Where a miner is on its way, and the lowest point until then. */
export interface MoneyTrack {
  readonly latest: MoneyPoint
  readonly lowest: MoneyPoint
}

/**
 * Goes on to the end of a later epoch while nothing happens to the miner and only what is outstanding grows. Notes the
 * first epoch at whose end a level is crossed on the way.
 *
 * `outstandingAt` never falls.
 */
export function growTrack(
  first: Map<CrossingKind, ChainEpoch>,
  { latest: point, lowest }: MoneyTrack,
  epoch: ChainEpoch,
  outstandingAt: (epoch: ChainEpoch) => AttoFil,
  thresholds: Thresholds,
): MoneyTrack {
  const at = (later: ChainEpoch): MoneyPoint => ({
    ...point,
    epoch: later,
    eligibleAsset: point.eligibleAsset + outstandingAt(point.epoch) - outstandingAt(later),
  })
  const grown = at(epoch)
  for (const kind of ['warning', 'termination'] as const) {
    const level = thresholds[kind]
    if (level !== undefined && grown.eligibleAsset < level && !first.has(kind)) {
      first.set(
        kind,
        firstEpoch(point.epoch, epoch, (candidate) => at(candidate).eligibleAsset < level),
      )
    }
  }
  const isLower = strictAsset(grown) < strictAsset(lowest)
  const reached = (candidate: ChainEpoch) => at(candidate).eligibleAsset === grown.eligibleAsset
  return { latest: grown, lowest: isLower ? at(firstEpoch(point.epoch, epoch, reached)) : lowest }
}

/** The first epoch from which on something is so, which it is in `last`. */
function firstEpoch(from: ChainEpoch, last: ChainEpoch, isSo: (epoch: ChainEpoch) => boolean): ChainEpoch {
  let [low, high] = [from, last]
  while (low < high) {
    const middle = low + Math.trunc((high - low) / 2)
    if (isSo(middle)) {
      high = middle
    } else {
      low = middle + 1
    }
  }
  return high
}

/** Comes to a point at which something has happened. */
export function nextTrack({ lowest }: MoneyTrack, latest: MoneyPoint): MoneyTrack {
  return { latest, lowest: strictAsset(latest) < strictAsset(lowest) ? latest : lowest }
}

export function outlookOf(first: ReadonlyMap<CrossingKind, ChainEpoch>): Outlook {
  if (first.has('termination')) {
    return 'termination'
  }
  return first.has('warning') || first.has('claimDeleted') ? 'warning' : 'safe'
}

/** Crossings by epoch. */
export function sortedCrossings(first: ReadonlyMap<CrossingKind, ChainEpoch>): readonly Crossing[] {
  return [...first].map(([kind, epoch]) => ({ kind, epoch })).toSorted((a, b) => a.epoch - b.epoch)
}
