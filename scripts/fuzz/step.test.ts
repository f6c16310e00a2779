import { fc, test } from '@fast-check/vitest'
import { createHashes } from '@plimsoll/primitives'
import { anyAddress, anyAmount, anyBytes } from '@plimsoll/testkit'
import { describe, expect } from 'vitest'
import { type Step, stepFromJson, stepToJson } from './step.ts'

const hashes = await createHashes()

const anyMethod = fc.oneof(
  fc.nat(2 ** 31),
  fc.constantFrom(Number.MAX_SAFE_INTEGER, 2n ** 53n, (1n << 64n) - 1n),
)
const anyMessage = fc.record({
  from: anyAddress,
  to: anyAddress,
  value: anyAmount,
  method: anyMethod,
  params: fc.option(fc.record({ codec: fc.constantFrom(0x51, 0x55, 0x71), data: anyBytes })),
})
const anyStep: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constantFrom('message' as const, 'impersonation' as const), message: anyMessage }),
  fc.record({ kind: fc.constant('tick' as const), epoch: fc.nat() }),
  fc.record({
    kind: fc.constant('reward' as const),
    params: fc.record({
      miner: anyAddress,
      penalty: anyAmount,
      gasReward: anyAmount,
      winCount: fc.bigInt({ min: -5n, max: 5n }),
    }),
  }),
)

describe('a step', () => {
  test.prop([anyStep])('is the same after JSON', (step) => {
    const json = JSON.parse(JSON.stringify(stepToJson(step, hashes)))
    expect(stepFromJson(json, hashes)).toEqual(step)
  })
})
