import { METHOD_SEND, MultisigState, PendingTxns } from '@plimsoll/actors'
import { address, attoFil, cid, encodeCbor, ipldValue } from '@plimsoll/ipld'
import {
  type Address,
  addressFromBytes,
  CRON_ACTOR_ADDR,
  INIT_ACTOR_ADDR,
  idAddress,
  REWARD_ACTOR_ADDR,
  requireActorId,
  STORAGE_POWER_ACTOR_ADDR,
} from '@plimsoll/primitives'
import type { Message } from '@plimsoll/vm'
import type { Chance } from '../chance.ts'
import type { World } from '../world.ts'
import { anyAmount, type Template, wire, wireMessage } from './template.ts'

/** Power, init, multisig, accounts, cron, and plain sends. */

export const createMiner: Template = (world, chance) => {
  const owner = chance.pick(world.accounts)
  const value = 10n ** 18n * BigInt(chance.pick([0, 1, 100, 1000]))
  const params = [
    wire(address, owner.id),
    wire(address, chance.percent(50) ? owner.key : chance.pick(world.accounts).id),
    BigInt(chance.pick([13, 13, 14, 3, 0])),
    chance.bytes(8),
    [chance.bytes(4)],
  ]
  const method = chance.pick(['CreateMiner', 'CreateMinerExported'])
  return wireMessage({
    from: owner.id,
    to: STORAGE_POWER_ACTOR_ADDR,
    actor: 'storagepower',
    method,
    params,
    value,
  })
}

export const askPower: Template = (world, chance) => {
  const miner = BigInt(requireActorId(chance.pick(world.miners).id))
  const ask = chance.pick([
    { method: 'CurrentTotalPower' },
    { method: 'NetworkRawPowerExported' },
    { method: 'MinerRawPowerExported', params: miner },
    { method: 'MinerPowerExported', params: miner },
    { method: 'MinerCountExported' },
    { method: 'MinerConsensusCountExported' },
  ])
  const from = chance.pick(world.accounts).id
  return wireMessage({ from, to: STORAGE_POWER_ACTOR_ADDR, actor: 'storagepower', ...ask })
}

/** What only the system or other actors may call. */
export const trespass: Template = (world, chance) => {
  const from = chance.pick(world.accounts).id
  return chance.pick([
    wireMessage({ from, to: CRON_ACTOR_ADDR, actor: 'cron', method: 'EpochTick' }),
    wireMessage({ from, to: STORAGE_POWER_ACTOR_ADDR, actor: 'storagepower', method: 'OnEpochTickEnd' }),
    wireMessage({ from, to: REWARD_ACTOR_ADDR, actor: 'reward', method: 'ThisEpochReward' }),
    wireMessage({
      from,
      to: STORAGE_POWER_ACTOR_ADDR,
      actor: 'storagepower',
      method: 'UpdatePledgeTotal',
      params: wire(attoFil, anyAmount(chance)),
    }),
  ])
}

export const execute: Template = (world, chance) => {
  const { codes } = world.network.vm.host
  const code = codes.codeOf(
    chance.percent(85) ? 'multisig' : chance.pick(['storageminer', 'account', 'paymentchannel']),
  )
  const signers = chance.some(world.accounts, 3).map(({ key }) => wire(address, key))
  const constructorParams = encodeCbor(ipldValue, [
    signers,
    BigInt(chance.between(0, 3)),
    BigInt(chance.below(3000)),
    0n,
  ])
  return wireMessage({
    from: chance.pick(world.accounts).id,
    to: INIT_ACTOR_ADDR,
    actor: 'init',
    method: chance.percent(95) ? 'Exec' : 'Exec4',
    params: chance.percent(95)
      ? [wire(cid, code), constructorParams]
      : [wire(cid, code), constructorParams, chance.bytes(20)],
    value: chance.percent(50) ? 0n : 10n ** 18n,
  })
}

