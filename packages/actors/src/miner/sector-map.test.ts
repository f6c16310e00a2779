import { bitFieldOf, bitFieldRange } from '@plimsoll/ipld'
import { ExitCode } from '@plimsoll/primitives'
import { exitCodeOf } from '@plimsoll/testkit'
import { describe, expect, test } from 'vitest'
import { MAINNET_POLICY } from '../policy.ts'
import { countDeclared, deadlineSectorMap, requireDeclaredAtMost } from './sector-map.ts'

const declared = (deadline: bigint, partition: bigint, numbers: readonly number[]) => ({
  deadline,
  partition,
  sectors: bitFieldOf(numbers),
})

/** Partitions 0 to 4 of deadlines 0 to 9, each with a sector. */
const fifty = Array.from({ length: 50 }, (_, i) => declared(BigInt(Math.trunc(i / 5)), BigInt(i % 5), [i]))

const mapOf = (declarations: typeof fifty) => deadlineSectorMap(MAINNET_POLICY, declarations)

// Source of the cases: builtin-actors v18, `actors/miner/tests/sector_map_test.rs`.
describe('deadlineSectorMap', () => {
  test('has partitions by deadline, both ascending, whatever the order of the declarations', () => {
    const map = mapOf(fifty.toReversed())
    expect([...map.keys()]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
    expect([...(map.get(3) ?? [])]).toEqual([
      [0n, bitFieldOf([15])],
      [1n, bitFieldOf([16])],
      [2n, bitFieldOf([17])],
      [3n, bitFieldOf([18])],
      [4n, bitFieldOf([19])],
    ])
  })

  test('brings declarations of one partition together', () => {
    const map = mapOf([declared(0n, 0n, [0, 5]), declared(0n, 0n, [1000, 5])])
    expect(map).toEqual(new Map([[0, new Map([[0n, bitFieldOf([0, 5, 1000])]])]]))
  })

  test('of nothing is empty', () => {
    expect(mapOf([]).size).toBe(0)
  })

  test.each([
    { deadline: 47n, exitCode: ExitCode.OK },
    { deadline: 48n, exitCode: ExitCode.USR_ILLEGAL_ARGUMENT },
    { deadline: 2n ** 64n - 1n, exitCode: ExitCode.USR_ILLEGAL_ARGUMENT },
  ])('of deadline $deadline ends with $exitCode', ({ deadline, exitCode }) => {
    expect(exitCodeOf(() => mapOf([declared(deadline, 0n, [1])]))).toBe(exitCode)
  })

  test('takes any number as that of a partition', () => {
    const last = 2n ** 64n - 1n
    expect([
      ...(mapOf([declared(1n, last, [1]), declared(1n, 2n, [1])])
        .get(1)
        ?.keys() ?? []),
    ]).toEqual([2n, last])
  })
})

describe('countDeclared', () => {
  test('counts partitions, and sectors as often as they are declared in different ones', () => {
    expect(countDeclared(mapOf(fifty))).toEqual({ partitions: 50, sectors: 50 })
    expect(countDeclared(mapOf([...fifty, declared(0n, 0n, [1000])]))).toEqual({
      partitions: 50,
      sectors: 51,
    })
    expect(countDeclared(mapOf([]))).toEqual({ partitions: 0, sectors: 0 })
  })

  // A set has at most 2^64 − 1 members, which still can be counted.
  test('fails beyond 64 bits', () => {
    const whole = { deadline: 0n, partition: 0n, sectors: bitFieldRange(0, 2n ** 64n - 1n) }
    expect(countDeclared(mapOf([whole])).sectors).toBe(2n ** 64n - 1n)
    for (const other of [
      // One more makes exactly 2^64.
      declared(0n, 1n, [7]),
      { ...whole, partition: 1n },
      { ...whole, deadline: 1n },
    ]) {
      expect(exitCodeOf(() => countDeclared(mapOf([whole, other])))).toBe(ExitCode.USR_ILLEGAL_ARGUMENT)
    }
  })
})

describe('requireDeclaredAtMost', () => {
  test.each([
    { partitions: 1, sectors: 1, exitCode: ExitCode.USR_ILLEGAL_ARGUMENT },
    { partitions: 100, sectors: 49, exitCode: ExitCode.USR_ILLEGAL_ARGUMENT },
    { partitions: 49, sectors: 100, exitCode: ExitCode.USR_ILLEGAL_ARGUMENT },
    { partitions: 50, sectors: 50, exitCode: ExitCode.OK },
  ])('$partitions partitions and $sectors sectors, of 50 each, ends with $exitCode', (row) => {
    expect(exitCodeOf(() => requireDeclaredAtMost(mapOf(fifty), row.partitions, row.sectors))).toBe(
      row.exitCode,
    )
  })
})
