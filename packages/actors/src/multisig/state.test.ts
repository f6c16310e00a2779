import { fc, test } from '@fast-check/vitest'
import { createMemoryBlockstore, decodeCbor, encodeCbor } from '@plimsoll/ipld'
import { createHashes, formatHex, parseHex } from '@plimsoll/primitives'
import { ANNE, anyAddress, anyAmount, anyBytes, anyLink, anyU64, BOB, DARLENE } from '@plimsoll/testkit'
import { describe, expect } from 'vitest'
import { methodNumOf } from '../runtime/method-num.ts'
import { MultisigState, PendingTxns } from './state.ts'
import { Transaction } from './types.ts'

const store = createMemoryBlockstore(await createHashes())
const anyI64 = fc.bigInt({ min: -(1n << 63n), max: (1n << 63n) - 1n })

const anyTransaction = fc.record({
  to: anyAddress,
  value: anyAmount,
  method: anyU64.map(methodNumOf),
  params: anyBytes,
  approved: fc.array(anyAddress, { maxLength: 4 }),
})

describe('the state of a multisig', () => {
  // [[h'0065'], 1, 2, h'0064', 3, 4, CID of the empty map]: f0101, 100 attoFIL locked.
  const empty = 'd82a5827000171a0e4022018fe6acc61a3a36b0c373c4a3a8ea64b812bf2ca9b528050909c78d408558a0c'
  const hex = `87814200650102420064030${'4'}${empty}`
  const value = {
    signers: [ANNE],
    numApprovalsThreshold: 1,
    nextTxId: 2n,
    initialBalance: 100n,
    startEpoch: 3n,
    unlockDuration: 4n,
    pendingTxs: PendingTxns.empty(store).flush(),
  }

  test('is a tuple', () => {
    expect(formatHex(encodeCbor(MultisigState, value))).toBe(hex)
    expect(encodeCbor(MultisigState, decodeCbor(MultisigState, parseHex(hex)))).toEqual(parseHex(hex))
  })

  test.each([
    { defect: 'no map', hex: `86814200650102420064030${'4'}` },
    { defect: 'a field more', hex: `88${hex.slice(2)}00` },
  ])('is refused with $defect', ({ hex: wrong }) => {
    expect(() => decodeCbor(MultisigState, parseHex(wrong))).toThrow(
      expect.objectContaining({ code: 'INVALID_VALUE', path: ['MultisigState'] }),
    )
  })

  test.prop([
    fc.record({
      signers: fc.array(anyAddress),
      numApprovalsThreshold: fc.maxSafeNat(),
      nextTxId: anyI64,
      initialBalance: anyAmount,
      startEpoch: anyI64,
      unlockDuration: anyI64,
      pendingTxs: anyLink,
    }),
  ])('decodes to what was encoded', (state) => {
    expect(decodeCbor(MultisigState, encodeCbor(MultisigState, state))).toEqual(state)
  })
})

describe('what is pending', () => {
  test('is a tuple of a call and its approvals', () => {
    // [h'0068', h'000a', 0, h'', [h'0065', h'0066']]
    const hex = '8542006842000a00408242006542' + '0066'
    const txn = { to: DARLENE, value: 10n, method: 0, params: new Uint8Array(), approved: [ANNE, BOB] }
    expect(formatHex(encodeCbor(Transaction, txn))).toBe(hex)
    expect(decodeCbor(Transaction, parseHex(hex))).toEqual(txn)
  })

  test.prop([anyTransaction])('decodes to what was encoded', (txn) => {
    expect(decodeCbor(Transaction, encodeCbor(Transaction, txn))).toEqual(txn)
  })

  test.prop([fc.uniqueArray(anyI64, { maxLength: 20 }), anyTransaction])(
    'is found by any number',
    (ids, txn) => {
      const pending = PendingTxns.empty(store)
      for (const id of ids) {
        pending.set(id, txn)
      }
      const stored = PendingTxns.load(store, pending.flush())
      expect(new Set(stored.keys())).toEqual(new Set(ids))
      expect(ids.every((id) => stored.has(id))).toBe(true)
    },
  )

  test.each([
    { key: 0n, bytes: '00' },
    { key: -1n, bytes: '01' },
    { key: 64n, bytes: '8001' },
    { key: (1n << 63n) - 1n, bytes: 'feffffffffffffffff01' },
  ])('has the zig-zag varint $bytes as the key of $key', ({ key, bytes }) => {
    expect(formatHex(keyBytes(key))).toBe(bytes)
    expect(PendingTxns.key.fromBytes(PendingTxns.key.toBytes(key))).toBe(key)
  })

  test.each(['8100', '0000', '', '80'])('has no key %s', (bytes) => {
    const key = String.fromCharCode(...parseHex(bytes)) as ReturnType<typeof PendingTxns.key.toBytes>
    expect(() => PendingTxns.key.fromBytes(key)).toThrow(expect.objectContaining({ code: 'HAMT_KEY' }))
  })
})

function keyBytes(key: bigint): Uint8Array {
  return Uint8Array.from(PendingTxns.key.toBytes(key), (character) => character.charCodeAt(0))
}
