import { decode } from '@ipld/dag-cbor'
import { loadRewardColumns, loadSectorColumns } from '@plimsoll/risk'
import { type GeneratedBook, requireBlockOf } from './book.ts'
import { type Figure, fastestProcessorMs, nanosecondsEach } from './measure.ts'

const ACTORS_VERSION = 18

/** Sectors to columns, against the decoder that everybody uses and the objects that a program would keep. */
export function benchDecoding(book: GeneratedBook): readonly Figure[] {
  const blocks = new Map(book.cids.map((cid): [string, Uint8Array] => [cid, requireBlockOf(book, cid)]))
  requireEqual(checksumOfColumns(book), checksumOfObjects(decodeObjects(book, blocks)))
  const [columnsMs] = fastestProcessorMs(10, [() => loadSectorColumns(ACTORS_VERSION, book.miner)])
  const [objectsMs] = fastestProcessorMs(2, [() => decodeObjects(book, blocks)])
  return [
    {
      name: 'AMT walk and decode to columns',
      value: nanosecondsEach(columnsMs, book.count),
      unit: 'ns/sector',
    },
    { name: '@ipld/dag-cbor into objects', value: nanosecondsEach(objectsMs, book.count), unit: 'ns/sector' },
    {
      name: 'columns against objects',
      value: objectsMs / columnsMs,
      unit: '× faster',
      goal: { kind: 'at least', value: 80 },
    },
  ]
}

/** Bytes that a sector takes once it is read. */
export function benchMemory({ miner, count }: GeneratedBook): readonly Figure[] {
  const columns = loadSectorColumns(ACTORS_VERSION, miner)
  return [
    {
      name: 'a sector in columns, with its flags',
      value: byteLengthOf(columns) / count,
      unit: 'B',
      goal: { kind: 'at most', value: 56 },
    },
    {
      name: 'what only the rules before FIP-0098 need of it',
      value: byteLengthOf(loadRewardColumns(miner, columns)) / count,
      unit: 'B',
      goal: { kind: 'at most', value: 32 },
    },
  ]
}

/** The bytes of all typed arrays, each memory counted once. */
function byteLengthOf(columns: object): number {
  const buffers = new Set<ArrayBufferLike>()
  for (const column of Object.values(columns)) {
    for (const part of ArrayBuffer.isView(column) ? [column] : Object.values(Object(column))) {
      if (ArrayBuffer.isView(part)) {
        buffers.add(part.buffer)
      }
    }
  }
  return [...buffers].reduce((sum, { byteLength }) => sum + byteLength, 0)
}

/** The obvious way: decode every block, look links up by their bytes, make an object of every sector. */
function decodeObjects(
  book: GeneratedBook,
  blocks: ReadonlyMap<string, Uint8Array>,
): readonly SectorObject[] {
  const sectors: SectorObject[] = []
  const visit = ([, links, values]: NodeTuple): void => {
    for (const value of values) {
      sectors.push(sectorObject(value))
    }
    for (const { bytes } of links) {
      const block = blocks.get(Buffer.from(bytes).toString('latin1'))
      if (block === undefined) {
        throw new Error('the generated book misses a block')
      }
      visit(decode<NodeTuple>(block))
    }
  }
  visit(decode<readonly [number, number, number, NodeTuple]>(requireBlockOf(book, book.root.cid))[3])
  return sectors
}

type NodeTuple = readonly [
  bitmap: Uint8Array,
  links: readonly { readonly bytes: Uint8Array }[],
  values: readonly SectorTuple[],
]

type SectorTuple = readonly [
  sectorNumber: number,
  sealProof: number,
  sealedCid: unknown,
  deprecatedDealIds: readonly number[],
  activation: number,
  expiration: number,
  dealWeight: Uint8Array,
  verifiedDealWeight: Uint8Array,
  initialPledge: Uint8Array,
  expectedDayReward: Uint8Array | null,
  expectedStoragePledge: Uint8Array | null,
  powerBaseEpoch: number,
  replacedDayReward: Uint8Array | null,
  sectorKeyCid: unknown,
  flags: number,
  dailyFee: Uint8Array,
]

type SectorObject = ReturnType<typeof sectorObject>

function sectorObject(tuple: SectorTuple) {
  return {
    sectorNumber: tuple[0],
    sealProof: tuple[1],
    sealedCid: tuple[2],
    deprecatedDealIds: tuple[3],
    activation: tuple[4],
    expiration: tuple[5],
    dealWeight: amountOf(tuple[6]),
    verifiedDealWeight: amountOf(tuple[7]),
    initialPledge: amountOf(tuple[8]),
    expectedDayReward: tuple[9] && amountOf(tuple[9]),
    expectedStoragePledge: tuple[10] && amountOf(tuple[10]),
    powerBaseEpoch: tuple[11],
    replacedDayReward: tuple[12] && amountOf(tuple[12]),
    sectorKeyCid: tuple[13],
    flags: tuple[14],
    dailyFee: amountOf(tuple[15]),
  }
}

/** A sign byte, which is zero here, and a magnitude; by hex, which is the fastest way without a loop of shifts. */
function amountOf(bytes: Uint8Array): bigint {
  const hex = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex')
  return hex === '' ? 0n : BigInt(`0x${hex}`)
}

function checksumOfColumns(book: GeneratedBook): bigint {
  const { activation, expiration, initialPledge } = loadSectorColumns(ACTORS_VERSION, book.miner)
  const epochs = [...activation, ...expiration].reduce((sum, epoch) => sum + epoch, 0)
  return initialPledge.words.reduce((sum, word) => sum + word, BigInt(epochs))
}

function checksumOfObjects(sectors: readonly SectorObject[]): bigint {
  return sectors.reduce(
    (sum, { activation, expiration, initialPledge }) => sum + BigInt(activation + expiration) + initialPledge,
    0n,
  )
}

function requireEqual(a: bigint, b: bigint): void {
  if (a !== b) {
    throw new Error(`the two sides disagree: ${a} and ${b}`)
  }
}
