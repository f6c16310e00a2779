import { test as property } from '@fast-check/vitest'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { PowerTable } from './incremental.ts'
import { SPEC2019_DEFAULTS, type Spec2019Claim, type Spec2019Parameters, spec2019Table } from './spec2019.ts'

const STOR = 1000n

/** Few distinct powers, so that many tie, and some on either side of the minimum size. */
const anyClaim: fc.Arbitrary<Spec2019Claim> = fc.record({
  claimed: fc.oneof(
    { weight: 6, arbitrary: fc.bigInt(0n, 12n) },
    { weight: 3, arbitrary: fc.bigInt(0n, STOR - 1n) },
    { weight: 1, arbitrary: fc.bigInt(STOR - 1n, STOR + 1n) },
  ),
  isDetectedFault: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
  isUnderCollateralised: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
})

const anyParameters: fc.Arbitrary<Spec2019Parameters> = fc.record({
  minMinerSizeStor: fc.constantFrom(0n, 1n, 6n, STOR),
  minMinerSizeTarg: fc.integer({ min: 1, max: 6 }),
  zeroesUnderCollateralised: fc.boolean(),
})

/** Enters or changes a miner, or takes it out where there is no claim. */
const anyChange = fc.tuple(fc.nat(40), fc.option(anyClaim, { freq: 3 }))

describe('PowerTable', () => {
  property.prop([anyParameters, fc.array(anyChange, { maxLength: 120 })])(
    'is after every change what the claims give afresh',
    (parameters, changes) => {
      const table = new PowerTable<number>(parameters)
      const claims = new Map<number, Spec2019Claim>()
      for (const [id, claim] of changes) {
        if (claim === null) {
          expect(table.delete(id)).toBe(claims.delete(id))
        } else {
          table.set(id, claim)
          claims.set(id, claim)
        }
        expectSame(table, claims, parameters)
      }
    },
  )

  // The list of the largest powers holds 2·3 + 64 of them; each of these goes from the top, so that it is
  // gathered again several times.
  test('survives the loss of its largest miners, one after another', () => {
    const table = new PowerTable<number>(SPEC2019_DEFAULTS)
    const claims = new Map<number, Spec2019Claim>()
    for (let id = 0; id < 300; id++) {
      const claim = claimOf(BigInt(1 + ((id * 7919) % 300)))
      table.set(id, claim)
      claims.set(id, claim)
    }
    const largestFirst = [...claims].toSorted(([, a], [, b]) => (a.claimed < b.claimed ? 1 : -1))
    for (const [id] of largestFirst) {
      table.delete(id)
      claims.delete(id)
      expectSame(table, claims, SPEC2019_DEFAULTS)
    }
  })

  test('says who is eligible from which power on', () => {
    const table = new PowerTable<string>({ ...SPEC2019_DEFAULTS, minMinerSizeStor: STOR })
    const sizes = { a: 10n, b: 20n, c: 30n, d: 40n, e: 20n }
    for (const [id, claimed] of Object.entries(sizes)) {
      table.set(id, claimOf(claimed))
    }
    // The third of 40, 30, 20, 20, 10 has 20.
    expect(table.cutoff).toBe(20n)
    expect(table.total).toBe(110n)
    expect(Object.keys(sizes).map((id) => table.isEligible(id))).toEqual([false, true, true, true, true])
    // One of the minimum size shuts all others out.
    table.set('a', claimOf(STOR))
    expect([table.cutoff, table.total, table.eligibleCount]).toEqual([STOR, STOR, 1])
    expect(table.nominalPowerOf('b')).toBe(20n)
    expect(table.isEligible('nobody')).toBe(false)
  })
})

function claimOf(claimed: bigint): Spec2019Claim {
  return { claimed, isDetectedFault: false, isUnderCollateralised: false }
}

function expectSame(
  table: PowerTable<number>,
  claims: ReadonlyMap<number, Spec2019Claim>,
  parameters: Spec2019Parameters,
): void {
  const ids = [...claims.keys()]
  const afresh = spec2019Table([...claims.values()], parameters)
  expect(table.size).toBe(claims.size)
  expect(table.total).toBe(afresh.total)
  expect(table.eligibleCount).toBe(afresh.eligible.length)
  expect([...table.entries()]).toEqual(afresh.eligible.map((index) => [ids[index], afresh.nominal[index]]))
  expect(ids.flatMap((id, index) => (table.isEligible(id) ? [index] : []))).toEqual(afresh.eligible)
}
