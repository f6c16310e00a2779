import { existsSync } from 'node:fs'
import { checkStateInvariants, loadActorCodes, loadStateTree, MAINNET_POLICY } from '@plimsoll/actors'
import { formatCid } from '@plimsoll/ipld'
import type { Hashes } from '@plimsoll/primitives'
import { openNetworkView } from '@plimsoll/risk'
import type { Driver } from '../driver.ts'
import { attempt, expectEqual, type NamedOutcome, type Outcome } from '../outcome.ts'
import { reencodeBlocks } from '../states/blocks.ts'
import { loadCar } from '../states/open-state.ts'
import { readContents } from '../vector-file.ts'
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

interface ScenarioHeader {
  readonly genesis_root: string
  /** The proposals that were switched on; `sdm` names a multiplier of quality by the length of a commitment. */
  readonly rules?: { readonly sdm?: unknown }
}

interface ScenarioEnd {
  /** The epoch of the next message. */
  readonly epoch: number
  readonly root: string
  readonly invariants: readonly string[]
  readonly invariants_total: number
}

/**
 * A recorded scenario: the roots that it names, and what the reference's own checker says of its last state.
 * Its steps are not executed yet.
 */
export const scenarios: Driver = {
  family: 'scenarios',
  handles: ({ name }) => name.endsWith('.jsonl.gz') && !name.endsWith('.fvm.jsonl.gz'),
  *run({ path }, { hashes }): Generator<NamedOutcome> {
    const lines = Buffer.from(readContents(path)).toString('utf8').trimEnd().split('\n')
    const header = JSON.parse(lines[0] ?? '') as ScenarioHeader
    const end = JSON.parse(lines[lines.length - 1] ?? '') as ScenarioEnd
    const stem = path.slice(0, -'.jsonl.gz'.length)
    yield [
      'genesis root',
      attempt(() => expectEqual(header.genesis_root, rootOf(`${stem}.genesis.car.gz`, hashes))),
    ]
    const final = `${stem}.final.car.gz`
    if (existsSync(final)) {
      yield ['final root', attempt(() => expectEqual(end.root, rootOf(final, hashes)))]
      yield ['invariants at the end', invariantsAtTheEnd(header, end, final, hashes)]
    }
    yield ['steps', { status: 'skipped', reason: 'messages are not executed yet' }]
  },
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
    ? attempt(() => compareFindings(end, path, hashes))
    : { status: 'skipped', reason: 'proposals are not implemented yet' }
}

/** The reference's messages about actors that are checked here, and the kinds of our findings. */
const MESSAGE_KINDS: readonly (readonly [RegExp, string])[] = [
  [/^reward given .* < storage mining allocation/, 'reward/allocation'],
  [/^reward state epoch .* does not match prior_epoch/, 'reward/epoch'],
  [/^DeadlineCronActive == false when IP\+PCD\+LF > 0/, 'miner/cron-inactive-with-funds'],
  [/^miner f0\d+ has no power claim/, 'tree/miner-without-claim'],
  [/^miner f0\d+ has no cron events but the deadline cron is active/, 'tree/active-cron-without-events'],
]

/** Its messages about actors that are not: multisig, market, verified registry, datacap. */
const OTHER_MESSAGES: readonly RegExp[] = [
  /^number of approvals \(\d+\) meets the approvals threshold/,
  /^sector verified weight \d+ does not match claims of \d+/,
  /^allocation \d+ not found for pending deal/,
  /^stored an allowance for self/,
]

function compareFindings(
  { invariants, invariants_total, epoch }: ScenarioEnd,
  path: string,
  hashes: Hashes,
): Outcome {
  if (invariants_total > invariants.length) {
    return { status: 'skipped', reason: 'the file holds only the first of the reference’s findings' }
  }
  const expected = invariants.flatMap((message) => {
    const kind = MESSAGE_KINDS.find(([pattern]) => pattern.test(message))?.[1]
    if (kind === undefined && !OTHER_MESSAGES.some((pattern) => pattern.test(message))) {
      throw new Error(`the reference says something new: ${message}`)
    }
    return kind ?? []
  })
  const { store, roots } = loadCar(path, hashes)
  const tree = loadStateTree(store, roots)
  const { findings } = checkStateInvariants(MAINNET_POLICY, tree, loadActorCodes(tree), epoch - 1)
  return expectEqual(expected.sort(), findings.map(({ kind }) => kind).sort())
}
