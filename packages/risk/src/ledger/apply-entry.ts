import { assert } from '@plimsoll/primitives'
import { post, transfer } from './accounts.ts'
import { bid, settle } from './auction-entries.ts'
import { type Books, openBooks, requirePositive } from './books.ts'
import { checkBooks } from './check-books.ts'
import type { LedgerEntry, LedgerTerms } from './ledger-entry.ts'
import { LedgerError } from './ledger-error.ts'
import { burn, mint, mintPassively, openAgreement, repay, topUp } from './minting-entries.ts'
import { close, forceTermination, liftWarning, recover, warn, writeOff } from './wind-up-entries.ts'

/**
 * The books after an entry, with their invariants asserted.
 *
 * @throws {LedgerError} when the rules refuse the entry; `LEDGER_OUT_OF_ORDER` for an epoch before the last one.
 */
export function applyEntry(books: Books, entry: LedgerEntry): Books {
  if (entry.epoch < books.epoch) {
    throw new LedgerError('LEDGER_OUT_OF_ORDER', `epoch ${entry.epoch} is before ${books.epoch}`, {
      epoch: entry.epoch,
      last: books.epoch,
    })
  }
  const after = { ...enter(books, entry), epoch: entry.epoch }
  const findings = checkBooks(after)
  assert(findings.length === 0, findings.join('; '))
  return after
}

/** The books that entries lead to; the same entries always lead to equal books. */
export function replayEntries(terms: LedgerTerms, entries: readonly LedgerEntry[]): Books {
  return entries.reduce(applyEntry, openBooks(terms))
}

function enter(books: Books, entry: LedgerEntry): Books {
  switch (entry.kind) {
    case 'fundReserve':
      requirePositive(entry.amount)
      return {
        ...books,
        balances: post(books.balances, transfer('FIL outside', 'FIL reserve', entry.amount)),
      }
    case 'open':
      return openAgreement(books, entry)
    case 'mint':
      return mint(books, entry)
    case 'passiveMint':
      return mintPassively(books, entry)
    case 'burn':
      return burn(books, entry)
    case 'topUp':
      return topUp(books, entry)
    case 'repay':
      return repay(books, entry)
    case 'warn':
      return warn(books, entry)
    case 'liftWarning':
      return liftWarning(books, entry)
    case 'forceTermination':
      return forceTermination(books, entry)
    case 'recover':
      return recover(books, entry)
    case 'bid':
      return bid(books, entry)
    case 'settle':
      return settle(books, entry)
    case 'writeOff':
      return writeOff(books, entry)
    case 'close':
      return close(books, entry)
  }
}
