import { fc, test } from '@fast-check/vitest'
import {
  bitFieldOf,
  bitsOf,
  containsAnyBits,
  decodeCbor,
  EMPTY_BIT_FIELD,
  encodeCbor,
  linkTo,
  parseCid,
  unionOfBitFields,
} from '@plimsoll/ipld'
import { formatHex, parseHex } from '@plimsoll/primitives'
import { anyMembers } from '@plimsoll/testkit'
import { describe, expect } from 'vitest'
import { activePower, activeSectors, liveSectors, Partition } from './partition-state.ts'
import { ZERO_POWER } from './power-pair.ts'

const size = 32n << 30n

/** A partition of one sector that is not proven yet. */
const fresh: Partition = {
  sectors: bitFieldOf([0]),
  unproven: bitFieldOf([0]),
  faults: EMPTY_BIT_FIELD,
  recoveries: EMPTY_BIT_FIELD,
  terminated: EMPTY_BIT_FIELD,
  expirationsEpochs: linkTo(parseCid('bafy2bzacecwnqtpctld5wrtl73yrls75h2u7y72gpz6223faqzydzezhi6x4y')),
  earlyTerminated: linkTo(parseCid('bafy2bzacedijw74yui7otvo63nfl3hdq2vdzuy7wx2tnptwed6zml4vvz7wee')),
  livePower: { raw: size, qa: size },
  unprovenPower: { raw: size, qa: size },
  faultyPower: ZERO_POWER,
  recoveringPower: ZERO_POWER,
}

describe('Partition', () => {
  // Source: ChainSafe/forest `src/state_migration/tests/data`, calibration network at epoch 16,800. Its layout
  // is that of every version since.
  // [h'0c', h'0c', h'', h'', h'', CID hi6x4y, CID vz7wee, [h'000800000000', h'000800000000'],
  // [h'000800000000', h'000800000000'], [h'', h''], [h'', h'']]
  const hex =
    '8b410c410c404040' +
    'd82a5827000171a0e40220acd84de29ac7db466bfef115cbfd3ea9fc7f467e7dad6ca086703c932747afcc' +
    'd82a5827000171a0e40220d09b7f98a23ee9d5dedb4abd9c70d5479a63f6bea6d7cec41fb2c5f2b5cfec42' +
    '824600080000000046000800000000824600080000000046000800000000824040824040'

  test('stands in bytes as on the calibration network', () => {
    expect(decodeCbor(Partition, parseHex(hex))).toEqual(fresh)
    expect(formatHex(encodeCbor(Partition, fresh))).toBe(hex)
  })
})

// Source of the rules: builtin-actors v18, `actors/miner/src/partition_state.rs`.
const partition: Partition = {
  ...fresh,
  sectors: bitFieldOf([1, 2, 3, 4, 5, 6]),
  terminated: bitFieldOf([1]),
  faults: bitFieldOf([2, 3]),
  recoveries: bitFieldOf([3]),
  unproven: bitFieldOf([4]),
}

describe('liveSectors', () => {
  test('are those that are not terminated', () => {
    expect([...bitsOf(liveSectors(partition))]).toEqual([2, 3, 4, 5, 6])
  })
})

describe('activeSectors', () => {
  test('are the live ones that are neither faulty nor unproven', () => {
    expect([...bitsOf(activeSectors(partition))]).toEqual([5, 6])
  })

  const anyBits = anyMembers.map(bitFieldOf)

  test.prop([fc.record({ sectors: anyBits, terminated: anyBits, faults: anyBits, unproven: anyBits })])(
    'have nothing in common with the others, and are live',
    (sets) => {
      const any = { ...fresh, ...sets }
      const active = activeSectors(any)
      const others = unionOfBitFields([sets.terminated, sets.faults, sets.unproven])
      expect(containsAnyBits(active, others)).toBe(false)
      expect(unionOfBitFields([active, liveSectors(any)])).toEqual(liveSectors(any))
    },
  )
})

describe('activePower', () => {
  test('is live power without what is faulty and what is unproven; recoveries are faulty', () => {
    const powers = {
      livePower: { raw: 100n, qa: 1000n },
      faultyPower: { raw: 20n, qa: 300n },
      unprovenPower: { raw: 3n, qa: 40n },
      recoveringPower: { raw: 5n, qa: 6n },
    }
    expect(activePower({ ...fresh, ...powers })).toEqual({ raw: 77n, qa: 660n })
  })
})
