import {
  expectedRewardForPower,
  type FilterEstimate,
  type NetworkEstimates,
  pledgePenaltyForTerminationV15,
  qaPowerForWeight,
  TERMINATION_PENALTY_LOWER_BOUND_PROJECTION_PERIOD,
} from '@plimsoll/actors'
import type { ChainEpoch } from '@plimsoll/primitives'
import type { Driver } from '../driver.ts'
import { allOf, expectEqual, type NamedOutcome } from '../outcome.ts'
import { readJson } from '../vector-file.ts'

interface StoredSector {
  readonly sector: number
  readonly activation: number
  readonly expiration: number
  readonly verifiedDealWeight: string
  readonly expectedDayReward: string
  readonly expectedStoragePledge: string
  readonly replacedDayReward: string
}

interface TerminationFees {
  readonly vectors: readonly {
    readonly vector: string
    readonly epoch: number
    readonly sectorSize: string
    readonly rewardSmoothed: FilterText
    readonly qaPowerSmoothed: FilterText
    readonly minerBalanceDelta: string
    readonly feeTotal: string
    readonly sectors: readonly (StoredSector & { readonly replacedSectorAge: number; readonly fee: string })[]
  }[]
}

interface FilterText {
  readonly position: string
  readonly velocity: string
}

/** What mainnet charged for terminations before FIP-0098: each sector's fee, and what left the miner. */
export const derivedTerminationFees: Driver = {
  family: 'derived',
  handles: ({ name }) => name === 'termination_fees_mainnet.json',
  *run({ path }): Generator<NamedOutcome> {
    for (const message of readJson<TerminationFees>(path).vectors) {
      const estimates = estimatesOf(message.rewardSmoothed, message.qaPowerSmoothed)
      let total = 0n
      const fees = message.sectors.map((sector) => {
        // Up to v11 the age counts from activation, and the age of a replaced sector is stored.
        const ages = { powerBaseEpoch: sector.activation, replacedSectorAge: sector.replacedSectorAge }
        const fee = terminationFee(sector, ages, Number(message.sectorSize), message.epoch, estimates)
        total += fee
        return expectEqual(`sector ${sector.sector}: ${sector.fee}`, `sector ${sector.sector}: ${fee}`)
      })
      yield [
        message.vector,
        allOf([...fees, expectEqual(message.feeTotal, total), expectEqual(message.minerBalanceDelta, total)]),
      ]
    }
  },
}

interface CalculatorCases {
  readonly qaPowerSmoothed: FilterText
  readonly rewardSmoothed: FilterText
  readonly epoch: number
  readonly sectorSize: string
  readonly cases: readonly (StoredSector & {
    readonly powerBaseEpoch: number
    readonly expectedFee: string
    readonly expectedFeeIfPowerBaseEqualsActivation: string
  })[]
}

/** The fees that a published calculator gives, with its own power base and with the one that the chain had. */
export const terminationCalculator: Driver = {
  family: 'termination-calculator',
  handles: ({ name, relativePath, path }) =>
    name === 'cases.json' && `${path}${relativePath}`.includes('calculator'),
  *run({ path }): Generator<NamedOutcome> {
    const file = readJson<CalculatorCases>(path)
    const estimates = estimatesOf(file.rewardSmoothed, file.qaPowerSmoothed)
    for (const sector of file.cases) {
      const feeFrom = (powerBaseEpoch: ChainEpoch) => {
        const ages = { powerBaseEpoch, replacedSectorAge: powerBaseEpoch - sector.activation }
        return terminationFee(sector, ages, Number(file.sectorSize), file.epoch, estimates)
      }
      yield [
        `sector ${sector.sector}, its power base`,
        expectEqual(sector.expectedFee, feeFrom(sector.powerBaseEpoch)),
      ]
      yield [
        `sector ${sector.sector}, power base at activation`,
        expectEqual(sector.expectedFeeIfPowerBaseEqualsActivation, feeFrom(sector.activation)),
      ]
    }
  },
}

interface Ages {
  readonly powerBaseEpoch: ChainEpoch
  readonly replacedSectorAge: number
}

function terminationFee(
  sector: StoredSector,
  { powerBaseEpoch, replacedSectorAge }: Ages,
  sectorSizeBytes: number,
  epoch: ChainEpoch,
  estimates: NetworkEstimates,
): bigint {
  const duration = sector.expiration - powerBaseEpoch
  const qaPower = qaPowerForWeight(sectorSizeBytes, duration, BigInt(sector.verifiedDealWeight))
  const lowerBound = expectedRewardForPower(
    estimates,
    qaPower,
    TERMINATION_PENALTY_LOWER_BOUND_PROJECTION_PERIOD,
  )
  const recorded = {
    dayReward: BigInt(sector.expectedDayReward),
    twentyDayRewardAtActivation: BigInt(sector.expectedStoragePledge),
    replacedDayReward: BigInt(sector.replacedDayReward),
    replacedSectorAge,
  }
  return pledgePenaltyForTerminationV15(recorded, epoch - powerBaseEpoch, lowerBound)
}

function estimatesOf(reward: FilterText, qaPower: FilterText): NetworkEstimates {
  return { reward: filterOf(reward), qaPower: filterOf(qaPower) }
}

function filterOf({ position, velocity }: FilterText): FilterEstimate {
  return { position: BigInt(position), velocity: BigInt(velocity) }
}
