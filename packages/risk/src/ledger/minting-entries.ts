import { type ActorId, type AttoFil, EPOCHS_IN_DAY } from '@plimsoll/primitives'
import { minerAccount, owedAccount, ownerAccount, transfer } from './accounts.ts'
import {
  type Books,
  change,
  NO_TOTALS,
  outstandingOf,
  requireAgreement,
  requirePositive,
  requireStage,
} from './books.ts'
import type { AgreementTerms, EntryOf } from './ledger-entry.ts'
import { LedgerError } from './ledger-error.ts'
import { bindingTerm, mintCapacity } from './mint-capacity.ts'
import { passiveMint } from './passive-mint.ts'

/** @throws {LedgerError} `LEDGER_AGREEMENT_EXISTS`; `LEDGER_TERMS` when termination comes before warning. */
export function openAgreement(books: Books, { miner, epoch, terms }: EntryOf<'open'>): Books {
  if (books.agreements.has(miner)) {
    throw new LedgerError('LEDGER_AGREEMENT_EXISTS', `there is an agreement about f0${miner}`, { miner })
  }
  requireAgreementTerms(terms)
  const agreements = new Map(books.agreements).set(miner, {
    miner,
    terms,
    startEpoch: epoch,
    stage: 'open',
    warnedAt: null,
    passiveMintDay: 0,
    totals: NO_TOTALS,
  })
  return { ...books, agreements }
}

function requireAgreementTerms(terms: AgreementTerms): void {
  const { warningThreshold, terminationThreshold, noticeEpochs } = terms
  if (terminationThreshold > warningThreshold || !Number.isSafeInteger(noticeEpochs) || noticeEpochs < 0) {
    throw new LedgerError('LEDGER_TERMS', 'a warning comes before termination, and with notice', { terms })
  }
}

/**
 * Mints pFIL against the Safe Pledge of the moment.
 *
 * @throws {LedgerError} `LEDGER_BEYOND_SAFE_PLEDGE` with the term that binds; `LEDGER_STAGE` for an agreement
 * that is warned or being wound up.
 */
export function mint(books: Books, { miner, amount, appraisal }: EntryOf<'mint'>): Books {
  requireStage(requireAgreement(books, miner), 'open')
  requirePositive(amount)
  const capacity = mintCapacity(appraisal, outstandingOf(books, miner), books.terms.mintRule)
  const binding = bindingTerm(capacity, amount)
  if (binding !== undefined) {
    throw new LedgerError(
      'LEDGER_BEYOND_SAFE_PLEDGE',
      `${amount} attoFIL are beyond a Safe Pledge of ${capacity.capacity}, bound by ${binding}`,
      { amount, capacity: capacity.capacity, binding },
    )
  }
  return change(books, miner, {
    totals: { minted: amount },
    postings: transfer('pFIL circulating', owedAccount(miner), amount),
  })
}

/**
 * Mints what a day adds to the outstanding. It goes on while an agreement is being wound up.
 *
 * @throws {LedgerError} `LEDGER_OUT_OF_ORDER` for a day that is not the next one, or not over yet.
 */
export function mintPassively(books: Books, entry: EntryOf<'passiveMint'>): Books {
  const { miner, day, filPerPfil, epoch } = entry
  const agreement = requireAgreement(books, miner)
  requireStage(agreement, 'open', 'warned', 'windingUp')
  const isOver = epoch >= agreement.startEpoch + (day + 1) * EPOCHS_IN_DAY
  if (day !== agreement.passiveMintDay || !isOver) {
    throw new LedgerError(
      'LEDGER_OUT_OF_ORDER',
      `the next passive mint about f0${miner} is that of day ${agreement.passiveMintDay}, when it is over`,
      { miner, day, next: agreement.passiveMintDay },
    )
  }
  const amount = passiveMint(books.terms.passiveMint, outstandingOf(books, miner), day, filPerPfil)
  return change(books, miner, {
    agreement: { passiveMintDay: day + 1 },
    totals: { passivelyMinted: amount },
    postings: transfer('pFIL circulating', owedAccount(miner), amount),
  })
}

/** @throws {LedgerError} `LEDGER_OVER_OUTSTANDING` */
export function burn(books: Books, { miner, amount }: EntryOf<'burn'>): Books {
  requireOutstanding(books, miner, amount)
  return change(books, miner, {
    totals: { burned: amount },
    postings: transfer(owedAccount(miner), 'pFIL circulating', amount),
  })
}

/** A top-up changes no pFIL: it raises what the miner is worth. */
export function topUp(books: Books, { miner, amount }: EntryOf<'topUp'>): Books {
  requireStage(requireAgreement(books, miner), 'open', 'warned', 'windingUp')
  requirePositive(amount)
  return change(books, miner, { postings: transfer(ownerAccount(miner), minerAccount(miner), amount) })
}

/** FIL in place of pFIL, one for one, which is ours. @throws {LedgerError} `LEDGER_OVER_OUTSTANDING` */
export function repay(books: Books, { miner, amount }: EntryOf<'repay'>): Books {
  requireOutstanding(books, miner, amount)
  return change(books, miner, {
    totals: { repaid: amount },
    postings: [
      ...transfer(ownerAccount(miner), 'FIL vault', amount),
      ...transfer(owedAccount(miner), 'pFIL held in FIL', amount),
    ],
  })
}

function requireOutstanding(books: Books, miner: ActorId, amount: AttoFil): void {
  requireStage(requireAgreement(books, miner), 'open', 'warned', 'windingUp')
  requirePositive(amount)
  const outstanding = outstandingOf(books, miner)
  if (amount > outstanding) {
    throw new LedgerError(
      'LEDGER_OVER_OUTSTANDING',
      `${amount} attoFIL are more than the ${outstanding} that are outstanding`,
      { amount, outstanding },
    )
  }
}
