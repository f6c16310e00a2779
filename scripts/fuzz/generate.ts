import { BUILTIN_ACTORS } from '@plimsoll/actors'
import {
  type Address,
  addressBytes,
  CRON_ACTOR_ADDR,
  DATACAP_ACTOR_ADDR,
  EPOCHS_IN_DAY,
  INIT_ACTOR_ADDR,
  REWARD_ACTOR_ADDR,
  STORAGE_MARKET_ACTOR_ADDR,
  STORAGE_POWER_ACTOR_ADDR,
  SYSTEM_ACTOR_ADDR,
  VERIFIED_REGISTRY_ACTOR_ADDR,
} from '@plimsoll/primitives'
import { openDeadline, partitionsDue } from '@plimsoll/testkit'
import type { Message } from '@plimsoll/vm'
import type { Chance } from './chance.ts'
import { isDisputeOfChangedSectors } from './known-defects.ts'
import { mutateParams } from './mutate-params.ts'
import type { Step } from './step.ts'
import { TEMPLATES } from './templates/all-templates.ts'
import { postOf } from './templates/sectors.ts'
import { anyAmount } from './templates/template.ts'
import type { World } from './world.ts'

const SINGLETONS: readonly Address[] = [
  SYSTEM_ACTOR_ADDR,
  INIT_ACTOR_ADDR,
  REWARD_ACTOR_ADDR,
  CRON_ACTOR_ADDR,
  STORAGE_POWER_ACTOR_ADDR,
  STORAGE_MARKET_ACTOR_ADDR,
  VERIFIED_REGISTRY_ACTOR_ADDR,
  DATACAP_ACTOR_ADDR,
]

/** How many of a hundred open deadlines are proven. */
const DILIGENCE_PERCENT = 88

/** Makes the next step from the state as it is, but for what is known to go wrong in the reference as well. */
export function nextStep(world: World, chance: Chance): Step {
  const step = anyStep(world, chance)
  const isAvoided = step.kind === 'message' && isDisputeOfChangedSectors(world, step.message)
  return isAvoided ? { kind: 'tick', epoch: nextEpoch(world, chance) } : step
}

function anyStep(world: World, chance: Chance): Step {
  const proof = dueProof(world, chance)
  if (proof !== undefined) {
    return { kind: 'message', message: proof }
  }
  const roll = chance.below(100)
  if (roll < 22) {
    return { kind: 'tick', epoch: nextEpoch(world, chance) }
  }
  if (roll < 25) {
    return reward(world, chance)
  }
  if (roll < 70) {
    return { kind: 'message', message: fromTemplate(world, chance) }
  }
  if (roll < 75) {
    return { kind: 'impersonation', message: impersonated(world, chance) }
  }
  return { kind: 'message', message: fromCorpus(world, chance) }
}

/** A proof of an open deadline that was not decided about yet, unless it is decided to leave it out. */
function dueProof(world: World, chance: Chance): Message | undefined {
  for (const miner of world.miners) {
    const { open } = openDeadline(world.network, miner.id)
    const key = `${miner.id}/${open}`
    if (!world.decided.has(key)) {
      world.decided.add(key)
      if (partitionsDue(world.network, miner.id).length > 0 && chance.percent(DILIGENCE_PERCENT)) {
        return postOf(world, chance, miner)
      }
    }
  }
  return undefined
}

/**
 * Mostly the next epoch in which a deadline has opened or is about to close; sometimes the present one. Cron runs in
 * null rounds too, so that no end of a deadline may be left out.
 */
function nextEpoch({ network, miners }: World, chance: Chance): number {
  const { epoch } = network.vm
  if (chance.percent(15)) {
    return epoch
  }
  const { wpostChallengeWindow } = network.vm.host.policy
  return miners.reduce((earliest, { id }) => {
    const { open } = openDeadline(network, id)
    const events = [open + 1, open + wpostChallengeWindow - 1, open + wpostChallengeWindow + 1]
    return Math.min(earliest, ...events.filter((event) => event >= epoch))
  }, epoch + EPOCHS_IN_DAY)
}

