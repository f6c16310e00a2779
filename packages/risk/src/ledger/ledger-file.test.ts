import { readFileSync } from 'node:fs'
import { fc, test } from '@fast-check/vitest'
import type { ActorId } from '@plimsoll/primitives'
import { describe, expect } from 'vitest'
import { outstandingOf, supplyOf } from './books.ts'
import { checkBooks } from './check-books.ts'
import { LedgerError } from './ledger-error.ts'
import { parseLedgerFile, replayLedger } from './ledger-file.ts'

const EXAMPLE = JSON.parse(
  readFileSync(new URL('../../../../examples/ledger.json', import.meta.url), 'utf8'),
) as { entries: Record<string, unknown>[]; terms: Record<string, unknown>; format: number }

const FIL = 10n ** 18n

function errorOf(run: () => unknown): LedgerError {
  try {
    run()
  } catch (error) {
    expect(error).toBeInstanceOf(LedgerError)
    return error as LedgerError
  }
  throw new Error('nothing was refused')
}

/** The example with other fields in one of its entries. */
function exampleWith(index: number, fields: Record<string, unknown>) {
  const entries = EXAMPLE.entries.map((entry, i) => (i === index ? { ...entry, ...fields } : entry))
  return { ...EXAMPLE, entries }
}

describe('the example', () => {
  test('leads to the books that arithmetic leads to', () => {
    const books = replayLedger(parseLedgerFile(EXAMPLE))
    const totals = books.agreements.get(1000 as ActorId)?.totals
    // 1.2 · 1,000 · 0.03 / 360 = 0.1 are minted passively, so that 1,000.1 are owed and bought back in the end.
    expect(totals?.passivelyMinted).toBe(FIL / 10n)
    expect(totals?.boughtBack).toBe(1000n * FIL + FIL / 10n)
    // Five steps below 1.10 a FIL costs 1.05, and 0.95 after fifteen: 600 · 1.05 + 395 · 0.95 = 1,005.25 are paid.
    expect(books.auctions[0]).toMatchObject({
      lot: 995n * FIL,
      paid: (100_525n * FIL) / 100n,
      surplus: (515n * FIL) / 100n,
    })
    expect(outstandingOf(books, 1001 as ActorId)).toBe(500n * FIL)
    expect(supplyOf(books)).toBe(500n * FIL)
    expect(checkBooks(books)).toEqual([])
  })

  test('has an entry refused by its place when it breaks a rule', () => {
    const error = errorOf(() => replayLedger(parseLedgerFile(exampleWith(2, { amount: '1000.1 FIL' }))))
    expect(error.code).toBe('LEDGER_BEYOND_SAFE_PLEDGE')
    // 1,100 less a fee of 85 is 1,015, which covers it; less a buffer of 15 it is 1,000.
    expect(error.data).toMatchObject({ index: 2, binding: 'buffer', capacity: 1000n * FIL })
  })

  test('is refused when an entry comes too early', () => {
    const error = errorOf(() => replayLedger(parseLedgerFile(exampleWith(7, { epoch: 6759 }))))
    expect(error.code).toBe('LEDGER_NOTICE')
  })
})

