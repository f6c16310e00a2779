import { EXPLAINED_FIGURES } from '@plimsoll/risk'
import { capturedTerminal } from '@plimsoll/testkit'
import { describe, expect, test } from 'vitest'
import { run } from '../program.ts'

async function explain(...args: readonly string[]): Promise<string> {
  const terminal = capturedTerminal()
  const status = await run(['explain', ...args], terminal)
  expect(terminal.error).toBe('')
  expect(status).toBe(0)
  return terminal.out
}

describe('explain', () => {
  test.each(['f0149', 'f0150'])('gives every figure of %s the value that the report has', async (miner) => {
    const given = ['--miner', miner, '--outstanding', '2 FIL', '--buffer-days', '3', '--json']
    const terminal = capturedTerminal()
    await run(['assess', ...given], terminal)
    const { miner: figures } = JSON.parse(terminal.out)
    for (const figure of EXPLAINED_FIGURES) {
      const { term } = JSON.parse(await explain(...given, '--figure', figure))
      expect([term.name, term.value]).toEqual([figure, figures[figure]])
    }
  })

  test('names the version of a buffer of days, which the report does as well', async () => {
    const given = ['--miner', 'f0150', '--buffer-days', '7', '--buffer-version', '2', '--json']
    const { term, buffer } = JSON.parse(await explain(...given, '--figure', 'buffer'))
    expect(term).toMatchObject({ name: 'buffer', source: 'buffer v2' })
    expect(buffer).toEqual({ days: 7, version: 2 })
    const terminal = capturedTerminal()
    await run(['assess', ...given], terminal)
    expect(JSON.parse(terminal.out).miner).toMatchObject({ buffer: term.value, bufferRule: 'v2, 7 days' })
  })

  test('does not take a figure and a sector together', async () => {
    const terminal = capturedTerminal()
    expect(await run(['explain', '--miner', 'f0149', '--figure', 'buffer', '--sector', '20'], terminal)).toBe(
      2,
    )
    expect(terminal.error).toMatch(/OPTIONS_CONTRADICT/)
  })

  test('goes from the strict Safe Pledge down to the constants of the protocol', async () => {
    const tree = await explain('--miner', 'f0149')
    expect(tree).toMatch(/^safePledgeStrict = -228\.654704945747970535 FIL/m)
    expect(tree).toMatch(/TERM_FEE_PLEDGE_MULTIPLE_NUM = 85$/m)
    expect(tree).toMatch(/CONTINUED_FAULT_PROJECTION_PERIOD = 10108 epochs$/m)
  })

  test('gives a source with every term', async () => {
    const lines = (await explain('--miner', 'f0149', '--sector', '20')).split('\n')
    const values = lines.filter((line) => /^[│├└─ ]*\w+ = /.test(line) && !/^[│ ]*= /.test(line))
    const sources = lines.filter((line) => /^[│ ]*\[.+\]$/.test(line))
    expect(values.length).toBeGreaterThan(20)
    expect(sources.length).toBe(values.length)
  })

  test('prints the tree as JSON with values in attoFIL', async () => {
    const { miner, term } = JSON.parse(await explain('--miner', 'f0149', '--json'))
    expect(miner).toBe('f0149')
    expect(term).toMatchObject({
      name: 'safePledgeStrict',
      unit: 'attoFIL',
      value: '-228654704945747970535',
    })
  })
})
