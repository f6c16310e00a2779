import type { ActorId, AttoFil, ChainEpoch } from '@plimsoll/primitives'
import type { Ratio } from '../power-table/ratio.ts'
import type { AuctionTerms } from './auction.ts'
import type { Appraisal, MintRule } from './mint-capacity.ts'
import type { PassiveMintTerms } from './passive-mint.ts'

/** What holds for all agreements. Nothing here has a default. */
export interface LedgerTerms {
  readonly mintRule: MintRule
  readonly passiveMint: PassiveMintTerms
  readonly auction: AuctionTerms
  /**
   * What of an instalment is put up: no more than is outstanding, and the rest goes to the owner; or all of it,
   * so that whatever it fetches beyond the outstanding goes to the holders. The protocol does not say.
   */
  readonly lotRule: 'upToOutstanding' | 'allRecovered'
}

/** What holds for one agreement; the protocol publishes none of these numbers. */
export interface AgreementTerms {
  /** EligibleAsset below which the provider is warned. */
  readonly warningThreshold: AttoFil
  /** EligibleAsset below which sectors are terminated. */
  readonly terminationThreshold: AttoFil
  /** Epochs between warning and termination in which the provider can top up. */
  readonly noticeEpochs: number
}

/** Everything that is entered into the books, in the order of epochs. Amounts in attoFIL of FIL or of pFIL. */
export type LedgerEntry = { readonly epoch: ChainEpoch } & (
  | { readonly kind: 'fundReserve'; readonly amount: AttoFil }
  | ({ readonly kind: 'bid' } & Bid)
  /** An auction is over: what remains is passed in, or goes back. */
  | { readonly kind: 'settle'; readonly auction: number }
  | ({ readonly miner: ActorId } & AgreementEntry)
)

/** A bid for a part of a lot. */
export interface Bid {
  /** The number of the auction, from 0. */
  readonly auction: number
  readonly fil: AttoFil
  readonly pfil: AttoFil
}

/** What is entered into the books of one agreement. */
export type AgreementEntry =
  | { readonly kind: 'open'; readonly terms: AgreementTerms }
  | { readonly kind: 'mint'; readonly amount: AttoFil; readonly appraisal: Appraisal }
  /** The mint of one day, counted from the agreement's start, once that day is over. */
  | { readonly kind: 'passiveMint'; readonly day: number; readonly filPerPfil: Ratio }
  /** PFIL is burned against what is outstanding. */
  | { readonly kind: 'burn'; readonly amount: AttoFil }
  /** The owner sends FIL to the miner. */
  | { readonly kind: 'topUp'; readonly amount: AttoFil }
  /** The owner pays FIL into the vault, which backs as much pFIL as the agreement then no longer owes. */
  | { readonly kind: 'repay'; readonly amount: AttoFil }
  | { readonly kind: 'warn'; readonly appraisal: Appraisal }
  | { readonly kind: 'liftWarning'; readonly appraisal: Appraisal }
  | { readonly kind: 'forceTermination'; readonly appraisal: Appraisal }
  /** An instalment of FIL that came back from a miner that is being wound up. */
  | { readonly kind: 'recover'; readonly amount: AttoFil }
  /** Nothing more can be recovered, and what is still outstanding is lost. */
  | { readonly kind: 'writeOff'; readonly stillRecoverable: AttoFil }
  /** The agreement ends, with nothing outstanding. */
  | { readonly kind: 'close' }

export type EntryOf<K extends LedgerEntry['kind']> = Extract<LedgerEntry, { readonly kind: K }>
