import { ATTO_FIL_PER_FIL, type AttoFil, type ChainEpoch, EPOCHS_IN_DAY } from '@plimsoll/primitives'
import type { LedgerTerms } from '@plimsoll/risk'
import { REPL_PASSIVE_MINT } from '@plimsoll/risk'
import type { Economy } from '@plimsoll/testkit'

/** From a least to a most, both possible. */
export interface Span {
  readonly least: number
  readonly most: number
}

/**
 * Everything that the story supposes. No protocol publishes these numbers; they are ours, for the story, and printed
 * at its beginning. Amounts in attoFIL.
 */
export interface StoryTerms {
  readonly economy: Economy
  readonly miners: number
  /** Sectors of 64 GiB of each miner: 160 are 10 TiB, which is what it takes to win blocks. */
  readonly sectors: Span
  /** Days for which a miner exists without sectors; the deposit that its creation takes vests meanwhile. */
  readonly idleDays: number
  /** Days, and half a day, between the commitment of the sectors and the first agreement. */
  readonly historyDays: number
  /** The last day of the story, if nothing ends it before. */
  readonly lastDay: number
  /** Days that are told after the books of the wound-up miner are closed. */
  readonly daysAfter: number
  /** Unlocked FIL that a provider leaves in its miner, in days of slashing. */
  readonly freeDays: number
  /** The buffer of Safe Pledge, in days of slashing. */
  readonly bufferDays: number
  /** Levels of the eligible asset: the termination fee at the agreement, and so many days of slashing. */
  readonly warningDays: number
  readonly terminationDays: number
  readonly noticeEpochs: ChainEpoch
  /** Days between withdrawals while rewards of a miner that is wound up vest. */
  readonly instalmentDays: number
  readonly reserve: AttoFil
  readonly ledger: LedgerTerms
}

/** Minting and power are those of the states in `fixtures/proposals`, which are like mainnet in 2026. */
const ECONOMY: Economy = {
  epoch: 6_105_600,
  circulatingSupply: 600_000_000n * ATTO_FIL_PER_FIL,
  rawPower: 11n << 59n,
  qaPower: 20n << 60n,
  claims: 4,
  minting: {
    cumsumBaseline: 36_930_324_632_174_073_676_065_309n,
    cumsumRealized: 36_930_322_509_565_159_820_249_831n,
    effectiveNetworkTime: 3_402_896,
    effectiveBaselinePower: 27_240_257_600_959_014_229n,
    thisEpochReward: 32_077_889_374_978_565_214n,
    thisEpochBaselinePower: 162_605_385_116_206_227_146n,
  },
  ramp: { rampStartEpoch: 4_461_240, rampDurationEpochs: 365 * EPOCHS_IN_DAY },
}

const PERCENT = 10n ** 16n

export const STORY_TERMS: StoryTerms = {
  economy: ECONOMY,
  miners: 12,
  sectors: { least: 160, most: 240 },
  idleDays: 60,
  historyDays: 30,
  lastDay: 45,
  daysAfter: 2,
  freeDays: 25,
  bufferDays: 14,
  warningDays: 10,
  terminationDays: 5,
  noticeEpochs: 2 * EPOCHS_IN_DAY,
  instalmentDays: 7,
  reserve: 25n * PERCENT,
  ledger: {
    mintRule: 'published',
    passiveMint: REPL_PASSIVE_MINT,
    lotRule: 'upToOutstanding',
    auction: {
      startPrice: 110n * PERCENT,
      step: PERCENT,
      floorPrice: 95n * PERCENT,
      intervalEpochs: 60,
      restarts: 1,
      dust: 10n * PERCENT,
    },
  },
}
