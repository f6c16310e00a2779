import { fc, test } from '@fast-check/vitest'
import { divFloor } from '@plimsoll/primitives'
import { describe, expect } from 'vitest'
import { type FilterEstimate, filterEstimate } from './alpha-beta-filter.ts'
import { extrapolatedCumSumOfRatio, ln } from './smooth-func.ts'

const ONE = 1n << 128n

describe('ln', () => {
  // Source: builtin-actors v18, `alpha_beta_filter.rs`, `test_natural_log`: the whole parts agree.
  test.each([
    { z: ONE, of: '1', whole: 0n },
    { z: 924990000000000000000000000000000000000n, of: 'e', whole: 1n },
    { z: 100n * 10n ** 18n * ONE, of: '100e18', whole: 46n },
    { z: 2n * 10n ** 22n * ONE, of: '2e22', whole: 51n },
    { z: 204169000000000000000000000000000000n, of: '0.0006', whole: -8n },
    { z: 34028236692093846346337460743n, of: '1e-10', whole: -24n },
  ])('the logarithm of $of has the whole part $whole', ({ z, whole }) => {
    expect(ln(z) >> 128n).toBe(whole)
  })

  // The quotient of the constant and the other sums of coefficients does not vanish at 1.
  test('the logarithm of 1 is 878 · 2⁻¹²⁸, not zero', () => {
    expect(ln(ONE)).toBe(878n)
  })

  // Source: builtin-actors v18, `smooth_func.rs`, `LN_2`: the argument is brought between 1 and 2 by shifts.
  test.prop([fc.bigInt({ min: 1n, max: 1n << 220n })])('twice the argument adds exactly ln 2', (z) => {
    expect(ln(2n * z) - ln(z)).toBe(235865763225513294137944142764154484399n)
  })

  test.prop([fc.bigInt({ min: 1n << 40n, max: 1n << 220n }), fc.bigInt({ min: 1n, max: 1n << 60n })])(
    'grows with its argument',
    (z, step) => {
      // A step of a thousandth, which no rounding of the polynomials can hide.
      expect(ln(z + divFloor(z, 1000n) + step)).toBeGreaterThan(ln(z))
    },
  )
})

/** The sum of the ratios of each epoch, the first and the last counted half. */
function trapezoidSum(numerator: FilterEstimate, denominator: FilterEstimate, delta: number): bigint {
  const at = ({ position, velocity }: FilterEstimate, epoch: number) => position + velocity * BigInt(epoch)
  let doubled = 0n
  for (let epoch = 0; epoch < delta; epoch++) {
    const ratio = divFloor(at(numerator, epoch) << 128n, at(denominator, epoch))
    doubled += epoch === 0 || epoch === delta - 1 ? ratio : 2n * ratio
  }
  return doubled >> 1n
}

