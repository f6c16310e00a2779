import type { AttoFil } from '@plimsoll/primitives'
import type { Ratio } from '@plimsoll/risk'
import { type RandomSource, randomSource } from '@plimsoll/testkit'
import type { Span, StoryTerms } from './terms.ts'

/** What a miner of the story is and goes through, by its place among the miners. */
export interface MinerScript {
  readonly sectors: number
  /** Of its Safe Pledge, what it mints; above 100 it asks for more first, and is refused. */
  readonly mintPercent: number
  /** Undefined for a miner that proves everything. */
  readonly trouble: Trouble | undefined
}

/** How a miner loses sectors, and what its provider does about it. */
export interface Trouble {
  readonly day: number
  readonly lostPercent: number
  /** Days after the warning until the provider tops up and has its sectors back; undefined for one that never does. */
  readonly rescueAfterDays: number | undefined
}

/** Somebody who has pFIL and would rather have FIL. */
export interface BidderScript {
  /** AttoFIL of pFIL that it gives for a FIL at most. */
  readonly limit: AttoFil
  /** Of what remains of the lot. */
  readonly sharePercent: number
}

/** What one seed makes of the story: who fails, when and how badly, what pFIL costs, and who bids. */
export interface Script {
  readonly seed: number
  readonly miners: readonly MinerScript[]
  /** How much pFIL the market gives for a FIL. */
  readonly filPerPfil: Ratio
  /** By their limits, highest first. */
  readonly bidders: readonly BidderScript[]
  /** For what is decided from day to day. */
  readonly random: RandomSource
}

const RESCUED = { days: { least: 2, most: 4 }, lost: { least: 80, most: 100 } }
const ABANDONED = { days: { least: 5, most: 8 }, lost: { least: 70, most: 100 } }
/** Beyond Safe Pledge, though not beyond what the miner has: the fee or the buffer is what stands against it. */
const REFUSED_MINT: Span = { least: 102, most: 106 }
const HEALTHY_MINT: Span = { least: 55, most: 85 }
/** In hundredths of a pFIL for a FIL; bidders give a little more or less than that, each less than the one before. */
const MARKET: Span = { least: 98, most: 105 }
const BIDDERS: Span = { least: 3, most: 4 }
const BIDDER_SHARE: Span = { least: 30, most: 90 }
const PERCENT = 10n ** 16n

export function drawScript(seed: number, terms: StoryTerms): Script {
  const random = randomSource(seed)
  const within = ({ least, most }: Span) => least + random.below(most - least + 1)
  const abandoned = random.below(terms.miners)
  const rescued = (abandoned + 1 + random.below(terms.miners - 1)) % terms.miners
  const troubleOf = (index: number): Trouble | undefined => {
    if (index === abandoned) {
      return { day: within(ABANDONED.days), lostPercent: within(ABANDONED.lost), rescueAfterDays: undefined }
    }
    return index === rescued
      ? { day: within(RESCUED.days), lostPercent: within(RESCUED.lost), rescueAfterDays: 1 + random.below(2) }
      : undefined
  }
  // Those who fail had minted all that they could; one of them had tried to mint more.
  const mintPercentOf = (index: number): number => {
    if (index === abandoned) {
      return within(REFUSED_MINT)
    }
    return index === rescued ? 100 : within(HEALTHY_MINT)
  }
  const miners = Array.from({ length: terms.miners }, (_, index) => ({
    sectors: within(terms.sectors),
    mintPercent: mintPercentOf(index),
    trouble: troubleOf(index),
  }))
  const market = within(MARKET)
  const bidders = Array.from({ length: within(BIDDERS) }, (_, i) => ({
    limit: BigInt(market + 2 - 2 * i - random.below(2)) * PERCENT,
    sharePercent: within(BIDDER_SHARE),
  }))
  return {
    ...{ seed, miners, random },
    filPerPfil: { num: BigInt(market), denom: 100n },
    bidders,
  }
}
