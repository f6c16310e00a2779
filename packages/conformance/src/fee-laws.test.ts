import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { createHashes } from '@plimsoll/primitives'
import { describe, expect, test } from 'vitest'
import { FIXTURES_DIR, VECTORS_DIR } from './locations.ts'
import { type CaseResult, decideFile } from './run.ts'
import { vectorFile } from './vector-file.ts'

const hashes = await createHashes()

/** Fees that somebody else has charged or worked out. */
interface RecordedFees {
  /** The versions of the miner actor whose rule it is. */
  readonly actors: string
  readonly file: string
  /** The cases of the file that are meant, by their names, and how many there are. */
  readonly cases: RegExp
  readonly count: number
}

/** Terminations on mainnet: every sector's fee, and what was taken from the miner. The version is in a case's name. */
const MAINNET = 'derived/termination_fees_mainnet.json'
/**
 * Miners that the reference wound up: every sector's fee in every message and tick, at the estimates of its epoch. Those
 * that take longest are among the vectors of `conformance.test.ts` only.
 */
const WIND_UP = { actors: 'v18', cases: /^(termination_messages|ticks_with_charges)$/, count: 2 }

const OF_VECTORS: readonly RecordedFees[] = [
  { actors: 'v6', file: MAINNET, cases: /-fil_6_/, count: 5 },
  { actors: 'v7', file: MAINNET, cases: /-fil_7_/, count: 5 },
  { actors: 'v9', file: MAINNET, cases: /-fil_9_/, count: 1 },
  { actors: 'v10', file: MAINNET, cases: /-fil_10_/, count: 5 },
  { actors: 'v8 to v15', file: 'builtin-actors/pre_fip0098_termination_fee.json', cases: /./, count: 6 },
  { actors: 'v16 to v18', file: 'builtin-actors/fip0098_termination_fee.json', cases: /./, count: 4 },
  ...['insolvent', 'deep-debt', 'rounds'].map((name) => ({
    ...WIND_UP,
    file: `liquidation/${name}.summary.json`,
  })),
]

/** The first cases that are meant, whose number is known; what comes after them in the file is not worked out. */
function decide(root: string, { file, cases, count }: RecordedFees): readonly CaseResult[] {
  const decided: CaseResult[] = []
  for (const result of decideFile(vectorFile(join(root, file), file), { hashes })) {
    if (cases.test(result.name)) {
      decided.push(result)
    }
    if (decided.length === count) {
      break
    }
  }
  return decided
}

function expectPassed(results: readonly CaseResult[], { count }: RecordedFees): void {
  expect(results.filter(({ outcome }) => outcome.status !== 'passed')).toEqual([])
  expect(results).toHaveLength(count)
}

describe('the termination fee, sector by sector', () => {
  const tiny = { ...WIND_UP, file: 'liquidation/tiny.summary.json' }
  test('I4: of actors v18 is what the reference charged for a small miner', () => {
    expectPassed(decide(FIXTURES_DIR, tiny), tiny)
  })

  test.for(OF_VECTORS)('I4: of actors $actors is that of $file', (recorded, { skip }) => {
    if (!existsSync(VECTORS_DIR)) {
      skip('skipped: no vectors; VECTORS_DIR names no folder')
    }
    expectPassed(decide(VECTORS_DIR, recorded), recorded)
  })
})
