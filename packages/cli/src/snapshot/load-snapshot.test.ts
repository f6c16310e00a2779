import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import { type ActorId, BaseError, createHashes } from '@plimsoll/primitives'
import { capturedTerminal, carOfState } from '@plimsoll/testkit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { loadSnapshot } from './load-snapshot.ts'

const hashes = await createHashes()
const { root, car } = carOfState(hashes, { epoch: 1000, miners: [{ id: 1000 as ActorId }] })

let directory: string

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'plimsoll-snapshot-'))
})

afterAll(() => {
  rmSync(directory, { recursive: true })
})

function fileOf(bytes: Uint8Array): string {
  const path = join(directory, 'state.car')
  writeFileSync(path, bytes)
  return path
}

async function codeOf(bytes: Uint8Array, maxBytes?: number): Promise<string> {
  try {
    await loadSnapshot(fileOf(bytes), capturedTerminal(), maxBytes)
  } catch (error) {
    if (error instanceof BaseError) {
      return error.code
    }
    throw error
  }
  return 'loaded'
}

describe('loadSnapshot', () => {
  test.each([
    { kind: 'plain', bytes: car },
    { kind: 'gzip', bytes: gzipSync(car) },
    { kind: 'zstd', bytes: zstdCompressSync(car) },
  ])('reads a $kind CAR', async ({ bytes }) => {
    const snapshot = await loadSnapshot(fileOf(bytes), capturedTerminal())
    expect(snapshot.roots).toEqual([root])
    expect(snapshot.store.find(root)).toBeDefined()
  })

  test('knows the compression by its first bytes, whatever the name says', async () => {
    const path = join(directory, 'state.car.gz')
    writeFileSync(path, car)
    expect((await loadSnapshot(path, capturedTerminal())).roots).toEqual([root])
  })

  test.each([
    { what: 'an empty file', bytes: new Uint8Array(), code: 'CAR_TRUNCATED' },
    { what: 'three bytes', bytes: car.subarray(0, 3), code: 'CAR_TRUNCATED' },
    { what: 'a CAR that is cut in a block', bytes: car.subarray(0, car.length - 1), code: 'CAR_TRUNCATED' },
    {
      what: 'text',
      bytes: new TextEncoder().encode('{"not":"a car"}'.repeat(20)),
      code: 'CBOR_UNEXPECTED_TYPE',
    },
    { what: 'a cut gzip stream', bytes: gzipSync(car).subarray(0, -20), code: 'DECOMPRESSION_FAILED' },
    {
      what: 'a cut zstd stream',
      bytes: zstdCompressSync(car).subarray(0, -20),
      code: 'DECOMPRESSION_FAILED',
    },
    {
      what: 'a zstd header and nothing else',
      bytes: zstdCompressSync(car).subarray(0, 4),
      code: 'DECOMPRESSION_FAILED',
    },
  ])('refuses $what with $code', async ({ bytes, code }) => {
    expect(await codeOf(bytes)).toBe(code)
  })

  test('refuses a block that has another hash than its CID says', async () => {
    const damaged = car.slice()
    damaged[damaged.length - 1] = (damaged.at(-1) ?? 0) ^ 1
    expect(await codeOf(damaged)).toBe('CAR_HASH_MISMATCH')
  })

  test('refuses a snapshot with more bytes of blocks than it may take, and not one with as many', async () => {
    const { store } = await loadSnapshot(fileOf(car), capturedTerminal())
    expect(await codeOf(car, store.totalBytes)).toBe('loaded')
    expect(await codeOf(car, store.totalBytes - 1)).toBe('SNAPSHOT_TOO_LARGE')
  })
})
