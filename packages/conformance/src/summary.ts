import type { CaseResult } from './run.ts'

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
}

export async function summarize(results: AsyncIterable<CaseResult> | Iterable<CaseResult>): Promise<Summary> {
  const families: Record<string, FamilyCounts> = {}
  const skips: Record<string, number> = {}
  const failures: CaseResult[] = []
  for await (const result of results) {
    families[result.family] ??= { passed: 0, failed: 0, skipped: 0 }
    const { outcome } = result
    ;(families[result.family] as FamilyCounts)[outcome.status]++
    if (outcome.status === 'skipped') {
      skips[outcome.reason] = (skips[outcome.reason] ?? 0) + 1
    } else if (outcome.status === 'failed') {
      failures.push(result)
    }
  }
  const all = Object.values(families)
  return {
    passed: all.reduce((sum, { passed }) => sum + passed, 0),
    failed: failures.length,
    skipped: all.reduce((sum, { skipped }) => sum + skipped, 0),
    families,
    failures,
    skips,
  }
}

/** A line for each family, the first difference in full, the reasons for skipping, and the count. */
export function renderSummary({ passed, failed, skipped, families, failures, skips }: Summary): string {
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
  lines.push('', `${passed} passed, ${failed} failed, ${skipped} skipped`, '')
  return lines.join('\n')
}
