import type { AttoFil } from '@plimsoll/primitives'
import { balanceOf, lotAccount, sumIn } from './accounts.ts'
import type { Auction, AuctionTerms } from './auction.ts'
import { type Agreement, type Books, hasOpenAuction, outstandingOf, supplyOf, surplusOf } from './books.ts'

/** What must be true of the books after every entry; empty when all of it is. */
export function checkBooks(books: Books): readonly string[] {
  const { balances, agreements, auctions, terms } = books
  const postings = [...balances].map(([account, amount]) => ({ account, amount }))
  const findings: string[] = []
  const require = (condition: boolean, finding: string) => {
    if (!condition) {
      findings.push(finding)
    }
  }
  require(sumIn(postings, 'pFIL') === 0n, 'pFIL does not balance')
  require(sumIn(postings, 'FIL') === 0n, 'FIL does not balance')

  const outstanding = [...agreements.keys()].reduce((sum, miner) => sum + outstandingOf(books, miner), 0n)
  require(outstanding ===
    supplyOf(books) - surplusOf(books), 'what miners owe is not the supply without surplus')
  require(supplyOf(books) === supplyByTotals(books), 'the supply is not what was minted and not burned')

  const vault = balanceOf(balances, 'FIL vault')
  const badDebt = balanceOf(balances, 'pFIL bad debt')
  require(vault >= balanceOf(balances, 'pFIL held in FIL'), 'the vault holds less FIL than it stands for')
  require(outstanding + vault >= supplyOf(books) - badDebt, 'pFIL is not backed outside declared bad debt')
  require(balanceOf(balances, 'FIL reserve') >= 0n, 'the reserve is overdrawn')

  for (const agreement of agreements.values()) {
    findings.push(...checkAgreement(books, agreement))
  }
  auctions.forEach((auction, number) => {
    findings.push(...checkAuction(terms.auction, auction).map((finding) => `auction ${number}: ${finding}`))
    require(balanceOf(balances, lotAccount(number)) ===
      auction.remaining, `auction ${number}: the lot is not what remains`)
  })
  return findings
}

function supplyByTotals({ agreements }: Books): AttoFil {
  let supply = 0n
  for (const { totals } of agreements.values()) {
    supply += totals.minted + totals.passivelyMinted - totals.burned - totals.boughtBack
  }
  return supply
}

function checkAgreement(books: Books, { miner, totals, stage }: Agreement): readonly string[] {
  const outstanding = outstandingOf(books, miner)
  const { minted, passivelyMinted, burned, boughtBack, repaid, passedIn, fromReserve, lost } = totals
  const raised = minted + passivelyMinted
  const lowered = burned + boughtBack + repaid + passedIn + fromReserve + lost
  const isOpen = outstanding > 0n || hasOpenAuction(books, miner)
  return [
    ...(outstanding < 0n ? [`f0${miner}: owes less than nothing`] : []),
    ...(outstanding === raised - lowered ? [] : [`f0${miner}: owes another amount than its totals say`]),
    ...(stage === 'closed' && isOpen ? [`f0${miner}: is closed and not settled`] : []),
  ]
}

function checkAuction({ dust }: AuctionTerms, auction: Auction): readonly string[] {
  const { lot, remaining, sold, passedIn, returned, paid, burned, surplus } = auction
  const isDust = remaining !== 0n && remaining < (lot < dust ? lot : dust)
  return [
    ...(sold + passedIn + returned + remaining === lot ? [] : ['the lot is not where its parts are']),
    ...(burned + surplus === paid ? [] : ['what was paid is neither burned nor with the holders']),
    ...(isDust ? ['what remains can never be sold'] : []),
    ...([remaining, sold, passedIn, returned, burned, surplus].some((part) => part < 0n)
      ? ['a part is negative']
      : []),
  ]
}
