import { type AttoFil, minBigInt } from '@plimsoll/primitives'
import { lotAccount, owedAccount, ownerAccount, transfer } from './accounts.ts'
import { type Auction, askFor, askPrice, auctionEnd, isFillable } from './auction.ts'
import { type Books, change, outstandingOf, requirePositive } from './books.ts'
import type { EntryOf } from './ledger-entry.ts'
import { LedgerError } from './ledger-error.ts'

/**
 * Sells a part of a lot to the first bid that meets the ask. The pFIL is burned up to what is outstanding, and
 * goes to the holders beyond it.
 *
 * @throws {LedgerError} `LEDGER_NO_AUCTION`; `LEDGER_AUCTION_OVER`; `LEDGER_DUST` for a part that is too small
 * or leaves too little; `LEDGER_BID_TOO_LOW` with the ask.
 */
export function bid(books: Books, entry: EntryOf<'bid'>): Books {
  const { auction: number, fil, pfil, epoch } = entry
  const auction = requireAuction(books, number)
  requirePositive(fil)
  const price = askPrice(books.terms.auction, auction.openedAt, epoch)
  if (price === undefined || !isForSale(books, auction)) {
    throw new LedgerError('LEDGER_AUCTION_OVER', `auction ${number} is over`, { auction: number, epoch })
  }
  if (fil > auction.remaining || !isFillable(books.terms.auction, auction.remaining, fil)) {
    throw new LedgerError(
      'LEDGER_DUST',
      `${fil} of ${auction.remaining} attoFIL is not for sale: neither it nor the rest may be dust`,
      { fil, remaining: auction.remaining },
    )
  }
  const ask = askFor(price, fil)
  if (pfil < ask) {
    throw new LedgerError('LEDGER_BID_TOO_LOW', `${pfil} is below the ask of ${ask}`, { pfil, ask })
  }
  const burned = minBigInt(pfil, outstandingOf(books, auction.miner))
  const surplus = pfil - burned
  const sold = change(books, auction.miner, {
    totals: { boughtBack: burned },
    postings: [
      ...transfer(lotAccount(number), 'FIL outside', fil),
      // What the bidder pays beyond the outstanding changes hands and stays in circulation.
      ...transfer(owedAccount(auction.miner), 'pFIL circulating', burned),
    ],
  })
  return withAuction(sold, number, {
    ...auction,
    remaining: auction.remaining - fil,
    sold: auction.sold + fil,
    paid: auction.paid + pfil,
    burned: auction.burned + burned,
    surplus: auction.surplus + surplus,
  })
}

/**
 * Ends an auction that nobody can bid in any more. What remains lowers the outstanding one for one and backs
 * pFIL in the vault; what remains beyond the outstanding goes by the rule for lots.
 *
 * @throws {LedgerError} `LEDGER_NO_AUCTION`; `LEDGER_AUCTION_OPEN` while bids are taken.
 */
export function settle(books: Books, { auction: number, epoch }: EntryOf<'settle'>): Books {
  const auction = requireAuction(books, number)
  if (isForSale(books, auction) && epoch < auctionEnd(books.terms.auction, auction.openedAt)) {
    throw new LedgerError('LEDGER_AUCTION_OPEN', `auction ${number} still takes bids`, { auction: number })
  }
  const { miner, remaining } = auction
  const owed = minBigInt(remaining, outstandingOf(books, miner))
  const toHolders = books.terms.lotRule === 'allRecovered' ? remaining : owed
  const returned = remaining - toHolders
  const settled = change(books, miner, {
    totals: { passedIn: owed },
    postings: [
      ...transfer(lotAccount(number), 'FIL vault', toHolders),
      ...transfer(lotAccount(number), ownerAccount(miner), returned),
      ...transfer(owedAccount(miner), 'pFIL held in FIL', owed),
    ],
  })
  return withAuction(settled, number, {
    ...auction,
    remaining: 0n,
    passedIn: auction.passedIn + toHolders,
    returned: auction.returned + returned,
  })
}

/** A lot of no more than the outstanding has nothing left to buy back once nothing is outstanding. */
function isForSale(books: Books, { miner, remaining }: Auction): boolean {
  return remaining > 0n && (books.terms.lotRule === 'allRecovered' || outstandingOf(books, miner) > 0n)
}

function requireAuction({ auctions }: Books, number: number): Auction {
  const auction = auctions[number]
  if (auction === undefined) {
    throw new LedgerError('LEDGER_NO_AUCTION', `there is no auction ${number}`, { auction: number })
  }
  return auction
}

function withAuction(books: Books, number: number, auction: Auction): Books {
  return { ...books, auctions: books.auctions.with(number, auction) }
}

/** What a part of an auction's lot costs in an epoch; undefined when it is not for sale. */
export function askOf(books: Books, number: number, fil: AttoFil, epoch: number): AttoFil | undefined {
  const auction = requireAuction(books, number)
  const price = askPrice(books.terms.auction, auction.openedAt, epoch)
  return price === undefined || !isForSale(books, auction) ? undefined : askFor(price, fil)
}
