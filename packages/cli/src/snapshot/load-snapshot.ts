import { open } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { createGunzip, createZstdDecompress } from 'node:zlib'
import { type Cid, createCarReader, SlabBlockstore } from '@plimsoll/ipld'
import { BaseError, createHashes, type Hashes } from '@plimsoll/primitives'
import { SnapshotError, UsageError } from '../errors.ts'
import { createProgress } from '../output/progress.ts'
import type { Terminal } from '../terminal.ts'

/** A snapshot in memory: its blocks, each verified against its CID, and the roots that the file names. */
export interface Snapshot {
  readonly hashes: Hashes
  readonly store: SlabBlockstore
  readonly roots: readonly Cid[]
}

/** Of the memory that is free, the part that the blocks of a snapshot may take. */
const MEMORY_SHARE = 0.6

const CHUNK_BYTES = 1 << 20

/** The first bytes of a gzip and of a zstd stream. Source: RFC 1952, RFC 8878. */
const GZIP_MAGIC = [0x1f, 0x8b]
const ZSTD_MAGIC = [0x28, 0xb5, 0x2f, 0xfd]

/**
 * Reads a CAR, plain or compressed with gzip or zstd, piece by piece.
 *
 * @throws {UsageError} `FILE_UNREADABLE`
 * @throws {SnapshotError} `SNAPSHOT_TOO_LARGE`, `DECOMPRESSION_FAILED`
 * @throws {CodecError} as the CAR reader does.
 */
export async function loadSnapshot(
  path: string,
  terminal: Terminal,
  maxBytes: number = process.availableMemory() * MEMORY_SHARE,
): Promise<Snapshot> {
  const hashes = await createHashes()
  const store = new SlabBlockstore(hashes)
  const reader = createCarReader(hashes, (bytes, start, end, block) => {
    store.putAt(bytes, start, end, block)
    if (store.totalBytes > maxBytes) {
      throw tooLarge(path, maxBytes)
    }
  })
  const { handle, size, head } = await openFile(path)
  const progress = createProgress(terminal, 'reading the snapshot')
  const stream = handle.createReadStream({ start: 0, highWaterMark: CHUNK_BYTES })
  try {
    for await (const chunk of decompressed(path, stream, head)) {
      reader.push(chunk)
      progress.update(stream.bytesRead, size)
    }
  } finally {
    progress.end()
    stream.destroy()
  }
  return { hashes, store, roots: reader.finish() }
}

async function openFile(path: string) {
  try {
    const handle = await open(path)
    const { size } = await handle.stat()
    const head = new Uint8Array(ZSTD_MAGIC.length)
    await handle.read(head, 0, head.length, 0)
    return { handle, size, head }
  } catch (error) {
    throw unreadable(path, error)
  }
}

/** The bytes of a stream, decompressed if its first bytes say that it is compressed. */
async function* decompressed(path: string, stream: Readable, head: Uint8Array): AsyncGenerator<Uint8Array> {
  const decompressor = decompressorFor(head)
  if (decompressor !== undefined) {
    stream.on('error', (error) => decompressor.destroy(unreadable(path, error)))
    stream.pipe(decompressor)
  }
  try {
    yield* (decompressor ?? stream) as AsyncIterable<Uint8Array>
  } catch (error) {
    if (error instanceof BaseError) {
      throw error
    }
    throw decompressor === undefined ? unreadable(path, error) : undecompressible(path, error)
  }
}

function decompressorFor(head: Uint8Array) {
  const beginsWith = (magic: readonly number[]) => magic.every((byte, i) => head[i] === byte)
  if (beginsWith(GZIP_MAGIC)) {
    return createGunzip()
  }
  return beginsWith(ZSTD_MAGIC) ? createZstdDecompress() : undefined
}

function undecompressible(path: string, error: unknown): SnapshotError {
  return new SnapshotError(
    'DECOMPRESSION_FAILED',
    `${path} does not decompress: ${messageOf(error)}`,
    { path },
    error,
  )
}

function unreadable(path: string, error: unknown): UsageError {
  return new UsageError('FILE_UNREADABLE', `cannot read ${path}: ${messageOf(error)}`, { path }, error)
}

function tooLarge(path: string, maxBytes: number): SnapshotError {
  const mebibytes = Math.floor(maxBytes / (1 << 20))
  return new SnapshotError('SNAPSHOT_TOO_LARGE', `${path} has more than ${mebibytes} MiB of blocks`, {
    path,
    maxBytes,
  })
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
