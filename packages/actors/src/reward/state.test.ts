import { fc, test } from '@fast-check/vitest'
import { decodeCbor, encodeCbor } from '@plimsoll/ipld'
import { formatHex, parseHex } from '@plimsoll/primitives'
import { anyAmount, anyEpoch } from '@plimsoll/testkit'
import { describe, expect } from 'vitest'
import { RewardState } from './state.ts'

const anyFilter = fc.record({ position: anyAmount, velocity: anyAmount })
const anyState: fc.Arbitrary<RewardState> = fc.record({
  cumsumBaseline: anyAmount,
  cumsumRealized: anyAmount,
  effectiveNetworkTime: anyEpoch,
  effectiveBaselinePower: anyAmount,
  thisEpochReward: anyAmount,
  thisEpochRewardSmoothed: anyFilter,
  thisEpochBaselinePower: anyAmount,
  epoch: anyEpoch,
  totalStoragePowerReward: anyAmount,
  simpleTotal: anyAmount,
  baselineTotal: anyAmount,
})

describe('the state of the reward actor', () => {
  test.each<{ readonly of: string; readonly hex: string; readonly value: RewardState }>([
    {
      of: 'another value in every field, in the order of `actors/reward/src/state.rs` at v18.0.0',
      // [h'0001', h'0002', 3, h'0004', h'0005', [h'0006', h'0107'], h'0008', 9, h'000a', h'000b', h'000c']
      hex: '8b42000142000203420004420005824200064201074200080942000a42000b42000c',
      value: {
        cumsumBaseline: 1n,
        cumsumRealized: 2n,
        effectiveNetworkTime: 3,
        effectiveBaselinePower: 4n,
        thisEpochReward: 5n,
        thisEpochRewardSmoothed: { position: 6n, velocity: -7n },
        thisEpochBaselinePower: 8n,
        epoch: 9,
        totalStoragePowerReward: 10n,
        simpleTotal: 11n,
        baselineTotal: 12n,
      },
    },
    {
      // Source: ChainSafe/forest `src/state_migration/tests/data`.
      of: 'the calibration network at epoch 16,800',
      // [h'00281765ff22455b9e', h'00166c3f7000000000', 1, h'00281766dce49408fc', h'0001f66b95f887f376c7',
      // [h'0001f66bb58f22cfa9831c6057f379059b4a11ec34c2d74f8b40',
      // h'01038c18062c89f72bb35c2abd8833c940749c4792b488'], h'002889b8cc41bffca5', 16801,
      // h'007f32e71f25ca39935693', h'000110f837d8942a518a000000', h'00027cedd7a283d7eef8aeb523']
      hex:
        '8b4900281765ff22455b9e4900166c3f7000000000014900281766dce49408fc4a0001f66b95f887f376c7' +
        '82581a0001f66bb58f22cfa9831c6057f379059b4a11ec34c2d74f8b405701038c18062c89f72bb35c2abd8833c94074' +
        '9c4792b48849002889b8cc41bffca51941a14b007f32e71f25ca399356934d000110f837d8942a518a000000' +
        '4d00027cedd7a283d7eef8aeb523',
      value: {
        cumsumBaseline: 2888889832447499166n,
        cumsumRealized: 1615736116588052480n,
        effectiveNetworkTime: 1,
        effectiveBaselinePower: 2888890784895207676n,
        thisEpochReward: 36203194924213171911n,
        thisEpochRewardSmoothed: {
          position: 12319320677497698152166387502061468114984135228201460796224n,
          velocity: -1327180640159318624548463023443441791695679426573448n,
        },
        thisEpochBaselinePower: 2921069020742417573n,
        epoch: 16801,
        totalStoragePowerReward: 600679534599627938682515n,
        simpleTotal: 330000000000000000000000000n,
        baselineTotal: 769999999891760986050180387n,
      },
    },
  ])('of $of stands in bytes as it should', ({ hex, value }) => {
    expect(decodeCbor(RewardState, parseHex(hex))).toEqual(value)
    expect(formatHex(encodeCbor(RewardState, value))).toBe(hex)
  })

  test.each([
    { count: 10, head: '8a' },
    { count: 12, head: '8c' },
  ])('has not $count fields', ({ head }) => {
    expect(() => decodeCbor(RewardState, parseHex(head + '40'.repeat(12)))).toThrow(
      expect.objectContaining({ code: 'INVALID_VALUE', path: ['RewardState'] }),
    )
  })

  test.prop([anyState])('decodes to what was encoded', (state) => {
    expect(decodeCbor(RewardState, encodeCbor(RewardState, state))).toEqual(state)
  })
})
