import { test } from '@fast-check/vitest'
import { decodeCbor, encodeCbor, u64 } from '@plimsoll/ipld'
import { anyU64 } from '@plimsoll/testkit'
import { describe, expect } from 'vitest'
import { methodNum } from './method-num.ts'

describe('a method number', () => {
  test.each([
    [0n, 0],
    [2n ** 53n - 1n, 2 ** 53 - 1],
    [2n ** 53n, 2n ** 53n],
    [2n ** 64n - 1n, 2n ** 64n - 1n],
  ])('%s is %s', (wire, number) => {
    expect(decodeCbor(methodNum, encodeCbor(u64, wire))).toBe(number)
  })

  test.prop([anyU64])('is written as it was read', (wire) => {
    const encoded = encodeCbor(u64, wire)
    expect(encodeCbor(methodNum, decodeCbor(methodNum, encoded))).toEqual(encoded)
  })
})
