import { fc, test } from '@fast-check/vitest'
import { encodeCbor, type IpldValue, ipldValue } from '@plimsoll/ipld'
import { anyIpldValue } from '@plimsoll/testkit'
import { describe, expect } from 'vitest'
import { chanceOf } from './chance.ts'
import { mutateParams } from './mutate-params.ts'

describe('mutateParams', () => {
  test.prop([anyIpldValue, fc.nat()])(
    'is the same for the same seed, and leaves its input alone',
    (value, seed) => {
      const data = encodeCbor(ipldValue, value)
      const before = data.slice()
      const mutate = () => mutateParams(chanceOf(seed), { codec: 0x51, data }, [Uint8Array.of(0, 7)])
      expect(mutate()).toEqual(mutate())
      expect(data).toEqual(before)
    },
  )

  test('changes parameters in most cases, and mostly to CBOR', () => {
    const value: IpldValue = [7n, [Uint8Array.of(1, 2, 3)], true, null]
    const data = encodeCbor(ipldValue, value)
    const mutants = Array.from({ length: 200 }, (_, seed) =>
      mutateParams(chanceOf(seed), { codec: 0x51, data }, []),
    )
    const changed = mutants.filter((mutant) => mutant === null || !sameBytes(mutant.data, data))
    expect(changed.length).toBeGreaterThan(150)
    expect(new Set(mutants.map((mutant) => String(mutant?.data))).size).toBeGreaterThan(100)
  })
})

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i])
}
