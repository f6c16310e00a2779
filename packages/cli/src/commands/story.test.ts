import { readFileSync } from 'node:fs'
import { capturedTerminal } from '@plimsoll/testkit'
import { beforeAll, describe, expect, test } from 'vitest'
import { run } from '../program.ts'

/** What a command writes where somebody watches, and for how long it waits for them. */
interface Told {
  readonly status: number
  readonly out: string
  readonly error: string
  readonly waitedMs: number
}

async function told(...args: readonly string[]): Promise<Told> {
  let waitedMs = 0
  const terminal = Object.assign(capturedTerminal(), {
    pause: async (ms: number) => {
      waitedMs += ms
    },
  })
  const status = await run(args, terminal)
  return { status, out: terminal.out, error: terminal.error, waitedMs }
}

describe('without a command', () => {
  let story: Told = { status: 70, out: '', error: '', waitedMs: 0 }
  beforeAll(async () => {
    story = await told()
  })

  test('a story is told that balances', () => {
    expect(story.error).toBe('')
    expect(story.status).toBe(0)
    expect(story.out).toMatch(/Everything balances, to the attoFIL\.\n$/)
  })

  test('what happens comes in order, in words', () => {
    const words = ['REFUSED', 'LOSES', 'PUBLIC WARNING', 'TOP-UP', 'SAVED', 'FORCED TERMINATION', 'hash ']
    const more = ['message 1', 'RECOVERED', 'exact to the attoFIL', 'bidder 1', 'CLOSED', 'owed by miners']
    const places = [...words, ...more].map((word) => story.out.indexOf(word))
    expect(places).not.toContain(-1)
    expect(places).toEqual(places.toSorted((a, b) => a - b))
  })

  test('there are lines of at most 100 columns, and nothing that moves a cursor', () => {
    const tooLong = story.out.split('\n').filter((line) => line.length > 100)
    expect(tooLong).toEqual([])
    // Nothing but printable ASCII, so that it reads the same in a file.
    expect([...story.out].filter((character) => !/[\n\x20-\x7e]/.test(character))).toEqual([])
  })

  test('README.md shows lines of it', () => {
    const readme = readFileSync(new URL('../../../../README.md', import.meta.url), 'utf8')
    const shown = /```text\n(.*?)```/s.exec(readme)?.[1]?.split('\n') ?? []
    expect(shown.length).toBeGreaterThan(20)
    expect(shown.filter((line) => line !== '…' && !story.out.includes(`${line}\n`))).toEqual([])
  })

  test('a reader has a minute to a minute and a half', () => {
    expect(story.waitedMs).toBeGreaterThan(60_000)
    expect(story.waitedMs).toBeLessThan(90_000)
  })
})

describe('--json', () => {
  let story: Told = { status: 70, out: '', error: '', waitedMs: 0 }
  beforeAll(async () => {
    story = await told('story', '--json')
  })

  test('has an object on every line, whose amounts are decimal strings', () => {
    const events = story.out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { kind: string; [field: string]: unknown })
    expect(story.status).toBe(0)
    expect(events.at(0)).toMatchObject({ kind: 'terms', seed: 1 })
    expect(events.at(-1)).toMatchObject({ kind: 'closing', closing: { isBalanced: true, findings: [] } })
    expect(events.find(({ kind }) => kind === 'planDone')).toMatchObject({
      outcome: { isExact: true, burnt: expect.stringMatching(/^\d+$/) },
    })
    expect(events.map(({ kind }) => kind)).not.toContain('history')
  })

  test('waits for nobody', () => {
    expect(story.waitedMs).toBe(0)
  })
})
