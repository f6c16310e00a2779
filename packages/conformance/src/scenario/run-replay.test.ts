import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { writeBackBlockstore } from '@plimsoll/ipld'
import { createHashes } from '@plimsoll/primitives'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { FIXTURES_DIR } from '../locations.ts'
import { overlayBlockstore } from '../states/overlay.ts'
import { editedScenario, fixturePath, type Line } from '../testing/edited-scenario.ts'
import { renderFailure } from './render-failure.ts'
import { type ReplayOptions, runReplay } from './run-replay.ts'
import { openScenario } from './scenario-file.ts'
import { type StepView, viewStep } from './step-view.ts'

const hashes = await createHashes()
const SCENARIO = 'multisig-account-init/tiny'
const families = readdirSync(join(FIXTURES_DIR, 'reference-v18'))
let directory: string

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'plimsoll-replay-'))
})

afterEach(() => {
  rmSync(directory, { recursive: true })
})

function replay(path: string, options?: ReplayOptions) {
  return runReplay(openScenario(path), hashes, options)
}

/** Replays the scenario up to its fourth step, with that step edited. */
function replayEdited(edit: (step: Line) => Line) {
  const path = editedScenario(directory, SCENARIO, (lines) =>
    lines.map((line, i) => (i === 4 ? edit(line) : line)),
  )
  return replay(path, { until: 3 })
}

describe('a replayed scenario', () => {
  test('stops after a step when it is asked to, and does not compare the end then', () => {
    const { steps, executions, failure, end } = replay(fixturePath(SCENARIO), { until: 3 })
    expect({ steps, executions, failure, end }).toEqual({
      steps: 4,
      executions: 4,
      failure: undefined,
      end: undefined,
    })
  })

  test('counts what was called and how it ended', () => {
    const { coverage, nestedCoverage } = replay(fixturePath(SCENARIO), { until: 3 })
    expect(coverage).toEqual({ 'init.Exec(2)': { 0: 3, 16: 1 } })
    // The actor whose constructor failed is none after the message.
    expect(nestedCoverage).toEqual({ 'multisig.Constructor(1)': { 0: 3 }, 'none.?(1)': { 16: 1 } })
  })

  test.each([
    {
      what: 'keeps its blocks',
      storeAbove: (base: Parameters<typeof overlayBlockstore>[0]) =>
        writeBackBlockstore(overlayBlockstore(base)),
    },
    { what: 'encodes at every change', storeAbove: overlayBlockstore },
  ])('gives the same on a store that $what', ({ storeAbove }) => {
    const expected = replay(fixturePath(SCENARIO), { until: 20 })
    const { failure, steps } = replay(fixturePath(SCENARIO), { until: 20, storeAbove })
    expect(failure).toBeUndefined()
    expect(steps).toBe(expected.steps)
  })
})

