import type { Finding } from '@plimsoll/actors'
import { expectEqual, type Outcome } from '../outcome.ts'
import type { ScenarioEnd } from './scenario-types.ts'

/** The reference's messages, and the kinds of our findings that say the same. */
const MESSAGE_KINDS: readonly (readonly [RegExp, string])[] = [
  [/^reward given .* < storage mining allocation/, 'reward/allocation'],
  [/^reward state epoch .* does not match prior_epoch/, 'reward/epoch'],
  [/^DeadlineCronActive == false when IP\+PCD\+LF > 0/, 'miner/cron-inactive-with-funds'],
  [/^miner f0\d+ has no power claim/, 'tree/miner-without-claim'],
  [/^miner f0\d+ has no cron events but the deadline cron is active/, 'tree/active-cron-without-events'],
  [/^number of approvals \(\d+\) meets the approvals threshold/, 'multisig/approved-and-pending'],
  [/^stored an allowance for self/, 'datacap/allowance-self'],
  [/^sector verified weight \d+ does not match claims of \d+/, 'tree/claimed-weight'],
  [/expiration epoch -?\d+: faulty power recorded/, 'queue/faulty-power'],
  [/expiration epoch -?\d+: fee deduction recorded/, 'queue/fee-deduction'],
  [/partition \d+total fee deductions/, 'partition/fee-deduction'],
  [/partition \d+faulty power power was/, 'partition/faulty-power'],
  [/partition \d+active power was/, 'partition/active-power'],
  [/^miner f0\d+ computed active power .* does not match claim/, 'tree/claim-power'],
  [/^allocation \d+ not found for pending deal/, 'tree/deal-without-allocation'],
]

/**
 * Compares what our checker finds in a state with what the reference's found, by kind and count. Where only the
 * first of its messages are recorded, ours have to include those, and to be as many in all.
 *
 * @throws {Error} for a message of the reference that has no kind here.
 */
export function compareFindings(
  { invariants, invariants_total }: Pick<ScenarioEnd, 'invariants' | 'invariants_total'>,
  findings: readonly Pick<Finding, 'kind'>[],
): Outcome {
  const expected = countKinds(invariants.map(kindOf))
  const actual = countKinds(findings.map(({ kind }) => kind))
  if (invariants_total === invariants.length) {
    return expectEqual(render(expected), render(actual))
  }
  const missing = [...expected].filter(([kind, count]) => (actual.get(kind) ?? 0) < count)
  return missing.length === 0
    ? expectEqual(`${invariants_total} findings`, `${findings.length} findings`)
    : expectEqual(`at least ${render(expected)}`, render(actual))
}

function kindOf(message: string): string {
  const kind = MESSAGE_KINDS.find(([pattern]) => pattern.test(message))?.[1]
  if (kind === undefined) {
    throw new Error(`the reference says something new: ${message}`)
  }
  return kind
}

function countKinds(kinds: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const kind of kinds.toSorted()) {
    counts.set(kind, (counts.get(kind) ?? 0) + 1)
  }
  return counts
}

function render(counts: ReadonlyMap<string, number>): string {
  return [...counts].map(([kind, count]) => `${kind} ${count}`).join(', ')
}
