import { encodeVarint } from '@plimsoll/primitives'
import { list } from '../cbor/collections.ts'
import { MajorType } from '../cbor/reader.ts'
import { cid as cidCodec, text, uint } from '../cbor/scalars.ts'
import { cborWriter, writeHead, writtenBytes } from '../cbor/writer.ts'
import { type Cid, cidBytes } from '../cid.ts'

/** A block and its CID, which the writer believes. */
export interface CarBlock {
  readonly cid: Cid
  readonly block: Uint8Array
}

/** Where the data of a CARv2 begins: after the pragma and the fixed header. */
const CAR_V2_DATA_OFFSET = 51

/** The pieces of a CARv1, to be written one after another. Source: IPLD specification CARv1. */
export function* writeCarV1(roots: readonly Cid[], blocks: Iterable<CarBlock>): Generator<Uint8Array> {
  yield* section([encodeHeader(roots)])
  for (const { cid, block } of blocks) {
    yield* section([cidBytes(cid), block])
  }
}

/**
 * The pieces of a CARv2 without an index: pragma, header, and a CARv1.
 *
 * The header says how long the data are, so the blocks are gone through twice.
 *
 * Source: IPLD specification CARv2.
 */
export function* writeCarV2(roots: readonly Cid[], blocks: readonly CarBlock[]): Generator<Uint8Array> {
  let dataSize = 0
  for (const piece of writeCarV1(roots, blocks)) {
    dataSize += piece.length
  }
  const writer = cborWriter()
  writeHead(writer, MajorType.MAP, 1)
  text.encode(writer, 'version')
  uint.encode(writer, 2)
  yield* section([writtenBytes(writer)])
  const header = new DataView(new ArrayBuffer(40))
  header.setBigUint64(16, BigInt(CAR_V2_DATA_OFFSET), true)
  header.setBigUint64(24, BigInt(dataSize), true)
  yield new Uint8Array(header.buffer)
  yield* writeCarV1(roots, blocks)
}

const Roots = list(cidCodec)

function encodeHeader(roots: readonly Cid[]): Uint8Array {
  const writer = cborWriter()
  writeHead(writer, MajorType.MAP, 2)
  text.encode(writer, 'roots')
  Roots.encode(writer, roots)
  text.encode(writer, 'version')
  uint.encode(writer, 1)
  return writtenBytes(writer)
}

function* section(parts: readonly Uint8Array[]): Generator<Uint8Array> {
  yield encodeVarint(parts.reduce((length, part) => length + part.length, 0))
  yield* parts
}
