import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { equalInViews, viewOf } from './equal-in-views.ts'

/** Two blocks that share a part somewhere, which may be changed in one byte. */
const blocks = fc.record({
  before: fc.uint8Array({ maxLength: 9 }),
  otherBefore: fc.uint8Array({ maxLength: 9 }),
  shared: fc.uint8Array({ maxLength: 21 }),
  changedAt: fc.option(fc.nat(20)),
  after: fc.uint8Array({ maxLength: 9 }),
})

describe('equalInViews', () => {
  test.prop([blocks, fc.nat(30)])('compares byte by byte', (given, length) => {
    const { before, otherBefore, shared, changedAt, after } = given
    const a = Uint8Array.of(...before, ...shared, ...after)
    const b = Uint8Array.of(...otherBefore, ...shared)
    if (changedAt !== null && changedAt < shared.length) {
      b[otherBefore.length + changedAt] = (b[otherBefore.length + changedAt] as number) ^ 0x80
    }
    const there = Math.min(length, a.length - before.length)
    const [partOfA, partOfB] = [a.subarray(before.length), b.subarray(otherBefore.length)]
    const expected =
      there <= partOfB.length && partOfA.subarray(0, there).every((byte, i) => byte === partOfB[i])
    expect(equalInViews(viewOf(a), before.length, viewOf(b), otherBefore.length, there)).toBe(expected)
  })

  test('sees a view of a part of a buffer', () => {
    const whole = Uint8Array.of(9, 1, 2, 3, 4, 5)
    const part = viewOf(whole.subarray(1))
    expect(equalInViews(part, 0, viewOf(Uint8Array.of(1, 2, 3, 4, 5)), 0, 5)).toBe(true)
  })
})
