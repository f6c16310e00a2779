import { decodeCbor, encodeCbor, linkTo, parseCid } from '@plimsoll/ipld'
import { formatHex, parseHex } from '@plimsoll/primitives'
import { describe, expect, test } from 'vitest'
import { StateRoot } from './state-root.ts'

describe('the root of a network’s state', () => {
  const info = 'd82a5827000171a0e4022045b0cfc220ceec5b7c1c62c4d4193d38e4eba48e8815729ce75f9c0ab0e4c1c0'

  test.each([
    {
      // Source: ChainSafe/forest `src/state_migration/tests/data`, calibration network at epoch 16,800.
      of: 'the calibration network with actors v8',
      // [4, CID, CID]
      hex: `8304d82a5827000171a0e402201c7d3a9352986324fe494825a54d29adad34edb1495eaccf5929832e6002d3d8${info}`,
      version: 4,
      actors: 'bafy2bzaceaoh2outkkmggjh6jfecljknfgw22nhnwfev5lgpleuygltaalj5q',
    },
    {
      // Source: ChainSafe/forest `test-snapshots/carv2.car.zst`.
      of: 'butterfly with actors v15',
      // [5, CID, CID]
      hex: `8305d82a5827000171a0e402203197ccb41072212e88cd1b45e03a2bd3f8f84862b0bc86386078cc306e469ad0${info}`,
      version: 5,
      actors: 'bafy2bzaceayzptfucbzccluizunulyb2fpj7r6cimkylzbrymb4mymdoi2nna',
    },
  ])('of $of has version $version', ({ hex, version, actors }) => {
    const value = {
      version,
      actors: linkTo<never>(parseCid(actors)),
      info: linkTo<never>(parseCid('bafy2bzacebc3bt6cedhoyw34drrmjvazhu4oj25er2ebk4u445pzycvq4ta4a')),
    }
    expect(decodeCbor(StateRoot, parseHex(hex))).toEqual(value)
    expect(formatHex(encodeCbor(StateRoot, value))).toBe(hex)
  })
})
