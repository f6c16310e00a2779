import { describe, expect, test } from 'vitest'
import { parseSectorSet } from './sector-set.ts'

describe('a set of sectors', () => {
  test.each([
    { text: 'all', set: { kind: 'all' } },
    { text: 'faulty', set: { kind: 'faulty' } },
    { text: '7', set: { kind: 'numbers', ranges: [{ first: 7, last: 7 }] } },
    {
      text: '1, 2,5-9',
      set: {
        kind: 'numbers',
        ranges: [
          { first: 1, last: 1 },
          { first: 2, last: 2 },
          { first: 5, last: 9 },
        ],
      },
    },
  ])('is read from "$text"', ({ text, set }) => {
    expect(parseSectorSet(text)).toEqual(set)
  })

  test.each(['', 'ALL', '1,', '-1', '9-5', '1-2-3', '1.5', '0x1', '9007199254740992', '1 2'])(
    'is not "%s"',
    (text) => {
      expect(() => parseSectorSet(text)).toThrow(expect.objectContaining({ code: 'INVALID_SECTOR_SET' }))
    },
  )
})
