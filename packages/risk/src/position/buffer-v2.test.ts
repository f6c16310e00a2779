import { fc, test } from '@fast-check/vitest'
import { filterEstimate, MAINNET_POLICY, type NetworkEstimates } from '@plimsoll/actors'
import { EPOCHS_IN_DAY } from '@plimsoll/primitives'
import { describe, expect } from 'vitest'
import { createSectorColumns } from '../book/sector-columns.ts'
import type { EstimatePath } from '../forecast/closed-form/path-inputs.ts'
import { predictPath } from '../forecast/closed-form/predict-path.ts'
import { plainDeadline, plainMiner, plainSector } from '../plan/testing/plain-miner.ts'
import { bufferV1, bufferV2, dailySlashing, type SlashingDays } from './buffer.ts'
import { extrapolated } from './extrapolated.ts'

interface Charged {
  readonly qa: bigint
  readonly dailyFee: bigint
}

const START = 6_000_000

function slashingDays(charged: readonly Charged[], estimates: NetworkEstimates): SlashingDays {
  return {
    deadlines: charged.map(({ qa, dailyFee }) => ({
      livePower: { raw: qa, qa },
      faultyPower: { raw: 0n, qa: 0n },
      dailyFee,
    })),
    periodStart: 0,
    policy: MAINNET_POLICY,
    estimates,
    estimatedFor: START,
    assessedEpoch: START,
  }
}

const anyDeadlines = fc.array(
  fc.record({ qa: fc.bigInt(0n, 1n << 45n), dailyFee: fc.bigInt(0n, 10n ** 15n) }),
  { maxLength: 48 },
)
const anyDays = fc.integer({ min: 0, max: 41 })
/** Some 60 to 160 FIL an epoch for 20 EiB, going up or down by less than a percent a day. */
const anyEstimates = fc
  .record({
    reward: fc.bigInt(60n, 160n),
    rewardVelocity: fc.bigInt(-(10n ** 14n), 10n ** 14n),
    powerVelocity: fc.bigInt(-(10n ** 13n), 10n ** 13n),
  })
  .map(({ reward, rewardVelocity, powerVelocity }) => ({
    reward: filterEstimate(reward * 10n ** 18n, rewardVelocity),
    qaPower: filterEstimate(20n << 60n, powerVelocity),
  }))

describe('the buffer of version 2', () => {
  test.prop([anyDeadlines, anyDays, fc.bigInt(1n, 200n)])(
    'is that of version 1 where the estimates do not move',
    (charged, days, reward) => {
      const estimates = {
        reward: filterEstimate(reward * 10n ** 18n, 0n),
        qaPower: filterEstimate(20n << 60n, 0n),
      }
      const { deadlines, ...given } = slashingDays(charged, estimates)
      const book = { sectorSizeBytes: 2048, columns: createSectorColumns(0), deadlines, queue: [] }
      expect(bufferV2({ deadlines, ...given }, days)).toBe(bufferV1(dailySlashing(book, estimates), days))
    },
  )

  test.prop([anyDeadlines, anyDays, anyEstimates], { numRuns: 40 })(
    'is what a miner is charged of which everything is faulty and nothing leaves, day by day',
    (charged, days, estimates) => {
      const miner = plainMiner({
        deadlines: charged.map(({ qa: qaPower, dailyFee }, number) =>
          plainDeadline([plainSector(number, { qaPower, dailyFee, isFaulty: true })]),
        ),
        initialPledge: 1n,
        // The deadline that START lies in ends at its last epoch.
        events: [{ epoch: START + 59 - (START % 60), kind: 'deadline' }],
      })
      let passed = 0
      const network: EstimatePath = {
        estimates: () => extrapolated(estimates, passed),
        pass: (from, until) => {
          passed += until - from
        },
      }
      const path = predictPath(miner, {
        ...{ start: START, days, operator: { kind: 'stops' }, network, thresholds: {} },
        outstandingAt: () => 0n,
      })
      const charges = path.days.reduce((sum, { terms }) => sum + terms.faultFee + terms.dailyFee, 0n)
      // A deadline without power pays no daily fee, which it could not have.
      expect(bufferV2(slashingDays(charged, estimates), days)).toBe(charges)
    },
  )

  test('is refused where power would be used up on the way', () => {
    const qaPower = filterEstimate(1n << 60n, -(1n << 60n) / BigInt(3 * EPOCHS_IN_DAY))
    const estimates = { reward: filterEstimate(10n ** 20n, 0n), qaPower }
    const given = slashingDays([{ qa: 1n << 40n, dailyFee: 0n }], estimates)
    expect(bufferV2(given, 2)).toBeGreaterThan(0n)
    expect(() => bufferV2(given, 5)).toThrow(expect.objectContaining({ code: 'ESTIMATES_EXHAUSTED' }))
  })

  // START is 960 epochs into a proving period; the window of the first deadline ends 59 epochs into the next: 1979 later.
  test.each([
    { name: 'reward', reward: filterEstimate(1979n, -1n), qaPower: filterEstimate(1n << 60n, 0n) },
    { name: 'power', reward: filterEstimate(10n ** 20n, 0n), qaPower: filterEstimate(1979n, -1n) },
  ])('is refused where $name is used up in the very epoch of a charge', ({ reward, qaPower }) => {
    const given = slashingDays([{ qa: 1n << 40n, dailyFee: 0n }], { reward, qaPower })
    expect(() => bufferV2(given, 1)).toThrow(
      expect.objectContaining({ code: 'ESTIMATES_EXHAUSTED', data: { epoch: START + 1979 } }),
    )
  })

  test.each([
    { name: 'reward', reward: filterEstimate(1980n, -1n), qaPower: filterEstimate(1n << 60n, 0n) },
    { name: 'power', reward: filterEstimate(10n ** 20n, 0n), qaPower: filterEstimate(1980n, -1n) },
  ])('is not refused where one unit of $name is left', ({ reward, qaPower }) => {
    const given = slashingDays([{ qa: 1n << 40n, dailyFee: 0n }], { reward, qaPower })
    expect(() => bufferV2(given, 1)).not.toThrow()
  })

  test('asks nothing of the estimates for deadlines without power', () => {
    const exhausted = { reward: filterEstimate(0n, 0n), qaPower: filterEstimate(0n, 0n) }
    expect(bufferV2(slashingDays([{ qa: 0n, dailyFee: 5n }], exhausted), 3)).toBe(0n)
  })
})
