import { fc, test } from '@fast-check/vitest'
import { decodeCbor, encodeCbor } from '@plimsoll/ipld'
import { divExact, formatHex, parseHex } from '@plimsoll/primitives'
import { describe, expect } from 'vitest'
import { estimate, FilterEstimate, filterEstimate, nextEstimate } from './alpha-beta-filter.ts'

const anyWhole = fc.bigInt({ min: -(10n ** 24n), max: 10n ** 24n })

describe('estimate', () => {
  test.each([
    { position: 1n << 128n, whole: 1n },
    { position: (1n << 128n) - 1n, whole: 0n },
    { position: -1n, whole: -1n },
    { position: -(1n << 128n), whole: -1n },
  ])('a position of $position · 2⁻¹²⁸ is $whole whole units, rounded down', ({ position, whole }) => {
    expect(estimate({ position, velocity: 0n })).toBe(whole)
  })

  test.prop([anyWhole, anyWhole])('is what the filter was made of', (position, velocity) => {
    const filter = filterEstimate(position, velocity)
    expect(estimate(filter)).toBe(position)
    expect(filter.velocity).toBe(velocity * 2n ** 128n)
  })
})

interface Step {
  readonly before: FilterEstimate
  readonly observation: bigint
  readonly epochDelta: number
  readonly after: FilterEstimate
}

describe('nextEstimate', () => {
  test.each<Step & { readonly of: string }>([
    {
      // Source: builtin-actors v18, `runtime/src/builtin/reward/smooth/alpha_beta_filter.rs`, `rounding_issue`.
      of: 'the reward after 3 epochs in the test of the reference',
      before: {
        position: 12340768897043811082913117521041414330876498465539749838848n,
        velocity: -37396269384748225153347462373739139597454335279104n,
      },
      observation: 36266252337034982540n,
      epochDelta: 3,
      after: {
        position: 12340768782449774548722755900999027209659079673176744001536n,
        velocity: -37396515542149801792802995707072472930787668612438n,
      },
    },
    {
      // Source: filecoin-project/fvm-test-vectors, states of mainnet's reward actor at epochs 2,679,998 and 2,679,999.
      of: 'the reward of mainnet at epoch 2,679,999',
      before: {
        position: 29730808137394869582203726033147451477543396648250841499485n,
        velocity: -22518364546811288696719867287801585285996126313880560n,
      },
      observation: 87282231971703533674n,
      epochDelta: 1,
      after: {
        position: 29730757701587276145085961738143950461555571472515661429853n,
        velocity: -22526935980563259165596704776431521304495384705413123n,
      },
    },
    {
      // Source: the same, states of mainnet's power actor.
      of: 'the power of mainnet at epoch 2,679,999',
      before: {
        position: 7549298379965139564070281751312418684633726342704552075984n,
        velocity: 4437750390424720631864221036917250389592434453485917n,
      },
      observation: 22162252445680893952n,
      epochDelta: 1,
      after: {
        position: 7549295529576310215838087653753677916046011309823421228181n,
        velocity: 4435512728386936986742870709703203060951518196780485n,
      },
    },
  ])('predicts $of', ({ before, observation, epochDelta, after }) => {
    expect(nextEstimate(before, observation, epochDelta)).toEqual(after)
  })

  // The residual is −1 or 1, of which alpha and beta are a small share: 0.0009 and 0.0000003.
  test.each([
    { position: 1n, next: { position: 0n, velocity: -1n }, residual: 'negative' },
    { position: -1n, next: { position: -1n, velocity: 0n }, residual: 'positive' },
  ])('rounds the correction by a $residual residual down', ({ position, next }) => {
    expect(nextEstimate({ position, velocity: 0n }, 0n, 1)).toEqual(next)
  })

  test('corrects the position by alpha, and the velocity by beta per epoch, of the residual', () => {
    // From nothing to an observation of 1 after 4 epochs: the residual is 1.
    expect(nextEstimate(filterEstimate(0n, 0n), 1n, 4)).toEqual({
      // Source: builtin-actors v18, `smooth_func.rs`, `DEFAULT_ALPHA` and `DEFAULT_BETA`.
      position: 314760000000000000000000000000000000n,
      velocity: divExact(96640100000000000000000000000000n, 4n),
    })
  })

  test.prop([anyWhole, anyWhole, fc.integer({ min: 1, max: 10_000 })])(
    'keeps its velocity when it observes what it predicted',
    (position, velocity, epochDelta) => {
      const predicted = position + velocity * BigInt(epochDelta)
      const next = nextEstimate(filterEstimate(position, velocity), predicted, epochDelta)
      expect(next).toEqual(filterEstimate(predicted, velocity))
    },
  )
})

describe('FilterEstimate', () => {
  // Source: filecoin-project/lotus `build/genesis/butterflynet.car.zst`, smoothed reward:
  // [h'0001f74ba39a79deb04500000000000000000000000000000000', h'0119966ab72d00000000000000000000000000000000']
  const hex =
    '82581a0001f74ba39a79deb04500000000000000000000000000000000' +
    '560119966ab72d00000000000000000000000000000000'
  const value = filterEstimate(0x1f74ba39a79deb045n, -0x19966ab72dn)

  test('is a tuple of position and velocity', () => {
    expect(decodeCbor(FilterEstimate, parseHex(hex))).toEqual(value)
    expect(formatHex(encodeCbor(FilterEstimate, value))).toBe(hex)
  })

  test.prop([anyWhole, anyWhole])('decodes to what was encoded', (position, velocity) => {
    const filter = { position, velocity }
    expect(decodeCbor(FilterEstimate, encodeCbor(FilterEstimate, filter))).toEqual(filter)
  })
})
