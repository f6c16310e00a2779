import {
  type ActorId,
  ATTO_FIL_PER_FIL,
  type AttoFil,
  type ChainEpoch,
  divCeil,
  maxBigInt,
} from '@plimsoll/primitives'
import { LedgerError } from './ledger-error.ts'

/**
 * The reverse Dutch auction in which recovered FIL buys pFIL back. The protocol says that bids are in pFIL and
 * that the ask falls; all numbers, the restarts and the rule for dust are ours and have no default.
 */
export interface AuctionTerms {
  /** AttoFIL of pFIL that are asked for one FIL at first. */
  readonly startPrice: AttoFil
  /** By how much the ask falls with every interval. */
  readonly step: AttoFil
  /** Below this the ask does not fall; it stays there for one interval. */
  readonly floorPrice: AttoFil
  readonly intervalEpochs: number
  /** How often the ask begins again from the start before the lot is passed in. */
  readonly restarts: number
  /** The least FIL that may be bought or left over. */
  readonly dust: AttoFil
}

/** The auction of one instalment of recovered FIL. Amounts in attoFIL of FIL or of pFIL. */
export interface Auction {
  readonly miner: ActorId
  readonly openedAt: ChainEpoch
  /** FIL that was put up: `sold`, `passedIn`, `returned` and `remaining` together. */
  readonly lot: AttoFil
  readonly remaining: AttoFil
  readonly sold: AttoFil
  /** FIL that nobody bought and that backs pFIL in the vault from then on. */
  readonly passedIn: AttoFil
  /** FIL that went back to the owner of the miner. */
  readonly returned: AttoFil
  /** PFIL that bidders paid: `burned` and `surplus` together. */
  readonly paid: AttoFil
  /** Of it, what was burned against the outstanding. */
  readonly burned: AttoFil
  /** Of it, what went to the holders. */
  readonly surplus: AttoFil
}

export function openAuction(miner: ActorId, openedAt: ChainEpoch, lot: AttoFil): Auction {
  return {
    miner,
    openedAt,
    lot,
    remaining: lot,
    sold: 0n,
    passedIn: 0n,
    returned: 0n,
    paid: 0n,
    burned: 0n,
    surplus: 0n,
  }
}

/** @throws {LedgerError} `LEDGER_TERMS` for an ask that never falls, never ends, or falls to nothing. */
export function requireAuctionTerms(terms: AuctionTerms): void {
  const { startPrice, step, floorPrice, intervalEpochs, restarts, dust } = terms
  const isSound =
    floorPrice > 0n &&
    startPrice >= floorPrice &&
    step > 0n &&
    dust > 0n &&
    Number.isSafeInteger(intervalEpochs) &&
    intervalEpochs > 0 &&
    Number.isSafeInteger(restarts) &&
    restarts >= 0
  if (!isSound) {
    throw new LedgerError(
      'LEDGER_TERMS',
      'an auction needs a floor above zero, a start, a step and an interval',
      {
        terms,
      },
    )
  }
}

/** Epochs from a start of the ask to the next: each price, the floor included, holds for one interval. */
export function roundEpochs({ startPrice, step, floorPrice, intervalEpochs }: AuctionTerms): number {
  return (Number(divCeil(startPrice - floorPrice, step)) + 1) * intervalEpochs
}

/** The first epoch in which nothing is asked for any more. */
export function auctionEnd(terms: AuctionTerms, openedAt: ChainEpoch): ChainEpoch {
  return openedAt + roundEpochs(terms) * (terms.restarts + 1)
}

/** AttoFIL of pFIL that are asked for one FIL in an epoch; undefined before the auction and after it. */
export function askPrice(terms: AuctionTerms, openedAt: ChainEpoch, epoch: ChainEpoch): AttoFil | undefined {
  if (epoch < openedAt || epoch >= auctionEnd(terms, openedAt)) {
    return undefined
  }
  const inRound = (epoch - openedAt) % roundEpochs(terms)
  const steps = BigInt(Math.floor(inRound / terms.intervalEpochs))
  return maxBigInt(terms.startPrice - steps * terms.step, terms.floorPrice)
}

/** The pFIL that a part of a lot costs at a price, rounded up. */
export function askFor(price: AttoFil, fil: AttoFil): AttoFil {
  return divCeil(price * fil, ATTO_FIL_PER_FIL)
}

/** Whether a part may be bought: all that remains, or enough of it with enough left over. */
export function isFillable({ dust }: AuctionTerms, remaining: AttoFil, fil: AttoFil): boolean {
  return fil === remaining || (fil >= dust && remaining - fil >= dust)
}
