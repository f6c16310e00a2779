import { createHashes } from '@plimsoll/primitives'
import { measureBlake2b } from './measure-blake2b.ts'
import type { ReplayFigures } from './outcome.ts'
import type { CaseResult } from './run.ts'
import { formatCounts } from './scenario/coverage.ts'
import type { RecordedCoverage } from './scenario/scenario-types.ts'
import { sumCoverage } from './scenario/sum-coverage.ts'

/** How many cases of a family had which outcome. */
export interface FamilyCounts {
  passed: number
  failed: number
  skipped: number
}

export interface Summary {
  readonly passed: number
  readonly failed: number
  readonly skipped: number
  readonly families: Readonly<Record<string, FamilyCounts>>
  readonly failures: readonly CaseResult[]
  /** How many cases were skipped, by reason. */
  readonly skips: Readonly<Record<string, number>>
  /** What the replayed scenarios took; absent where none was replayed. */
  readonly replays?: Replays
}

/** All replayed scenarios, and the speed of hashing that their processor time is to be seen beside. */
export interface Replays {
  readonly scenarios: readonly Omit<ReplayFigures, 'coverage' | 'nestedCoverage'>[]
  readonly blake2bNsPerByte: number
  readonly coverage: RecordedCoverage
  readonly nestedCoverage: RecordedCoverage
}

export async function summarize(results: AsyncIterable<CaseResult> | Iterable<CaseResult>): Promise<Summary> {
  const families: Record<string, FamilyCounts> = {}
  const skips: Record<string, number> = {}
  const failures: CaseResult[] = []
  const figures: ReplayFigures[] = []
  for await (const result of results) {
    families[result.family] ??= { passed: 0, failed: 0, skipped: 0 }
    const { outcome } = result
    ;(families[result.family] as FamilyCounts)[outcome.status]++
    if (outcome.status === 'skipped') {
      skips[outcome.reason] = (skips[outcome.reason] ?? 0) + 1
      continue
    }
    if (outcome.status === 'failed') {
      failures.push(result)
    }
    if (outcome.figures !== undefined) {
      figures.push(outcome.figures)
    }
  }
  const all = Object.values(families)
  return {
    passed: all.reduce((sum, { passed }) => sum + passed, 0),
    failed: failures.length,
    skipped: all.reduce((sum, { skipped }) => sum + skipped, 0),
    families,
    failures: failures.map(withoutFigures),
    skips,
    ...(figures.length > 0 && { replays: await replaysOf(figures) }),
  }
}

async function replaysOf(figures: readonly ReplayFigures[]): Promise<Replays> {
  return {
    scenarios: figures.map(({ coverage: _, nestedCoverage: __, ...rest }) => rest),
    blake2bNsPerByte: measureBlake2b(await createHashes()),
    coverage: sumCoverage(figures.map(({ coverage }) => coverage)),
    nestedCoverage: sumCoverage(figures.map(({ nestedCoverage }) => nestedCoverage)),
  }
}

/** Figures are listed once, with the scenarios. */
function withoutFigures(result: CaseResult): CaseResult {
  const { outcome } = result
  return outcome.status === 'failed'
    ? { ...result, outcome: { status: 'failed', difference: outcome.difference } }
    : result
}

/** A line for each family, the first difference in full, the reasons for skipping, what replays took, and the count. */
export function renderSummary(summary: Summary): string {
  const { passed, failed, skipped, families, failures, skips, replays } = summary
  const lines = Object.entries(families).map(
    ([family, counts]) =>
      `${family.padEnd(24)} ${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`,
  )
  const [first, ...others] = failures
  if (first?.outcome.status === 'failed') {
    lines.push('', `first failure: ${first.file} ${first.name}`, `  ${first.outcome.difference}`)
    lines.push(...others.slice(0, 20).map(({ file, name }) => `also failed: ${file} ${name}`))
  }
  if (skipped > 0) {
    lines.push('', ...Object.entries(skips).map(([reason, count]) => `skipped: ${reason} (${count})`))
  }
  if (replays !== undefined) {
    lines.push('', ...renderReplays(replays))
  }
  lines.push('', `${passed} passed, ${failed} failed, ${skipped} skipped`, '')
  return lines.join('\n')
}

function renderReplays({
  scenarios,
  blake2bNsPerByte,
  coverage,
  nestedCoverage,
}: Replays): readonly string[] {
  const lines = scenarios.map(({ name, steps, executions, cpuSeconds }) => {
    const speed = cpuSeconds > 0 ? Math.round(executions / cpuSeconds) : 0
    return columns(name, steps, executions, cpuSeconds.toFixed(2), speed)
  })
  const executions = scenarios.reduce((sum, scenario) => sum + scenario.executions, 0)
  const cpuSeconds = scenarios.reduce((sum, scenario) => sum + scenario.cpuSeconds, 0)
  return [
    columns('replayed', 'steps', 'executions', 'CPU s', 'executions/s'),
    ...lines,
    `${executions} executions in ${cpuSeconds.toFixed(1)} s of CPU; BLAKE2b takes ${blake2bNsPerByte.toFixed(2)} ns a byte in this process`,
    `coverage: ${countPairs(coverage)} pairs of method and exit code at top level, ${countPairs(nestedCoverage)} below (--coverage lists them)`,
  ]
}

function columns(name: string, ...figures: readonly (string | number)[]): string {
  return `${name.padEnd(32)}${figures.map((figure) => String(figure).padStart(13)).join('')}`
}

function countPairs(coverage: RecordedCoverage): number {
  return Object.values(coverage).reduce((sum, codes) => sum + Object.keys(codes).length, 0)
}

/** The tables of what was called and how it ended. */
export function renderCoverage({ replays }: Summary): string {
  if (replays === undefined) {
    return 'no scenario was replayed\n'
  }
  const table = (title: string, coverage: RecordedCoverage) => [
    '',
    title,
    ...Object.entries(coverage).map(
      ([method, codes]) => `${method.padEnd(60)} ${formatCounts(Object.entries(codes))}`,
    ),
  ]
  const lines = [...table('messages', replays.coverage), ...table('calls below them', replays.nestedCoverage)]
  return `${lines.join('\n')}\n`
}
