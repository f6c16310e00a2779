import { outstandingOf, requireAgreement } from '@plimsoll/risk'
import type { StoryEvent } from './event.ts'
import { stillRecoverable } from './money.ts'
import { dayOf, enter, now, type World } from './world.ts'

/** Ends the agreement about a miner of which nothing is left: with nothing owed, or with what is lost. */
export function* closeWoundUp(world: World): Generator<StoryEvent> {
  const { windUp, buyBacks, books } = world
  if (windUp === undefined || !windUp.isDone || buyBacks.some(({ isOver }) => !isOver)) {
    return
  }
  const { each } = windUp
  const { epoch } = world.network.vm
  world.windUp = undefined
  world.closedOn = dayOf(world, epoch)
  if (outstandingOf(books, each.id) > 0n) {
    enter(world, { kind: 'writeOff', epoch, miner: each.id, stillRecoverable: stillRecoverable(world, each) })
    const { fromReserve, lost } = requireAgreement(world.books, each.id).totals
    yield now(world, { kind: 'writtenOff', miner: each.id, fromReserve, lost })
    return
  }
  enter(world, { kind: 'close', epoch, miner: each.id })
  const surplus = world.books.auctions
    .filter(({ miner }) => miner === each.id)
    .reduce((sum, auction) => sum + auction.surplus, 0n)
  yield now(world, { kind: 'agreementClosed', miner: each.id, surplus })
}
