import { VerifregAllocations, VerifregState } from '@plimsoll/actors'
import { bitFieldOf } from '@plimsoll/ipld'
import { EPOCHS_IN_DAY, requireActorId, VERIFIED_REGISTRY_ACTOR_ADDR } from '@plimsoll/primitives'
import {
  deadlinesOf,
  declareFaultsCall,
  declareRecoveriesCall,
  extendCall,
  liveSectorsOf,
  messageOf,
  newPiece,
  openDeadline,
  type Piece,
  type PieceOfSector,
  partitionsDue,
  placesOf,
  preCommitCall,
  proveCommitCall,
  proveCommitNICall,
  replicaUpdateCall,
  terminateCall,
  windowPoStCall,
} from '@plimsoll/testkit'
import type { Chance } from '../chance.ts'
import { INVALID } from '../profile.ts'
import type { FuzzedMiner, World } from '../world.ts'
import { activeSectors, claimsBySector, partiesOf, preCommitsOf, someSectors } from './miner-parties.ts'
import type { Template } from './template.ts'

/** The life of a sector, from its promise to its end. */

const SECTOR_BYTES = 32n << 30n

function anyExpiration({ network }: World, chance: Chance): number {
  const { minSectorExpiration, maxSectorExpirationExtension } = network.vm.host.policy
  const lifetime = chance.percent(70)
    ? minSectorExpiration + 31 * EPOCHS_IN_DAY + chance.below(20 * EPOCHS_IN_DAY)
    : chance.between(minSectorExpiration, maxSectorExpirationExtension)
  return network.vm.epoch + lifetime
}

/** Data for a sector: none, one piece that fills it, or two halves; published or allocated ones where there are any. */
function anyPieces(world: World, chance: Chance, miner: FuzzedMiner): readonly PieceOfSector[] {
  switch (chance.below(5)) {
    case 0:
      return [newPiece(world.network, SECTOR_BYTES)]
    case 1:
      return [newPiece(world.network, SECTOR_BYTES >> 1n), newPiece(world.network, SECTOR_BYTES >> 1n)]
    case 2: {
      const latest = world.network.vm.epoch + 200
      const deals = world.deals.filter(({ provider, start }) => provider === miner.id && start > latest)
      return assignOne(
        world,
        chance,
        deals.map(({ piece }) => piece),
      )
    }
    case 3: {
      return assignOne(world, chance, allocationsOf(world, miner))
    }
    default:
      return []
  }
}

/** One of the pieces that no sector was promised for yet; rarely any. */
function assignOne(
  { assigned }: World,
  chance: Chance,
  pieces: readonly PieceOfSector[],
): readonly PieceOfSector[] {
  const keyOf = ({ allocation, dealId }: PieceOfSector) => `${allocation?.id ?? ''}/${dealId ?? ''}`
  const free = chance.percent(5) ? pieces : pieces.filter((piece) => !assigned.has(keyOf(piece)))
  if (free.length === 0) {
    return []
  }
  const piece = chance.pick(free)
  assigned.add(keyOf(piece))
  return [piece]
}

function allocationsOf({ network, clients }: World, { id }: FuzzedMiner): readonly PieceOfSector[] {
  const { allocations } = network.vm.stateOf(VERIFIED_REGISTRY_ACTOR_ADDR, VerifregState)
  const map = VerifregAllocations.load(network.vm.store, allocations)
  const provider = BigInt(requireActorId(id))
  return clients.flatMap(({ id: client }) =>
    [...map.entriesOf(BigInt(requireActorId(client)))].flatMap(([allocationId, allocation]) =>
      allocation.provider === provider
        ? [{ cid: allocation.data, size: allocation.size, allocation: { client, id: allocationId } }]
        : [],
    ),
  )
}

/** Live sectors from which on a miner rarely gets more, so that its state stays small and messages fast. */
const ENOUGH_SECTORS = 40

function hasEnough({ network }: World, chance: Chance, { id }: FuzzedMiner): boolean {
  return chance.percent(95) && liveSectorsOf(network, id).size >= ENOUGH_SECTORS
}

export const preCommitSectors: Template = (world, chance) => {
  const miner = chance.pick(world.miners)
  if (hasEnough(world, chance, miner)) {
    return undefined
  }
  const plans = Array.from({ length: chance.between(1, 3) }, () => {
    const sectorNumber = miner.nextSector++
    const pieces = anyPieces(world, chance, miner)
    miner.pieces.set(sectorNumber, pieces)
    return { sectorNumber, pieces: pieces as readonly Piece[], expiration: anyExpiration(world, chance) }
  })
  return messageOf(preCommitCall(world.network, partiesOf(world, miner), plans))
}