describe('a step that is not as it was recorded', () => {
  test.each<{ what: string; edit: (step: Line) => Line }>([
    { what: 'exit code', edit: (step) => ({ ...step, exit: 18 }) },
    { what: 'return value', edit: (step) => ({ ...step, ret: 'gA==' }) },
    { what: 'codec of the return value', edit: (step) => ({ ...step, ret_codec: 113 }) },
    { what: 'state root', edit: (step) => ({ ...step, root: 'bafyother' }) },
    { what: 'call: method', edit: (step) => ({ ...step, trace: { ...(step['trace'] as Line), m: 3 } }) },
    {
      what: 'balance of f0105',
      edit: (step) => {
        const changed = step['changed'] as Record<string, Line>
        return { ...step, changed: { 105: { ...changed['105'], bal: '1' } } }
      },
    },
    {
      what: 'state of f0105',
      edit: (step) => {
        const changed = step['changed'] as Record<string, Line>
        const head = 'bafy2bzacedemfvepnyxfbe7nuvinib3eb2asuboewxvijekzzupl5nimxmfzk'
        return { ...step, changed: { 105: { ...changed['105'], head } } }
      },
    },
    { what: 'f0105 changed', edit: (step) => ({ ...step, changed: {} }) },
    {
      what: 'f0106 changed',
      edit: (step) => {
        const changed = step['changed'] as Record<string, Line>
        return { ...step, changed: { ...changed, 106: changed['105'] as Line } }
      },
    },
  ])('is found by its $what, and by nothing else', ({ what, edit }) => {
    const { steps, failure } = replayEdited(edit)
    expect(steps).toBe(3)
    expect(failure?.step).toBe(3)
    expect(failure?.differences.map((difference) => difference.what)).toEqual([what])
  })

  test('is shown with the message, the differences, and three states of the actor', () => {
    const { failure } = replayEdited((step) => {
      const changed = step['changed'] as Record<string, Line>
      return { ...step, changed: { 105: { ...changed['105'], bal: '1' } } }
    })
    expect(failure && renderFailure(failure)).toMatchInlineSnapshot(`
      "step 3, epoch 6100000: f0105 → f01 init.Exec(2), parameters {codeCid: bafkqaelgnfwc65dfon2c63lvnr2gs43jm4, constructorParams: 0x8480010000}
        the reference says: constructor failed: send aborted with code 16
      balance of f0105
        expected 1
        actual   50000000000000000000000
      f0105 account
        expected → actual
          balance: 1 → 50000000000000000000000
        before → actual
          sequence: 0 → 1
        before → expected
          sequence: 0 → 1
          balance: 50000000000000000000000 → 1"
    `)
  })

  test('stops a run of ticks at the tick that gives another root', () => {
    const path = editedScenario(directory, 'power-reward/tiny', ([header, run, ...rest]) => {
      const roots = (run as { roots?: string[] }).roots?.with(2, 'bafyother')
      return [header as Line, { ...run, roots }, ...rest]
    })
    const { executions, failure } = replay(path)
    expect(executions).toBe(3)
    expect(failure?.differences.map(({ what }) => what)).toEqual([
      'state root after tick 2 of 7, at epoch 5002',
    ])
    expect(failure?.actors.map(({ actor }) => actor)).toContain('f02')
  })

  test('at the end is found as well', () => {
    const path = editedScenario(directory, 'long-horizon/tiny', (lines) =>
      lines.map((line) => (line['t'] === 'end' ? { ...line, executed: 1, coverage: {} } : line)),
    )
    const { failure } = replay(path)
    expect(failure?.message).toBe('the end of the scenario')
    expect(failure?.differences[0]).toEqual({ what: 'executions', expected: '1', actual: '253' })
  })
})

describe('the invariants after every step', () => {
  /** A miner that has paid its creation deposit and committed nothing yet: no cron runs that would unlock it. */
  const deposit = 'miner/cron-inactive-with-funds'
  /** The scenarios mint without what mainnet has minted before them. */
  const minted = 'reward/allocation'
  /** In the middle of an epoch: the claim starts in it, and the rule is about epochs that have passed. */
  const claimed = 'verifreg/claim-term-start'

  test.each([
    { family: 'collateral', kinds: [deposit, minted] },
    { family: 'deals', kinds: [deposit, minted, claimed] },
    { family: 'errors', kinds: [deposit] },
    { family: 'lifecycle-cc', kinds: [deposit, minted] },
    { family: 'long-horizon', kinds: [deposit] },
    { family: 'multisig-account-init', kinds: [deposit] },
    { family: 'power-reward', kinds: [deposit, minted] },
  ])('find in $family/tiny only $kinds', ({ family, kinds }) => {
    const { failure, findings } = replay(fixturePath(`${family}/tiny`), { checksInvariants: true })
    expect(failure).toBeUndefined()
    expect([...new Set(findings.map(({ kind }) => kind))].toSorted()).toEqual(kinds)
  })

  test('are looked at in every family', () => {
    expect(families).toHaveLength(7)
  })
})

describe('the view of a step', () => {
  test('has its calls with names, its receipt, and the fields that changed', () => {
    let view: StepView | undefined
    replay(fixturePath(SCENARIO), {
      until: 0,
      onStep: (replayed, machine) => {
        view = viewStep(machine, replayed)
      },
    })
    expect(view).toMatchObject({
      step: 0,
      exitCode: '0 OK',
      call: {
        from: 'f0109',
        to: 'f01',
        method: 'init.Exec(2)',
        value: 2000n * 10n ** 18n,
        calls: [{ from: 'f01', to: 'f0119', method: 'multisig.Constructor(1)', exitCode: '0 OK' }],
      },
    })
    expect(view?.changes.find(({ actor }) => actor === 'f01')?.changes).toContainEqual({
      path: 'state.nextId',
      before: '119',
      after: '120',
    })
    expect(view?.changes.find(({ actor }) => actor === 'f0119')?.changes[0]).toMatchObject({
      before: 'no actor',
    })
  })
})
