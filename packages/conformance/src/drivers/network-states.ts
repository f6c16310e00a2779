import { checkStateInvariants, loadActorCodes, loadStateTree, policyOf } from '@plimsoll/actors'
import { findActorId, formatActorId } from '@plimsoll/primitives'
import { findMiners, type NetworkView, openMiner, openNetworkView } from '@plimsoll/risk'
import type { Driver } from '../driver.ts'
import { allOf, attempt, expectEqual, expectRefusal, type NamedOutcome, type Outcome } from '../outcome.ts'
import { reencodeBlocks } from '../states/blocks.ts'
import { type LoadedCar, loadCar } from '../states/open-state.ts'
import { reencodeActor } from '../states/re-encode.ts'

/** A complete state of a real network, and what its origin says of it. */
interface NetworkStateFacts {
  /** The version to read it by, where its code CIDs are of a network that is not in the tables. */
  readonly actorsVersion?: number
  /** What the invariants find, by kind. In every genesis f090, a multisig, has an address that init knows. */
  readonly findings: string
  readonly counts?: string
}

const GENESIS_FINDINGS = 'init/singleton-id 1'

/** Claims that a genesis is made with start at epoch 0, which has not been executed. */
const BUTTERFLYNET_FINDINGS = `verifreg/claim-term-start 1440, ${GENESIS_FINDINGS}`

const FACTS: Readonly<Record<string, NetworkStateFacts>> = {
  'calibnet_nv16_epoch16800_state.car.zst': {
    findings: GENESIS_FINDINGS,
    counts:
      '161 miners, 39 with sectors, 4534 sectors, 529 faulty, pledge and locked funds 470512259666212972413087',
  },
  'butterflynet_genesis_v15.car.zst': { actorsVersion: 15, findings: BUTTERFLYNET_FINDINGS },
  'butterflynet_genesis_v17_nv27.car.zst': { actorsVersion: 17, findings: BUTTERFLYNET_FINDINGS },
}

/** Complete states of actors that are read: everything decoded, encoded again, counted and checked. */
export const networkStates: Driver = {
  family: 'network states',
  handles: ({ name }) => name in FACTS,
  *run({ path, name }, { hashes }): Generator<NamedOutcome> {
    const facts = FACTS[name] as NetworkStateFacts
    const car = loadCar(path, hashes)
    const view = openNetworkView(car.store, car.roots, { actorsVersion: facts.actorsVersion })
    yield ['blocks', reencodeBlocks(car)]
    yield ['actor states', attempt(() => reencodeAll(view))]
    yield ['claims', attempt(() => compareClaims(view))]
    yield ['invariants', attempt(() => expectEqual(facts.findings, findingsOf(view)))]
    if (facts.counts !== undefined) {
      yield ['counts', attempt(() => expectEqual(facts.counts, countsOf(view)))]
      yield ['total pledge', attempt(() => compareTotalPledge(view))]
    }
  },
}

/** States of actors that are too old: refused, and by name. */
export const olderStates: Driver = {
  family: 'network states',
  handles: ({ name }) => /_genesis_v[17]\.car\.zst$/.test(name),
  *run({ path, name }, { hashes }): Generator<NamedOutcome> {
    const car = loadCar(path, hashes)
    yield ['blocks', reencodeBlocks(car)]
    if (name.includes('_v1.')) {
      const refused = expectRefusal('HAMT_NODE', () => loadStateTree(car.store, car.roots))
      yield ['refused: maps of an older version', refused]
      return
    }
    yield ['tree', attempt(() => expectEqual(true, countActors(car) > 0))]
    const refused = expectRefusal('UNSUPPORTED_ACTORS_VERSION', () =>
      loadActorCodes(loadStateTree(car.store, car.roots)),
    )
    yield ['refused: actors of an older version', refused]
  },
}

function countActors(car: LoadedCar): number {
  return [...loadStateTree(car.store, car.roots).actors.entries()].length
}

/** Decodes and encodes the states of all actors that have types. */
export function reencodeAll({ tree, codes, version }: NetworkView): Outcome {
  const outcomes = [...tree.actors.entries()].map(([address, record]) => {
    const outcome = attempt(() => reencodeActor(tree.store, version, codes.nameOf(record.code), record))
    const id = findActorId(address)
    return outcome.status === 'failed' && id !== undefined
      ? { ...outcome, difference: `${formatActorId(id)}: ${outcome.difference}` }
      : outcome
  })
  return allOf(outcomes.filter(({ status }) => status !== 'skipped'))
}

/** The power actor's claims against the power of the partitions; the invariants compare the two. */
function compareClaims(view: NetworkView): Outcome {
  const kinds = ['tree/claim-power', 'tree/miner-without-claim', 'tree/claim-proof-type']
  const found = check(view).findings.filter(({ kind }) => kinds.includes(kind))
  return expectEqual('', found.map(({ place, message }) => `${place}: ${message}`).join('; '))
}

function findingsOf(view: NetworkView): string {
  const kinds = Map.groupBy(check(view).findings, ({ kind }) => kind)
  return [...kinds].map(([kind, found]) => `${kind} ${found.length}`).join(', ')
}

function check(view: NetworkView) {
  return checkStateInvariants(policyOf(view.network.network), view.tree, view.codes, view.stateEpoch)
}

function countsOf(view: NetworkView): string {
  let [miners, withSectors, sectors, faulty, locked] = [0, 0, 0, 0, 0n]
  for (const { id, record } of findMiners(view)) {
    const { book, miner } = openMiner(view, id, record)
    miners++
    withSectors += book.columns.count > 0 ? 1 : 0
    sectors += book.columns.count
    faulty += book.columns.status.reduce((count, status) => count + ((status >> 1) & 1), 0)
    locked += miner.state.initialPledge + miner.state.lockedFunds
  }
  return `${miners} miners, ${withSectors} with sectors, ${sectors} sectors, ${faulty} faulty, pledge and locked funds ${locked}`
}

function compareTotalPledge(view: NetworkView): Outcome {
  let total = 0n
  for (const { id, record } of findMiners(view)) {
    const { state } = openMiner(view, id, record).miner
    total += state.initialPledge + state.lockedFunds
  }
  return expectEqual(view.network.power.totalPledgeCollateral, total)
}
