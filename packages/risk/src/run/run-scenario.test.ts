import { checkStateInvariants, loadActorCodes, MAINNET_POLICY, parseRuleSet } from '@plimsoll/actors'
import { hasBit } from '@plimsoll/ipld'
import {
  type ActorId,
  type Address,
  ATTO_FIL_PER_FIL,
  createHashes,
  EPOCHS_IN_DAY,
  findActorId,
  idAddress,
} from '@plimsoll/primitives'
import { buildMixedMiner, openNetwork } from '@plimsoll/testkit'
import { beforeAll, describe, expect, test } from 'vitest'
import { type NetworkView, openNetworkView } from '../assess/network-view.ts'
import { parseScenarioFile } from '../scenario/scenario-file.ts'
import { loadDeadlineParts, minerState, openDeadline } from './miner-parts.ts'
import type { MinerMoment } from './observe.ts'
import { type Background, openRun } from './open-run.ts'
import { type RunResult, runScenario } from './run-scenario.ts'

const hashes = await createHashes()
const SUPPLY = 600_000_000n * ATTO_FIL_PER_FIL
let view: NetworkView
let miner: ActorId
let other: Address

beforeAll(() => {
  const network = openNetwork(hashes)
  const mixed = buildMixedMiner(network, {
    committedCapacity: 4,
    verified: 1,
    withDeal: 1,
    batches: 2,
    daysBetween: 2,
  })
  // A new miner's deposit is no pledge, and is taken from the total of pledges when it is paid out; so that there is
  // enough of it, another miner has 130 sectors.
  other = buildMixedMiner(network, { nonInteractive: 130, batches: 2 }).id
  miner = findActorId(mixed.id) as ActorId
  view = openNetworkView(network.vm.store, [network.vm.root()])
})

function open(rules = 'v18', background: Background = 'frozen', miners = [miner]) {
  const inputs = { hashes, background, miners, networkVersion: 28, circulatingSupply: SUPPLY }
  return openRun(view, { ...inputs, rules: parseRuleSet(rules, view.assessedEpoch).rules })
}

function runWith(scenario: object, rules?: string) {
  const run = open(rules)
  return { run, ...runScenario(run, parseScenarioFile({ format: 1, ...scenario })) }
}

function ends({ moments }: RunResult): readonly [MinerMoment, MinerMoment] {
  const of = (index: number) => [...(moments.at(index)?.miners.values() ?? [])][0] as MinerMoment
  return [of(0), of(-1)]
}

/** When the window of sector 0 opens, a day or less from the second hour of the run on. */
function windowOfSector0(): number {
  const run = open()
  const state = minerState(run, idAddress(miner))
  const isIn0 = (deadline: number) =>
    loadDeadlineParts(run, state, deadline).partitions.some(({ partition }) => hasBit(partition.sectors, 0))
  const deadline = Array.from({ length: 48 }, (_, index) => index).find(isIn0) ?? 0
  const { index, open: opened } = openDeadline(run, state)
  const ahead = (deadline - index + 48) % 48
  return opened + (ahead < 3 ? ahead + 48 : ahead) * 60
}

const name = () => `f0${miner}`

describe('operators', () => {
  test('that prove keep every sector and its power, and pay daily fees only', () => {
    const { moments, failures, ...result } = runWith({ days: 3 })
    const [start, end] = ends({ moments, failures, ...result })
    expect(failures.size).toBe(0)
    expect(end).toMatchObject({ liveSectors: 6, faultySectors: 0, power: start.power, feeDebt: 0n })
    expect(end.burnt).toBeGreaterThan(0n)
    expect(start.balance - end.balance).toBe(end.burnt)
    expect(moments.map(({ epoch }) => epoch)).toEqual(
      [0, 1, 2, 3].map((day) => view.assessedEpoch + day * EPOCHS_IN_DAY),
    )
  })

  test('that stop lose all power within a day, and pay for faults from the second day on', () => {
    const { moments, ...result } = runWith({ days: 2, operator: 'stops' })
    const [, end] = ends({ moments, ...result })
    expect(end).toMatchObject({ liveSectors: 6, faultySectors: 6, power: { raw: 0n, qa: 0n } })
    const proving = ends(runWith({ days: 2 }))[1]
    expect(end.burnt + end.feeDebt).toBeGreaterThan(proving.burnt)
  })

  test('that recover have their power again', () => {
    const [start, end] = ends(runWith({ days: 6, operator: { recoversAtDay: 2 } }))
    expect(end).toMatchObject({ faultySectors: 0, power: start.power })
  })
})

