import type { ActorId, AttoFil, ChainEpoch } from '@plimsoll/primitives'
import { type Balances, balanceOf, owedAccount, type Posting, post } from './accounts.ts'
import { type Auction, requireAuctionTerms } from './auction.ts'
import type { AgreementTerms, LedgerTerms } from './ledger-entry.ts'
import { LedgerError } from './ledger-error.ts'

export type AgreementStage = 'open' | 'warned' | 'windingUp' | 'closed'

/** One agreement with a provider about one miner. */
export interface Agreement {
  readonly miner: ActorId
  readonly terms: AgreementTerms
  readonly startEpoch: ChainEpoch
  readonly stage: AgreementStage
  /** Null unless the provider has been warned. */
  readonly warnedAt: ChainEpoch | null
  /** The day whose passive mint comes next, from 0. */
  readonly passiveMintDay: number
  readonly totals: AgreementTotals
}

/** What has raised and lowered the outstanding pFIL of an agreement; attoFIL. */
export interface AgreementTotals {
  readonly minted: AttoFil
  readonly passivelyMinted: AttoFil
  readonly burned: AttoFil
  readonly boughtBack: AttoFil
  readonly repaid: AttoFil
  readonly passedIn: AttoFil
  readonly fromReserve: AttoFil
  readonly lost: AttoFil
}

export const NO_TOTALS: AgreementTotals = {
  minted: 0n,
  passivelyMinted: 0n,
  burned: 0n,
  boughtBack: 0n,
  repaid: 0n,
  passedIn: 0n,
  fromReserve: 0n,
  lost: 0n,
}

/** The pFIL books of all agreements: a value that every entry makes a new one of. */
export interface Books {
  readonly terms: LedgerTerms
  /** Of the last entry. */
  readonly epoch: ChainEpoch
  readonly agreements: ReadonlyMap<ActorId, Agreement>
  /** By number, from 0. */
  readonly auctions: readonly Auction[]
  readonly balances: Balances
}

/** Books without an entry. @throws {LedgerError} `LEDGER_TERMS` */
export function openBooks(terms: LedgerTerms): Books {
  requireAuctionTerms(terms.auction)
  return { terms, epoch: 0, agreements: new Map(), auctions: [], balances: new Map() }
}

/** What an agreement still owes, in pFIL. */
export function outstandingOf(books: Books, miner: ActorId): AttoFil {
  return balanceOf(books.balances, owedAccount(miner))
}

/** All pFIL that is in circulation. */
export function supplyOf({ balances }: Books): AttoFil {
  return -balanceOf(balances, 'pFIL circulating')
}

/**
 * PFIL in circulation that no miner owes: what FIL in the vault stands for, and what is lost. Supply without it
 * is what all agreements owe.
 */
export function surplusOf({ balances }: Books): AttoFil {
  return balanceOf(balances, 'pFIL held in FIL') + balanceOf(balances, 'pFIL bad debt')
}

/** Whether anything of an agreement's recovered FIL is still up for sale. */
export function hasOpenAuction({ auctions }: Books, miner: ActorId): boolean {
  return auctions.some((auction) => auction.miner === miner && auction.remaining > 0n)
}

/** @throws {LedgerError} `LEDGER_NO_AGREEMENT` */
export function requireAgreement({ agreements }: Books, miner: ActorId): Agreement {
  const agreement = agreements.get(miner)
  if (agreement === undefined) {
    throw new LedgerError('LEDGER_NO_AGREEMENT', `there is no agreement about f0${miner}`, { miner })
  }
  return agreement
}

/** @throws {LedgerError} `LEDGER_STAGE` unless the agreement is in one of the stages. */
export function requireStage({ miner, stage }: Agreement, ...stages: readonly AgreementStage[]): void {
  if (!stages.includes(stage)) {
    throw new LedgerError('LEDGER_STAGE', `the agreement about f0${miner} is ${stage}`, { miner, stage })
  }
}

/** @throws {LedgerError} `LEDGER_AMOUNT` for nothing or less. */
export function requirePositive(amount: AttoFil): void {
  if (amount <= 0n) {
    throw new LedgerError('LEDGER_AMOUNT', `${amount} is not an amount above zero`, { amount })
  }
}

/** The change of an agreement and of its totals, with the postings that go with it. */
export interface Change {
  readonly agreement?: Partial<Omit<Agreement, 'miner' | 'terms' | 'totals'>>
  readonly totals?: Partial<AgreementTotals>
  readonly postings?: readonly Posting[]
}

/** The books after a change of one agreement; amounts in `totals` are added. */
export function change(books: Books, miner: ActorId, { agreement, totals, postings = [] }: Change): Books {
  const before = requireAgreement(books, miner)
  const sums = { ...before.totals }
  for (const [name, amount] of Object.entries(totals ?? {}) as [keyof AgreementTotals, AttoFil][]) {
    sums[name] += amount
  }
  const after: Agreement = { ...before, ...agreement, totals: sums }
  return {
    ...books,
    agreements: new Map(books.agreements).set(miner, after),
    balances: post(books.balances, postings),
  }
}
