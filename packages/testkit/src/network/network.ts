import type { Policy } from '@plimsoll/actors'
import { type Blockstore, createMemoryBlockstore, writeBackBlockstore } from '@plimsoll/ipld'
import {
  ACTOR_NAMES,
  ATTO_FIL_PER_FIL,
  type AttoFil,
  type ChainEpoch,
  EPOCHS_IN_DAY,
  type Hashes,
} from '@plimsoll/primitives'
import { actorCodeTable, openVm, type SimulationOptions, simulationHost } from '@plimsoll/vm'
import { testCode } from '../build-state.ts'
import { createAccount } from './accounts.ts'
import { constructRegistry, constructSingletons, genesisRoot } from './genesis.ts'
import { createMultisig } from './multisig.ts'
import type { TestNetwork } from './test-network.ts'

/** What a network is opened with; what is left out is as on a young mainnet. */
export interface NetworkOptions {
  readonly epoch?: ChainEpoch
  /** In attoFIL. */
  readonly circulatingSupply?: AttoFil
  readonly policy?: Policy
  /** Where blocks go; a store in memory that encodes what is asked for unless given. */
  readonly store?: Blockstore
  readonly customs?: SimulationOptions['customs']
  readonly primitives?: SimulationOptions['primitives']
}

const CIRCULATING_SUPPLY = 600_000_000n * ATTO_FIL_PER_FIL

/** A network with all singletons, a root of the verified registry, and nothing else. */
export function openNetwork(hashes: Hashes, options: NetworkOptions = {}): TestNetwork {
  const { epoch = EPOCHS_IN_DAY, store = writeBackBlockstore(createMemoryBlockstore(hashes)) } = options
  const vm = openVm(store, genesisRoot(store), hostOf(hashes, options), epoch)
  constructSingletons(vm)
  const opening = { vm, hashes, miners: [], made: { accounts: 0, pieces: 0 } }
  const registrySigner = createAccount(opening)
  const registryRoot = createMultisig(opening, registrySigner.id, [registrySigner.id])
  constructRegistry(vm, registryRoot)
  return { ...opening, registryRoot, registrySigner }
}

export function hostOf(hashes: Hashes, options: NetworkOptions) {
  const { circulatingSupply = CIRCULATING_SUPPLY, policy, customs, primitives } = options
  return simulationHost({
    hashes,
    codes: actorCodeTable(Object.fromEntries(ACTOR_NAMES.map((name) => [name, testCode(name)]))),
    circulatingSupply,
    ...(policy !== undefined && { policy }),
    ...(customs !== undefined && { customs }),
    ...(primitives !== undefined && { primitives }),
  })
}
