import { Actors, CronState } from '@plimsoll/actors'
import {
  type Blockstore,
  type Cid,
  createMemoryBlockstore,
  decodeCbor,
  formatCid,
  type IpldValue,
  ipldValue,
  linkTo,
  Multicodec,
  Multihash,
  makeCid,
  requireBlock,
  save,
  writeBackBlockstore,
} from '@plimsoll/ipld'
import {
  ACTOR_NAMES,
  actorId,
  CRON_ACTOR_ADDR,
  createHashes,
  ExitCode,
  type Hashes,
  STORAGE_POWER_ACTOR_ADDR,
} from '@plimsoll/primitives'
import { buildState, testCode } from '@plimsoll/testkit'
import { describe, expect, test } from 'vitest'
import { actorCodeTable } from './hosts/actor-code-table.ts'
import { simulationHost } from './hosts/simulation-host.ts'
import { openVm } from './vm.ts'

const hashes = await createHashes()
const EPOCH = 6_112_430
const ON_EPOCH_TICK_END = 5n
const CODES = actorCodeTable(Object.fromEntries(ACTOR_NAMES.map((name) => [name, testCode(name)])))

describe('a quiet tick', () => {
  // The yardstick of speed: nothing is hashed that is not another block than before.
  test('hashes exactly the blocks whose CID changed', () => {
    const counting = countingHashes()
    const store = writeBackBlockstore(createMemoryBlockstore(counting.hashes))
    const vm = openVm(store, stateWithCron(store), hostOf(counting.hashes), EPOCH)
    expect(vm.tick(EPOCH).exitCode).toBe(ExitCode.OK)
    const before = reachable(store, vm.root())
    counting.reset()
    const receipt = vm.tick(EPOCH + 1)
    const after = reachable(store, vm.root())
    expect(receipt.trace.calls.flatMap(({ calls }) => calls).map(({ method }) => method)).toEqual([3, 4])
    expect(after.size).toBeGreaterThan(30)
    expect(counting.hashed().toSorted()).toEqual([...after].filter((cid) => !before.has(cid)).toSorted())
  })
})

/** A state whose cron calls the power actor, with some miners, none of whose deadlines ends in the next epochs. */
function stateWithCron(store: Blockstore): Cid {
  const miners = Array.from({ length: 40 }, (_, i) => ({
    id: actorId(2000 + i),
    sectors: [{ sectorNumber: 1, deadline: 20 }],
  }))
  const actors = Actors.load(store, linkTo(buildState(store, { epoch: EPOCH, miners })))
  const cron = actors.get(CRON_ACTOR_ADDR)
  const entries = [{ receiver: STORAGE_POWER_ACTOR_ADDR, methodNum: ON_EPOCH_TICK_END }]
  if (cron === undefined) {
    throw new Error('a state without cron')
  }
  actors.set(CRON_ACTOR_ADDR, { ...cron, head: save(store, CronState, { entries }) })
  return actors.flush().cid
}

function hostOf(counted: Hashes) {
  return simulationHost({ hashes: counted, codes: CODES, circulatingSupply: 0n })
}

/** The blocks that a root leads to. */
function reachable(store: Blockstore, root: Cid): ReadonlySet<string> {
  const seen = new Set<string>()
  const visit = (cid: Cid): void => {
    if (seen.has(formatCid(cid)) || store.find(cid) === undefined) {
      return
    }
    seen.add(formatCid(cid))
    for (const linked of linksIn(decodeCbor(ipldValue, requireBlock(store, cid)))) {
      visit(linked)
    }
  }
  visit(root)
  return seen
}

function linksIn(value: IpldValue): readonly Cid[] {
  if (value === null || typeof value !== 'object' || value instanceof Uint8Array) {
    return []
  }
  if ('link' in value) {
    return [value.link]
  }
  return [...value.values()].flatMap(linksIn)
}

/** Hashes that remember which blocks they named. */
function countingHashes() {
  let hashed: string[] = []
  const counting: Hashes = {
    ...hashes,
    blake2b256: (bytes) => {
      hashed.push(formatCid(cidOfBlock(bytes)))
      return hashes.blake2b256(bytes)
    },
  }
  return {
    hashes: counting,
    hashed: () => hashed,
    reset: () => {
      hashed = []
    },
  }
}

function cidOfBlock(block: Uint8Array): Cid {
  return makeCid(Multicodec.DAG_CBOR, Multihash.BLAKE2B_256, hashes.blake2b256(block))
}
