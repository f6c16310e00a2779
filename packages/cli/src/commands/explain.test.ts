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
