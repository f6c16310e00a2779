import { EMPTY_BIT_FIELD } from '@plimsoll/ipld'
import { maxBigInt } from '@plimsoll/primitives'
import { type NetworkView, requireAgreement } from '@plimsoll/risk'
import { type Appraised, standingOf } from './appraise.ts'
import type { StoryEvent } from './event.ts'
import { pay } from './pass-time.ts'
import { beginWindUp } from './wind-up.ts'
import { enter, now, type StoryMiner, type World } from './world.ts'

/** The day on which somebody looks at a miner. */
export interface Look {
  readonly day: number
  readonly view: NetworkView
  /** Whether no other miner's power is about to change. */
  readonly isCalm: boolean
}

/** What the pool and the provider do when a miner stands where it stands. */
export function* react(
  world: World,
  each: StoryMiner,
  appraised: Appraised,
  look: Look,
): Generator<StoryEvent> {
  const { appraisal } = appraised
  const { epoch } = world.network.vm
  const standing = standingOf(world, each, appraised)
  const isBelowWarning = standing.eligibleAsset < standing.warningThreshold
  if (standing.stage === 'open' && isBelowWarning) {
    enter(world, { kind: 'warn', epoch, miner: each.id, appraisal })
    each.warnedOn = look.day
    const noticeUntil = epoch + world.terms.noticeEpochs
    yield now(world, { kind: 'warning', standing: standingOf(world, each, appraised), noticeUntil })
  }
  if (standing.stage !== 'warned') {
    return
  }
  if (!isBelowWarning) {
    enter(world, { kind: 'liftWarning', epoch, miner: each.id, appraisal })
    each.warnedOn = undefined
    yield now(world, { kind: 'warningLifted', standing: standingOf(world, each, appraised) })
  } else if (isRescued(each, look.day)) {
    yield* rescue(world, each, appraised)
  } else if (standing.eligibleAsset < standing.terminationThreshold && isDue(world, each, look)) {
    enter(world, { kind: 'forceTermination', epoch, miner: each.id, appraisal })
    yield now(world, { kind: 'forcedTermination', standing: standingOf(world, each, appraised) })
    const { outstanding, terminationThreshold: termination } = standing
    yield* beginWindUp(world, each, look.view, { outstanding, termination })
  }
}

function isRescued({ warnedOn, script }: StoryMiner, day: number): boolean {
  const rescueAfter = script.trouble === undefined ? 1 : script.trouble.rescueAfterDays
  return warnedOn !== undefined && rescueAfter !== undefined && day >= warnedOn + rescueAfter
}

function isDue(world: World, { id }: StoryMiner, { isCalm }: Look): boolean {
  const { warnedAt } = requireAgreement(world.books, id)
  const noticeUntil = (warnedAt ?? 0) + world.terms.noticeEpochs
  return isCalm && world.windUp === undefined && world.network.vm.epoch >= noticeUntil
}

/** The provider brings its miner back to where the buffer is whole, and proves what it had lost. */
function* rescue(world: World, each: StoryMiner, appraised: Appraised): Generator<StoryEvent> {
  const { terms, network } = world
  const { eligibleAsset, warningThreshold } = standingOf(world, each, appraised)
  const buffer = BigInt(terms.bufferDays - terms.warningDays) * appraised.slashing.total
  // Debt is paid before anything else is, and counts against nothing until then.
  const amount = maxBigInt(warningThreshold + buffer - eligibleAsset, 0n) + appraised.appraisal.feeDebt
  pay(world, each.miner.owner.id, each.miner.id, amount)
  enter(world, { kind: 'topUp', epoch: network.vm.epoch, miner: each.id, amount })
  yield now(world, { kind: 'topUp', miner: each.id, amount })
  each.operator.lost = EMPTY_BIT_FIELD
  yield now(world, { kind: 'sectorsRestored', miner: each.id, sectors: appraised.faultySectors })
}
