import { type ActorId, formatActorId } from '@plimsoll/primitives'
import { type SectorColumns, SectorStatus } from '../book/sector-columns.ts'
import { WhatIfError } from './what-if-error.ts'

/** Sectors of a miner: all that are live, the faulty ones of them, or by their numbers, both ends included. */
export type SectorSet =
  | { readonly kind: 'all' }
  | { readonly kind: 'faulty' }
  | {
      readonly kind: 'numbers'
      readonly ranges: readonly { readonly first: number; readonly last: number }[]
    }

/**
 * Reads `all`, `faulty`, or numbers and ranges such as `1,2,5-9`.
 *
 * @throws {WhatIfError} `INVALID_SECTOR_SET`
 */
export function parseSectorSet(text: string): SectorSet {
  if (text === 'all' || text === 'faulty') {
    return { kind: text }
  }
  const ranges = text.split(',').map((part) => {
    const [, from, to] = /^(\d{1,16})(?:-(\d{1,16}))?$/.exec(part.trim()) ?? []
    const [first, last] = [Number(from), Number(to ?? from)]
    if (!(Number.isSafeInteger(first) && Number.isSafeInteger(last) && first <= last)) {
      throw new WhatIfError(
        'INVALID_SECTOR_SET',
        `"${text}" is no set of sectors: all, faulty, or numbers such as 1,2,5-9`,
        { text },
      )
    }
    return { first, last }
  })
  return { kind: 'numbers', ranges }
}

/**
 * The rows of a set, ascending.
 *
 * @throws {WhatIfError} `SECTOR_NOT_LIVE` for a number that the miner has no live sector of.
 */
export function rowsOfSet(miner: ActorId, columns: SectorColumns, set: SectorSet): readonly number[] {
  const live: number[] = []
  for (let row = 0; row < columns.count; row++) {
    const status = columns.status[row] as number
    if ((status & SectorStatus.LIVE) !== 0 && isMember(set, columns.sectorNumber[row] as number, status)) {
      live.push(row)
    }
  }
  if (set.kind === 'numbers') {
    requireEvery(miner, new Set(live.map((row) => columns.sectorNumber[row] as number)), set.ranges)
  }
  return live
}

function isMember(set: SectorSet, sector: number, status: number): boolean {
  switch (set.kind) {
    case 'all':
      return true
    case 'faulty':
      return (status & SectorStatus.FAULTY) !== 0
    case 'numbers':
      return set.ranges.some(({ first, last }) => sector >= first && sector <= last)
  }
}

/** Ends at the first number that is missing, so that a range of any length does no harm. */
function requireEvery(
  miner: ActorId,
  live: ReadonlySet<number>,
  ranges: readonly { readonly first: number; readonly last: number }[],
): void {
  for (const { first, last } of ranges) {
    for (let sector = first; sector <= last; sector++) {
      if (!live.has(sector)) {
        throw new WhatIfError('SECTOR_NOT_LIVE', `${formatActorId(miner)} has no live sector ${sector}`, {
          miner,
          sector,
        })
      }
    }
  }
}
