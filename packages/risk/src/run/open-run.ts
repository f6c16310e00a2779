import {
  CronEventQueue,
  CronEvents,
  loadStateTree,
  NEWEST_ACTORS_VERSION,
  type Policy,
  PowerState,
  policyOf,
  policyUnder,
  type Rules,
} from '@plimsoll/actors'
import { type Blockstore, type Cid, type Link, load, save, writeBackBlockstore } from '@plimsoll/ipld'
import {
  type ActorId,
  type ActorName,
  type Address,
  type AttoFil,
  BaseError,
  type ChainEpoch,
  type Hashes,
  idAddress,
  STORAGE_POWER_ACTOR_ADDR,
} from '@plimsoll/primitives'
import { type ActorCodeTable, ActorTable, type Host, simulationHost, Vm } from '@plimsoll/vm'
import type { NetworkView } from '../assess/network-view.ts'

/** A what-if that cannot be run. */
export class RunError extends BaseError {}

/** What the rest of the network does: nothing at all, its claims staying as they are, or what its operators would. */
export type Background = 'frozen' | 'full'

/** What a state does not say and a run needs. */
export interface RunInputs {
  readonly hashes: Hashes
  readonly rules: Rules
  readonly background: Background
  /** The miners that are looked at; in a frozen network only their deadlines pass. */
  readonly miners: readonly ActorId[]
  readonly networkVersion: number
  /** AttoFIL; undefined where no pledge, no deposit and no new daily fee is to be computed. */
  readonly circulatingSupply: AttoFil | undefined
  /** That of the network which the state names, unless given. */
  readonly policy?: Policy
}

/** A machine on a branch of a state, under rules. The state itself stays what it is. */
export interface Run {
  readonly vm: Vm
  readonly rules: Rules
  /** The miners that are looked at. */
  readonly miners: readonly Address[]
  /** The epoch that it begins with. */
  readonly start: ChainEpoch
}

/**
 * Opens a run at the epoch that the view is for.
 *
 * @throws {RunError} `STATE_NOT_EXECUTABLE` for a state of other actors than those that execute.
 */
export function openRun(view: NetworkView, inputs: RunInputs): Run {
  if (view.version !== NEWEST_ACTORS_VERSION) {
    throw new RunError(
      'STATE_NOT_EXECUTABLE',
      `the state is of actors v${view.version}; only v${NEWEST_ACTORS_VERSION} executes`,
      { version: view.version },
    )
  }
  const store = writeBackBlockstore(view.tree.store)
  const miners = inputs.miners.map((id) => idAddress(id))
  const { actors, wrapper } = loadStateTree(store, [view.tree.root])
  if (inputs.background === 'frozen') {
    const power = actors.get(STORAGE_POWER_ACTOR_ADDR)
    if (power !== undefined) {
      const head = withoutEventsOfOthers(store, power.head as Link<PowerState>, miners)
      actors.set(STORAGE_POWER_ACTOR_ADDR, { ...power, head })
    }
  }
  const table = new ActorTable(store, actors, wrapper)
  const start = view.assessedEpoch
  return { vm: new Vm(store, table, hostOf(view, inputs), start), rules: inputs.rules, miners, start }
}

function hostOf(view: NetworkView, inputs: RunInputs): Host {
  const { hashes, rules, networkVersion, circulatingSupply } = inputs
  const { policy = policyOf(view.network.network) } = inputs
  return simulationHost({
    hashes,
    codes: codeTable(view),
    policy: policyUnder(rules, policy),
    networkVersion,
    circulatingSupply: () => {
      if (circulatingSupply === undefined) {
        throw new RunError(
          'CIRCULATING_SUPPLY_NEEDED',
          'a pledge, a deposit or a fee needs the circulating supply',
        )
      }
      return circulatingSupply
    },
    // An owner that is a multisig, or a pool's contract, acts in its own way; here it simply does.
    customs: { maySend: () => true },
  })
}

/** Codes as the state has them: the code of an actor that is to be made is that of one that is there. */
function codeTable(view: NetworkView): ActorCodeTable {
  let codes: Map<ActorName, Cid> | undefined
  return {
    nameOf: (code) => view.codes.nameOf(code),
    codeOf: (name) => {
      codes ??= new Map(
        [...view.tree.actors.entries()].map(([, { code }]) => [view.codes.nameOf(code), code]),
      )
      const code = codes.get(name)
      if (code === undefined) {
        throw new RunError('ACTOR_CODE_UNKNOWN', `the state has no ${name} whose code a new one could have`, {
          name,
        })
      }
      return code
    },
  }
}

/** The power actor's state, whose queue calls back nobody but these miners. */
function withoutEventsOfOthers(
  store: Blockstore,
  head: Link<PowerState>,
  miners: readonly Address[],
): Link<PowerState> {
  const state = load(store, PowerState, head)
  const queue = CronEventQueue.load(store, state.cronEventQueue)
  for (const [epoch, events] of [...queue.entries()]) {
    const kept = [...CronEvents.load(store, events).values()].filter(({ minerAddr }) =>
      miners.includes(minerAddr),
    )
    if (kept.length === 0) {
      queue.delete(epoch)
      continue
    }
    const array = CronEvents.empty(store)
    kept.forEach((event, i) => {
      array.set(i, event)
    })
    queue.set(epoch, array.flush())
  }
  return save(store, PowerState, { ...state, cronEventQueue: queue.flush() })
}
