import { ATTO_FIL_PER_FIL, type AttoFil, type ChainEpoch, divFloor } from '@plimsoll/primitives'
import { type Auction, askOf, auctionEnd, isFillable, outstandingOf } from '@plimsoll/risk'
import type { StoryEvent } from './event.ts'
import { pay } from './pass-time.ts'
import { type BuyBack, enter, now, type StoryMiner, type World } from './world.ts'

export function openBuyBack(world: World, each: StoryMiner, number: number): void {
  const waiting = world.script.bidders.map((_, bidder) => bidder)
  world.buyBacks.push({ each, number, waiting, isOver: false })
}

/** When somebody bids next, or an auction ends; undefined when none is open. */
export function nextOfBuyBacks(world: World): ChainEpoch | undefined {
  const epochs = world.buyBacks.filter(({ isOver }) => !isOver).map((each) => nextOf(world, each))
  return epochs.length === 0 ? undefined : Math.min(...epochs)
}

/** The ask falls at the beginning of an interval, so that nobody bids in between. */
function nextOf(world: World, buyBack: BuyBack): ChainEpoch {
  const { intervalEpochs } = world.terms.ledger.auction
  const { openedAt } = auctionOf(world, buyBack)
  const end = auctionEnd(world.terms.ledger.auction, openedAt)
  const { epoch } = world.network.vm
  const [bidder] = buyBack.waiting
  if (bidder === undefined || !isForSale(world, buyBack)) {
    return isForSale(world, buyBack) ? end : epoch
  }
  const limit = world.script.bidders[bidder]?.limit ?? 0n
  let at = openedAt + Math.ceil((epoch - openedAt) / intervalEpochs) * intervalEpochs
  while (at < end && (priceAt(world, buyBack, at) ?? 0n) > limit) {
    at += intervalEpochs
  }
  return at
}

/** Takes the bids of the present epoch, and settles what is over. */
export function* continueBuyBacks(world: World): Generator<StoryEvent> {
  for (const buyBack of world.buyBacks) {
    while (!buyBack.isOver && nextOf(world, buyBack) <= world.network.vm.epoch) {
      const [bidder] = buyBack.waiting
      const isEnding = bidder === undefined || priceAt(world, buyBack, world.network.vm.epoch) === undefined
      yield* isEnding ? settle(world, buyBack) : bid(world, buyBack)
    }
  }
}

function* bid(world: World, { number, waiting }: BuyBack): Generator<StoryEvent> {
  const bidder = waiting.shift() ?? 0
  const { epoch } = world.network.vm
  const before = auctionOf(world, { number })
  const fil = partOf(world, before, world.script.bidders[bidder]?.sharePercent ?? 0)
  const price = askOf(world.books, number, ATTO_FIL_PER_FIL, epoch) ?? 0n
  // Nobody gives more than is asked.
  const pfil = askOf(world.books, number, fil, epoch) ?? 0n
  enter(world, { kind: 'bid', epoch, auction: number, fil, pfil })
  const account = world.bidders[bidder]
  if (account !== undefined) {
    pay(world, world.pool.id, account.id, fil)
  }
  const after = auctionOf(world, { number })
  const [burned, surplus] = [after.burned - before.burned, after.surplus - before.surplus]
  yield now(world, { kind: 'bid', auction: number, bidder: bidder + 1, price, fil, pfil, burned, surplus })
}

function* settle(world: World, buyBack: BuyBack): Generator<StoryEvent> {
  const { each, number } = buyBack
  const { returned: before } = auctionOf(world, buyBack)
  enter(world, { kind: 'settle', epoch: world.network.vm.epoch, auction: number })
  buyBack.isOver = true
  const auction = auctionOf(world, buyBack)
  pay(world, world.pool.id, each.miner.owner.id, auction.returned - before)
  const outstanding = outstandingOf(world.books, each.id)
  yield now(world, { kind: 'auctionOver', number, auction, outstanding })
}

/** A bidder's share of what remains, or all of it where a part would be too small or leave too little. */
function partOf({ terms }: World, { remaining }: Auction, percent: number): AttoFil {
  const part = divFloor(remaining * BigInt(percent), 100n)
  return isFillable(terms.ledger.auction, remaining, part) ? part : remaining
}

function isForSale(world: World, { each, number }: BuyBack): boolean {
  return auctionOf(world, { number }).remaining > 0n && outstandingOf(world.books, each.id) > 0n
}

function priceAt(world: World, { number }: BuyBack, epoch: ChainEpoch): AttoFil | undefined {
  return askOf(world.books, number, ATTO_FIL_PER_FIL, epoch)
}

function auctionOf({ books }: World, { number }: Pick<BuyBack, 'number'>): Auction {
  const auction = books.auctions[number]
  if (auction === undefined) {
    throw new Error(`there is no auction ${number}`)
  }
  return auction
}
