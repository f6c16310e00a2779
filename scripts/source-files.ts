import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

export const ROOT = fileURLToPath(new URL('..', import.meta.url))

/** A file of ours, by its path from the root. */
export interface SourceFile {
  readonly path: string
  readonly text: string
}

/** Everything of ours that matches, by path; not what is installed, generated or recorded. */
export function listFiles(pattern: RegExp): readonly SourceFile[] {
  return readdirSync(ROOT, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)))
    .filter((path) => !/(^|\/)(node_modules|\.git|\.mutation|coverage)\//.test(path) && pattern.test(path))
    .sort()
    .map((path) => ({ path, text: readFileSync(join(ROOT, path), 'utf8') }))
}

/** The sources of the packages, without their tests. */
export function listSources(): readonly SourceFile[] {
  return listFiles(/^packages\/[^/]+\/src\/.*\.ts$/).filter(
    ({ path }) => !/\.(test|fuzz|bench)\.ts$/.test(path),
  )
}
