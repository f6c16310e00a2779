import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { writeBackBlockstore } from '@plimsoll/ipld'
import { createHashes, formatIdAddress } from '@plimsoll/primitives'
import { capturedTerminal, carBytes, createMiner, openNetwork, recordingBlockstore } from '@plimsoll/testkit'
import { afterAll, describe, expect, test } from 'vitest'
import { run } from '../program.ts'

const directory = mkdtempSync(join(tmpdir(), 'plimsoll-curve-'))

afterAll(() => {
  rmSync(directory, { recursive: true })
})

async function curve(...args: readonly string[]) {
  const terminal = capturedTerminal()
  const status = await run(['curve', ...args], terminal)
  return { status, out: terminal.out, error: terminal.error }
}

// The state that ships with the program has executed epoch 6,112,429.
const START = 6_112_430
const RANGE = ['--miner', 'f0150', '--from', String(START), '--to', String(START + 100_000)]

describe('curve', () => {
  test('begins with the fees that assess has', async () => {
    const terminal = capturedTerminal()
    await run(['assess', '--miner', 'f0150', '--json'], terminal)
    const { miner } = JSON.parse(terminal.out)
    const { points } = JSON.parse((await curve(...RANGE, '--json')).out)
    expect(points[0]).toMatchObject({
      epoch: START,
      sectorsLeft: miner.liveSectors,
      feeOfTodaysSet: miner.terminationFee,
      feeOfSectorsLeft: miner.terminationFee,
      earlyFees: miner.queuedTerminationFee,
    })
    expect(points.at(-1).epoch).toBe(START + 100_000)
  })

  test('has as its cheapest point the one with the least total of its terms', async () => {
    const { points, cheapest, mayNotWinBlocks } = JSON.parse((await curve(...RANGE, '--json')).out)
    const totals = points.map((point: Record<string, string>) => {
      const [fee, early, fault, daily, rewards] = [
        'feeOfSectorsLeft',
        'earlyFees',
        'faultFees',
        'dailyFees',
        'expectedRewards',
      ].map((key) => BigInt(point[key] ?? ''))
      return (fee ?? 0n) + (early ?? 0n) + (fault ?? 0n) + (daily ?? 0n) - (rewards ?? 0n)
    })
    expect(points.map(({ total }: { total: string }) => BigInt(total))).toEqual(totals)
    const least = totals.reduce((a: bigint, b: bigint) => (b < a ? b : a))
    expect(cheapest).toEqual(points[totals.indexOf(least)])
    expect(mayNotWinBlocks).toEqual(['belowMinimum'])
  })

  test('draws itself within 100 columns, and says what it assumes', async () => {
    const { status, out, error } = await curve(...RANGE)
    expect({ status, error }).toEqual({ status: 0, error: '' })
    expect(Math.max(...out.split('\n').map(({ length }) => length))).toBeLessThanOrEqual(100)
    expect(out).toContain("estimates of reward and power: today's, held")
    expect(out).toContain('may not win blocks (belowMinimum)')
    expect(out).toMatch(/^cheapest of 36 points: epoch 6112430, cost 0\.2661 FIL$/m)
  })

  test('writes CSV record by record, the same as JSON has', async () => {
    const { out } = await curve(...RANGE, '--step', '50', '--csv')
    const [head, ...records] = out.trim().split('\n')
    expect(head).toMatch(/^epoch,utc,daysAhead,sectorsLeft,feeOfTodaysSet,/)
    const { points } = JSON.parse((await curve(...RANGE, '--step', '50', '--json')).out)
    expect(records).toHaveLength(2_001)
    expect(records.map((record) => record.split(',').at(-1))).toEqual(
      points.map(({ total }: { total: string }) => total),
    )
  })

  test('says that a miner has no sectors', async () => {
    const hashes = await createHashes()
    const store = recordingBlockstore(hashes)
    const network = openNetwork(hashes, { store: writeBackBlockstore(store) })
    const miner = formatIdAddress(createMiner(network).id)
    const path = join(directory, 'state.car')
    writeFileSync(path, carBytes([network.vm.root()], store.blocks))
    const options = [path, '--actors-version', '18', '--miner', miner]
    const { out, status, error } = await curve(...options)
    expect({ status, error }).toEqual({ status: 0, error: '' })
    expect(out).toContain(`${miner} has no live sectors: there is nothing to terminate`)
    expect(JSON.parse((await curve(...options, '--json')).out)).toMatchObject({ cheapest: null })
  })

  test.each([
    { args: ['--miner', 'f0150', '--from', '6112429'], error: 'EPOCH_BEFORE_STATE' },
    { args: ['--miner', 'f0150', '--to', '6112429'], error: 'CURVE_RANGE' },
    { args: ['--miner', 'f0150', '--step', '0'], error: 'CURVE_RANGE' },
    { args: ['--miner', 'f0150', '--step', '1', '--to', '6300000'], error: 'CURVE_TOO_LONG' },
    { args: ['--miner', 'f0150', '--csv', '--json'], error: 'OPTIONS_CONTRADICT' },
    { args: ['--miner', 'f0100'], error: 'NOT_A_MINER' },
    { args: [], error: 'USAGE' },
  ])('refuses $args', async ({ args, error }) => {
    const result = await curve(...args)
    expect(result).toMatchObject({ status: 2, out: '' })
    expect(result.error).toContain(error)
  })
})
