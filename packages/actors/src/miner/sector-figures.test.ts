import { fc, test } from '@fast-check/vitest'
import { type CborReader, CodecError, cborReader, encodeCbor } from '@plimsoll/ipld'
import { anySector, concat, mutated } from '@plimsoll/testkit'
import { describe, expect } from 'vitest'
import { SECTOR_FIGURES } from './sector-figures.ts'
import { figuresOf, type SectorList } from './sector-list.ts'
import { type SectorFigures, SectorOnChainInfo } from './types.ts'

/** Reads one sector's figures. */
function readFigures(reader: CborReader): SectorFigures {
  const list = SECTOR_FIGURES.create(1)
  SECTOR_FIGURES.read(reader, list)
  return onlyOf(list)
}

function onlyOf(list: SectorList): SectorFigures {
  const [figures, ...others] = figuresOf(list)
  if (figures === undefined || others.length > 0) {
    throw new Error('not one sector')
  }
  return figures
}

/** What is read of sectors one after another, up to the first that cannot be, with its error. */
function outcomes(decode: (reader: CborReader) => SectorFigures, bytes: Uint8Array): readonly unknown[] {
  const reader = cborReader(bytes)
  const read: unknown[] = []
  try {
    while (reader.offset < bytes.length) {
      read.push({ value: onlyFigures(decode(reader)), end: reader.offset, depth: reader.depth })
    }
  } catch (error) {
    read.push(error instanceof CodecError ? error.code : error)
  }
  return read
}

function onlyFigures(sector: SectorFigures): Readonly<Record<string, unknown>> {
  return Object.fromEntries(FIGURES.map((figure) => [figure, sector[figure]]))
}

const FIGURES = [
  'sectorNumber',
  'activation',
  'expiration',
  'dealWeight',
  'verifiedDealWeight',
  'initialPledge',
  'powerBaseEpoch',
  'dailyFee',
] as const

const encode = (sector: SectorOnChainInfo) => encodeCbor(SectorOnChainInfo, sector)

/**
 * Sectors of few kinds, in any order, each with a number and CIDs of its own or of another one; or one field of a
 * repeated kind is another.
 */
const neighbours = fc
  .tuple(
    fc.array(anySector, { minLength: 1, maxLength: 5 }),
    fc.array(
      fc.record({
        kind: fc.nat(4),
        identity: anySector,
        changed: fc.option(fc.constantFrom(...(Object.keys(sampleKeys()) as (keyof SectorOnChainInfo)[]))),
      }),
      { minLength: 1, maxLength: 12 },
    ),
  )
  .map(([kinds, picks]) =>
    picks.map(({ kind, identity, changed }): SectorOnChainInfo => {
      const { sectorNumber, sealedCid, sectorKeyCid } = identity
      const repeated = {
        ...(kinds[kind % kinds.length] as SectorOnChainInfo),
        sectorNumber,
        sealedCid,
        sectorKeyCid,
      }
      return changed === null ? repeated : { ...repeated, [changed]: identity[changed] }
    }),
  )

/** The fields of a sector. */
function sampleKeys(): SectorOnChainInfo {
  return fc.sample(anySector, { numRuns: 1, seed: 1 })[0] as SectorOnChainInfo
}

describe('the figures of sectors', () => {
  test.prop([anySector])('are those of a whole sector', (any) => {
    const bytes = encode(any)
    const read = outcomes(readFigures, bytes)
    expect(read).toEqual([{ value: onlyFigures(any), end: bytes.length, depth: 0 }])
    const list = SECTOR_FIGURES.create(1)
    SECTOR_FIGURES.take(any, list)
    expect(onlyFigures(onlyOf(list))).toEqual(onlyFigures(any))
  })

  test.prop([neighbours])('are those of each, however many fields are repeated', (sectors) => {
    const bytes = concat(...sectors.map(encode))
    const read = outcomes(readFigures, bytes)
    expect(read).toEqual(outcomes(SectorOnChainInfo.decode, bytes))
    expect(read).toHaveLength(sectors.length)
  })

  test.prop([neighbours.chain((sectors) => mutated(concat(...sectors.map(encode))))])(
    'are refused where a whole sector is, and for the same reason',
    (bytes) => {
      expect(outcomes(readFigures, bytes)).toEqual(outcomes(SectorOnChainInfo.decode, bytes))
    },
  )

  test.prop([neighbours])('are the same from block to block', (sectors) => {
    const read = sectors.map((sector) => onlyFigures(readFigures(cborReader(encode(sector)))))
    expect(read).toEqual(sectors.map(onlyFigures))
  })
})
