import { fc, test } from '@fast-check/vitest'
import { type Address, byteString, bytesOf, formatHex, idAddress, parseHex } from '@plimsoll/primitives'
import { anyAddress, anyBytes, anyCid, anyU64 } from '@plimsoll/testkit'
import { describe, expect } from 'vitest'
import { formatCid } from '../cid.ts'
import { addressKey, bytesKey, cidKey, epochKey, type HamtKey, i64Key, u64Key, uintKey } from './keys.ts'

const MAX_SAFE = Number.MAX_SAFE_INTEGER

function hexOf<K>(kind: HamtKey<K>, key: K): string {
  return formatHex(bytesOf(kind.toBytes(key)))
}

function reading<K>(kind: HamtKey<K>, hex: string): () => K {
  return () => kind.fromBytes(byteString(parseHex(hex)))
}

describe('uintKey', () => {
  // Unsigned LEB128: seven bits a byte, the lowest first, all but the last with the high bit.
  test.each([
    { key: 0, hex: '00' },
    { key: 1, hex: '01' },
    { key: 127, hex: '7f' },
    { key: 128, hex: '8001' },
    { key: 300, hex: 'ac02' },
    { key: MAX_SAFE, hex: 'ffffffffffffff0f' },
  ])('writes $key as $hex and in a path as it is', ({ key, hex }) => {
    expect(hexOf(uintKey, key)).toBe(hex)
    expect(reading(uintKey, hex)()).toBe(key)
    expect(uintKey.format(key)).toBe(String(key))
  })

  test.prop([fc.maxSafeNat()])('reads back what it wrote', (key) => {
    expect(uintKey.fromBytes(uintKey.toBytes(key))).toBe(key)
  })
})

describe('u64Key', () => {
  test.each([
    { key: 300n, hex: 'ac02' },
    { key: 2n ** 53n, hex: '8080808080808010' },
    { key: 2n ** 64n - 1n, hex: 'ffffffffffffffffff01' },
  ])('writes $key as $hex, over all 64 bits', ({ key, hex }) => {
    expect(hexOf(u64Key, key)).toBe(hex)
    expect(reading(u64Key, hex)()).toBe(key)
    expect(u64Key.format(key)).toBe(String(key))
  })

  test.prop([anyU64])('reads back what it wrote', (key) => {
    expect(u64Key.fromBytes(u64Key.toBytes(key))).toBe(key)
  })

  test.each(['', '80', '0100', 'ffffffffffffffffff02'])('is not %s', (hex) => {
    expect(reading(u64Key, hex)).toThrow(expect.objectContaining({ code: 'HAMT_KEY' }))
  })
})

describe('epochKey', () => {
  // Zig-zag: 2e for e ≥ 0, −2e − 1 below, then LEB128. Source of 101 and −1: builtin-actors v18,
  // actors/power/src/state.rs, epoch_key.
  test.each([
    { epoch: 0, hex: '00' },
    { epoch: -1, hex: '01' },
    { epoch: 1, hex: '02' },
    { epoch: 63, hex: '7e' },
    { epoch: 64, hex: '8001' },
    { epoch: -64, hex: '7f' },
    { epoch: 101, hex: 'ca01' },
    { epoch: 2 ** 31, hex: '8080808010' },
  ])('writes epoch $epoch as $hex', ({ epoch, hex }) => {
    expect(hexOf(epochKey, epoch)).toBe(hex)
    expect(reading(epochKey, hex)()).toBe(epoch)
    expect(epochKey.format(epoch)).toBe(String(epoch))
  })

  test.prop([fc.maxSafeInteger()])('reads back what it wrote', (epoch) => {
    expect(epochKey.fromBytes(epochKey.toBytes(epoch))).toBe(epoch)
  })
})

describe('i64Key', () => {
  // The form of epochs, over all 64 bits: zig-zag of the two ends is 2^64 − 2 and 2^64 − 1.
  test.each([
    { key: -1n, hex: '01' },
    { key: 101n, hex: 'ca01' },
    { key: 2n ** 63n - 1n, hex: 'feffffffffffffffff01' },
    { key: -(2n ** 63n), hex: 'ffffffffffffffffff01' },
  ])('writes $key as $hex', ({ key, hex }) => {
    expect(hexOf(i64Key, key)).toBe(hex)
    expect(reading(i64Key, hex)()).toBe(key)
    expect(i64Key.format(key)).toBe(String(key))
  })

  test.prop([fc.maxSafeInteger()])('writes what epochKey writes', (epoch) => {
    expect(i64Key.toBytes(BigInt(epoch))).toBe(epochKey.toBytes(epoch))
    expect(i64Key.fromBytes(epochKey.toBytes(epoch))).toBe(BigInt(epoch))
  })

  test.each(['', '80', '0100'])('is not %s', (hex) => {
    expect(reading(i64Key, hex)).toThrow(expect.objectContaining({ code: 'HAMT_KEY' }))
  })
})