export const proveCommitSectors: Template = (world, chance) => {
  const miner = chance.pick(world.miners)
  const { epoch, host } = world.network.vm
  const ready = preCommitsOf(world, miner).filter(
    ({ preCommitEpoch }) => epoch > preCommitEpoch + host.policy.preCommitChallengeDelay || chance.percent(2),
  )
  // What was promised last is what is most likely to be proven.
  const latest = ready.toSorted((a, b) => b.preCommitEpoch - a.preCommitEpoch).slice(0, 6)
  const sectors = chance.some(latest, 4).map(({ info: { sectorNumber } }) => ({
    sectorNumber,
    pieces: miner.pieces.get(sectorNumber) ?? [],
  }))
  return sectors.length === 0 ? undefined : messageOf(proveCommitCall(partiesOf(world, miner), sectors))
}

export const proveCommitNonInteractively: Template = (world, chance) => {
  const miner = chance.pick(world.miners)
  if (hasEnough(world, chance, miner)) {
    return undefined
  }
  const sectorNumbers = Array.from({ length: chance.between(1, 3) }, () => miner.nextSector++)
  const plan = { sectorNumbers, deadline: chance.below(48), expiration: anyExpiration(world, chance) }
  return messageOf(proveCommitNICall(world.network, partiesOf(world, miner), plan))
}

export const declareFaultySectors: Template = (world, chance) => {
  const miner = chance.pick(world.miners)
  const sectors = someSectors(world, chance, miner, 4)
  return messageOf(declareFaultsCall(world.network, partiesOf(world, miner), sectors))
}

export const recoverSectors: Template = (world, chance) => {
  const miner = chance.pick(world.miners)
  const { network } = world
  const hasFaults = deadlinesOf(network, miner.id).map(({ faultyPower }) => faultyPower.raw > 0n)
  const places = placesOf(network, miner.id)
  const live = [...liveSectorsOf(network, miner.id).keys()]
  const candidates = live.filter((number) => hasFaults[places.get(number)?.deadline ?? 0])
  const sectors = chance.some(candidates, 60)
  return messageOf(declareRecoveriesCall(network, partiesOf(world, miner), sectors))
}

export const terminateSomeSectors: Template = (world, chance) => {
  const miner = chance.pick(world.miners)
  const sectors = someSectors(world, chance, miner, 2)
  return messageOf(terminateCall(world.network, partiesOf(world, miner), sectors))
}

export const extendSectors: Template = (world, chance) => {
  const miner = chance.pick(world.miners)
  const sectorNumbers = chance.percent(85)
    ? chance.some(activeSectors(world, miner), 3)
    : someSectors(world, chance, miner, 3)
  const infos = liveSectorsOf(world.network, miner.id)
  const latest = Math.max(0, ...sectorNumbers.map((number) => infos.get(number)?.expiration ?? 0))
  const expiration = latest + chance.below(60 * EPOCHS_IN_DAY)
  const claims = chance.percent(90) ? claimsBySector(world, miner) : new Map<number, readonly bigint[]>()
  return messageOf(extendCall(world.network, partiesOf(world, miner), { sectorNumbers, expiration, claims }))
}

export const updateReplicas: Template = (world, chance) => {
  const miner = chance.pick(world.miners)
  const active = chance.percent(90) ? new Set(activeSectors(world, miner)) : undefined
  const empty = [...liveSectorsOf(world.network, miner.id).values()].filter(
    ({ sectorNumber, dealWeight, verifiedDealWeight }) =>
      dealWeight + verifiedDealWeight === 0n && (active?.has(sectorNumber) ?? true),
  )
  const updates = chance.some(empty, 2).map(({ sectorNumber }) => ({
    sectorNumber,
    pieces: anyPieces(world, chance, miner),
  }))
  return updates.length === 0
    ? undefined
    : messageOf(replicaUpdateCall(world.network, partiesOf(world, miner), updates))
}

/** Proves what is due of the open deadline: all of it, or with sectors left out, or by a proof that is wrong. */
export const proveDeadline: Template = (world, chance) => {
  const due = world.miners.filter(({ id }) => partitionsDue(world.network, id).length > 0)
  return due.length === 0 ? undefined : postOf(world, chance, chance.pick(due))
}

export function postOf(world: World, chance: Chance, miner: FuzzedMiner) {
  const { network } = world
  const { index: deadline } = openDeadline(network, miner.id)
  const skipped = chance.percent(8) ? bitFieldOf(someSectors(world, chance, miner, 3)) : undefined
  const partitions = partitionsDue(network, miner.id)
    .slice(0, 3)
    .map((index) => ({ index, ...(skipped !== undefined && { skipped }) }))
  const proof = chance.percent(6) ? Uint8Array.of(INVALID) : Uint8Array.of(1)
  return messageOf(windowPoStCall(network, miner.id, { deadline, partitions, proof }))
}
