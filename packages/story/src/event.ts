import type { ActorId, AttoFil, ChainEpoch, StoragePower } from '@plimsoll/primitives'
import type { Agreement, Auction, LiquidationPlan, PledgeStep, Ratio } from '@plimsoll/risk'
import type { BidderScript } from './script.ts'
import type { StoryTerms } from './terms.ts'

/** A miner as it stands against its agreement; attoFIL. */
export interface Standing {
  readonly miner: ActorId
  readonly stage: Agreement['stage']
  readonly outstanding: AttoFil
  /** What is compared with the levels. */
  readonly eligibleAsset: AttoFil
  /** What may be minted beyond the outstanding; below zero by what is minted too much. */
  readonly safePledge: AttoFil
  readonly terminationFee: AttoFil
  readonly feeDebt: AttoFil
  readonly warningThreshold: AttoFil
  readonly terminationThreshold: AttoFil
  readonly liveSectors: number
  readonly faultySectors: number
  /** What it has burnt since the first agreement. */
  readonly burnt: AttoFil
}

/** The network as the story finds it. Power in bytes, amounts in attoFIL. */
export interface NetworkSummary {
  readonly miners: number
  readonly sectors: number
  /** Of the miners of the story, and of everybody. */
  readonly rawPower: StoragePower
  readonly networkRawPower: StoragePower
  readonly networkQaPower: StoragePower
  /** Of one sector of 64 GiB. */
  readonly sectorPledge: AttoFil
  readonly rewardPerEpoch: AttoFil
  readonly circulatingSupply: AttoFil
  readonly totalFil: AttoFil
}

/** A message of the plan, and what came of it; attoFIL. */
export interface ExecutedMessage {
  readonly number: number
  readonly methodName: string
  readonly deadlines: readonly number[]
  readonly sectors: number
  readonly exitCode: number
  readonly plannedFee: AttoFil
  readonly plannedBurn: AttoFil
  readonly burnt: AttoFil
  readonly plannedPayment: AttoFil
  readonly paid: AttoFil
}

/** Figures of a plan beside what the network did; attoFIL. */
export interface PlanOutcome {
  readonly termination: AttoFil
  readonly faultAndDaily: AttoFil
  readonly plannedBurn: AttoFil
  readonly burnt: AttoFil
  readonly plannedCash: AttoFil
  readonly cash: AttoFil
  readonly plannedBalance: AttoFil
  readonly balance: AttoFil
  readonly shortfall: AttoFil
  /** Whether every figure came out to the attoFIL. */
  readonly isExact: boolean
}

/** The last page: who owes what, where the FIL is, and what was checked. Amounts in attoFIL of pFIL or FIL. */
export interface Closing {
  readonly agreements: readonly (Agreement & { readonly outstanding: AttoFil })[]
  readonly supply: AttoFil
  readonly outstanding: AttoFil
  readonly heldInFil: AttoFil
  readonly badDebt: AttoFil
  readonly vault: AttoFil
  readonly reserve: AttoFil
  /** Of the books after every entry; empty where all of them hold. */
  readonly findings: readonly string[]
  readonly entries: number
  /** Whether the entries, replayed, give the same books. */
  readonly isReplayEqual: boolean
  /** What the pool has on the chain, and what the books say. */
  readonly poolOnChain: AttoFil
  readonly poolInBooks: AttoFil
  readonly filBefore: AttoFil
  readonly filAfter: AttoFil
  /** Of the reference's rules in the whole state, but for claims without sectors; empty where all of them hold. */
  readonly stateFindings: readonly string[]
  /** What the miners of the story have burnt since the first agreement. */
  readonly burnt: AttoFil
  /** What the actor that burns has received since then. */
  readonly burntOnChain: AttoFil
  readonly messages: number
  readonly ticks: number
  /** Whether everything that is checked here holds. */
  readonly isBalanced: boolean
}

/** When something happens: the epoch, the day of the story from 0, and the epochs of that day before it. */
export interface StoryMoment {
  readonly epoch: ChainEpoch
  readonly day: number
  readonly epochInDay: number
}

/** Something that happens in the story, in order. */
export type StoryEvent = StoryMoment & StoryIncident

export type StoryIncident =
  | {
      readonly kind: 'terms'
      readonly seed: number
      readonly terms: StoryTerms
      readonly filPerPfil: Ratio
      readonly bidders: readonly BidderScript[]
    }
  | { readonly kind: 'history'; readonly daysDone: number; readonly days: number }
  | { readonly kind: 'network'; readonly network: NetworkSummary }
  | { readonly kind: 'agreement'; readonly standing: Standing }
  | {
      readonly kind: 'mintRefused'
      readonly miner: ActorId
      readonly asked: AttoFil
      readonly capacity: AttoFil
      readonly binding: string
      readonly steps: readonly PledgeStep[]
    }
  | { readonly kind: 'mint'; readonly amount: AttoFil; readonly supply: AttoFil; readonly standing: Standing }
  | { readonly kind: 'blockWon'; readonly miner: ActorId; readonly reward: AttoFil }
  | { readonly kind: 'sectorsLost'; readonly miner: ActorId; readonly lost: number; readonly of: number }
  | {
      readonly kind: 'day'
      readonly passiveMint: AttoFil
      readonly supply: AttoFil
      readonly standings: readonly Standing[]
    }
  | { readonly kind: 'warning'; readonly standing: Standing; readonly noticeUntil: ChainEpoch }
  | { readonly kind: 'topUp'; readonly miner: ActorId; readonly amount: AttoFil }
  | { readonly kind: 'sectorsRestored'; readonly miner: ActorId; readonly sectors: number }
  | { readonly kind: 'warningLifted'; readonly standing: Standing }
  | { readonly kind: 'forcedTermination'; readonly standing: Standing }
  | { readonly kind: 'plan'; readonly plan: LiquidationPlan; readonly rehearsalDifferences: number }
  | { readonly kind: 'planMessage'; readonly miner: ActorId; readonly message: ExecutedMessage }
  | { readonly kind: 'planDone'; readonly miner: ActorId; readonly outcome: PlanOutcome }
  | {
      readonly kind: 'recovered'
      readonly miner: ActorId
      readonly amount: AttoFil
      readonly lot: AttoFil
      readonly toOwner: AttoFil
    }
  | {
      readonly kind: 'auctionOpened'
      readonly auction: number
      readonly lot: AttoFil
      readonly outstanding: AttoFil
    }
  | {
      readonly kind: 'bid'
      readonly auction: number
      readonly bidder: number
      readonly price: AttoFil
      readonly fil: AttoFil
      readonly pfil: AttoFil
      readonly burned: AttoFil
      readonly surplus: AttoFil
    }
  | {
      readonly kind: 'auctionOver'
      readonly number: number
      readonly auction: Auction
      readonly outstanding: AttoFil
    }
  | {
      readonly kind: 'writtenOff'
      readonly miner: ActorId
      readonly fromReserve: AttoFil
      readonly lost: AttoFil
    }
  | { readonly kind: 'agreementClosed'; readonly miner: ActorId; readonly surplus: AttoFil }
  | { readonly kind: 'closing'; readonly closing: Closing }
