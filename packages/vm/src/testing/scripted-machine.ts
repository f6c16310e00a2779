import {
  AccountState,
  type ActorRecord,
  Actors,
  AddressMap,
  BUILTIN_ACTORS,
  BuiltinActors as BuiltinActorsCodec,
  InitState,
  type IpldBlock,
  type Method,
  type Runtime,
  SystemState,
} from '@plimsoll/actors'
import {
  type Blockstore,
  bytes,
  createMemoryBlockstore,
  type Link,
  Multicodec,
  Multihash,
  makeCid,
  save,
  tuple,
  uint,
  type ValueOf,
  writeBackBlockstore,
} from '@plimsoll/ipld'
import {
  ACTOR_NAMES,
  type ActorName,
  type Address,
  ATTO_FIL_PER_FIL,
  type AttoFil,
  actorId,
  addressFromBytes,
  type Hashes,
  INIT_ACTOR_ID,
  idAddress,
  parseAddress,
  SYSTEM_ACTOR_ID,
} from '@plimsoll/primitives'
import { actorCodeTable } from '../hosts/actor-code-table.ts'
import { type SimulationOptions, simulationHost } from '../hosts/simulation-host.ts'
import type { Receipt } from '../message.ts'
import { openVm, type Vm } from '../vm.ts'

/** A small state for the tests of this package: two accounts, and actors that do what a test writes down for them. */

/** The state of a scripted actor. */
export const CounterState = tuple('CounterState', { count: uint, note: bytes })
export type CounterState = ValueOf<typeof CounterState>

/** What a scripted actor does when its method {@link RUN} is called. */
export type Script = (rt: Runtime) => void

/** The method that runs the script. */
export const RUN = 2

/** The actors that are scripted have the code of this one, which is then not itself. */
const SCRIPTED: ActorName = 'multisig'

export const ALICE = idAddress(actorId(100))
export const BOB = idAddress(actorId(101))
export const ALICE_KEY = 'f1itpqzzcx6yf52oc35dgsoxfqkoxpy6kdmygbaja'
/** A key that no actor has. */
export const NEW_KEY = addressFromBytes(Uint8Array.from({ length: 21 }, (_, i) => (i === 0 ? 1 : i)))
export const ALICE_BALANCE: AttoFil = 1000n * ATTO_FIL_PER_FIL
export const SCRIPTED_BALANCE: AttoFil = 10n * ATTO_FIL_PER_FIL
export const EPOCH = 6_112_430

export const CODES = actorCodeTable(
  Object.fromEntries(ACTOR_NAMES.map((name) => [name, codeOf(name)])) as Record<ActorName, Cid>,
)

type Cid = ReturnType<typeof makeCid>

export function codeOf(name: string): Cid {
  return makeCid(Multicodec.RAW, Multihash.IDENTITY, new TextEncoder().encode(`fil/test/${name}`))
}

export interface MachineOptions extends Partial<SimulationOptions> {
  /** What the machine keeps its blocks in, above those of the state that it begins with. */
  readonly storeAbove?: (base: Blockstore) => Blockstore
  /** Makes other records of what the state is built with. */
  readonly edit?: (store: Blockstore, put: (actor: Address, record: ActorRecord) => void) => void
}

export interface ScriptedMachine {
  readonly vm: Vm
  /** The scripted actors, in the order of their scripts, from f0200 on. */
  readonly scripted: readonly Address[]
  /** Calls a scripted actor from Alice. */
  run(target: Address, value?: AttoFil, params?: IpldBlock | null): Receipt
  counterOf(actor: Address): number
}

/** Opens a machine with a scripted actor for each script. */
export function scriptedMachine(
  hashes: Hashes,
  scripts: readonly Script[],
  options: MachineOptions = {},
): ScriptedMachine {
  const { storeAbove = writeBackBlockstore } = options
  const base = createMemoryBlockstore(hashes)
  const scripted = scripts.map((_, i) => idAddress(actorId(200 + i)))
  const code: Method = {
    name: 'Run',
    params: null,
    returns: null,
    run: (rt) => scripts[scripted.indexOf(rt.message.receiver)]?.(rt),
  }
  const builtins = { ...BUILTIN_ACTORS, [SCRIPTED]: { name: SCRIPTED, methods: new Map([[RUN, code]]) } }
  const host = simulationHost({ hashes, codes: CODES, circulatingSupply: 0n, ...options })
  const root = buildState(base, scripted, options)
  const vm = openVm(storeAbove(base), root, host, EPOCH, builtins)
  return {
    vm,
    scripted,
    run: (to, value = 0n, params = null) => vm.applyMessage({ from: ALICE, to, value, method: RUN, params }),
    counterOf: (actor) => vm.stateOf(actor, CounterState).count,
  }
}

/** Adds one to the counter of the actor that runs. */
export function countUp(rt: Runtime): void {
  rt.transaction(CounterState, (state) => {
    state.count++
  })
}

function buildState(store: Blockstore, scripted: readonly Address[], { edit }: MachineOptions): Cid {
  const actors = Actors.empty(store)
  const put = (actor: Address, record: ActorRecord) => actors.set(actor, record)
  const addresses = AddressMap.empty(store)
  const aliceKey = parseAddress(ALICE_KEY, store.hashes)
  addresses.set(aliceKey, 100)
  const addressMap = addresses.flush()
  const builtinActors = save(store, BuiltinActorsCodec, [])
  put(idAddress(SYSTEM_ACTOR_ID), record('system', save(store, SystemState, { builtinActors })))
  put(
    idAddress(INIT_ACTOR_ID),
    record('init', save(store, InitState, { addressMap, nextId: 300, networkName: 'test' })),
  )
  put(ALICE, record('account', save(store, AccountState, { address: aliceKey }), ALICE_BALANCE))
  put(BOB, record('account', save(store, AccountState, { address: aliceKey })))
  for (const actor of scripted) {
    const head = save(store, CounterState, { count: 0, note: new Uint8Array() })
    put(actor, record(SCRIPTED, head, SCRIPTED_BALANCE))
  }
  edit?.(store, put)
  return actors.flush().cid
}

export function record(name: string, head: Link<unknown>, balance: AttoFil = 0n): ActorRecord {
  return { code: codeOf(name), head, sequence: 0n, balance, delegatedAddress: null }
}
