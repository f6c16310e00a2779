import { existsSync } from 'node:fs'
import { checkStateInvariants, loadActorCodes, loadStateTree } from '@plimsoll/actors'
import { formatCid } from '@plimsoll/ipld'
import type { Hashes } from '@plimsoll/primitives'
import { openNetworkView } from '@plimsoll/risk'
import type { Driver } from '../driver.ts'
import { attempt, expectEqual, type NamedOutcome } from '../outcome.ts'
import { compareFindings } from '../scenario/compare-findings.ts'
import { policyOf } from '../scenario/recorded-host.ts'
import { readEnd, type ScenarioFile, statePathOf } from '../scenario/scenario-file.ts'
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

/** The roots that a scenario names, and the invariants of its last state where that is beside it. */
export function* stateCases(file: ScenarioFile, hashes: Hashes): Generator<NamedOutcome> {
  const { header, path } = file
  const end = readEnd(path)
  const genesis = statePathOf(path, 'genesis')
  yield ['genesis root', attempt(() => expectEqual(header.genesis_root, rootOf(genesis, hashes)))]
  const final = statePathOf(path, 'final')
  if (existsSync(final)) {
    yield ['final root', attempt(() => expectEqual(end.root, rootOf(final, hashes)))]
    const findings = () => findingsIn(header, final, end, hashes)
    yield ['invariants at the end', attempt(() => compareFindings(end, findings()))]
  }
}

function rootOf(path: string, hashes: Hashes): string {
  return loadCar(path, hashes).roots.map(formatCid).join(' ')
}

function findingsIn(header: ScenarioHeader, path: string, { epoch }: ScenarioEnd, hashes: Hashes) {
  const { store, roots } = loadCar(path, hashes)
  const tree = loadStateTree(store, roots)
  return checkStateInvariants(policyOf(header), tree, loadActorCodes(tree), epoch - 1).findings
}
