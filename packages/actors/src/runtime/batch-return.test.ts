import { fc, test } from '@fast-check/vitest'
import { decodeCbor, encodeCbor } from '@plimsoll/ipld'
import { ExitCode, formatHex, parseHex } from '@plimsoll/primitives'
import { exitCodeOf } from '@plimsoll/testkit'
import { describe, expect } from 'vitest'
import {
  BatchReturn,
  batchOf,
  batchOk,
  batchSize,
  codesOf,
  isAllOk,
  stackBatches,
  successesOf,
} from './batch-return.ts'

const [OK, ILLEGAL, NOT_FOUND, FORBIDDEN] = [
  ExitCode.OK,
  ExitCode.USR_ILLEGAL_ARGUMENT,
  ExitCode.USR_NOT_FOUND,
  ExitCode.USR_FORBIDDEN,
]

const anyCodes = fc.array(fc.constantFrom(OK, OK, ILLEGAL, NOT_FOUND, FORBIDDEN), { maxLength: 12 })

// Source of the cases: builtin-actors v18, `runtime/tests/batch_return_test.rs`.
describe('a batch', () => {
  test('in which nothing fails has no codes', () => {
    const batch = batchOf([OK, OK, OK])
    expect(batch).toEqual(batchOk(3))
    expect(isAllOk(batch)).toBe(true)
    expect(codesOf(batch)).toEqual([OK, OK, OK])
    expect(successesOf(batch, ['a', 'b', 'c'])).toEqual(['a', 'b', 'c'])
  })

  test('has the codes of what failed, with their places', () => {
    const batch = batchOf([OK, ILLEGAL, OK, NOT_FOUND, OK, FORBIDDEN])
    expect(batch).toEqual({
      successCount: 3,
      failCodes: [
        { index: 1, code: ILLEGAL },
        { index: 3, code: NOT_FOUND },
        { index: 5, code: FORBIDDEN },
      ],
    })
    expect(isAllOk(batch)).toBe(false)
    expect(batchSize(batch)).toBe(6)
    expect(successesOf(batch, [0, 1, 2, 3, 4, 5])).toEqual([0, 2, 4])
  })

  test('is not of a different number of items', () => {
    expect(exitCodeOf(() => successesOf(batchOf([OK, ILLEGAL]), [1]))).toBe(ExitCode.USR_ASSERTION_FAILED)
  })

  test('is a tuple of a count and of pairs', () => {
    // [1, [[1, 16]]]
    const hex = '8201818201' + '10'
    expect(formatHex(encodeCbor(BatchReturn, batchOf([OK, ILLEGAL])))).toBe(hex)
    expect(decodeCbor(BatchReturn, parseHex(hex))).toEqual(batchOf([OK, ILLEGAL]))
  })

  test.prop([anyCodes])('gives back the codes that it was made of', (codes) => {
    expect(codesOf(batchOf(codes))).toEqual(codes)
  })
})

describe('a stack of batches', () => {
  test.each([
    { of: 'no batches', batches: [], codes: [] },
    { of: 'one batch', batches: [[OK, ILLEGAL]], codes: [OK, ILLEGAL] },
    {
      of: 'three, of which each has the successes of the one before',
      batches: [[OK, ILLEGAL, OK, ILLEGAL], [OK, NOT_FOUND], [FORBIDDEN]],
      codes: [FORBIDDEN, ILLEGAL, NOT_FOUND, ILLEGAL],
    },
    { of: 'failures and nothing left', batches: [[ILLEGAL, ILLEGAL], []], codes: [ILLEGAL, ILLEGAL] },
    {
      of: 'successes',
      batches: [
        [OK, OK],
        [OK, OK],
      ],
      codes: [OK, OK],
    },
  ])('of $of has the codes $codes', ({ batches, codes }) => {
    expect(stackBatches(batches.map(batchOf))).toEqual(batchOf(codes))
  })

  test.each([
    { of: 'longer', next: [OK, OK] },
    { of: 'shorter', next: [] },
  ])('has no batch that is $of than the successes before it', ({ next }) => {
    expect(exitCodeOf(() => stackBatches([batchOf([OK, ILLEGAL]), batchOf(next)]))).toBe(
      ExitCode.USR_ASSERTION_FAILED,
    )
  })

  test.prop([anyCodes, fc.infiniteStream(fc.constantFrom(OK, ILLEGAL, FORBIDDEN))])(
    'leaves the successes of the last',
    (first, stream) => {
      const items = first.map((_, index) => index)
      const kept = successesOf(batchOf(first), items)
      const second = batchOf([...stream.take(kept.length)])
      const stack = stackBatches([batchOf(first), second])
      expect(successesOf(stack, items)).toEqual(successesOf(second, kept))
    },
  )
})
