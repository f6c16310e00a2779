import { EPOCHS_IN_DAY, type Hashes } from '@plimsoll/primitives'
import { openAgreements } from './agreements.ts'
import { continueBuyBacks, nextOfBuyBacks } from './buy-back.ts'
import { closeWoundUp } from './close-wound-up.ts'
import { closingOf } from './closing.ts'
import { beginDay } from './day.ts'
import type { StoryEvent } from './event.ts'
import { openWorld, passHistory, summarize } from './open-world.ts'
import { passTo } from './pass-time.ts'
import { STORY_TERMS, type StoryTerms } from './terms.ts'
import { continueWindUp, nextOfWindUp } from './wind-up.ts'
import { now, type World } from './world.ts'

/**
 * Tells how a pool lends against a dozen miners, what it does when two of them fail, and how its books are closed:
 * event by event, on the actors themselves. The same seed tells the same story.
 */
export function* tellStory(
  hashes: Hashes,
  seed: number,
  terms: StoryTerms = STORY_TERMS,
): Generator<StoryEvent, void> {
  const world = openWorld(hashes, seed, terms)
  const { filPerPfil, bidders } = world.script
  yield now(world, { kind: 'terms', seed, terms, filPerPfil, bidders })
  const history = passHistory(world)
  let passed = history.next()
  while (passed.done !== true) {
    yield now(world, { kind: 'history', daysDone: passed.value, days: terms.historyDays })
    passed = history.next()
  }
  yield now(world, { kind: 'network', network: summarize(world) })
  yield* openAgreements(world)
  const round = passed.value
  for (let day = 1; !isOver(world, day); ) {
    const dayBegins = world.start + day * EPOCHS_IN_DAY
    const next = Math.min(dayBegins, nextOfWindUp(world) ?? dayBegins, nextOfBuyBacks(world) ?? dayBegins)
    passTo(world, round, next, world.windUp?.plan.everyEpochUntil)
    yield* continueWindUp(world)
    yield* continueBuyBacks(world)
    yield* closeWoundUp(world)
    if (next === dayBegins) {
      yield* beginDay(world, day)
      day++
    }
  }
  yield now(world, { kind: 'closing', closing: closingOf(world) })
}

/** What has been begun is brought to its end, however long that takes. */
function isOver({ windUp, closedOn, terms }: World, day: number): boolean {
  const isTold = closedOn !== undefined && day > closedOn + terms.daysAfter
  return windUp === undefined && (isTold || day > terms.lastDay)
}
