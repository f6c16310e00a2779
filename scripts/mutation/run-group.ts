import { rmSync } from 'node:fs'
import { join, relative } from 'node:path'
import { Stryker } from '@stryker-mutator/core'
import type { MutationGroup } from './groups.ts'

/** A mutant, and what the tests made of it. */
export interface Mutant {
  readonly file: string
  readonly line: number
  readonly mutator: string
  readonly replacement: string
  readonly status: string
}

/**
 * How long a mutant may take beyond its tests; ms. Much longer than needed: on a busy machine a mutant would otherwise be taken
 * for one that never ends, and so for killed.
 */
const TIMEOUT = 30_000

/** Where the copies are that this process works in. */
const COPIES = join('.mutation', String(process.pid))

/** Tests every mutant of a group in a copy of the project, so that a run which is stopped leaves no mutant behind. */
export async function runGroup(
  { files, tests, bundled }: MutationGroup,
  { workers, isShown }: { readonly workers: number; readonly isShown: boolean },
): Promise<readonly Mutant[]> {
  process.env['MUTATION_TESTS'] = tests.join(',')
  process.env['MUTATION_BUNDLED'] = bundled.join(',')
  const stryker = new Stryker({
    configFile: 'scripts/mutation/stryker.json',
    mutate: [...files, '!**/*.test.ts'],
    tempDirName: COPIES,
    timeoutMS: TIMEOUT,
    concurrency: workers,
    reporters: isShown ? ['progress'] : [],
  })
  const results = await stryker.runMutationTest()
  return results.map(({ fileName, location, mutatorName, replacement, status }) => ({
    file: relative('', fileName),
    line: location.start.line,
    mutator: mutatorName,
    replacement: replacement ?? '',
    status,
  }))
}

// Stryker leaves its copy behind when it is stopped.
process.on('exit', () => rmSync(COPIES, { recursive: true, force: true }))