describe('parseLedgerFile', () => {
  test.each([
    { what: 'another format', file: { ...EXAMPLE, format: 2 }, place: 'format' },
    { what: 'no terms', file: { format: 1, entries: [] }, place: 'terms' },
    { what: 'an amount as a number', file: exampleWith(0, { amount: 2 }), place: 'entries.0.amount' },
    { what: 'an amount below zero', file: exampleWith(0, { amount: '-2 FIL' }), place: 'entries.0.amount' },
    { what: 'an unknown kind', file: exampleWith(0, { kind: 'steal' }), place: 'entries.0.kind' },
    { what: 'an unknown field', file: exampleWith(0, { note: 'x' }), place: 'entries.0' },
    { what: 'a broken epoch', file: exampleWith(0, { epoch: 1.5 }), place: 'entries.0.epoch' },
    { what: 'a ratio of nothing', file: exampleWith(5, { filPerPfil: '0' }), place: 'entries.5.filPerPfil' },
    { what: 'no miner', file: exampleWith(5, { miner: 'f1abc' }), place: 'entries.5.miner' },
    {
      what: 'half of an appraisal',
      file: exampleWith(2, { appraisal: {} }),
      place: 'entries.2.appraisal.actorBalance',
    },
    { what: 'a year of no days', file: withPeriod(0), place: 'terms.passiveMint.periodDays' },
  ])('refuses $what by its place', ({ file, place }) => {
    const error = errorOf(() => parseLedgerFile(file))
    expect(error.code).toBe('INVALID_LEDGER_FILE')
    expect(error.data['place']).toBe(place)
  })

  const appraisal = {
    ...{ actorBalance: '6 FIL', preCommitDeposit: '5 FIL', terminationFee: '4 FIL' },
    ...{ buffer: '3 FIL', feeDebt: '2 FIL', queuedTerminationFee: '1 FIL' },
  }
  const appraised = {
    ...{ actorBalance: 6n * FIL, preCommitDeposit: 5n * FIL, terminationFee: 4n * FIL },
    ...{ buffer: 3n * FIL, feeDebt: 2n * FIL, queuedTerminationFee: FIL },
  }
  const agreement = { warningThreshold: '2 FIL', terminationThreshold: '1 FIL', noticeEpochs: 9 }

  test.each([
    { kind: 'fundReserve', fields: { amount: '2 FIL' }, read: { amount: 2n * FIL } },
    {
      kind: 'open',
      fields: { miner: 'f01000', terms: agreement },
      read: { miner: 1000, terms: { ...agreement, warningThreshold: 2n * FIL, terminationThreshold: FIL } },
    },
    {
      kind: 'mint',
      fields: { miner: 'f01000', amount: '2 FIL', appraisal },
      read: { miner: 1000, amount: 2n * FIL, appraisal: appraised },
    },
    {
      kind: 'passiveMint',
      fields: { miner: 'f01000', day: 3, filPerPfil: '1.04' },
      // Of 18 decimals.
      read: { miner: 1000, day: 3, filPerPfil: { num: (104n * FIL) / 100n, denom: FIL } },
    },
    ...['burn', 'topUp', 'repay', 'recover'].map((kind) => ({
      ...{ kind, fields: { miner: 'f01000', amount: '2 FIL' }, read: { miner: 1000, amount: 2n * FIL } },
    })),
    ...['warn', 'liftWarning', 'forceTermination'].map((kind) => ({
      ...{ kind, fields: { miner: 'f01000', appraisal }, read: { miner: 1000, appraisal: appraised } },
    })),
    {
      kind: 'bid',
      fields: { auction: 2, fil: '0 FIL', pfil: '0.5 FIL' },
      read: { auction: 2, fil: 0n, pfil: FIL / 2n },
    },
    { kind: 'settle', fields: { auction: 2 }, read: { auction: 2 } },
    {
      kind: 'writeOff',
      fields: { miner: 'f01000', stillRecoverable: '0 FIL' },
      read: { miner: 1000, stillRecoverable: 0n },
    },
    { kind: 'close', fields: { miner: 'f01000' }, read: { miner: 1000 } },
  ])('reads $kind', ({ kind, fields, read }) => {
    const file = { ...EXAMPLE, entries: [{ kind, epoch: 7, ...fields }] }
    expect(parseLedgerFile(file).entries).toEqual([{ kind, epoch: 7, ...read }])
  })

  test.each([
    { mintRule: 'published', lotRule: 'upToOutstanding' },
    { mintRule: 'strict', lotRule: 'allRecovered' },
  ])('reads books that mint by $mintRule and sell $lotRule', (rules) => {
    const file = { format: 1, terms: { ...EXAMPLE.terms, ...rules }, entries: [] }
    expect(parseLedgerFile(file).terms).toMatchObject(rules)
  })

  test.each([[], null, 'books', 7])('refuses %j, which is no file of books, as a whole', (json) => {
    expect(errorOf(() => parseLedgerFile(json))).toMatchObject({
      ...{ code: 'INVALID_LEDGER_FILE', data: { place: 'the file' } },
    })
  })

  test.each([
    { fields: { amount: '2 apples' }, says: 'an amount such as "12.5 FIL"' },
    { fields: { kind: 'burn', miner: 'apple' }, says: 'a miner\'s address such as "f01234"' },
  ])('says what is expected in place of $fields', ({ fields, says }) => {
    expect(errorOf(() => parseLedgerFile(exampleWith(0, fields))).message).toContain(says)
  })

  test.prop([fc.jsonValue()])('refuses whatever JSON comes', (json) => {
    expect(errorOf(() => parseLedgerFile(json)).code).toBe('INVALID_LEDGER_FILE')
  })
})

function withPeriod(periodDays: number) {
  const passiveMint = { startMultiplier: '1.2', endMultiplier: '0.8', periodDays }
  return { ...EXAMPLE, terms: { ...EXAMPLE.terms, passiveMint } }
}
