import { type AttoFil, formatActorId, maxBigInt, minBigInt } from '@plimsoll/primitives'
import { balanceOf, lotAccount, minerAccount, owedAccount, ownerAccount, transfer } from './accounts.ts'
import { openAuction } from './auction.ts'
import {
  type Books,
  change,
  hasOpenAuction,
  outstandingOf,
  requireAgreement,
  requirePositive,
  requireStage,
} from './books.ts'
import type { EntryOf } from './ledger-entry.ts'
import { LedgerError } from './ledger-error.ts'
import { eligibleAssetOf } from './mint-capacity.ts'

/** @throws {LedgerError} `LEDGER_THRESHOLD` unless EligibleAsset is below the threshold of warning. */
export function warn(books: Books, { miner, epoch, appraisal }: EntryOf<'warn'>): Books {
  const agreement = requireAgreement(books, miner)
  requireStage(agreement, 'open')
  const eligibleAsset = eligibleAssetOf(appraisal, outstandingOf(books, miner))
  requireBelow(eligibleAsset, agreement.terms.warningThreshold)
  return change(books, miner, { agreement: { stage: 'warned', warnedAt: epoch } })
}

/** @throws {LedgerError} `LEDGER_THRESHOLD` while EligibleAsset is still below the threshold of warning. */
export function liftWarning(books: Books, { miner, appraisal }: EntryOf<'liftWarning'>): Books {
  const agreement = requireAgreement(books, miner)
  requireStage(agreement, 'warned')
  const eligibleAsset = eligibleAssetOf(appraisal, outstandingOf(books, miner))
  const { warningThreshold } = agreement.terms
  if (eligibleAsset < warningThreshold) {
    throw new LedgerError('LEDGER_THRESHOLD', `${eligibleAsset} is still below ${warningThreshold}`, {
      eligibleAsset,
      threshold: warningThreshold,
    })
  }
  return change(books, miner, { agreement: { stage: 'open', warnedAt: null } })
}

/**
 * Begins to wind a miner up. A sound one never is, and none without a warning and its notice.
 *
 * @throws {LedgerError} `LEDGER_THRESHOLD` unless EligibleAsset is below the threshold of termination;
 * `LEDGER_NOTICE` before the notice is over.
 */
export function forceTermination(books: Books, entry: EntryOf<'forceTermination'>): Books {
  const { miner, epoch, appraisal } = entry
  const agreement = requireAgreement(books, miner)
  requireStage(agreement, 'warned')
  const { terminationThreshold, noticeEpochs } = agreement.terms
  requireBelow(eligibleAssetOf(appraisal, outstandingOf(books, miner)), terminationThreshold)
  const from = (agreement.warnedAt ?? epoch) + noticeEpochs
  if (epoch < from) {
    throw new LedgerError('LEDGER_NOTICE', `the notice lasts until epoch ${from}`, { epoch, from })
  }
  return change(books, miner, { agreement: { stage: 'windingUp' } })
}

function requireBelow(eligibleAsset: AttoFil, threshold: AttoFil): void {
  if (eligibleAsset >= threshold) {
    throw new LedgerError('LEDGER_THRESHOLD', `${eligibleAsset} is not below ${threshold}`, {
      eligibleAsset,
      threshold,
    })
  }
}

/** Puts an instalment of recovered FIL up for sale, or as much of it as the terms say; the owner has the rest. */
export function recover(books: Books, { miner, epoch, amount }: EntryOf<'recover'>): Books {
  requireStage(requireAgreement(books, miner), 'windingUp')
  requirePositive(amount)
  const lot = lotOf(books, miner, amount)
  const number = books.auctions.length
  const after = change(books, miner, {
    postings: [
      ...transfer(minerAccount(miner), lotAccount(number), lot),
      ...transfer(minerAccount(miner), ownerAccount(miner), amount - lot),
    ],
  })
  return lot === 0n ? after : { ...after, auctions: [...after.auctions, openAuction(miner, epoch, lot)] }
}

/** Earlier lots that are still for sale cover their part of the outstanding already. */
function lotOf(books: Books, miner: EntryOf<'recover'>['miner'], amount: AttoFil): AttoFil {
  if (books.terms.lotRule === 'allRecovered') {
    return amount
  }
  const forSale = books.auctions
    .filter((auction) => auction.miner === miner)
    .reduce((sum, { remaining }) => sum + remaining, 0n)
  return minBigInt(amount, maxBigInt(outstandingOf(books, miner) - forSale, 0n))
}

/**
 * Books what is still outstanding when nothing more can be recovered: the reserve pays first, and the holders
 * bear what it does not cover.
 *
 * @throws {LedgerError} `LEDGER_STILL_RECOVERING` while anything is for sale or can still be recovered.
 */
export function writeOff(books: Books, { miner, stillRecoverable }: EntryOf<'writeOff'>): Books {
  requireStage(requireAgreement(books, miner), 'windingUp')
  if (stillRecoverable > 0n || hasOpenAuction(books, miner)) {
    throw new LedgerError('LEDGER_STILL_RECOVERING', `${formatActorId(miner)} is not wound up yet`, {
      miner,
      stillRecoverable,
    })
  }
  const outstanding = outstandingOf(books, miner)
  const fromReserve = minBigInt(balanceOf(books.balances, 'FIL reserve'), outstanding)
  const lost = outstanding - fromReserve
  return change(books, miner, {
    agreement: { stage: 'closed' },
    totals: { fromReserve, lost },
    postings: [
      ...transfer('FIL reserve', 'FIL vault', fromReserve),
      ...transfer(owedAccount(miner), 'pFIL held in FIL', fromReserve),
      ...transfer(owedAccount(miner), 'pFIL bad debt', lost),
    ],
  })
}

/** Ends an agreement. @throws {LedgerError} `LEDGER_NOT_SETTLED` while it owes or something is for sale. */
export function close(books: Books, { miner }: EntryOf<'close'>): Books {
  requireStage(requireAgreement(books, miner), 'open', 'warned', 'windingUp')
  const outstanding = outstandingOf(books, miner)
  if (outstanding > 0n || hasOpenAuction(books, miner)) {
    throw new LedgerError(
      'LEDGER_NOT_SETTLED',
      `${outstanding} attoFIL are outstanding, or a lot is for sale`,
      {
        miner,
        outstanding,
      },
    )
  }
  return change(books, miner, { agreement: { stage: 'closed' } })
}
