import { type BitField, bitFieldOf } from '@plimsoll/ipld'
import type { ChainEpoch } from '@plimsoll/primitives'
import { requireState } from '../../runtime/actor-error.ts'
import { countAlike, dailyFeeOfAlike, initialPledgeOfAlike } from '../alike-sectors.ts'
import type { ExpirationSet } from '../expiration-queue.ts'
import { type QuantSpec, quantizeUp } from '../quantize.ts'
import type { SectorList } from '../sector-list.ts'
import { type PowerTerms, powerOfAlike } from '../sector-power.ts'
import type { SectorFigures, SectorKind } from '../types.ts'
import type { ExpirationQueue } from './entries.ts'
import { EMPTY_EXPIRATION_SET, type OnTimeSectors } from './expiration-set.ts'
import {
  type FoundSectors,
  firstSought,
  type SoughtSectors,
  soughtSectors,
  takeSought,
} from './sought-sectors.ts'

/** Source of everything here: builtin-actors v18, `actors/miner/src/expiration_queue.rs`. */

/** Sectors of one epoch with their sums. Source: `SectorEpochSet`. */
export interface SectorGroup extends OnTimeSectors {
  readonly epoch: ChainEpoch
}

/** Sectors by the epoch of the grid that they promised to last to, ascending. Source: `group_new_sectors_by_declared_expiration`. */
export function groupNewSectorsByDeclaredExpiration(
  terms: PowerTerms,
  sectors: Iterable<SectorFigures>,
  quant: QuantSpec,
): readonly SectorGroup[] {
  return [...byDeclaredExpiration(sectors, quant)]
    .sort(([a], [b]) => a - b)
    .map(([epoch, members]) =>
      groupOf(terms, epoch, { sectors: numbersOf(members), counted: countAlike(members) }),
    )
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
  sectors: SectorList,
): readonly FoundGroup[] {
  const declared = declaredExpirations(sectors.kinds, quant)
  const sought = soughtSectors(sectors)
  const found: FoundGroup[] = []
  const lookInto = (epoch: ChainEpoch, set: ExpirationSet) => {
    const members = takeSought(sought, set.onTimeSectors)
    if (members.counted.length > 0) {
      found.push({ group: groupOf(terms, epoch, members), set })
    }
  }
  for (const epoch of [...declared].sort((a, b) => a - b)) {
    lookInto(epoch, amt.get(epoch) ?? EMPTY_EXPIRATION_SET)
  }
  if (sought.left === 0) {
    return found
  }
  for (const [epoch, set] of amt.entries()) {
    if (!declared.has(epoch)) {
      requireNoneEarly(sought, set)
      lookInto(epoch, set)
    }
    if (sought.left === 0) {
      break
    }
  }
  requireState(sought.left === 0, 'some sectors are not in the expiration queue')
  return found.sort((a, b) => a.group.epoch - b.group.epoch)
}

function byDeclaredExpiration(
  sectors: Iterable<SectorFigures>,
  quant: QuantSpec,
): Map<ChainEpoch, SectorFigures[]> {
  const groups = new Map<ChainEpoch, SectorFigures[]>()
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

function numbersOf(sectors: readonly SectorFigures[]): BitField {
  return bitFieldOf(sectors.map(({ sectorNumber }) => sectorNumber))
}

/** The epochs of the grid that sectors promised to last to. */
function declaredExpirations(sectors: readonly SectorKind[], quant: QuantSpec): ReadonlySet<ChainEpoch> {
  const epochs = new Set<ChainEpoch>()
  let last: ChainEpoch | undefined
  for (const { expiration } of sectors) {
    // Neighbours were often sealed together.
    if (expiration !== last) {
      epochs.add(quantizeUp(quant, expiration))
      last = expiration
    }
  }
  return epochs
}

/** Source: `check_no_early_sectors`. */
function requireNoneEarly(sought: SoughtSectors, { earlySectors }: ExpirationSet): void {
  const early = firstSought(sought, earlySectors)
  requireState(early === undefined, () => `sector ${early} leaves early`)
}

function groupOf(terms: PowerTerms, epoch: ChainEpoch, { sectors, counted }: FoundSectors): SectorGroup {
  return {
    epoch,
    sectors,
    power: powerOfAlike(terms, counted),
    pledge: initialPledgeOfAlike(counted),
    dailyFee: dailyFeeOfAlike(counted),
  }
}