describe('cidKey', () => {
  test.prop([anyCid])('writes the bytes of a CID and reads them back', (cid) => {
    expect(cidKey.toBytes(cid)).toBe(cid)
    expect(cidKey.fromBytes(cidKey.toBytes(cid))).toBe(cid)
    expect(cidKey.format(cid)).toBe(formatCid(cid))
  })

  test.each(['', '0171', '0171a0e40220'])('is not %s', (hex) => {
    expect(reading(cidKey, hex)).toThrow(expect.objectContaining({ code: 'HAMT_KEY', data: { key: hex } }))
  })
})

describe('a key that is a number', () => {
  test.each([
    { defect: 'no bytes', hex: '' },
    { defect: 'a varint that is cut short', hex: '80' },
    { defect: 'a varint that is not minimal', hex: '8000' },
    { defect: 'bytes after the varint', hex: '0000' },
    { defect: 'a number of more than 64 bits', hex: '80808080808080808002' },
    { defect: 'a varint of eleven bytes', hex: '8080808080808080808001' },
    { defect: '2^64 − 1', hex: 'ffffffffffffffffff01' },
  ])('is never $defect', ({ hex }) => {
    const refused = expect.objectContaining({ code: 'HAMT_KEY', data: { key: hex } })
    expect(reading(uintKey, hex)).toThrow(refused)
    expect(reading(epochKey, hex)).toThrow(refused)
  })

  // 2^53 unsigned; zig-zag 2^54 is 2^53 and 2^54 − 1 is −2^53, each the first beyond the exact ones.
  test.each([
    { kind: uintKey, hex: '8080808080808010', meaning: '2^53' },
    { kind: epochKey, hex: '8080808080808020', meaning: 'epoch 2^53' },
    { kind: epochKey, hex: 'ffffffffffffff1f', meaning: 'epoch −2^53' },
  ])('is never $meaning', ({ kind, hex }) => {
    expect(reading(kind, hex)).toThrow(expect.objectContaining({ code: 'HAMT_KEY', data: { key: hex } }))
  })

  test.prop([anyBytes])('has one form in bytes', (bytes) => {
    for (const kind of [uintKey, epochKey]) {
      let key: number
      try {
        key = kind.fromBytes(byteString(bytes))
      } catch (error) {
        expect(error).toMatchObject({ code: 'HAMT_KEY' })
        continue
      }
      expect(bytesOf(kind.toBytes(key))).toEqual(bytes)
    }
  })
})

describe('addressKey', () => {
  test.each([
    { id: 0, hex: '0000', path: 'f00' },
    { id: 1000, hex: '00e807', path: 'f01000' },
  ])('writes f0$id as $hex and in a path as $path', ({ id, hex, path }) => {
    const key = idAddress(id as Parameters<typeof idAddress>[0])
    expect(hexOf(addressKey, key)).toBe(hex)
    expect(reading(addressKey, hex)()).toBe(key)
    expect(addressKey.format(key)).toBe(path)
  })

  test('writes any other address in a path as its bytes', () => {
    const hex = `02${'ab'.repeat(20)}`
    const key: Address = reading(addressKey, hex)()
    expect(addressKey.format(key)).toBe(`address ${hex}`)
  })

  test.prop([anyAddress])('reads back what it wrote', (key) => {
    expect(addressKey.fromBytes(addressKey.toBytes(key))).toBe(key)
  })

  test.each([
    { defect: 'no bytes', hex: '' },
    { defect: 'an unknown protocol', hex: '05ab' },
    { defect: 'an id that is not minimal', hex: '008000' },
    { defect: 'an id with bytes after it', hex: '000000' },
    { defect: 'a hash of 19 bytes', hex: `01${'ab'.repeat(19)}` },
    { defect: 'a BLS key of 49 bytes', hex: `03${'ab'.repeat(49)}` },
  ])('refuses $defect', ({ hex }) => {
    expect(reading(addressKey, hex)).toThrow(
      expect.objectContaining({ code: 'HAMT_KEY', data: { key: hex } }),
    )
  })
})

describe('bytesKey', () => {
  test.prop([anyBytes])('takes any bytes as they are and shows them in hex', (bytes) => {
    const key = byteString(bytes)
    expect(bytesKey.toBytes(key)).toBe(key)
    expect(bytesKey.fromBytes(key)).toBe(key)
    expect(bytesKey.format(key)).toBe(formatHex(bytes))
  })
})
