import { copyFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { FIXTURES_DIR } from '../locations.ts'
import { statePathOf } from '../scenario/scenario-file.ts'

/** A line of a scenario as it stands in the file. */
export type Line = Record<string, unknown>

/** A recorded scenario by its family and name. */
export function fixturePath(scenario: string): string {
  return join(FIXTURES_DIR, 'reference-v18', `${scenario}.jsonl.gz`)
}

/**
 * Copies a scenario and the states beside it into a directory, with some of its lines edited, for tests of what
 * is said of a scenario that is not as it was recorded.
 */
export function editedScenario(
  directory: string,
  scenario: string,
  edit: (lines: Line[]) => readonly (Line | string)[],
): string {
  const source = fixturePath(scenario)
  const target = join(directory, 'edited.jsonl.gz')
  for (const which of ['genesis', 'final'] as const) {
    if (existsSync(statePathOf(source, which))) {
      copyFileSync(statePathOf(source, which), statePathOf(target, which))
    }
  }
  const lines = gunzipSync(readFileSync(source)).toString('utf8').trimEnd().split('\n')
  const edited = edit(lines.map((line) => JSON.parse(line) as Line))
  const text = edited.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n')
  writeFileSync(target, gzipSync(`${text}\n`))
  return target
}
