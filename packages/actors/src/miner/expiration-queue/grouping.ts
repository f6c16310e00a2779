import { type BitIndex, bitsOf } from '@plimsoll/ipld'
import type { AttoFil, ChainEpoch } from '@plimsoll/primitives'
import { requireState } from '../../runtime/actor-error.ts'
import type { ExpirationSet } from '../expiration-queue.ts'
import type { PowerPair } from '../power-pair.ts'
import { type QuantSpec, quantizeUp } from '../quantize.ts'
import { type PowerTerms, powerOfSectors } from '../sector-power.ts'
import type { SectorOnChainInfo } from '../types.ts'
import type { ExpirationQueue } from './entries.ts'
import { EMPTY_EXPIRATION_SET } from './expiration-set.ts'

/** Source of everything here: builtin-actors v18, `actors/miner/src/expiration_queue.rs`. */

/** Sectors of one epoch with their sums. Source: `SectorEpochSet`. */
export interface SectorGroup {
  readonly epoch: ChainEpoch
  readonly sectors: readonly number[]
  readonly power: PowerPair
  readonly pledge: AttoFil
  readonly dailyFee: AttoFil
}

/** Sectors by the epoch of the grid that they promised to last to, ascending. Source: `group_new_sectors_by_declared_expiration`. */
export function groupNewSectorsByDeclaredExpiration(
  terms: PowerTerms,
  sectors: Iterable<SectorOnChainInfo>,
  quant: QuantSpec,
): readonly SectorGroup[] {
  return [...byDeclaredExpiration(sectors, quant)]
    .sort(([a], [b]) => a - b)
    .map(([epoch, members]) => groupOf(terms, epoch, members))
}

/** A group together with the set of the queue that it was found in. Source: `SectorExpirationSet`. */
export interface FoundGroup {
  readonly group: SectorGroup
  readonly set: ExpirationSet
}

/**
 * The on-time sectors of the queue that are among `sectors`, by their epoch, ascending. They are looked for where
 * they promised to leave, and then in every other epoch, since faults that recovered can be anywhere.
 *
 * Source: `find_sectors_by_expiration`.
 *
 * @throws {ActorError} `USR_ILLEGAL_STATE` when one is not in the queue, or leaves early.
 */
export function findSectorsByExpiration(
  { amt, quant }: ExpirationQueue,
  terms: PowerTerms,
  sectors: readonly SectorOnChainInfo[],
): readonly FoundGroup[] {
  const declared = byDeclaredExpiration(sectors, quant)
  const remaining = new Map<BitIndex, SectorOnChainInfo>(
    sectors.map((sector) => [sector.sectorNumber, sector]),
  )
  const found: FoundGroup[] = []
  const lookInto = (epoch: ChainEpoch, set: ExpirationSet) => {
    const members = takeMembers(remaining, set)
    if (members.length > 0) {
      found.push({ group: groupOf(terms, epoch, members), set })
    }
  }
  for (const epoch of [...declared.keys()].sort((a, b) => a - b)) {
    lookInto(epoch, amt.get(epoch) ?? EMPTY_EXPIRATION_SET)
  }
  if (remaining.size > 0) {
    for (const [epoch, set] of amt.entries()) {
      if (!declared.has(epoch)) {
        requireNoneEarly(remaining, set)
        lookInto(epoch, set)
      }
      if (remaining.size === 0) {
        break
      }
    }
  }
  requireState(remaining.size === 0, 'some sectors are not in the expiration queue')
  return found.sort((a, b) => a.group.epoch - b.group.epoch)
}

function byDeclaredExpiration(
  sectors: Iterable<SectorOnChainInfo>,
  quant: QuantSpec,
): Map<ChainEpoch, SectorOnChainInfo[]> {
  const groups = new Map<ChainEpoch, SectorOnChainInfo[]>()
  for (const sector of sectors) {
    const epoch = quantizeUp(quant, sector.expiration)
    const group = groups.get(epoch)
    if (group === undefined) {
      groups.set(epoch, [sector])
    } else {
      group.push(sector)
    }
  }
  return groups
}

/** Takes the on-time sectors of a set out of those that are looked for. Source: `group_expiration_set`. */
function takeMembers(
  remaining: Map<BitIndex, SectorOnChainInfo>,
  { onTimeSectors }: ExpirationSet,
): readonly SectorOnChainInfo[] {
  const members: SectorOnChainInfo[] = []
  if (remaining.size === 0) {
    return members
  }
  for (const number of bitsOf(onTimeSectors)) {
    const sector = remaining.get(number)
    if (sector !== undefined) {
      remaining.delete(number)
      members.push(sector)
    }
  }
  return members
}

/** Source: `check_no_early_sectors`. */
function requireNoneEarly(remaining: ReadonlyMap<BitIndex, unknown>, { earlySectors }: ExpirationSet): void {
  for (const number of bitsOf(earlySectors)) {
    requireState(!remaining.has(number), () => `sector ${number} leaves early`)
  }
}

function groupOf(terms: PowerTerms, epoch: ChainEpoch, members: readonly SectorOnChainInfo[]): SectorGroup {
  let [pledge, dailyFee] = [0n, 0n]
  for (const sector of members) {
    pledge += sector.initialPledge
    dailyFee += sector.dailyFee
  }
  const sectors = members.map(({ sectorNumber }) => sectorNumber)
  return { epoch, sectors, power: powerOfSectors(terms, members), pledge, dailyFee }
}
