import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Cid, writeBackBlockstore } from '@plimsoll/ipld'
import { ATTO_FIL_PER_FIL, createHashes, formatIdAddress } from '@plimsoll/primitives'
import {
  advanceBy,
  buildMixedMiner,
  capturedTerminal,
  carBytes,
  declareFaults,
  give,
  openNetwork,
  recordingBlockstore,
} from '@plimsoll/testkit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { run } from '../program.ts'

const directory = mkdtempSync(join(tmpdir(), 'plimsoll-backtest-'))
const [FIRST, SECOND] = ['first.car', 'second.car'].map((name) => join(directory, name)) as [string, string]
let surprising: string

beforeAll(async () => {
  const hashes = await createHashes()
  const store = recordingBlockstore(hashes)
  const network = openNetwork(hashes, { store: writeBackBlockstore(store) })
  const save = (path: string, root: Cid) => writeFileSync(path, carBytes([root], store.blocks))
  buildMixedMiner(network, { nonInteractive: 130, batches: 2 })
  const miner = buildMixedMiner(network, { committedCapacity: 4 })
  surprising = formatIdAddress(miner.id)
  save(FIRST, network.vm.root())
  give(network, miner.id, 3n * ATTO_FIL_PER_FIL)
  declareFaults(network, miner, [0, 1])
  advanceBy(network, 1440, { ticksEveryEpoch: true })
  save(SECOND, network.vm.root())
})

afterAll(() => {
  rmSync(directory, { recursive: true })
})

async function backtest(...args: readonly string[]) {
  const terminal = capturedTerminal()
  const status = await run(['backtest', '--actors-version', '18', ...args], terminal)
  return { status, out: terminal.out, error: terminal.error }
}

describe('backtest', () => {
  test('has the miner with the largest difference on top, and says how many are as forecast', async () => {
    const { status, out, error } = await backtest(FIRST, SECOND)
    expect({ status, error }).toEqual({ status: 0, error: '' })
    const miners = [...out.matchAll(/^(f0\d+) /gm)].map(([, miner]) => miner)
    expect(miners).toHaveLength(2)
    expect(miners[0]).toBe(surprising)
    expect(out).toMatch(
      /^2 miners, the largest difference first; \d of them are as forecast, to the attoFIL$/m,
    )
  })

  test('shows one miner in full', async () => {
    const { out } = await backtest(FIRST, SECOND, '--miner', surprising)
    expect(out).toMatch(/^balance +[\d,]+\.\d{4} +[\d,]+\.\d{4} +\+3\.0000$/m)
    expect(out).toMatch(/^faulty, and not forecast to be +2 +0-1$/m)
    expect(out).not.toContain('forecast to be live, and not')
  })

  test('has terms in JSON that add up to the difference', async () => {
    const { miners } = JSON.parse((await backtest(FIRST, SECOND, '--json')).out)
    for (const { figures, terms } of miners) {
      const sum = Object.values(terms as Record<string, string>).reduce(
        (total, term) => total + BigInt(term),
        0n,
      )
      expect(String(sum)).toBe(figures.liquidationValue.difference)
    }
    expect(miners[0].terms.balance).toBe('3000000000000000000')
  })

  test.each([
    { args: () => [SECOND, FIRST], error: 'STATES_OUT_OF_ORDER' },
    { args: () => [FIRST, SECOND, '--miner', 'f099'], error: 'NOT_A_MINER' },
    { args: () => [FIRST, SECOND, '--rules', 'v17'], error: 'RULES_NOT_EXECUTABLE' },
    { args: () => [FIRST, join(directory, 'third.car')], error: 'FILE_UNREADABLE' },
    { args: () => [FIRST], error: 'USAGE' },
  ])('refuses what is no forecast and its outcome: $error', async ({ args, error }) => {
    const result = await backtest(...args())
    expect(result).toMatchObject({ status: 2, out: '' })
    expect(result.error).toContain(error)
  })
})
