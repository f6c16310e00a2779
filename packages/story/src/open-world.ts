import { PowerState, parseRuleSet, RewardState, serialize } from '@plimsoll/actors'
import { address } from '@plimsoll/ipld'
import {
  ATTO_FIL_PER_FIL,
  type AttoFil,
  BURNT_FUNDS_ACTOR_ADDR,
  EPOCHS_IN_DAY,
  type Hashes,
  REWARD_ACTOR_ADDR,
  requireActorId,
  STORAGE_POWER_ACTOR_ADDR,
} from '@plimsoll/primitives'
import { openBooks, operatorState } from '@plimsoll/risk'
import {
  createAccount,
  createMiner,
  execute,
  NI_SEAL_PROOF_64_GIB,
  openDeadline,
  openEconomy,
  proveCommitNI,
  sectorsOf,
  type TestAccount,
  type TestNetwork,
  tick,
  withdraw,
} from '@plimsoll/testkit'
import { appraise, viewOf } from './appraise.ts'
import type { NetworkSummary } from './event.ts'
import { dailyRound, passTo } from './pass-time.ts'
import { drawScript, type MinerScript } from './script.ts'
import type { StoryTerms } from './terms.ts'
import type { StoryMiner, World } from './world.ts'

const POST_PROOF_64_GIB = 14
/** What a miner is made with; what it does not need is withdrawn before the pool gets it. */
const FIRST_FUNDS = 500n * ATTO_FIL_PER_FIL
/** What a provider, and a bidder, has beside everything else. */
const POCKET = 1_000n * ATTO_FIL_PER_FIL
/**
 * Which deadlines get sectors, counted from the one that is open half a day before a day of the story begins. Two of
 * them are open or next when a day begins, so that a plan that is made then has to wait for them.
 */
const DEADLINES_AHEAD = [8, 24, 25, 38]
const HALF_DAY = EPOCHS_IN_DAY / 2

/** A network with its miners, their sectors committed and none of them proven yet. */
export function openWorld(hashes: Hashes, seed: number, terms: StoryTerms): World {
  const script = drawScript(seed, terms)
  const network = openEconomy(hashes, terms.economy)
  const filBefore = allFil(network)
  const { rules } = parseRuleSet('v18', terms.economy.epoch)
  const pool = createAccount(network, terms.reserve)
  const miners = script.miners.map((each) => makeMiner(network, each))
  const committedAt = terms.economy.epoch + terms.idleDays * EPOCHS_IN_DAY
  // Nobody has anything to prove, so that one tick is enough.
  network.vm.epoch = committedAt - 1
  tick(network)
  for (const each of miners) {
    commitSectors(network, each)
  }
  return {
    ...{ hashes, terms, script, network, pool, miners, filBefore },
    run: { vm: network.vm, rules, miners: miners.map(({ miner }) => miner.id), start: network.vm.epoch },
    bidders: script.bidders.map(() => createAccount(network, POCKET)),
    ...{ entries: [], burnt: new Map(), done: { messages: 0, ticks: 0 } },
    burntFundsBefore: 0n,
    books: openBooks(terms.ledger),
    start: committedAt + HALF_DAY + terms.historyDays * EPOCHS_IN_DAY,
    ...{ windUp: undefined, buyBacks: [], closedOn: undefined },
  }
}

function makeMiner(network: TestNetwork, script: MinerScript): StoryMiner {
  const miner = createMiner(network, {
    value: FIRST_FUNDS,
    owner: createAccount(network, POCKET),
    worker: createAccount(network, POCKET),
    postProof: POST_PROOF_64_GIB,
  })
  return {
    id: requireActorId(miner.id),
    ...{ miner, script, operator: operatorState({ kind: 'proves' }) },
    ...{ isProving: true, warnedOn: undefined },
  }
}

function commitSectors(network: TestNetwork, { miner, script }: StoryMiner): void {
  const { wpostPeriodDeadlines } = network.vm.host.policy
  const { index: open } = openDeadline(network, miner.id)
  const numbers = Array.from({ length: script.sectors }, (_, number) => number)
  for (const [i, ahead] of DEADLINES_AHEAD.entries()) {
    proveCommitNI(network, miner, {
      sectorNumbers: numbers.filter((number) => number % DEADLINES_AHEAD.length === i),
      deadline: (open + ahead) % wpostPeriodDeadlines,
      sealProof: NI_SEAL_PROOF_64_GIB,
    })
  }
}

/** Lets the sectors grow older before anything is lent against them; says after every few days how many. */
export function* passHistory(world: World): Generator<number, ReturnType<typeof dailyRound>> {
  const { network, miners, terms, start } = world
  const round = dailyRound(network, miners)
  for (let left = terms.historyDays - 1; left >= 0; left--) {
    passTo(world, round, start - left * EPOCHS_IN_DAY)
    yield terms.historyDays - left
  }
  world.burnt.clear()
  world.burntFundsBefore = burntFunds(network)
  return round
}

/** Leaves in a miner what its provider would, and gives it to the pool to hold. */
export function handOver(world: World, each: StoryMiner): void {
  const { network, pool, terms } = world
  const { slashing, unlocked } = appraise(world, viewOf(world), each)
  const free = BigInt(terms.freeDays) * slashing.total
  if (unlocked > free) {
    withdraw(network, each.miner, unlocked - free)
  }
  changeOwner(network, each.miner.owner, pool, each)
  changeOwner(network, pool, pool, each)
}

/** The owner proposes another, who then confirms. */
function changeOwner(
  network: TestNetwork,
  sender: TestAccount,
  next: TestAccount,
  { miner }: StoryMiner,
): void {
  const params = serialize(address, next.id)
  execute(network, {
    ...{ from: sender.id, to: miner.id, params },
    actor: 'storageminer',
    method: 'ChangeOwnerAddress',
  })
}

/** What everybody has burnt so far; attoFIL. */
export function burntFunds({ vm }: Pick<TestNetwork, 'vm'>): AttoFil {
  return vm.findActor(BURNT_FUNDS_ACTOR_ADDR)?.balance ?? 0n
}

/** All FIL that there is; attoFIL. */
export function allFil({ vm }: Pick<TestNetwork, 'vm'>): AttoFil {
  let sum = 0n
  for (const [, { balance }] of vm.stateTree().actors.entries()) {
    sum += balance
  }
  return sum
}

export function summarize({ network, miners, filBefore, terms }: World): NetworkSummary {
  const { vm } = network
  const power = vm.stateOf(STORAGE_POWER_ACTOR_ADDR, PowerState)
  const sectors = miners.reduce((sum, { script }) => sum + script.sectors, 0)
  const [first] = miners.flatMap(({ miner }) => [...sectorsOf(network, miner.id).values()].slice(0, 1))
  return {
    ...{ miners: miners.length, sectors },
    rawPower: BigInt(sectors) * SECTOR_BYTES,
    networkRawPower: power.totalRawBytePower,
    networkQaPower: power.totalQualityAdjPower,
    sectorPledge: first?.initialPledge ?? 0n,
    rewardPerEpoch: vm.stateOf(REWARD_ACTOR_ADDR, RewardState).thisEpochReward,
    circulatingSupply: terms.economy.circulatingSupply,
    totalFil: filBefore,
  }
}

const SECTOR_BYTES = 64n << 30n
