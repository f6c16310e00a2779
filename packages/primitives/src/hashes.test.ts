import { fc, test } from '@fast-check/vitest'
import { blake2b } from '@noble/hashes/blake2.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { anyBytes, randomSource } from '@plimsoll/testkit'
import { describe, expect } from 'vitest'
import { createHashes } from './hashes.ts'
import { formatHex } from './hex.ts'

const hashes = await createHashes()

const FUNCTIONS = [
  {
    name: 'blake2b256',
    hash: hashes.blake2b256,
    size: 32,
    oracle: (bytes: Uint8Array) => blake2b(bytes, { dkLen: 32 }),
  },
  {
    name: 'blake2b160',
    hash: hashes.blake2b160,
    size: 20,
    oracle: (bytes: Uint8Array) => blake2b(bytes, { dkLen: 20 }),
  },
  {
    name: 'blake2b32',
    hash: hashes.blake2b32,
    size: 4,
    oracle: (bytes: Uint8Array) => blake2b(bytes, { dkLen: 4 }),
  },
  { name: 'sha256', hash: hashes.sha256, size: 32, oracle: sha256 },
]

// The blocks of BLAKE2b have 128 bytes, those of SHA-256 have 64 with nine of padding after the message.
const LENGTHS = [0, 1, 55, 56, 63, 64, 65, 127, 128, 129, 255, 256, 257, 1000, 65_536, 1 << 20]

describe.each(FUNCTIONS)('$name', ({ hash, size, oracle }) => {
  test.each(LENGTHS)('agrees with an independent implementation on %i bytes', (length) => {
    const bytes = randomSource(length).bytes(length)
    const digest = hash(bytes)
    expect(digest).toHaveLength(size)
    expect(formatHex(digest)).toBe(formatHex(oracle(bytes)))
  })

  test.prop([fc.array(anyBytes, { minLength: 1, maxLength: 8 })])(
    'keeps nothing from one message to the next, nor changes a digest that it gave',
    (messages) => {
      const digests = messages.map((message) => hash(message))
      expect(digests.map(formatHex)).toEqual(messages.map((message) => formatHex(oracle(message))))
    },
  )

  test('leaves the message as it is', () => {
    const bytes = Uint8Array.of(1, 2, 3)
    hash(bytes)
    expect(bytes).toEqual(Uint8Array.of(1, 2, 3))
  })

  test('hashes a view of a larger buffer as the bytes that it shows', () => {
    const whole = randomSource(1).bytes(100)
    expect(hash(whole.subarray(10, 90))).toEqual(hash(whole.slice(10, 90)))
  })
})

describe('createHashes', () => {
  // FIPS 180-4, the example of one block.
  test('gives the digest of "abc" that the standard prints', () => {
    expect(formatHex(hashes.sha256(new TextEncoder().encode('abc')))).toBe(
      'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    )
  })

  // The payload of an f1 address is the hash of the key: ref-fvm `shared/tests/address_test.rs`, first vector.
  test('gives the payload of the address of a secp256k1 key', () => {
    const key = Uint8Array.of(
      ...[4, 148, 2, 250, 195, 126, 100, 50, 164, 22, 163, 160, 202, 84, 38, 181, 24, 90, 179, 178, 79, 97],
      ...[52, 239, 162, 92, 228, 135, 200, 45, 46, 78, 19, 191, 69, 37, 17, 224, 210, 36, 84, 33, 248, 97],
      ...[59, 193, 13, 114, 250, 33, 102, 102, 169, 108, 59, 193, 57, 32, 211, 255, 35, 63, 208, 188, 5],
    )
    expect(formatHex(hashes.blake2b160(key))).toBe('ea0f0ea039b291a0f08fd179e0556a8c3277c0d3')
  })

  test('makes objects that do not disturb each other', async () => {
    const other = await createHashes()
    const [first, second] = [Uint8Array.of(1), Uint8Array.of(2)]
    const digest = hashes.blake2b256(first)
    other.blake2b256(second)
    expect(digest).toEqual(blake2b(first, { dkLen: 32 }))
    expect(hashes.blake2b256(first)).toEqual(digest)
  })
})
