import { divFloor } from '@plimsoll/primitives'
import { LedgerError, mintCapacity, outstandingOf, type PledgeStep, supplyOf } from '@plimsoll/risk'
import { type Appraised, appraise, standingOf, viewOf } from './appraise.ts'
import type { StoryEvent } from './event.ts'
import { handOver } from './open-world.ts'
import { enter, now, type StoryMiner, type World } from './world.ts'

/** Day 0: the pool funds its reserve and agrees with every provider, each of whom mints as much as its script says. */
export function* openAgreements(world: World): Generator<StoryEvent> {
  const { terms, network } = world
  enter(world, { kind: 'fundReserve', epoch: network.vm.epoch, amount: terms.reserve })
  for (const each of world.miners) {
    handOver(world, each)
  }
  const view = viewOf(world)
  for (const each of world.miners) {
    const appraised = appraise(world, view, each)
    agree(world, each, appraised)
    yield now(world, { kind: 'agreement', standing: standingOf(world, each, appraised) })
    yield* mint(world, each, appraised)
  }
}

/** The levels are what the miner is worth to the pool after so many days of slashing, with the fee as it is now. */
function agree(world: World, each: StoryMiner, { appraisal, slashing }: Appraised): void {
  const { terms } = world
  const level = (days: number) => appraisal.terminationFee + BigInt(days) * slashing.total
  enter(world, {
    kind: 'open',
    epoch: world.network.vm.epoch,
    miner: each.id,
    terms: {
      warningThreshold: level(terms.warningDays),
      terminationThreshold: level(terms.terminationDays),
      noticeEpochs: terms.noticeEpochs,
    },
  })
}

const ALL_PERCENT = 100

/** Who wants more than its Safe Pledge is refused, and then mints all of it. */
function* mint(world: World, each: StoryMiner, appraised: Appraised): Generator<StoryEvent> {
  const { appraisal } = appraised
  const { epoch } = world.network.vm
  const { capacity, steps } = mintCapacity(
    appraisal,
    outstandingOf(world.books, each.id),
    world.terms.ledger.mintRule,
  )
  const part = (percent: number) => divFloor(capacity * BigInt(percent), BigInt(ALL_PERCENT))
  const wanted = part(each.script.mintPercent)
  if (each.script.mintPercent > ALL_PERCENT) {
    const binding = refusalOf(() =>
      enter(world, { kind: 'mint', epoch, miner: each.id, amount: wanted, appraisal }),
    )
    yield now(world, { kind: 'mintRefused', miner: each.id, asked: wanted, capacity, binding, steps })
  }
  const amount = wanted < capacity ? wanted : capacity
  enter(world, { kind: 'mint', epoch, miner: each.id, amount, appraisal })
  const standing = standingOf(world, each, appraised)
  yield now(world, { kind: 'mint', amount, supply: supplyOf(world.books), standing })
}

/** The term of Safe Pledge that the books name when they refuse. */
function refusalOf(mintTooMuch: () => void): PledgeStep['term'] {
  try {
    mintTooMuch()
  } catch (error) {
    if (error instanceof LedgerError && error.code === 'LEDGER_BEYOND_SAFE_PLEDGE') {
      return error.data['binding'] as PledgeStep['term']
    }
    throw error
  }
  throw new Error('the books took more than Safe Pledge')
}
