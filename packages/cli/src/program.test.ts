import { capturedTerminal } from '@plimsoll/testkit'
import { describe, expect, test } from 'vitest'
import { run } from './program.ts'

async function plimsoll(...args: readonly string[]) {
  const terminal = capturedTerminal()
  const status = await run(args, terminal)
  return { status, out: terminal.out, error: terminal.error }
}

describe('the command line', () => {
  test('assesses the state that ships with the program where none is given', async () => {
    const { status, out, error } = await plimsoll('assess')
    expect(error).toBe('')
    expect(status).toBe(0)
    expect(out).toContain('12 miners, worst first')
  })

  test.each([
    { args: ['--help'], mentions: ['story', 'assess', 'explain', 'check', 'replay', 'Examples:'] },
    { args: ['story', '--help'], mentions: ['--seed', '--fast', '--json', 'Examples:'] },
    { args: ['assess', '--help'], mentions: ['--fee-rules', '--portfolio', 'Examples:'] },
    { args: ['explain', '--help'], mentions: ['--sector', 'Examples:'] },
    { args: ['check', '--help'], mentions: ['--limit', 'Example:'] },
    { args: ['power', '--help'], mentions: ['--rule', '--stor', 'Examples:'] },
    { args: ['packs', '--help'], mentions: ['--pack-params', '--outstanding', 'Examples:'] },
    { args: ['books', '--help'], mentions: ['ledger.json', '--json', 'Example'] },
    { args: ['plan', '--help'], mentions: ['--rehearse', '--target', 'Examples:'] },
    { args: ['replay', '--help'], mentions: ['--show', '--until', 'Examples:'] },
  ])('$args prints help with examples and exits with 0', async ({ args, mentions }) => {
    const { status, out } = await plimsoll(...args)
    expect(status).toBe(0)
    for (const mention of mentions) {
      expect(out).toContain(mention)
    }
  })

  test('prints its version', async () => {
    expect(await plimsoll('--version')).toEqual({ status: 0, out: '0.1.0\n', error: '' })
  })
})

describe('a usage error', () => {
  test.each([
    { args: ['assess', '--frobnicate'], code: 'USAGE' },
    { args: ['assess', 'one.car', 'two.car'], code: 'USAGE' },
    { args: ['assess', '--miner', 'f1abc'], code: 'USAGE' },
    { args: ['assess', '--epoch', '12.5'], code: 'USAGE' },
    { args: ['assess', '--epoch', '-1'], code: 'USAGE' },
    { args: ['assess', '--fee-rules', 'fip9999'], code: 'USAGE' },
    { args: ['assess', '--buffer', '-1 FIL'], code: 'USAGE' },
    { args: ['assess', '--buffer', '1e3'], code: 'USAGE' },
    { args: ['assess', '--buffer-days', '1.5'], code: 'USAGE' },
    { args: ['assess', '--limit', 'many'], code: 'USAGE' },
    { args: ['explain'], code: 'USAGE' },
    { args: ['books'], code: 'USAGE' },
    { args: ['books', 'no-such-file.json'], code: 'FILE_UNREADABLE' },
    { args: ['state.car'], code: 'USAGE' },
    { args: ['story', '--seed', '-1'], code: 'USAGE' },
    { args: ['--seed', '4294967296'], code: 'USAGE' },
    { args: ['explain', '--miner', 'f0149', '--sector', '9007199254740992'], code: 'USAGE' },
    { args: ['assess', '--buffer', '1', '--buffer-days', '1'], code: 'OPTIONS_CONTRADICT' },
    { args: ['assess', '--buffer-version', '2'], code: 'OPTIONS_CONTRADICT' },
    { args: ['assess', '--buffer-days', '1', '--buffer-version', '3'], code: 'USAGE' },
    { args: ['assess', '--json', '--csv'], code: 'OPTIONS_CONTRADICT' },
    { args: ['assess', '--outstanding', '1 FIL'], code: 'OPTIONS_CONTRADICT' },
    { args: ['assess', '--miner', 'f0149', '--sort', 'miner'], code: 'OPTIONS_CONTRADICT' },
    { args: ['assess', '--miner', 'f0149', '--csv'], code: 'OPTIONS_CONTRADICT' },
    { args: ['assess', '--miner', 'f0149', '--limit', '1'], code: 'OPTIONS_CONTRADICT' },
    { args: ['power', '--rule', 'spec2018'], code: 'USAGE' },
    { args: ['power', '--power', 'both'], code: 'USAGE' },
    { args: ['power', '--rule', 'spec2019', '--stor', '100 TB'], code: 'USAGE' },
    { args: ['power', '--rule', 'spec2019', '--stor', '-1 TiB'], code: 'USAGE' },
    { args: ['power', '--rule', 'spec2019', '--targ', '0'], code: 'USAGE' },
    { args: ['power', '--limit', 'all'], code: 'USAGE' },
    { args: ['power', '--json', '--csv'], code: 'OPTIONS_CONTRADICT' },
    { args: ['power', '--stor', '1 TiB'], code: 'OPTIONS_CONTRADICT' },
    { args: ['power', '--targ', '3'], code: 'OPTIONS_CONTRADICT' },
    { args: ['power', '--ignore-collateral'], code: 'OPTIONS_CONTRADICT' },
    { args: ['power', '--epoch', '1'], code: 'EPOCH_BEFORE_STATE' },
    { args: ['packs'], code: 'USAGE' },
    { args: ['packs', '--miner', 'f0149', '--json', '--csv'], code: 'OPTIONS_CONTRADICT' },
    { args: ['assess', '--sort', 'nothing'], code: 'UNKNOWN_COLUMN' },
    { args: ['assess', '--miner', 'f099999'], code: 'ACTOR_NOT_FOUND' },
    { args: ['assess', '--miner', 'f04'], code: 'NOT_A_MINER' },
    { args: ['assess', '--epoch', '1'], code: 'EPOCH_BEFORE_STATE' },
    { args: ['explain', '--miner', 'f0149', '--sector', '9007199254740991'], code: 'SECTOR_NOT_FOUND' },
    { args: ['explain', '--miner', 'f0149', '--fee-rules', 'pre-fip0098'], code: 'NO_RECORDED_REWARDS' },
    { args: ['assess', '/nowhere/state.car'], code: 'FILE_UNREADABLE' },
    { args: ['assess', '/'], code: 'FILE_UNREADABLE' },
    { args: ['assess', '--portfolio', '/nowhere/loans.json'], code: 'FILE_UNREADABLE' },
  ])('of $args is one line with the code $code, status 2 and no output', async ({ args, code }) => {
    const { status, out, error } = await plimsoll(...args)
    expect(status).toBe(2)
    expect(out).toBe('')
    expect(error).toMatch(new RegExp(`^plimsoll: ${code}: [^\\n]+\\n$`))
  })

  test('of a mistyped option says which one was meant', async () => {
    expect((await plimsoll('assess', '--portfolo', 'x')).error).toMatch(/^[^\n]*--portfolio[^\n]*\n$/)
  })

  test('of an unknown column names the columns that there are', async () => {
    expect((await plimsoll('assess', '--sort', 'nothing')).error).toContain('safePledgeStrict')
  })
})
