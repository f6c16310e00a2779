import { describe, expect, test } from 'vitest'
import { assert, BaseError, ParseError } from './errors.ts'

describe('BaseError', () => {
  test('carries its code, its message and its data', () => {
    const error = new BaseError('SOME_CODE', 'a sentence', { found: 7 })
    expect(error).toBeInstanceOf(Error)
    expect(error).toMatchObject({ code: 'SOME_CODE', message: 'a sentence', data: { found: 7 } })
  })

  test('has no data when it is given none', () => {
    expect(new BaseError('SOME_CODE', 'a sentence').data).toEqual({})
  })

  test('has a cause when it is given one, and otherwise not even the property', () => {
    const cause = new Error('first')
    expect(new BaseError('SOME_CODE', 'a sentence', {}, cause).cause).toBe(cause)
    expect(Object.hasOwn(new BaseError('SOME_CODE', 'a sentence'), 'cause')).toBe(false)
  })

  test('is named by its class, so that a stack says which error it is', () => {
    expect(new BaseError('SOME_CODE', 'a sentence').name).toBe('BaseError')
    expect(new ParseError('SOME_CODE', 'a sentence').name).toBe('ParseError')
    expect(new ParseError('SOME_CODE', 'a sentence')).toBeInstanceOf(BaseError)
  })
})

describe('assert', () => {
  test('passes over what is true', () => {
    expect(() => assert(true, 'two and two are four')).not.toThrow()
  })

  test('throws a plain error for what is false, because that is a bug and no answer', () => {
    let thrown: unknown
    try {
      assert(false, 'two and two are five')
    } catch (error) {
      thrown = error
    }
    expect(thrown).toBeInstanceOf(Error)
    expect(thrown).not.toBeInstanceOf(BaseError)
    expect(thrown).toHaveProperty('message', expect.stringContaining('two and two are five'))
  })
})