function reward(world: World, chance: Chance): Step {
  const miner = chance.pick(world.miners).id
  const penalty = chance.percent(80) ? 0n : BigInt(chance.below(2 ** 32)) * 10n ** 10n
  const gasReward = 0n
  return { kind: 'reward', params: { miner, penalty, gasReward, winCount: BigInt(chance.between(1, 3)) } }
}

function fromTemplate(world: World, chance: Chance): Message {
  for (let tries = 0; tries < 10; tries++) {
    const message = chance.pick(TEMPLATES)(world, chance)
    if (message !== undefined) {
      return chance.percent(4) ? withDefect(world, chance, message) : message
    }
  }
  return { from: world.network.registrySigner.id, to: SYSTEM_ACTOR_ADDR, value: 0n, method: 0, params: null }
}

/** A wrong sender, a value that nobody asked for, or a sequence that is not the next. */
function withDefect(world: World, chance: Chance, message: Message): Message {
  switch (chance.below(3)) {
    case 0:
      return { ...message, from: anySender(world, chance) }
    case 1:
      return { ...message, value: anyAmount(chance) }
    default:
      return { ...message, sequence: BigInt(chance.below(1000)) }
  }
}

/** A call that was made before, with defects, mostly by somebody else. */
function fromCorpus(world: World, chance: Chance): Message {
  const methods = world.corpus.methods()
  const calls = methods.length === 0 ? [] : world.corpus.callsOf(chance.pick(methods))
  if (calls.length === 0 || chance.percent(3)) {
    return anyMethod(world, chance)
  }
  const { from, to, method, params } = chance.pick(calls)
  const { network } = world
  const isAccount = network.vm.host.customs.maySend(typeOf(world, from))
  return {
    from: isAccount && chance.percent(75) ? from : anySender(world, chance),
    to,
    method,
    value: chance.percent(90) ? 0n : anyAmount(chance),
    params: chance.percent(20) ? params : mutateParams(chance, params, spareBytes(world, chance)),
  }
}

/** The same, by the actor that has made the call; on a fork, since accounts are all that can send messages. */
function impersonated(world: World, chance: Chance): Message {
  const methods = world.corpus.methods()
  const calls = methods.length === 0 ? [] : world.corpus.callsOf(chance.pick(methods))
  if (calls.length === 0) {
    return anyMethod(world, chance)
  }
  const { from, to, method, params } = chance.pick(calls)
  return {
    from: chance.percent(80) ? from : chance.pick([...SINGLETONS, chance.pick(world.miners).id]),
    to,
    method,
    value: 0n,
    params: chance.percent(30) ? params : mutateParams(chance, params, spareBytes(world, chance)),
  }
}

/** Any method of any actor, with parameters that are none of its. */
function anyMethod(world: World, chance: Chance): Message {
  const to = chance.pick([
    ...SINGLETONS,
    chance.pick(world.miners).id,
    chance.pick(world.multisigs),
    chance.pick(world.accounts).id,
  ])
  const type = typeOf(world, to)
  const numbers = [...((type === undefined ? undefined : BUILTIN_ACTORS[type])?.methods.keys() ?? [0])]
  const params = mutateParams(chance, { codec: 0x51, data: Uint8Array.of(0x80) }, [])
  return { from: anySender(world, chance), to, method: chance.pick(numbers), value: 0n, params }
}

function anySender({ accounts }: World, chance: Chance): Address {
  return chance.percent(95) ? chance.pick(accounts).id : chance.pick(SINGLETONS)
}

function typeOf({ network }: World, actor: Address) {
  const code = network.vm.findActor(actor)?.code
  return code === undefined ? undefined : network.vm.host.codes.nameOf(code)
}

/** Bytes that mean something: addresses. */
function spareBytes({ accounts, miners, multisigs }: World, chance: Chance): readonly Uint8Array[] {
  const { id, key } = chance.pick(accounts)
  return [id, key, chance.pick(miners).id, chance.pick(multisigs), chance.pick(SINGLETONS)].map(addressBytes)
}
