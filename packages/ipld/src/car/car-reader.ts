import { BaseError, decodeVarint, type Hashes, MAX_VARINT_BYTES } from '@plimsoll/primitives'
import { list } from '../cbor/collections.ts'
import { readLength } from '../cbor/length.ts'
import { cborReader, enter, leave, MajorType, readHead, requireEnd } from '../cbor/reader.ts'
import { cid as cidCodec } from '../cbor/scalars.ts'
import { type Cid, type CidExtent, cidFromBytes, formatCid, Multihash, scanCid } from '../cid.ts'
import { CodecError, within } from '../errors.ts'
import { MAX_CAR_HEADER_BYTES, MAX_CAR_SECTION_BYTES } from '../limits.ts'

/**
 * Reads a CAR as its bytes come in, in pieces of any size, and verifies every block against its CID.
 *
 * Version 1 is a header and sections up to the end; version 2 wraps such a file and says where it lies, and
 * an index may follow, which is not needed here.
 *
 * Source: IPLD specifications CARv1 and CARv2.
 */
export interface CarReader {
  /**
   * Takes the next bytes of the file.
   *
   * @throws {CodecError} `CAR_HEADER`, `CAR_VERSION`, `CAR_SECTION`, `CAR_SECTION_TOO_LARGE`,
   * `CAR_HASH_MISMATCH`, `CAR_HASH_UNKNOWN`, `INVALID_CID`
   */
  push(chunk: Uint8Array): void
  /**
   * Says that there are no more bytes.
   *
   * @returns the roots that the header names.
   * @throws {CodecError} `CAR_TRUNCATED`
   */
  finish(): readonly Cid[]
}

/** Receives each verified block; the arguments are views that the next call overwrites. */
export type CarBlockSink = (bytes: Uint8Array, cidStart: number, cidEnd: number, block: Uint8Array) => void

export function createCarReader(hashes: Hashes, onBlock: CarBlockSink): CarReader {
  const state: State = {
    hashes,
    onBlock,
    buffer: new Uint8Array(0),
    pending: new Uint8Array(0),
    position: 0,
    roots: undefined,
    dataStart: undefined,
    dataEnd: undefined,
  }
  return {
    push: (chunk) => take(state, chunk),
    finish: () => finish(state),
  }
}

/** The header of the second version: 11 bytes of pragma, then 40 of characteristics, offset, size and index. */
const CAR_V2_PRAGMA_BYTES = 11
const CAR_V2_HEADER_BYTES = 40

interface State {
  readonly hashes: Hashes
  readonly onBlock: CarBlockSink
  /** Room for bytes that came in; `pending` is a view of it. */
  buffer: Uint8Array
  /** Bytes that came in and are not used yet. */
  pending: Uint8Array
  /** The file offset of the first pending byte. */
  position: number
  roots: readonly Cid[] | undefined
  /** In a CARv2, where the wrapped CARv1 begins and ends in the file. */
  dataStart: number | undefined
  dataEnd: number | undefined
}

function take(state: State, chunk: Uint8Array): void {
  append(state, chunk)
  let used = 0
  for (;;) {
    const next = readNext(state, used)
    if (next === undefined) {
      break
    }
    used = next
  }
  state.pending = state.pending.subarray(used)
  state.position += used
}

/** Puts bytes after the pending ones; the buffer grows by doubling, so that a long section is not copied often. */
function append(state: State, chunk: Uint8Array): void {
  const { buffer, pending } = state
  const end = pending.byteOffset - buffer.byteOffset + pending.length
  const length = pending.length + chunk.length
  if (end + chunk.length <= buffer.length) {
    buffer.set(chunk, end)
    state.pending = buffer.subarray(end - pending.length, end + chunk.length)
    return
  }
  const target = length <= buffer.length ? buffer : new Uint8Array(Math.max(length, 2 * buffer.length))
  target.set(pending)
  target.set(chunk, pending.length)
  state.buffer = target
  state.pending = target.subarray(0, length)
}

/** Reads one element of the file at an offset into the pending bytes; undefined when it is not all there yet. */
function readNext(state: State, offset: number): number | undefined {
  const at = state.position + offset
  if (state.dataEnd !== undefined && at >= state.dataEnd) {
    return skipRest(state, offset)
  }
  if (state.dataStart !== undefined && at < state.dataStart) {
    return skipTo(state, offset, state.dataStart - at)
  }
  const section = findSection(state, offset)
  if (section === undefined) {
    return undefined
  }
  if (state.roots === undefined) {
    return readHeader(state, section.start, section.end)
  }
  readBlock(state, section.start, section.end)
  return section.end
}

/** What follows the wrapped file in a CARv2 is an index. */
function skipRest(state: State, offset: number): number | undefined {
  return offset < state.pending.length ? state.pending.length : undefined
}

function skipTo(state: State, offset: number, missing: number): number | undefined {
  const available = Math.min(missing, state.pending.length - offset)
  return available > 0 ? offset + available : undefined
}

