import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { createHashes } from '@plimsoll/primitives'
import { addCoverage, type Coverage, createCoverage } from './fuzz/coverage.ts'
import { fixtureOf, shrinkFailure } from './fuzz/fixture.ts'
import { type Failure, type FuzzReport, runFuzz } from './fuzz/run.ts'

/**
 * Sends random messages to networks of the testkit and checks the reference's rules after each. Exits with 1 when a
 * rule is broken; the shortest sequence that breaks it is then a file in `fixtures/fuzz`.
 */

const { values: options } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    messages: { type: 'string', default: '10000' },
    runs: { type: 'string', default: '1' },
    every: { type: 'string', default: '1' },
    json: { type: 'boolean' },
    help: { type: 'boolean' },
  },
})

if (options.help) {
  process.stdout.write(
    'npm run fuzz [-- --seed N] [-- --messages N] [-- --runs N] [-- --every N] [-- --json]\n\n' +
      'Every run has its own network and the next seed. The same options do the same.\n' +
      'The rules over what was touched are checked after each step; every N steps is faster.\n',
  )
  process.exit(0)
}

const FIXTURES = fileURLToPath(new URL('../fixtures/fuzz', import.meta.url))
const hashes = await createHashes()
const [seed, messages, runs] = [options.seed, options.messages, options.runs].map(Number) as [
  number,
  number,
  number,
]
const reports: FuzzReport[] = []
const coverage = createCoverage()
for (let run = 0; run < runs; run++) {
  const report = runFuzz(hashes, {
    seed: seed + run,
    messages,
    checkEvery: Number(options.every),
    onProgress: (done) => say(`seed ${seed + run}: ${done} of ${messages} messages`),
  })
  reports.push(report)
  addCoverage(coverage, report.coverage)
  if (report.failure !== undefined) {
    keep(report.seed, report.failure)
  }
}
process.stdout.write(options.json ? renderJson() : renderText())
process.exitCode = reports.some(({ failure }) => failure !== undefined) ? 1 : 0

function keep(ofSeed: number, failure: Failure): void {
  say(`seed ${ofSeed}: ${failure.violation.rule}; looking for the shortest sequence …`)
  const shortest = shrinkFailure(hashes, failure) ?? failure
  mkdirSync(FIXTURES, { recursive: true })
  const path = join(FIXTURES, `seed-${ofSeed}.json`)
  writeFileSync(path, `${JSON.stringify(fixtureOf(hashes, shortest), null, 2)}\n`)
  process.stderr.write(`seed ${ofSeed}: ${failure.violation.rule}: ${failure.violation.details}\n`)
  process.stderr.write(`${shortest.steps.length} of ${failure.steps.length} steps break it: ${path}\n`)
}

function renderJson(): string {
  const plain = reports.map(({ coverage: _, failure, ...report }) => ({
    ...report,
    violation: failure?.violation ?? null,
  }))
  return `${JSON.stringify({ runs: plain, coverage: coverageJson(coverage) }, null, 2)}\n`
}

function coverageJson({ messages: sent, nested }: Coverage) {
  const plain = (level: Coverage['messages']) =>
    Object.fromEntries([...level].toSorted().map(([method, codes]) => [method, Object.fromEntries(codes)]))
  return { messages: plain(sent), nested: plain(nested) }
}

function renderText(): string {
  const lines = reports.map(
    (report) =>
      `seed ${report.seed}: ${report.messages} messages and ${report.ticks} ticks, epochs ${report.firstEpoch} to ` +
      `${report.lastEpoch}, ${report.repeated} repeated: ${report.failure?.violation.rule ?? 'no rule broken'}`,
  )
  const codes = [...coverage.messages].toSorted().map(([method, counts]) => {
    const each = [...counts].toSorted((a, b) => b[1] - a[1]).map(([code, times]) => `${code} ${times}`)
    return `  ${method.padEnd(52)} ${each.join(', ')}`
  })
  return `${[...codes, ...lines].join('\n')}\n`
}

function say(text: string): void {
  if (process.stderr.isTTY) {
    process.stderr.write(`\r\u001b[K${text}`)
  }
}