describe('steps', () => {
  test('lose some sectors and regain them', () => {
    const steps = [
      { do: 'lose', miner: name(), day: 0, sectors: [0, 1] },
      { do: 'regain', miner: name(), day: 2, sectors: [0] },
    ]
    expect(ends(runWith({ days: 2, steps: steps.slice(0, 1) }))[1]).toMatchObject({ faultySectors: 2 })
    expect(ends(runWith({ days: 5, steps }))[1]).toMatchObject({ faultySectors: 1 })
  })

  test('commit sectors, whose pledge is locked from what is available', () => {
    const steps = [
      { do: 'topUp', miner: name(), day: 0, amount: '50 FIL' },
      { do: 'commit', miner: name(), day: 0, count: 3, days: 400 },
    ]
    const { steps: outcomes, ...result } = runWith({ days: 2, steps })
    expect(outcomes.flatMap(({ sent }) => sent.map(({ receipt }) => receipt.exitCode))).toEqual([0, 0])
    const [start, end] = ends({ steps: outcomes, ...result })
    expect(end.liveSectors).toBe(9)
    expect(end.initialPledge).toBeGreaterThan(start.initialPledge)
  })

  test('extend what has no claims, which raises the pledge only under a multiplier', () => {
    const steps = [
      { do: 'topUp', miner: name(), day: 0, amount: '50 FIL' },
      { do: 'extend', miner: name(), day: 0, sectors: 'all', days: 1000 },
    ]
    const today = runWith({ days: 1, steps })
    const multiplied = runWith({ days: 1, steps }, 'v18+sdm:1y=1/2y=3')
    for (const { steps: outcomes } of [today, multiplied]) {
      expect(outcomes.flatMap(({ sent }) => sent.map(({ receipt }) => receipt.exitCode))).toEqual([0, 0])
    }
    const [start, end] = ends(today)
    expect(end.initialPledge).toBe(start.initialPledge)
    expect(ends(multiplied)[1].initialPledge).toBeGreaterThan(start.initialPledge)
    expect(ends(multiplied)[1].power.qa).toBeGreaterThan(end.power.qa)
  })

  test('recover faults only once they are declared, and refuse what the actor refuses', () => {
    const lose = { do: 'lose', miner: name(), day: 0, sectors: [0, 1] }
    const recover = { do: 'recover', miner: name(), day: 2, sectors: [0] }
    expect(ends(runWith({ days: 4, steps: [lose, recover] }))[1]).toMatchObject({ faultySectors: 1 })
    // A sector that is not faulty is nothing to be declared.
    const { steps: outcomes } = runWith({ days: 1, steps: [{ ...recover, day: 0 }] })
    expect(outcomes[0]?.sent).toEqual([])
  })

  // Source: builtin-actors v18, `actors/miner/src/deadlines.rs`, `deadline_is_mutable`: 60 epochs before it opens.
  test.each([
    { epochsBefore: 61, exitCode: 0 },
    { epochsBefore: 60, exitCode: 16 },
  ])(
    'terminate a sector $epochsBefore epochs before its window with $exitCode',
    ({ epochsBefore, exitCode }) => {
      const epoch = windowOfSector0() - epochsBefore
      const { steps: outcomes, ...result } = runWith({
        days: 2,
        steps: [{ do: 'terminate', miner: name(), epoch, sectors: [0] }],
      })
      expect(outcomes.flatMap(({ sent }) => sent.map(({ receipt }) => receipt.exitCode))).toEqual([exitCode])
      const [start, end] = ends({ steps: outcomes, ...result })
      expect(end.liveSectors).toBe(exitCode === 0 ? 5 : 6)
      expect(start.balance - end.balance).toBe(end.burnt)
    },
  )

  test.each(['v18', 'v18+terminateSectors2'])('wind up completely by %s, and every fee is burnt', (rules) => {
    const { run, windUps, ...result } = runWith(
      { days: 2, steps: [{ do: 'windUp', miner: name(), day: 0 }] },
      rules,
    )
    const [start, end] = ends({ windUps, ...result })
    expect(windUps[0]?.ended).toBeDefined()
    expect(windUps[0]?.messages.map(({ receipt }) => receipt.exitCode)).not.toContain(16)
    expect(end).toMatchObject({ liveSectors: 0, initialPledge: 0n, power: { raw: 0n, qa: 0n } })
    expect(start.balance - end.balance).toBe(end.burnt)
    const tree = run.vm.stateTree()
    const { findings } = checkStateInvariants(MAINNET_POLICY, tree, loadActorCodes(tree), run.vm.epoch - 1)
    // In a frozen network nobody calls the other miner back.
    expect(findings.map(({ kind }) => kind)).toEqual(['tree/active-cron-without-events'])
  })
})

describe('the background', () => {
  test('frozen keeps the claims of others, where full lets their sectors fault', () => {
    const powers = (['frozen', 'full'] as const).map((background) => {
      const run = open('v18', background)
      runScenario(run, parseScenarioFile({ format: 1, days: 2, operator: 'proves' }))
      return run.vm.findActor(other)?.head.cid
    })
    expect(powers[0]).toBe(view.tree.actors.get(other)?.head.cid)
    expect(powers[1]).not.toBe(powers[0])
  })
})

test('a run changes nothing of the state that it began with', () => {
  const before = view.tree.root
  runWith({ days: 1, operator: 'stops' })
  expect(openNetworkView(view.tree.store, [before]).tree.actors.get(other)).toEqual(
    view.tree.actors.get(other),
  )
  const [first, second] = [runWith({ days: 1 }), runWith({ days: 1 })].map(({ run }) => run.vm.root())
  expect(first).toBe(second)
})

test.each([
  { what: 'before the state', step: { epoch: 5 } },
  { what: 'after the last day', step: { day: 1 } },
])('a step $what is refused', ({ step }) => {
  const steps = [{ do: 'windUp', miner: name(), ...step }]
  expect(() => runWith({ days: 1, steps })).toThrow(
    expect.objectContaining({ code: 'STEP_OUTSIDE_RUN', data: expect.objectContaining({ step: 0 }) }),
  )
})

test('a pledge without a circulating supply is refused', () => {
  const inputs = { hashes, background: 'frozen', miners: [miner], networkVersion: 28 } as const
  const run = openRun(view, {
    ...inputs,
    circulatingSupply: undefined,
    rules: parseRuleSet('v18', view.assessedEpoch).rules,
  })
  const steps = [{ do: 'commit', miner: name(), day: 0, count: 1, days: 400 }]
  expect(() => runScenario(run, parseScenarioFile({ format: 1, days: 1, steps }))).toThrow(
    expect.objectContaining({ code: 'CIRCULATING_SUPPLY_NEEDED' }),
  )
})