function findSection(
  state: State,
  offset: number,
): { readonly start: number; readonly end: number } | undefined {
  const { pending } = state
  const length = readSectionLength(state, offset)
  if (length === undefined) {
    return undefined
  }
  const limit = state.roots === undefined ? MAX_CAR_HEADER_BYTES : MAX_CAR_SECTION_BYTES
  if (length.value === 0n || length.value > BigInt(limit)) {
    throw carError('CAR_SECTION_TOO_LARGE', `a section of ${length.value} bytes`, state, offset)
  }
  const end = length.end + Number(length.value)
  if (state.dataEnd !== undefined && state.position + end > state.dataEnd) {
    throw carError('CAR_SECTION', 'a section that goes beyond the data of the CARv2', state, offset)
  }
  return end <= pending.length ? { start: length.end, end } : undefined
}

function readSectionLength(state: State, offset: number) {
  const { pending } = state
  const available = pending.subarray(offset, offset + MAX_VARINT_BYTES)
  if (available.length < MAX_VARINT_BYTES && available.every((byte) => byte >= 0x80)) {
    return undefined
  }
  try {
    return decodeVarint(pending, offset)
  } catch (error) {
    throw error instanceof BaseError ? carError('CAR_SECTION', error.message, state, offset) : error
  }
}

/** Reads the header of a CARv1, or the pragma of a CARv2 and the fixed header after it. */
function readHeader(state: State, start: number, end: number): number | undefined {
  const header = within('CAR header', () => decodeHeader(state.pending.subarray(start, end)))
  if (header.version === 1) {
    if (header.roots === undefined || header.roots.length === 0) {
      throw carError('CAR_HEADER', 'no roots', state, start)
    }
    state.roots = header.roots
    return end
  }
  if (header.version !== 2 || state.dataStart !== undefined || state.position + end !== CAR_V2_PRAGMA_BYTES) {
    throw carError('CAR_VERSION', `version ${header.version}`, state, start)
  }
  if (state.pending.length < end + CAR_V2_HEADER_BYTES) {
    return undefined
  }
  const view = new DataView(state.pending.buffer, state.pending.byteOffset + end, CAR_V2_HEADER_BYTES)
  state.dataStart = Number(view.getBigUint64(16, true))
  state.dataEnd = state.dataStart + Number(view.getBigUint64(24, true))
  if (state.dataStart < CAR_V2_PRAGMA_BYTES + CAR_V2_HEADER_BYTES) {
    throw carError('CAR_HEADER', `data that begin at ${state.dataStart}, inside the header`, state, start)
  }
  return end + CAR_V2_HEADER_BYTES
}

const Roots = list(cidCodec)

/** `{ roots: [CID], version: uint }`, keys in either order; the pragma of a CARv2 has the version alone. */
function decodeHeader(bytes: Uint8Array): { readonly roots?: readonly Cid[]; readonly version: number } {
  const reader = cborReader(bytes)
  let roots: readonly Cid[] | undefined
  let version: number | undefined
  const count = enter(reader, MajorType.MAP)
  for (let i = 0; i < count; i++) {
    const start = readLength(reader, MajorType.TEXT)
    const key = String.fromCharCode(...bytes.subarray(start, Math.min(reader.offset, start + 16)))
    if (key === 'roots') {
      roots = Roots.decode(reader)
    } else if (key === 'version') {
      version = readHead(reader, MajorType.UINT)
    } else {
      throw new CodecError('CAR_HEADER', `CAR: the header has a field "${key}"`, { key })
    }
  }
  leave(reader)
  requireEnd(reader)
  if (version === undefined) {
    throw new CodecError('CAR_HEADER', 'CAR: the header has no version')
  }
  return roots === undefined ? { version } : { roots, version }
}

function readBlock(state: State, start: number, end: number): void {
  const { pending } = state
  const extent = scanCid(pending.subarray(0, end), start)
  const block = pending.subarray(extent.end, end)
  const digest = pending.subarray(extent.digestStart, extent.end)
  const actual = digestOf(state, extent, block)
  if (actual === undefined) {
    throw carError(
      'CAR_HASH_UNKNOWN',
      `multihash 0x${extent.multihash.toString(16)}, which cannot be checked`,
      state,
      start,
    )
  }
  if (!(actual.length === digest.length && actual.every((byte, i) => byte === digest[i]))) {
    const name = formatCid(cidFromBytes(pending.subarray(start, extent.end)))
    throw carError('CAR_HASH_MISMATCH', `the block of ${name} has another hash`, state, start)
  }
  // An identity CID holds its block itself; to store it again would only invite crafted collisions.
  if (extent.multihash !== Multihash.IDENTITY) {
    state.onBlock(pending, start, extent.end, block)
  }
}

function digestOf(state: State, { multihash }: CidExtent, block: Uint8Array): Uint8Array | undefined {
  switch (multihash) {
    case Multihash.BLAKE2B_256:
      return state.hashes.blake2b256(block)
    case Multihash.SHA2_256:
      return state.hashes.sha256(block)
    case Multihash.IDENTITY:
      return block
    default:
      return undefined
  }
}

function finish(state: State): readonly Cid[] {
  const isShort = state.dataEnd !== undefined && state.position < state.dataEnd
  if (state.roots === undefined || state.pending.length > 0 || isShort) {
    throw carError('CAR_TRUNCATED', 'the file ends in the middle', state, state.pending.length)
  }
  return state.roots
}

function carError(code: string, reason: string, state: State, offset: number): CodecError {
  const position = state.position + offset
  return new CodecError(code, `CAR: ${reason}, at byte ${position}`, { offset: position })
}
