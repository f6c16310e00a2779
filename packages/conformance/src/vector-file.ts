import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { gunzipSync, zstdDecompressSync } from 'node:zlib'

/** A file of vectors. */
export interface VectorFile {
  readonly path: string
  /** The path below the directory that was asked for. */
  readonly relativePath: string
  readonly name: string
}

export function vectorFile(path: string, relativePath: string): VectorFile {
  return { path, relativePath, name: basename(path) }
}

/** The contents of a file, decompressed if its name says that it is compressed. */
export function readContents(path: string): Uint8Array {
  const bytes = readFileSync(path)
  if (path.endsWith('.gz')) {
    return gunzipSync(bytes)
  }
  return path.endsWith('.zst') ? zstdDecompressSync(bytes) : bytes
}

/**
 * The contents of a JSON file, with integers that a double would round as bigints.
 */
export function readJson<T>(path: string): T {
  return parseExactJson(Buffer.from(readContents(path)).toString('utf8')) as T
}

export function parseExactJson(text: string): unknown {
  return JSON.parse(text, (_, value: unknown, context?: { readonly source: string }) => {
    const isRounded = typeof value === 'number' && !Number.isSafeInteger(value)
    return isRounded && context !== undefined && /^-?\d+$/.test(context.source)
      ? BigInt(context.source)
      : value
  })
}
