import type { Mutant } from './run-group.ts'

/** How many mutants the tests told from the original, and which they did not. */
export interface MutationScore {
  readonly killed: number
  readonly survivors: readonly Mutant[]
  /** Percent, rounded down; 100 where there is no mutant. */
  readonly percent: number
}

/**
 * A mutant is killed when a test fails, or when it goes on a hundred times longer than the original. One that cannot even be
 * loaded counts neither way, and neither does the prose that is left alone.
 */
export function scoreOf(mutants: readonly Mutant[]): MutationScore {
  const killed = mutants.filter(({ status }) => status === 'Killed' || status === 'Timeout').length
  const survivors = mutants.filter(({ status }) => status === 'Survived' || status === 'NoCoverage')
  const all = killed + survivors.length
  return { killed, survivors, percent: all === 0 ? 100 : Math.floor((killed * 100) / all) }
}

/** The scores of a group and of each of its files, and every survivor, as text. */
export function renderScore(group: string, mutants: readonly Mutant[]): string {
  const files = Map.groupBy(mutants, ({ file }) => file)
  const rows = [...files].map(([file, ofFile]) => row(file, ofFile))
  const survivors = scoreOf(mutants).survivors.map(
    ({ file, line, mutator, replacement, status }) =>
      `  ${file}:${line} ${status === 'NoCoverage' ? 'not reached' : 'survived'}: ${mutator} → ${onOneLine(replacement)}`,
  )
  return `${[row(group, mutants), ...rows.map((line) => `  ${line}`), ...survivors].join('\n')}\n`
}

function row(name: string, mutants: readonly Mutant[]): string {
  const { killed, survivors, percent } = scoreOf(mutants)
  return `${name}: ${percent} %, ${killed} of ${killed + survivors.length}`
}

function onOneLine(code: string): string {
  return code.replaceAll(/\s+/g, ' ')
}