/** A proposal of a multisig, about the multisig itself or somebody else. */
export const propose: Template = (world, chance) => {
  const multisig = chance.pick(world.multisigs)
  const { signers } = world.network.vm.stateOf(multisig, MultisigState)
  const { to, method, value, params } = proposed(world, chance, multisig)
  return wireMessage({
    from: chance.pick(signers),
    to: multisig,
    actor: 'multisig',
    method: 'Propose',
    params: [wire(address, to), wire(attoFil, value), BigInt(method), params?.data ?? new Uint8Array()],
  })
}

function proposed(world: World, chance: Chance, multisig: Address): Message {
  const account = wire(address, chance.pick(world.accounts).id)
  const { signers } = world.network.vm.stateOf(multisig, MultisigState)
  const self = { from: multisig, to: multisig, actor: 'multisig' } as const
  switch (chance.below(7)) {
    case 0:
      return wireMessage({ ...self, method: 'AddSigner', params: [account, chance.percent(50)] })
    case 1:
      return wireMessage({
        ...self,
        method: 'RemoveSigner',
        params: [wire(address, chance.pick(signers)), chance.percent(50)],
      })
    case 2:
      return wireMessage({
        ...self,
        method: 'SwapSigner',
        params: [wire(address, chance.pick(signers)), account],
      })
    case 3:
      return wireMessage({
        ...self,
        method: 'ChangeNumApprovalsThreshold',
        params: [BigInt(chance.between(0, 3))],
      })
    case 4:
      return wireMessage({
        ...self,
        method: 'LockBalance',
        params: [
          BigInt(world.network.vm.epoch),
          BigInt(chance.between(-1, 3000)),
          wire(attoFil, anyAmount(chance)),
        ],
      })
    default:
      return {
        from: multisig,
        to: chance.pick(world.accounts).id,
        method: METHOD_SEND,
        params: null,
        value: BigInt(chance.below(2 ** 32)) * 10n ** 9n,
      }
  }
}

/** Approves or cancels what waits. */
export const decide: Template = (world, chance) => {
  const multisig = chance.pick(world.multisigs)
  const { signers, pendingTxs } = world.network.vm.stateOf(multisig, MultisigState)
  const pending = [...PendingTxns.load(world.network.vm.store, pendingTxs).keys()]
  const id = pending.length > 0 && chance.percent(90) ? chance.pick(pending) : BigInt(chance.below(50))
  const method = chance.pick(['Approve', 'Approve', 'Cancel'])
  const params = [id, new Uint8Array()]
  return wireMessage({ from: chance.pick(signers), to: multisig, actor: 'multisig', method, params })
}

export const askAccount: Template = (world, chance) => {
  const { id: to } = chance.pick(world.accounts)
  const from = chance.pick(world.accounts).id
  const method = chance.pick(['PubkeyAddress', 'AuthenticateMessageExported'])
  const params = [chance.bytes(3), chance.bytes(5)]
  return wireMessage({ from, to, actor: 'account', method, ...(method !== 'PubkeyAddress' && { params }) })
}

/** FIL for somebody: known, new by key, delegated, or nobody. */
export const send: Template = (world, chance) => {
  const key = (protocol: number, length: number) =>
    addressFromBytes(Uint8Array.from([protocol, ...chance.bytes(length)]))
  const to = chance.pick([
    () => chance.pick(world.accounts).id,
    () => chance.pick(world.accounts).key,
    () => chance.pick(world.miners).id,
    () => chance.pick(world.multisigs),
    () => idAddress(BigInt(chance.below(200))),
    () => key(1, 20),
    () => key(2, 20),
    () => key(3, 48),
    () => addressFromBytes(Uint8Array.from([4, 10, ...chance.bytes(20)])),
  ])()
  const method = chance.percent(90) ? METHOD_SEND : chance.pick([1, 2, 1 << 24, 2 ** 32 - 1])
  return { from: chance.pick(world.accounts).id, to, method, params: null, value: anyAmount(chance) }
}
