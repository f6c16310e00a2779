import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { shrink } from './shrink.ts'

describe('shrink', () => {
  const anyCase = fc
    .uniqueArray(fc.nat(500), { minLength: 1, maxLength: 60 })
    .chain((things) => fc.tuple(fc.constant(things), fc.subarray(things, { minLength: 1 })))

  test.prop([anyCase])('leaves exactly the things that are needed, in their order', ([things, needed]) => {
    const holds = (left: readonly number[]) => needed.every((each) => left.includes(each))
    expect(shrink(things, holds)).toEqual(things.filter((each) => needed.includes(each)))
  })

  test.prop([fc.array(fc.nat(20), { minLength: 1, maxLength: 40 }), fc.integer({ min: 1, max: 100 })])(
    'leaves nothing that could be left out alone',
    (things, least) => {
      const holds = (left: readonly number[]) => left.reduce((sum, each) => sum + each, 0) >= least
      fc.pre(holds(things))
      const left = shrink(things, holds)
      expect(holds(left)).toBe(true)
      expect(left.some((_, index) => holds(left.toSpliced(index, 1)))).toBe(false)
    },
  )
})
