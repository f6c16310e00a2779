import {
  AccountState,
  type ActorRecord,
  Actors,
  CronState,
  type IpldBlock,
  METHOD_CONSTRUCTOR,
  serialize,
} from '@plimsoll/actors'
import { address, type Blockstore, bigInt, type Cid, list, save, text, tuple, uint } from '@plimsoll/ipld'
import {
  type ActorName,
  type Address,
  ATTO_FIL_PER_FIL,
  type AttoFil,
  BURNT_FUNDS_ACTOR_ADDR,
  CRON_ACTOR_ADDR,
  DATACAP_ACTOR_ADDR,
  INIT_ACTOR_ADDR,
  REWARD_ACTOR_ADDR,
  STORAGE_MARKET_ACTOR_ADDR,
  STORAGE_POWER_ACTOR_ADDR,
  SYSTEM_ACTOR_ADDR,
  VERIFIED_REGISTRY_ACTOR_ADDR,
} from '@plimsoll/primitives'
import type { Vm } from '@plimsoll/vm'
import { testCode } from '../build-state.ts'
import { methodNumber, requireOk } from './send.ts'

/** All FIL that there will be: what the reward actor mints, and what the system gives to whoever needs some. */
const REWARD_BALANCE = 1_100_000_000n * ATTO_FIL_PER_FIL
const FAUCET_BALANCE = 900_000_000n * ATTO_FIL_PER_FIL

const NETWORK_NAME = 'testkit'

/** The actors that every network has, with what they have in the beginning. */
const SINGLETONS: readonly (readonly [Address, ActorName, AttoFil])[] = [
  [SYSTEM_ACTOR_ADDR, 'system', FAUCET_BALANCE],
  [INIT_ACTOR_ADDR, 'init', 0n],
  [REWARD_ACTOR_ADDR, 'reward', REWARD_BALANCE],
  [CRON_ACTOR_ADDR, 'cron', 0n],
  [STORAGE_POWER_ACTOR_ADDR, 'storagepower', 0n],
  [STORAGE_MARKET_ACTOR_ADDR, 'storagemarket', 0n],
  [VERIFIED_REGISTRY_ACTOR_ADDR, 'verifiedregistry', 0n],
  [DATACAP_ACTOR_ADDR, 'datacap', 0n],
]

/** The singletons before their constructors have run, and the account that burns what it gets. */
export function genesisRoot(store: Blockstore): Cid {
  const actors = Actors.empty(store)
  const put = (actor: Address, record: Pick<ActorRecord, 'code' | 'head' | 'balance'>) =>
    actors.set(actor, { ...record, sequence: 0n, delegatedAddress: null })
  const unborn = save(store, list(uint), [])
  for (const [actor, name, balance] of SINGLETONS) {
    put(actor, { code: testCode(name), head: unborn, balance })
  }
  const burnt = save(store, AccountState, { address: BURNT_FUNDS_ACTOR_ADDR })
  put(BURNT_FUNDS_ACTOR_ADDR, { code: testCode('account'), head: burnt, balance: 0n })
  return actors.flush().cid
}

/** Runs the constructors as the first block of a network does, but for that of the verified registry, which needs its root. */
export function constructSingletons(vm: Vm): void {
  const initParams = serialize(tuple('ConstructorParams', { networkName: text }), {
    networkName: NETWORK_NAME,
  })
  const entries = [
    {
      receiver: STORAGE_POWER_ACTOR_ADDR,
      methodNum: BigInt(methodNumber('storagepower', 'OnEpochTickEnd')),
    },
    { receiver: STORAGE_MARKET_ACTOR_ADDR, methodNum: BigInt(methodNumber('storagemarket', 'CronTick')) },
  ]
  construct(vm, SYSTEM_ACTOR_ADDR, null)
  construct(vm, INIT_ACTOR_ADDR, initParams)
  construct(vm, REWARD_ACTOR_ADDR, serialize(bigInt, 0n))
  construct(vm, CRON_ACTOR_ADDR, serialize(CronState, { entries }))
  construct(vm, STORAGE_POWER_ACTOR_ADDR, null)
  construct(vm, STORAGE_MARKET_ACTOR_ADDR, null)
  construct(vm, DATACAP_ACTOR_ADDR, serialize(address, VERIFIED_REGISTRY_ACTOR_ADDR))
}

export function constructRegistry(vm: Vm, root: Address): void {
  construct(vm, VERIFIED_REGISTRY_ACTOR_ADDR, serialize(address, root))
}

function construct(vm: Vm, to: Address, params: IpldBlock | null): void {
  requireOk('a constructor', vm.applyImplicitMessage({ to, value: 0n, method: METHOD_CONSTRUCTOR, params }))
}
