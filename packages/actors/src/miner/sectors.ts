import {
  type Amt,
  amt,
  type BitField,
  type BitIndex,
  type Blockstore,
  bitsOf,
  firstBit,
  hasBit,
  type PartsOf,
  subtractBitFields,
} from '@plimsoll/ipld'
import { ExitCode } from '@plimsoll/primitives'
import { ActorError, requireFound, requireState } from '../runtime/actor-error.ts'
import type { Draft } from '../runtime/draft.ts'
import { SECTOR_FIGURES } from './sector-figures.ts'
import type { SectorList } from './sector-list.ts'
import { type MinerState, SECTORS_AMT_BIT_WIDTH } from './state.ts'
import { SectorOnChainInfo } from './types.ts'

/** Source of everything here: builtin-actors v18, `actors/miner/src/sectors.rs`. */

/** All sectors of a miner by their number, the terminated ones too until their partition is compacted. */
export const Sectors = amt<SectorOnChainInfo>(SectorOnChainInfo, { bitWidth: SECTORS_AMT_BIT_WIDTH })
export type Sectors = Amt<SectorOnChainInfo>

export function loadSectorsArray(store: Blockstore, state: MinerState | Draft<MinerState>): Sectors {
  return Sectors.load(store, state.sectors)
}

/** The sectors of a set, ascending. Source: `load_sectors`. @throws {ActorError} `USR_NOT_FOUND` */
export function loadSectors(sectors: Sectors, numbers: BitField): readonly SectorOnChainInfo[] {
  return sectors.select(numbers, WHOLE_SECTORS, refuseMissing)
}

/** The same, for those who ask for no more of a sector. @throws {ActorError} `USR_NOT_FOUND` */
export function loadSectorFigures(sectors: Sectors, numbers: BitField): SectorList {
  return sectors.select(numbers, SECTOR_FIGURES, refuseMissing)
}

const WHOLE_SECTORS: PartsOf<SectorOnChainInfo, SectorOnChainInfo[]> = {
  create: () => [],
  read: (reader, sectors) => sectors.push(SectorOnChainInfo.decode(reader)),
  take: (sector, sectors) => sectors.push(sector),
  append: (sectors, others) => {
    for (const sector of others) {
      sectors.push(sector)
    }
  },
}

function refuseMissing(number: BitIndex): never {
  throw new ActorError(ExitCode.USR_NOT_FOUND, `sector ${number} not found`)
}

/** Source: `must_get`. @throws {ActorError} `USR_NOT_FOUND` */
export function mustGetSector(sectors: Sectors, number: BitIndex): SectorOnChainInfo {
  return requireFound(getSector(sectors, number), () => `sector ${number} not found`)
}

/** Source: `get`. @throws {ActorError} `USR_ILLEGAL_STATE` for 2^64 − 1, which no array has. */
export function getSector(sectors: Sectors, number: BitIndex): SectorOnChainInfo | undefined {
  requireState(number <= MAX_ARRAY_INDEX, 'no array has such an index')
  return sectors.get(number)
}

/** Source: ref-fvm `ipld/amt/src/lib.rs`, `MAX_INDEX`. */
const MAX_ARRAY_INDEX = (1n << 64n) - 2n

/** Source: `delete_sectors`. @throws {ActorError} `USR_NOT_FOUND` */
export function deleteSectors(sectors: Sectors, numbers: BitField): void {
  for (const number of bitsOf(numbers)) {
    if (!sectors.delete(number)) {
      throw new ActorError(ExitCode.USR_NOT_FOUND, `sector ${number} not found`)
    }
  }
}

/** Source: `store`. */
export function storeSectors(sectors: Sectors, infos: Iterable<SectorOnChainInfo>): void {
  for (const info of infos) {
    sectors.set(info.sectorNumber, info)
  }
}

/**
 * The sectors that a proof is about, ascending: each faulty one is replaced by the first that is not, so that a
 * proof has as many as the partition.
 *
 * Source: `load_for_proof` and `load_with_fault_max`.
 *
 * @throws {ActorError} `USR_NOT_FOUND`
 */
export function loadSectorsForProof(
  sectors: Sectors,
  provenSectors: BitField,
  expectedFaults: BitField,
): readonly SectorOnChainInfo[] {
  const goodNumber = firstBit(subtractBitFields(provenSectors, expectedFaults))
  if (goodNumber === undefined) {
    return []
  }
  const standIn = mustGetSector(sectors, goodNumber)
  const infos: SectorOnChainInfo[] = []
  for (const number of bitsOf(provenSectors)) {
    infos.push(hasBit(expectedFaults, number) ? standIn : mustGetSector(sectors, number))
  }
  return infos
}
