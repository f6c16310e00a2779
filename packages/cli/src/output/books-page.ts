import { type AttoFil, type ChainEpoch, formatActorId } from '@plimsoll/primitives'
import type { Auction } from '@plimsoll/risk'
import { type AgreementRow, agreementTable } from './agreement-table.ts'
import { type Block, heading } from './document.ts'
import { exactFil, fil } from './story-text.ts'

/** Books as they are after the last entry. Amounts in attoFIL of pFIL or of FIL. */
export interface BooksReport {
  readonly epoch: ChainEpoch
  readonly entries: number
  readonly supply: AttoFil
  /** Of the supply what no miner owes. */
  readonly surplus: AttoFil
  readonly agreements: readonly AgreementRow[]
  readonly auctions: readonly Auction[]
  readonly accounts: readonly { readonly account: string; readonly amount: AttoFil }[]
}

export function booksBlocks(report: BooksReport): readonly Block[] {
  const { entries, epoch, supply, surplus, agreements, auctions, accounts } = report
  return [
    {
      kind: 'lines',
      lines: [
        `${entries} entries up to epoch ${epoch}; the invariants of the books hold after each of them`,
        `${exactFil(supply)} pFIL in circulation, of which no miner owes ${exactFil(surplus)}`,
      ],
    },
    heading('Agreements, pFIL'),
    agreementTable(agreements),
    ...(auctions.length === 0 ? [] : [heading('Auctions'), auctionTable(auctions)]),
    heading('Accounts'),
    {
      kind: 'table',
      headings: ['account', 'balance'],
      rows: accounts.map(({ account, amount }) => [account, exactFil(amount)]),
      alignments: ['left', 'right'],
    },
  ]
}

function auctionTable(auctions: readonly Auction[]): Block {
  return {
    kind: 'table',
    headings: ['', 'miner', 'lot', 'sold', 'passed in', 'returned', 'for sale', 'paid', 'burned', 'surplus'],
    rows: auctions.map((auction, number) => [
      String(number),
      formatActorId(auction.miner),
      ...[auction.lot, auction.sold, auction.passedIn, auction.returned, auction.remaining].map(fil),
      ...[auction.paid, auction.burned, auction.surplus].map(fil),
    ]),
    alignments: ['right', 'left', ...Array.from({ length: 8 }, () => 'right' as const)],
  }
}
