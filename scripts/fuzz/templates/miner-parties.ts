import {
  minerLayout,
  NEWEST_ACTORS_VERSION,
  type SectorPreCommitOnChainInfo,
  VerifregClaims,
  VerifregState,
} from '@plimsoll/actors'
import { bitsOf, subtractBitFields, unionOfBitFields } from '@plimsoll/ipld'
import { requireActorId, VERIFIED_REGISTRY_ACTOR_ADDR } from '@plimsoll/primitives'
import {
  deadlinesOf,
  infoOf,
  liveSectorsOf,
  minerState,
  partitionsOf,
  type TestMiner,
} from '@plimsoll/testkit'
import type { Chance } from '../chance.ts'
import type { FuzzedMiner, World } from '../world.ts'

const LAYOUT = minerLayout(NEWEST_ACTORS_VERSION)

/** A miner with whoever may act for it at present. */
export function partiesOf({ network }: World, { id }: FuzzedMiner): TestMiner {
  const { owner, worker } = infoOf(network, id)
  return { id, owner: { id: owner, key: owner }, worker: { id: worker, key: worker } }
}

/** Promises that were not proven yet. */
export function preCommitsOf({ network }: World, { id }: FuzzedMiner): readonly SectorPreCommitOnChainInfo[] {
  const { preCommittedSectors } = minerState(network, id)
  const entries = LAYOUT.preCommits.load(network.vm.store, preCommittedSectors).entries()
  return [...entries].flatMap(([, preCommit]) =>
    'dealWeight' in preCommit ? [] : [preCommit as SectorPreCommitOnChainInfo],
  )
}

/** Some live sectors; none when the miner has none. */
export function someSectors(
  world: World,
  chance: Chance,
  miner: FuzzedMiner,
  atMost: number,
): readonly number[] {
  return chance.some([...liveSectorsOf(world.network, miner.id).keys()], atMost)
}

/** Sectors that are proven and not faulty. */
export function activeSectors({ network }: World, { id }: FuzzedMiner): readonly number[] {
  return deadlinesOf(network, id)
    .flatMap((deadline) => partitionsOf(network, deadline))
    .flatMap(({ sectors, terminated, faults, unproven }) => [
      ...bitsOf(subtractBitFields(sectors, unionOfBitFields([terminated, faults, unproven]))),
    ])
    .map(Number)
}

/** The claims of a miner by sector. */
export function claimsBySector(
  { network }: World,
  { id }: FuzzedMiner,
): ReadonlyMap<number, readonly bigint[]> {
  const { claims } = network.vm.stateOf(VERIFIED_REGISTRY_ACTOR_ADDR, VerifregState)
  const own = VerifregClaims.load(network.vm.store, claims).entriesOf(BigInt(requireActorId(id)))
  const bySector = new Map<number, bigint[]>()
  for (const [claimId, { sector }] of own) {
    const known = bySector.get(Number(sector)) ?? []
    known.push(claimId)
    bySector.set(Number(sector), known)
  }
  return bySector
}
