import { type AttoFil, type ChainEpoch, divCeil, divFloor, EPOCHS_IN_DAY } from '@plimsoll/primitives'
import type { Ratio } from '../power-table/ratio.ts'

/** What is outstanding against a miner, and how it grows by itself as a lender states it. */
export interface OutstandingTerms {
  /** Minted against the miner and not burned, before the first epoch; attoFIL. */
  readonly outstanding: AttoFil
  /** What a passive mint adds at the end of each day; none unless given; attoFIL. */
  readonly passiveMintPerDay?: AttoFil | undefined
  /** Simple interest, a share of the outstanding of the first day; none unless given. */
  readonly interestPerYear?: Ratio | undefined
}

/** Days of a year of interest. Ours: lenders count 365; a passive mint, which is stated by the day, has its own. */
const INTEREST_YEAR_DAYS = 365

/**
 * What is outstanding at the end of each epoch of a path from `start` on; attoFIL. It never falls.
 *
 * After n epochs: outstanding + passive mint · ⌊n / 2880⌋ + ⌈outstanding · interest · n / (365 · 2880)⌉. The passive
 * mint of a day comes when the day is over, as in the books; interest comes every epoch, is not compounded, and is
 * rounded up to the attoFIL, against whoever owes it. The growth is stated and not made of the price of a pFIL, which no
 * state knows.
 */
export function outstandingPath(terms: OutstandingTerms, start: ChainEpoch): (epoch: ChainEpoch) => AttoFil {
  const { outstanding, passiveMintPerDay = 0n, interestPerYear: { num, denom } = NO_INTEREST } = terms
  const [day, year] = [BigInt(EPOCHS_IN_DAY), BigInt(INTEREST_YEAR_DAYS * EPOCHS_IN_DAY)]
  return (epoch) => {
    const epochs = BigInt(epoch - start + 1)
    const minted = passiveMintPerDay * divFloor(epochs, day)
    return outstanding + minted + divCeil(outstanding * num * epochs, denom * year)
  }
}

const NO_INTEREST: Ratio = { num: 0n, denom: 1n }
