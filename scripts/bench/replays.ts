import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { measureBlake2b, openScenario, runReplay, VECTORS_DIR } from '@plimsoll/conformance'
import type { Hashes } from '@plimsoll/primitives'
import type { Figure } from './measure.ts'

/**
 * Recorded scenarios, with what the reference's own machine for tests, compiled, took to execute them: processor
 * seconds on the machine that recorded them. Ours also reads the file and compares every step.
 */
const SCENARIOS: readonly (readonly [file: string, nativeSeconds: number])[] = [
  ['long-horizon/expiry', 14.4],
  ['collateral/debt', 6.3],
  ['lifecycle-cc/main', 3.1],
  ['power-reward/main', 1.8],
  ['deals/main', 24],
  ['collateral/terminate', 14],
]

/** How fast recorded scenarios are replayed; nothing where the vectors are not. */
export function* benchReplays(hashes: Hashes): Generator<Figure> {
  yield { name: 'blake2b-256 in this process', value: measureBlake2b(hashes), unit: 'ns/B' }
  for (const [name, nativeSeconds] of SCENARIOS) {
    const path = join(VECTORS_DIR, 'reference-v18', `${name}.jsonl.gz`)
    if (existsSync(path)) {
      yield* figuresOf(path, name, nativeSeconds, hashes)
    }
  }
}

function figuresOf(path: string, name: string, nativeSeconds: number, hashes: Hashes): readonly Figure[] {
  const { executions, cpuSeconds, failure } = runReplay(openScenario(path), hashes)
  if (failure !== undefined) {
    throw new Error(`${name}: step ${failure.step} came out differently: ${failure.message}`)
  }
  return [
    { name: `replay of ${name}`, value: executions / cpuSeconds, unit: `executions/s, of ${executions}` },
    { name: `replay of ${name}, processor time`, value: cpuSeconds, unit: 's' },
    { name: `recording of ${name}, reference compiled`, value: nativeSeconds, unit: 's' },
  ]
}
