import { fc, test } from '@fast-check/vitest'
import { bitFieldOf, createMemoryBlockstore, decodeCbor, encodeCbor } from '@plimsoll/ipld'
import { ATTO_FIL_PER_FIL, createHashes, formatHex, parseHex } from '@plimsoll/primitives'
import { anyMembers, anyPositiveAmount } from '@plimsoll/testkit'
import { describe, expect } from 'vitest'
import {
  ExpirationSet,
  ExpirationSetV8,
  PartitionExpirations,
  PartitionExpirationsV8,
} from './expiration-queue.ts'

/** The set of the tests of the reference. */
const set: ExpirationSet = {
  onTimeSectors: bitFieldOf([0]),
  earlySectors: bitFieldOf([1]),
  onTimePledge: 2n * ATTO_FIL_PER_FIL,
  activePower: { raw: 3n, qa: 4n },
  faultyPower: { raw: 5n, qa: 6n },
  feeDeduction: 7n * ATTO_FIL_PER_FIL,
}
// [h'0c', h'18', h'001bc16d674ec80000', [h'0003', h'0004'], [h'0005', h'0006']
const fiveFields = '410c411849001bc16d674ec800008242000342000482420005420006'

const anySet: fc.Arbitrary<ExpirationSet> = fc.record({
  onTimeSectors: anyMembers.map(bitFieldOf),
  earlySectors: anyMembers.map(bitFieldOf),
  onTimePledge: anyPositiveAmount,
  activePower: fc.record({ raw: anyPositiveAmount, qa: anyPositiveAmount }),
  faultyPower: fc.record({ raw: anyPositiveAmount, qa: anyPositiveAmount }),
  feeDeduction: anyPositiveAmount,
})

describe('ExpirationSet', () => {
  // Source: builtin-actors v18, `actors/miner/tests/types_test.rs`, `expiration_set`.
  test('stands in bytes as the reference writes it', () => {
    const hex = `86${fiveFields}49006124fee993bc0000`
    expect(decodeCbor(ExpirationSet, parseHex(hex))).toEqual(set)
    expect(formatHex(encodeCbor(ExpirationSet, set))).toBe(hex)
  })

  test('without anything is six empty fields', () => {
    const empty = bitFieldOf([])
    const none = { raw: 0n, qa: 0n }
    const value = {
      onTimeSectors: empty,
      earlySectors: empty,
      onTimePledge: 0n,
      activePower: none,
      faultyPower: none,
      feeDeduction: 0n,
    }
    expect(decodeCbor(ExpirationSet, parseHex('8640404082404082404040'))).toEqual(value)
    expect(formatHex(encodeCbor(ExpirationSet, value))).toBe('8640404082404082404040')
  })

  test('of v15, without a fee, is read as free of it and written with it', () => {
    const free = decodeCbor(ExpirationSet, parseHex(`85${fiveFields}`))
    expect(free).toEqual({ ...set, feeDeduction: 0n })
    expect(formatHex(encodeCbor(ExpirationSet, free))).toBe(`86${fiveFields}40`)
  })

  test('in the layout of v8 to v15 is written without the fee', () => {
    const free = decodeCbor(ExpirationSetV8, parseHex(`85${fiveFields}`))
    expect(free).toEqual({ ...set, feeDeduction: 0n })
    expect(formatHex(encodeCbor(ExpirationSetV8, free))).toBe(`85${fiveFields}`)
  })

  test.each([
    { defect: 'four fields', hex: `84${fiveFields.slice(0, -14)}` },
    { defect: 'seven fields', hex: `87${fiveFields}4040` },
  ])('is refused with $defect', ({ hex }) => {
    expect(() => decodeCbor(ExpirationSet, parseHex(hex))).toThrow(
      expect.objectContaining({ code: 'INVALID_VALUE', path: ['ExpirationSet'] }),
    )
  })

  test.prop([anySet])('decodes to what was encoded', (any) => {
    expect(decodeCbor(ExpirationSet, encodeCbor(ExpirationSet, any))).toEqual(any)
    expect(decodeCbor(ExpirationSetV8, encodeCbor(ExpirationSetV8, any))).toEqual({
      ...any,
      feeDeduction: 0n,
    })
  })
})

describe('the expiration queue of a partition', async () => {
  const store = createMemoryBlockstore(await createHashes())

  // Source: builtin-actors v18, `actors/miner/src/partition_state.rs`, `PARTITION_EXPIRATION_AMT_BITWIDTH`.
  test.each([
    { layout: 'v16', queues: PartitionExpirations, set: `86${fiveFields}40` },
    { layout: 'v8', queues: PartitionExpirationsV8, set: `85${fiveFields}` },
  ])('in the layout of $layout is an AMT of bit width 4 by epoch', ({ queues, set: leaf }) => {
    const queue = queues.empty(store)
    queue.set(3, { ...set, feeDeduction: 0n })
    // [4, 0, 1, [h'0800', [], [set]]]: slot 3 of 16.
    expect(formatHex(store.find(queue.flush().cid) ?? new Uint8Array())).toBe(`84040001834208008081${leaf}`)
  })
})
