import { existsSync } from 'node:fs'
import { checkStateInvariants, loadActorCodes, loadStateTree, MAINNET_POLICY } from '@plimsoll/actors'
import { formatCid } from '@plimsoll/ipld'
import type { Hashes } from '@plimsoll/primitives'
import { openNetworkView } from '@plimsoll/risk'
import type { Driver } from '../driver.ts'
import { attempt, expectEqual, type NamedOutcome, type Outcome } from '../outcome.ts'
import { compareFindings } from '../scenario/compare-findings.ts'
import { openScenario, readEnd, type ScenarioFile, statePathOf } from '../scenario/scenario-file.ts'
import type { ScenarioEnd, ScenarioHeader } from '../scenario/scenario-types.ts'
import { reencodeBlocks } from '../states/blocks.ts'
import { loadCar } from '../states/open-state.ts'
import { reencodeAll } from './network-states.ts'

/** The states that scenarios begin and end with. */
export const scenarioStates: Driver = {
  family: 'scenario states',
  handles: ({ name }) => /\.(genesis|final)\.car\.gz$/.test(name),
  *run({ path }, { hashes }): Generator<NamedOutcome> {
    const car = loadCar(path, hashes)
    yield ['blocks', reencodeBlocks(car)]
    yield ['actor states', attempt(() => reencodeAll(openNetworkView(car.store, car.roots)))]
  },
}

/**
 * A recorded scenario whose rules are not all implemented: the roots that it names, and what the reference's own
 * checker says of its last state. Its steps are not executed.
 */
export const scenarios: Driver = {
  family: 'scenarios',
  handles: ({ name }) => name.endsWith('.jsonl.gz') && !name.endsWith('.fvm.jsonl.gz'),
  *run({ path }, { hashes }): Generator<NamedOutcome> {
    const file = openScenario(path)
    yield* stateCases(file, hashes)
    yield ['steps', { status: 'skipped', reason: reasonToSkip(file.header) }]
  },
}

function reasonToSkip({ rules }: ScenarioHeader): string {
  return rules === undefined ? 'wind-ups are not replayed yet' : 'proposals are not implemented yet'
}

/** The roots that a scenario names, and the invariants of its last state where that is beside it. */
export function* stateCases(file: ScenarioFile, hashes: Hashes): Generator<NamedOutcome> {
  const { header, path } = file
  const end = readEnd(path)
  const genesis = statePathOf(path, 'genesis')
  yield ['genesis root', attempt(() => expectEqual(header.genesis_root, rootOf(genesis, hashes)))]
  const final = statePathOf(path, 'final')
  if (existsSync(final)) {
    yield ['final root', attempt(() => expectEqual(end.root, rootOf(final, hashes)))]
    yield ['invariants at the end', invariantsAtTheEnd(header, end, final, hashes)]
  }
}

function rootOf(path: string, hashes: Hashes): string {
  return loadCar(path, hashes).roots.map(formatCid).join(' ')
}

/** Where sectors earn a multiplier, their power obeys a rule that is not written yet, and so do the invariants. */
function invariantsAtTheEnd(
  { rules }: ScenarioHeader,
  end: ScenarioEnd,
  path: string,
  hashes: Hashes,
): Outcome {
  return rules?.sdm == null
    ? attempt(() => compareFindings(end, findingsIn(path, end, hashes)))
    : { status: 'skipped', reason: 'proposals are not implemented yet' }
}

function findingsIn(path: string, { epoch }: ScenarioEnd, hashes: Hashes) {
  const { store, roots } = loadCar(path, hashes)
  const tree = loadStateTree(store, roots)
  return checkStateInvariants(MAINNET_POLICY, tree, loadActorCodes(tree), epoch - 1).findings
}
