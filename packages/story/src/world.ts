import type { Hashes } from '@plimsoll/primitives'
import {
  type ActorId,
  type Address,
  type AttoFil,
  type ChainEpoch,
  EPOCHS_IN_DAY,
} from '@plimsoll/primitives'
import {
  applyEntry,
  type Books,
  type LedgerEntry,
  type LiquidationPlan,
  type OperatorState,
  type PlanStep,
  type Run,
} from '@plimsoll/risk'
import type { EconomyNetwork, TestAccount, TestMiner } from '@plimsoll/testkit'
import type { StoryEvent, StoryIncident } from './event.ts'
import type { MinerScript, Script } from './script.ts'
import type { StoryTerms } from './terms.ts'

/** A miner of the story. Its first owner stays its provider when the pool owns it. */
export interface StoryMiner {
  readonly id: ActorId
  readonly miner: TestMiner
  readonly script: MinerScript
  /** Which sectors it cannot prove. */
  readonly operator: OperatorState
  /** False once it is wound up. */
  isProving: boolean
  /** On which day it was warned last. */
  warnedOn: number | undefined
}

/** A plan that is being carried out. */
export interface WindUp {
  readonly each: StoryMiner
  readonly plan: LiquidationPlan
  readonly waiting: PlanStep[]
  readonly burntBefore: AttoFil
  cash: AttoFil
  /** Whether everything has come out as planned so far. */
  isExact: boolean
  isDone: boolean
}

/** An auction of recovered FIL, and who still waits for the ask to fall. */
export interface BuyBack {
  readonly each: StoryMiner
  /** Of the auction, from 0. */
  readonly number: number
  /** Bidders by their numbers, those who give most first. */
  readonly waiting: number[]
  isOver: boolean
}

/** The network, the books, and what the story is in the middle of. */
export interface World {
  readonly hashes: Hashes
  readonly terms: StoryTerms
  readonly script: Script
  readonly network: EconomyNetwork
  readonly run: Run
  /** Owns every miner that pFIL is minted against, and has the reserve. */
  readonly pool: TestAccount
  readonly bidders: readonly TestAccount[]
  readonly miners: readonly StoryMiner[]
  readonly filBefore: AttoFil
  readonly entries: LedgerEntry[]
  readonly burnt: Map<Address, AttoFil>
  readonly done: { messages: number; ticks: number }
  /** What had been burnt by anybody when the burning of the story's miners began to be counted. */
  burntFundsBefore: AttoFil
  books: Books
  /** The first epoch of the story's day 0. */
  start: ChainEpoch
  windUp: WindUp | undefined
  readonly buyBacks: BuyBack[]
  /** The day on which the last wound-up miner's agreement was closed. */
  closedOn: number | undefined
}

/** The day that an epoch is in; negative before the first agreement. */
export function dayOf({ start }: Pick<World, 'start'>, epoch: ChainEpoch): number {
  return Math.floor((epoch - start) / EPOCHS_IN_DAY)
}

/** What happens in the present epoch. */
export function now(world: World, incident: StoryIncident): StoryEvent {
  const { epoch } = world.network.vm
  const day = dayOf(world, epoch)
  return { epoch, day, epochInDay: epoch - world.start - day * EPOCHS_IN_DAY, ...incident }
}

/** Enters something into the books, or leaves them as they were. @throws {LedgerError} as the books do. */
export function enter(world: World, entry: LedgerEntry): void {
  world.books = applyEntry(world.books, entry)
  world.entries.push(entry)
}

export function burntBy({ burnt }: World, { miner }: StoryMiner): AttoFil {
  return burnt.get(miner.id) ?? 0n
}