describe('extrapolatedCumSumOfRatio', () => {
  // Source: builtin-actors v18, `alpha_beta_filter.rs`, `constant_estimate`.
  test.each([{ relativeStart: 0 }, { relativeStart: 10 ** 15 }])(
    'four million to one over 1000 epochs from $relativeStart on is four thousand million',
    ({ relativeStart }) => {
      const sum = extrapolatedCumSumOfRatio(
        1000,
        relativeStart,
        filterEstimate(4_000_000n, 0n),
        filterEstimate(1n, 0n),
      )
      expect(sum).toBe(4_000_000_000n * ONE)
    },
  )

  test('1e12 to 200e12 over 100 epochs is one half', () => {
    const [one, twoHundred] = [filterEstimate(10n ** 12n, 0n), filterEstimate(200n * 10n ** 12n, 0n)]
    expect(extrapolatedCumSumOfRatio(100, 0, one, twoHundred)).toBe(1n << 127n)
  })

  // Source: the same file, `both_positive_velocity`, `flipped_signs`, `values_in_range`.
  const slowMoney = filterEstimate(50n * 10n ** 18n, 25n)
  const fastMoney = filterEstimate(50n * 10n ** 18n, 100n)
  const tens = 10n ** 19n
  const thousands = 2n * 10n ** 22n
  const tenPibADay = divFloor(10n << 50n, 2880n)
  const eibADay = divFloor(1n << 60n, 2880n)
  test.each([
    { of: '111 + 12t to 3456 + 8t', reward: filterEstimate(111n, 12n), power: [3456n, 8n], delta: 10_000 },
    {
      of: '10⁶ − 100t to 70,000 + 1000t',
      reward: filterEstimate(1_000_000n, -100n),
      power: [70_000n, 1000n],
      delta: 100_000,
    },
    { of: 'slow money to 10¹⁹ + t', reward: slowMoney, power: [tens, 1n], delta: 2880 },
    { of: 'fast money to 10¹⁹ and 10 PiB a day', reward: fastMoney, power: [tens, tenPibADay], delta: 2880 },
    { of: 'slow money to 10¹⁹ and 1 EiB a day', reward: slowMoney, power: [tens, eibADay], delta: 2880 },
    { of: 'fast money to 2·10²² + t', reward: fastMoney, power: [thousands, 1n], delta: 2880 },
    {
      of: 'slow money to 2·10²² and 10 PiB a day',
      reward: slowMoney,
      power: [thousands, tenPibADay],
      delta: 2880,
    },
    {
      of: 'fast money to 2·10²² and 1 EiB a day',
      reward: fastMoney,
      power: [thousands, eibADay],
      delta: 2880,
    },
  ] satisfies readonly {
    readonly of: string
    readonly reward: FilterEstimate
    readonly power: [position: bigint, velocity: bigint]
    readonly delta: number
  }[])(
    'the sum of $of over $delta epochs is within 350 millionths of that of the single epochs',
    ({ reward, power, delta }) => {
      const denominator = filterEstimate(...power)
      const analytic = extrapolatedCumSumOfRatio(delta, 0, reward, denominator)
      const difference = analytic - trapezoidSum(reward, denominator, delta)
      const magnitude = difference < 0n ? -difference : difference
      expect(divFloor(magnitude * 1_000_000n, analytic)).toBeLessThan(350n)
    },
  )

  describe('where the denominator hardly moves', () => {
    const numerator = filterEstimate(1000n, 3n)
    const power = 7n * ONE
    // The middle of 10 epochs that begin in 4: 1000 + 3 · 9 = 1027; the sum is 1027 · 10 / 7, rounded down.
    const atTheMiddle = divFloor(10270n * ONE, 7n)

    // A squared velocity is small up to 2⁷⁸. The first that is not is that of 2¹⁰³ + 2²⁴.
    const limit = (1n << 103n) + (1n << 24n)
    test.each([
      { velocity: 0n },
      { velocity: 1n << 103n },
      { velocity: limit - 1n },
      { velocity: 1n - limit },
    ])('it takes the ratio at the middle for a velocity of $velocity · 2⁻¹²⁸', ({ velocity }) => {
      expect(extrapolatedCumSumOfRatio(10, 4, numerator, { position: power, velocity })).toBe(atTheMiddle)
    })

    test.each([{ velocity: limit }, { velocity: -limit }])(
      'it integrates for a velocity of $velocity · 2⁻¹²⁸',
      ({ velocity }) => {
        expect(extrapolatedCumSumOfRatio(10, 4, numerator, { position: power, velocity })).not.toBe(
          atTheMiddle,
        )
      },
    )

    test('it rounds a negative sum down', () => {
      // −1 · 2⁻¹²⁸ to 1 over one epoch is −2⁻¹²⁸; to 3 it is a third of that.
      const sum = extrapolatedCumSumOfRatio(
        1,
        0,
        { position: -1n, velocity: 0n },
        { position: 3n * ONE, velocity: 0n },
      )
      expect(sum).toBe(-1n)
    })
  })

  // Rewards and powers of the size that networks have: 1 to 32 EiB that grow by 16 TiB an epoch and more.
  const anyReward = fc.tuple(
    fc.bigInt({ min: 10n ** 18n, max: 10n ** 20n }),
    fc.bigInt({ min: 0n, max: 10n ** 15n }),
  )
  const anyPower = fc.tuple(
    fc.bigInt({ min: 1n << 60n, max: 1n << 65n }),
    fc.bigInt({ min: 1n << 44n, max: 1n << 50n }),
  )

  test.prop([anyReward, anyPower, fc.integer({ min: 2880, max: 60_000 })])(
    'over a day and more lies between the ratios at both ends times the epochs',
    (reward, power, delta) => {
      const [epochs, [reward0, rewardStep], [power0, powerStep]] = [BigInt(delta), reward, power]
      const lowest = divFloor(epochs * reward0 * ONE, power0 + epochs * powerStep)
      const highest = divFloor(epochs * (reward0 + epochs * rewardStep) * ONE, power0)
      const sum = extrapolatedCumSumOfRatio(delta, 0, filterEstimate(...reward), filterEstimate(...power))
      // The logarithms are approximations; they are good for a millionth.
      const slack = divFloor(highest, 1_000_000n)
      expect(sum).toBeGreaterThanOrEqual(lowest - slack)
      expect(sum).toBeLessThanOrEqual(highest + slack)
    },
  )
})
