import { fc, test } from '@fast-check/vitest'
import { decodeCbor, encodeCbor, linkTo, parseCid } from '@plimsoll/ipld'
import { formatHex, parseHex } from '@plimsoll/primitives'
import { anyCid } from '@plimsoll/testkit'
import { describe, expect } from 'vitest'
import { BuiltinActors, SystemState } from './state.ts'

describe('the state of the system actor', () => {
  // Source: ChainSafe/forest `src/state_migration/tests/data`, calibration network at epoch 16,800: [CID].
  test('is a tuple of a link to the registry', () => {
    const hex = '81d82a5827000171a0e40220be4b23834ad1710219041e8a976f1e4c33acfd0d429d42a61be9441f5a9cf608'
    const value = {
      builtinActors: linkTo<never>(
        parseCid('bafy2bzacec7ewi4djlixcaqzaqpivf3pdzgdhlh5bvbj2qvgdpuuih22tt3aq'),
      ),
    }
    expect(decodeCbor(SystemState, parseHex(hex))).toEqual(value)
    expect(formatHex(encodeCbor(SystemState, value))).toBe(hex)
  })

  test.each([
    { defect: 'no link', hex: '80' },
    { defect: 'a link more', hex: `82${'d82a45000100000000'.slice(0, 16)}${'d82a450001000000'}` },
  ])('is refused with $defect', ({ hex }) => {
    expect(() => decodeCbor(SystemState, parseHex(hex))).toThrow(
      expect.objectContaining({ code: 'INVALID_VALUE', path: ['SystemState'] }),
    )
  })
})

describe('the registry of the built-in actors', () => {
  // [["init", CID], ["x", CID]]: a list of pairs of a name and the CID of the code.
  test('is a list of names and code', () => {
    const code = parseCid('baeaaaaa')
    const hex = '828264696e6974d82a45000100000082617' + '8d82a450001000000'
    const value = [
      { name: 'init', code },
      { name: 'x', code },
    ]
    expect(decodeCbor(BuiltinActors, parseHex(hex))).toEqual(value)
    expect(formatHex(encodeCbor(BuiltinActors, value))).toBe(hex)
  })

  test.prop([fc.array(fc.record({ name: fc.string(), code: anyCid }))])(
    'decodes to what was encoded',
    (actors) => {
      expect(decodeCbor(BuiltinActors, encodeCbor(BuiltinActors, actors))).toEqual(actors)
    },
  )
})
