import { Claims, EXPECTED_LEADERS_PER_EPOCH, PowerState } from '@plimsoll/actors'
import { bitFieldOf } from '@plimsoll/ipld'
import { type AttoFil, divFloor, EPOCHS_IN_DAY, STORAGE_POWER_ACTOR_ADDR } from '@plimsoll/primitives'
import { requireAgreement, supplyOf } from '@plimsoll/risk'
import { type Appraised, appraise, standingOf, viewOf } from './appraise.ts'
import type { StoryEvent } from './event.ts'
import { record } from './pass-time.ts'
import { react } from './react.ts'
import { enter, now, type StoryMiner, type World } from './world.ts'

/** The beginning of a day: what the day before has minted, what happens to the miners, and what is done about it. */
export function* beginDay(world: World, day: number): Generator<StoryEvent> {
  const passiveMint = mintPassively(world)
  for (const each of world.miners) {
    yield* loseSectors(world, each, day)
    yield* winBlocks(world, each)
  }
  const view = viewOf(world)
  const open = world.miners
    .filter(({ id }) => requireAgreement(world.books, id).stage !== 'closed')
    .map((each): [StoryMiner, Appraised] => [each, appraise(world, view, each)])
  yield now(world, {
    kind: 'day',
    passiveMint,
    supply: supplyOf(world.books),
    standings: open.map(([each, appraised]) => standingOf(world, each, appraised)),
  })
  const faulty = open.filter(([, { faultySectors }]) => faultySectors > 0).map(([each]) => each)
  for (const [each, appraised] of open) {
    // A plan is exact for a network that stays as it is, and one in which others recover does not.
    const isCalm = faulty.every((other) => other === each)
    yield* react(world, each, appraised, { day, view, isCalm })
  }
}

function mintPassively(world: World): AttoFil {
  const before = supplyOf(world.books)
  for (const { id } of world.miners) {
    const { stage, passiveMintDay } = requireAgreement(world.books, id)
    if (stage !== 'closed') {
      const { epoch } = world.network.vm
      const { filPerPfil } = world.script
      enter(world, { kind: 'passiveMint', epoch, miner: id, day: passiveMintDay, filPerPfil })
    }
  }
  return supplyOf(world.books) - before
}

function* loseSectors(world: World, each: StoryMiner, day: number): Generator<StoryEvent> {
  const { trouble, sectors } = each.script
  if (trouble?.day === day) {
    const lost = Math.floor((sectors * trouble.lostPercent) / 100)
    each.operator.lost = bitFieldOf(Array.from({ length: lost }, (_, number) => number))
    yield now(world, { kind: 'sectorsLost', miner: each.id, lost, of: sectors })
  }
}

const BLOCKS_A_DAY = EXPECTED_LEADERS_PER_EPOCH * BigInt(EPOCHS_IN_DAY)
const DRAW_BITS = 32n

/**
 * At most one block a day, with the chance that the miner's share of the network's power gives it. Those who are to
 * fail win none, since their rewards would vest for half a year.
 */
function* winBlocks(world: World, { miner, script, id }: StoryMiner): Generator<StoryEvent> {
  const { vm } = world.network
  const power = vm.stateOf(STORAGE_POWER_ACTOR_ADDR, PowerState)
  const claim = Claims.load(vm.store, power.claims).get(miner.id)
  const draw = BigInt(world.script.random.below(Number(1n << DRAW_BITS)))
  const chance = (claim?.qualityAdjPower ?? 0n) * BLOCKS_A_DAY
  const isWon = divFloor(draw * power.totalQualityAdjPower, 1n << DRAW_BITS) < chance
  if (isWon && script.trouble === undefined) {
    const before = vm.findActor(miner.id)?.balance ?? 0n
    record(
      world,
      'a block',
      vm.awardBlockReward({ miner: miner.id, penalty: 0n, gasReward: 0n, winCount: 1n }),
    )
    const reward = (vm.findActor(miner.id)?.balance ?? 0n) - before
    yield now(world, { kind: 'blockWon', miner: id, reward })
  }
}
