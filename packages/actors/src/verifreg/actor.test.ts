import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { DATACAP_ACTOR } from '../datacap/actor.ts'
import { FRC46_TOKEN_TYPE } from '../datacap/types.ts'
import { VERIFREG_ACTOR } from './actor.ts'

// Methods 5 and 6 went with FIP-0045. Source: actors/verifreg/src/lib.rs, Method.
test('the registry has the methods 1 to 12 but for 5 and 6', () => {
  const numbers = [...VERIFREG_ACTOR.methods.keys()].filter((number) => number < 1 << 24)
  expect(numbers).toEqual([1, 2, 3, 4, 7, 8, 9, 10, 11, 12])
})

// All others went with v10. Source: actors/datacap/src/lib.rs, Method.
test('the token has one method that is not exported', () => {
  const numbers = [...DATACAP_ACTOR.methods.keys()].filter((number) => number < 1 << 24)
  expect(numbers).toEqual([1])
})

// FRC-0042 hashes the name with a prefix and takes the first four bytes, where they are no internal number.
test('tokens of FRC-0046 have the hash of their name as their type', () => {
  const digest = createHash('blake2b512').update('1|FRC46').digest()
  expect(FRC46_TOKEN_TYPE).toBe(digest.readUInt32BE(0))
})
