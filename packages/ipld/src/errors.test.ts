import { BaseError } from '@plimsoll/primitives'
import { describe, expect, test } from 'vitest'
import { CodecError, formatPath, locate, MissingBlockError, within } from './errors.ts'

function failing(): never {
  throw new CodecError('SOME_CODE', 'a sentence', { found: 7 })
}

describe('CodecError', () => {
  test('carries a code, data and a path that is empty at first', () => {
    const error = new CodecError('SOME_CODE', 'a sentence', { found: 7 })
    expect(error).toBeInstanceOf(BaseError)
    expect(error).toMatchObject({ name: 'CodecError', code: 'SOME_CODE', data: { found: 7 }, path: [] })
  })

  test('does not share its path with another', () => {
    const first = new CodecError('SOME_CODE', 'a sentence')
    locate(first, 'field')
    expect(new CodecError('SOME_CODE', 'a sentence').path).toEqual([])
  })

  test('stands also for a missing block', () => {
    expect(new MissingBlockError('MISSING_BLOCK', 'a sentence')).toBeInstanceOf(CodecError)
    expect(new MissingBlockError('MISSING_BLOCK', 'a sentence').name).toBe('MissingBlockError')
  })
})

describe('within', () => {
  test('gives back what was read', () => {
    expect(within('field', () => 7)).toBe(7)
  })

  test('builds the path from the outermost step to the innermost', () => {
    expect(() => within('deadlines', () => within(3, () => within('faults', failing)))).toThrow(
      expect.objectContaining({ code: 'SOME_CODE', data: { found: 7 }, path: ['deadlines', 3, 'faults'] }),
    )
  })

  test.each([new TypeError('a bug'), new BaseError('SOME_CODE', 'no data error'), 'no error at all'])(
    'passes on what is no data error as it is: %s',
    (thrown) => {
      let caught: unknown
      try {
        within('field', () => {
          throw thrown
        })
      } catch (error) {
        caught = error
      }
      expect(caught).toBe(thrown)
      expect(caught).not.toHaveProperty('path')
    },
  )
})

describe('locate', () => {
  test('puts the step before the path and returns the same error', () => {
    const error = new CodecError('SOME_CODE', 'a sentence')
    expect(locate(locate(error, 'inner'), 0)).toBe(error)
    expect(error.path).toEqual([0, 'inner'])
  })

  test('returns anything else untouched', () => {
    expect(locate(undefined, 'field')).toBeUndefined()
  })
})

describe('formatPath', () => {
  test.each([
    { path: [], text: '' },
    { path: ['deadlines'], text: 'deadlines' },
    {
      path: ['deadlines', 'due', 3, 'partitions', 0, 'faults'],
      text: 'deadlines.due[3].partitions[0].faults',
    },
    { path: [3, 'faults'], text: '[3].faults' },
    { path: [1, 2], text: '[1][2]' },
  ])('writes $path as "$text"', ({ path, text }) => {
    expect(formatPath(path)).toBe(text)
  })
})
