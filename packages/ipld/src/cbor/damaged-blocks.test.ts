import { fc, test } from '@fast-check/vitest'
import {
  anyAddress,
  anyAmount,
  anyBytes,
  anyCid,
  anyEpoch,
  anyIpldValue,
  anyU64,
  mutated,
} from '@plimsoll/testkit'
import { describe, expect } from 'vitest'
import { CodecError } from '../errors.ts'
import { type Codec, decodeCbor, encodeCbor } from './codec.ts'
import { fixedList, list } from './collections.ts'
import { ipldValue } from './ipld-value.ts'
import { rawItem } from './raw-item.ts'
import {
  address,
  bigInt,
  bool,
  bytes,
  chainEpoch,
  cid,
  i64,
  int,
  nullable,
  storagePower,
  text,
  u64,
  uint,
} from './scalars.ts'
import { tuple } from './tuple.ts'

/** A codec and damaged blocks of its values. */
function damaged<T>(codec: Codec<T>, values: fc.Arbitrary<T>) {
  return {
    name: codec.name,
    blocks: fc.oneof(
      { weight: 4, arbitrary: values.chain((value) => mutated(encodeCbor(codec, value))) },
      { weight: 1, arbitrary: anyBytes },
    ),
    recode: (block: Uint8Array) => encodeCbor(codec, decodeCbor(codec, block)),
  }
}

const Claim = tuple('Claim', {
  proofType: int,
  power: storagePower,
  owner: address,
  worker: nullable(address),
  deadlines: fixedList(cid, 2),
  numbers: list(u64),
  epoch: chainEpoch,
  isLate: bool,
  note: text,
  rest: rawItem,
})

const anyClaim = fc.record({
  proofType: fc.integer(),
  power: anyAmount,
  owner: anyAddress,
  worker: fc.option(anyAddress),
  deadlines: fc.array(anyCid, { minLength: 2, maxLength: 2 }),
  numbers: fc.array(anyU64, { maxLength: 5 }),
  epoch: anyEpoch,
  isLate: fc.boolean(),
  note: fc.string(),
  rest: anyBytes.map((value) => encodeCbor(bytes, value)),
})

describe('a damaged block is refused with a data error or is another block that stands for its value', () => {
  describe.each([
    damaged(uint, fc.maxSafeNat()),
    damaged(u64, anyU64),
    damaged(i64, fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })),
    damaged(bool, fc.boolean()),
    damaged(bytes, anyBytes),
    damaged(text, fc.string({ unit: 'binary' })),
    damaged(bigInt, anyAmount),
    damaged(address, anyAddress),
    damaged(cid, anyCid),
    damaged(list(nullable(bigInt)), fc.array(fc.option(anyAmount), { maxLength: 10 })),
    damaged(Claim, anyClaim),
    damaged(ipldValue, anyIpldValue),
  ])('as $name', ({ blocks, recode }) => {
    test.prop([blocks])('of any damage', (block) => {
      let again: Uint8Array
      try {
        again = recode(block)
      } catch (error) {
        expect(error).toBeInstanceOf(CodecError)
        return
      }
      expect(again).toEqual(block)
    })
  })
})
