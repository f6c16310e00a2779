import { fc, test } from '@fast-check/vitest'
import { ATTO_FIL_PER_FIL, formatFil } from '@plimsoll/primitives'
import { anyPositiveAmount } from '@plimsoll/testkit'
import { describe, expect } from 'vitest'
import { PortfolioError, parsePortfolio } from './portfolio.ts'

const FIL = ATTO_FIL_PER_FIL

function fileOf(...miners: readonly unknown[]): unknown {
  return { format: 1, miners }
}

function errorOf(json: unknown): unknown {
  try {
    return parsePortfolio(json)
  } catch (error) {
    return error
  }
}

describe('parsePortfolio', () => {
  test('reads what stands against each miner, by its id', () => {
    const portfolio = parsePortfolio(
      fileOf(
        { miner: 'f01234', outstanding: '12.5 FIL', buffer: { days: 3 }, label: 'a warehouse' },
        { miner: 't02000', outstanding: '7 attoFIL', buffer: { amount: '1 FIL' } },
        { miner: '3000' },
      ),
    )
    expect([...portfolio]).toEqual([
      [1234, { outstanding: (25n * FIL) / 2n, buffer: { days: 3 }, label: 'a warehouse' }],
      [2000, { outstanding: 7n, buffer: { amount: FIL }, label: undefined }],
      [3000, { outstanding: 0n, buffer: undefined, label: undefined }],
    ])
  })

  // 8.5 % are 17 of 200.
  test('reads how what is outstanding grows', () => {
    const miner = { miner: 'f01234', passiveMintPerDay: '0.5 FIL', interestPerYear: '8.5 %' }
    const terms = parsePortfolio(fileOf(miner)).get(1234)
    expect(terms?.passiveMintPerDay).toBe(FIL / 2n)
    const { num = 0n, denom = 1n } = terms?.interestPerYear ?? {}
    expect(num * 200n).toBe(denom * 17n)
  })

  test('reads a portfolio of no miners', () => {
    expect(parsePortfolio(fileOf()).size).toBe(0)
  })

  test.each([
    { name: 'an amount of zero', miner: { outstanding: '0' } },
    { name: 'a buffer of no days', miner: { buffer: { days: 0 } } },
    { name: 'a buffer of zero', miner: { buffer: { amount: '0' } } },
    { name: 'a label of 80 characters', miner: { label: 'x'.repeat(80) } },
  ])('takes $name', ({ miner }) => {
    expect(parsePortfolio(fileOf({ miner: 'f01', ...miner })).has(1)).toBe(true)
  })

  test.prop([fc.uniqueArray(fc.tuple(fc.nat(), anyPositiveAmount), { selector: ([id]) => id })])(
    'gives back every amount to the last attoFIL',
    (entries) => {
      const miners = entries.map(([id, amount]) => ({ miner: `f0${id}`, outstanding: formatFil(amount) }))
      const portfolio = parsePortfolio(fileOf(...miners))
      expect([...portfolio].map(([id, { outstanding }]) => [id, outstanding])).toEqual(entries)
    },
  )
})

describe('what a portfolio must not be', () => {
  test.each([
    { name: 'no object', json: null, place: 'the file' },
    { name: 'a list', json: [], place: 'the file' },
    { name: 'of no format', json: { miners: [] }, place: 'format' },
    { name: 'of a later format', json: { format: 2, miners: [] }, place: 'format' },
    { name: 'of a format in text', json: { format: '1', miners: [] }, place: 'format' },
    { name: 'without miners', json: { format: 1 }, place: 'miners' },
    { name: 'with an unknown field', json: { format: 1, miners: [], note: '' }, place: 'the file' },
  ])('is $name', ({ json, place }) => {
    const error = errorOf(json)
    expect(error).toBeInstanceOf(PortfolioError)
    expect(error).toMatchObject({ code: 'INVALID_PORTFOLIO', data: { place } })
  })

  test.each([
    { name: 'an unknown field', miner: { oustanding: '1' }, place: 'miners.1' },
    { name: 'no address', miner: { miner: undefined }, place: 'miners.1.miner' },
    {
      name: 'an address of a key',
      miner: { miner: 'f1itpqzzcx6yf52oc35dgsoxfqkoxpy6kdmygbaja' },
      place: 'miners.1.miner',
    },
    { name: 'an address that is no id', miner: { miner: 'f0x12' }, place: 'miners.1.miner' },
    { name: 'an id of 2^64', miner: { miner: 'f018446744073709551616' }, place: 'miners.1.miner' },
    { name: 'a number for an address', miner: { miner: 1234 }, place: 'miners.1.miner' },
    { name: 'a negative amount', miner: { outstanding: '-0.1 FIL' }, place: 'miners.1.outstanding' },
    {
      name: 'a negative amount of one attoFIL',
      miner: { outstanding: '-1 attoFIL' },
      place: 'miners.1.outstanding',
    },
    { name: 'a number for an amount', miner: { outstanding: 1 }, place: 'miners.1.outstanding' },
    {
      name: 'an amount of 19 decimals',
      miner: { outstanding: `0.${'1'.repeat(19)}` },
      place: 'miners.1.outstanding',
    },
    { name: 'an amount of another currency', miner: { outstanding: '1 USD' }, place: 'miners.1.outstanding' },
    { name: 'an empty amount', miner: { outstanding: '' }, place: 'miners.1.outstanding' },
    { name: 'a negative rate', miner: { interestPerYear: '-1 %' }, place: 'miners.1.interestPerYear' },
    { name: 'a number for a rate', miner: { interestPerYear: 8 }, place: 'miners.1.interestPerYear' },
    { name: 'a negative number of days', miner: { buffer: { days: -1 } }, place: 'miners.1.buffer.days' },
    { name: 'a part of a day', miner: { buffer: { days: 0.5 } }, place: 'miners.1.buffer' },
    { name: 'a negative buffer', miner: { buffer: { amount: '-1' } }, place: 'miners.1.buffer' },
    { name: 'days and an amount', miner: { buffer: { days: 1, amount: '1' } }, place: 'miners.1.buffer' },
    { name: 'a buffer without a measure', miner: { buffer: {} }, place: 'miners.1.buffer' },
    { name: 'a label of 81 characters', miner: { label: 'x'.repeat(81) }, place: 'miners.1.label' },
  ])('is one in which a miner has $name', ({ miner, place }) => {
    const error = errorOf(fileOf({ miner: 'f01' }, { miner: 'f02', ...miner }))
    expect(error).toBeInstanceOf(PortfolioError)
    expect(error).toMatchObject({ code: 'INVALID_PORTFOLIO', data: { place } })
  })

  test.each(['f01234', 't01234', '1234', '01234', 'f001234'])(
    'is one in which a miner stands twice, again as %s',
    (spelling) => {
      const error = errorOf(fileOf({ miner: 'f01234' }, { miner: 'f01235' }, { miner: spelling }))
      expect(error).toBeInstanceOf(PortfolioError)
      expect(error).toMatchObject({ code: 'INVALID_PORTFOLIO', data: { miner: 1234 } })
    },
  )
})
