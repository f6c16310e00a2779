import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { editedScenario, fixturePath, type Line } from '../testing/edited-scenario.ts'
import { openScenario, readEnd, statePathOf } from './scenario-file.ts'

const SCENARIO = 'power-reward/tiny'
let directory: string

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'plimsoll-scenario-'))
})

afterEach(() => {
  rmSync(directory, { recursive: true })
})

function edited(edit: (lines: Line[]) => readonly (Line | string)[]): string {
  return editedScenario(directory, SCENARIO, edit)
}

/** Reads a scenario to its end and says with which code and message that failed. */
function refusalOf(path: string): unknown {
  try {
    for (const _ of openScenario(path).lines) {
      // Only reading counts here.
    }
    return 'accepted'
  } catch (error) {
    return error
  }
}

describe('a scenario', () => {
  test('has a header, its steps in order, and an end', () => {
    const { header, stepCount, lines } = openScenario(fixturePath(SCENARIO))
    expect(header).toMatchObject({ family: 'power-reward', name: 'tiny', genesis_epoch: 5000 })
    const all = [...lines]
    expect(all.slice(0, 2).map(({ t }) => t)).toEqual(['cron_run', 'msg'])
    expect(all.at(-1)?.t).toBe('end')
    // The recorder counted the steps as well.
    expect(all).toHaveLength(readEnd(fixturePath(SCENARIO)).steps + 1)
    expect(stepCount).toBe(readEnd(fixturePath(SCENARIO)).steps)
  })

  test('keeps integers that a double would round', () => {
    const path = edited(([header, step, ...rest]) => [
      header as Line,
      JSON.stringify({ ...(rest[0] as Line), method: 0 }).replace(
        '"method":0',
        '"method":18446744073709551615',
      ),
      step as Line,
      ...rest,
    ])
    const [first] = openScenario(path).lines
    expect(first).toMatchObject({ method: 18446744073709551615n, epoch: 5007 })
  })

  test('knows where the states beside it are', () => {
    expect(statePathOf('/a/b.jsonl.gz', 'genesis')).toBe('/a/b.genesis.car.gz')
    expect(statePathOf('/a/b.jsonl.gz', 'final')).toBe('/a/b.final.car.gz')
  })
})

describe('a file that is no scenario', () => {
  test.each<{ what: string; edit: (lines: Line[]) => readonly (Line | string)[]; says: RegExp }>([
    { what: 'text', edit: () => ['# words'], says: /^line 1: this is not JSON/ },
    { what: 'another JSON', edit: () => ['{"format":1}'], says: /^line 1: this is not the header/ },
    {
      what: 'a format to come',
      edit: ([header, ...rest]) => [{ ...header, format: 2 }, ...rest],
      says: /^line 1: this is not the header/,
    },
    {
      what: 'a step of an unknown kind',
      edit: ([header, ...rest]) => [header as Line, { t: 'other' }, ...rest],
      says: /^line 2: this is neither a step/,
    },
    {
      what: 'a message without its root',
      edit: ([header, first, second, ...rest]) => [
        header as Line,
        first as Line,
        { ...second, root: undefined },
        ...rest,
      ],
      says: /^line 3: this is neither a step/,
    },
    {
      what: 'a scenario cut short',
      edit: (lines) => lines.slice(0, 10),
      says: /^line 11: the scenario ends/,
    },
    {
      what: 'something after the end',
      edit: (lines) => [...lines, lines[1] as Line],
      says: /^line 53: this is neither a step/,
    },
  ])('is refused with its line: $what', ({ edit, says }) => {
    expect(refusalOf(edited(edit))).toMatchObject({
      code: 'INVALID_SCENARIO',
      message: expect.stringMatching(says),
    })
  })
})
