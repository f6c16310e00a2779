import {
  addLockedFunds,
  CurrentTotalPowerReturn,
  Deadline,
  ExpirationSet,
  expectedRewardForPower,
  extrapolatedCumSumOfRatio,
  filterEstimate,
  initialPledgeForPower,
  LOCK_TARGET_FACTOR_NUM,
  type NetworkEstimates,
  nextEstimate,
  ProveCommitSectorsNIParams,
  pledgePenaltyForTermination,
  pledgePenaltyForTerminationV15,
  SectorOnChainInfo,
  TERMINATION_PENALTY_LOWER_BOUND_PROJECTION_PERIOD,
  takeVested,
} from '@plimsoll/actors'
import { type AnyCodec, cborReader, cborWriter } from '@plimsoll/ipld'
import { formatHex, parseHex } from '@plimsoll/primitives'
import type { Driver } from '../driver.ts'
import { allOf, attempt, expectEqual, expectTrue, type NamedOutcome } from '../outcome.ts'
import { readJson } from '../vector-file.ts'

const family = 'builtin-actors'

interface CborTypes {
  readonly items: readonly { readonly type: string; readonly hex?: string }[]
}

const CODECS: Readonly<Record<string, AnyCodec>> = {
  prove_commit_sectors_ni_params: ProveCommitSectorsNIParams,
  sector_on_chain_info: SectorOnChainInfo,
  expiration_set: ExpirationSet,
  deadline: Deadline,
  'power.current_total_power_return': CurrentTotalPowerReturn,
}

/** The first byte of layouts that are read and written back in a newer form, which then is the next item. */
const OLDER_HEADS: Readonly<Record<string, string>> = { sector_on_chain_info: '8f', expiration_set: '85' }

/** Encodings of types: each is decoded and encoded again. */
export const cborTypes: Driver = {
  family,
  handles: ({ name }) => name.startsWith('cbor_types_'),
  *run({ path }) {
    const items = readJson<CborTypes>(path).items.filter(({ hex }) => hex !== undefined)
    for (const [i, { type, hex = '' }] of items.entries()) {
      const isOlder = OLDER_HEADS[type] !== undefined && hex.startsWith(OLDER_HEADS[type])
      const expected = isOlder ? items[i + 1]?.hex : hex
      yield [`${type} #${i}`, attempt(() => expectEqual(expected, reencode(type, hex)))]
    }
  },
}

function reencode(type: string, hex: string): string {
  const codec = CODECS[type]
  if (codec === undefined) {
    throw new Error(`no codec for the type ${type}`)
  }
  const writer = cborWriter()
  codec.encode(writer, codec.decode(cborReader(parseHex(hex))) as never)
  return formatHex(writer.buffer.subarray(0, writer.length))
}

interface FeeCases {
  readonly cases: readonly {
    readonly initialPledge: string
    readonly sectorAgeEpochs: number
    readonly faultFee: string
    readonly expected: string
  }[]
}

/** The fee of FIP-0098. */
export const fip0098Fee: Driver = {
  family,
  handles: ({ name }) => name === 'fip0098_termination_fee.json',
  *run({ path }) {
    for (const { initialPledge, sectorAgeEpochs, faultFee, expected } of readJson<FeeCases>(path).cases) {
      const fee = pledgePenaltyForTermination(BigInt(initialPledge), sectorAgeEpochs, BigInt(faultFee))
      yield [`age ${sectorAgeEpochs}, fault fee ${faultFee}`, expectEqual(expected, fee)]
    }
  },
}

interface EstimateQ0 {
  readonly positionQ0: string
  readonly velocityQ0: string
}

interface OlderFeeCases {
  readonly rewardEstimate: EstimateQ0
  readonly powerEstimate: EstimateQ0
  readonly undeclaredPenalty: string
  readonly cases: readonly {
    readonly name: string
    readonly dayReward: string
    readonly twentyDay: string
    readonly age: number
    readonly qa: string
    readonly replacedDayReward: string
    readonly replacedAge: number
    readonly expected: string
  }[]
}

/** The fee before FIP-0098. */
export const preFip0098Fee: Driver = {
  family,
  handles: ({ name }) => name === 'pre_fip0098_termination_fee.json',
  *run({ path }) {
    const file = readJson<OlderFeeCases>(path)
    const estimates = estimatesOf(file.rewardEstimate, file.powerEstimate)
    for (const {
      name,
      dayReward,
      twentyDay,
      age,
      qa,
      replacedDayReward,
      replacedAge,
      expected,
    } of file.cases) {
      const recorded = {
        dayReward: BigInt(dayReward),
        twentyDayRewardAtActivation: BigInt(twentyDay),
        replacedDayReward: BigInt(replacedDayReward),
        replacedSectorAge: replacedAge,
      }
      const period = TERMINATION_PENALTY_LOWER_BOUND_PROJECTION_PERIOD
      const lowerBound = expectedRewardForPower(estimates, BigInt(qa), period)
      yield [name, expectEqual(expected, pledgePenaltyForTerminationV15(recorded, age, lowerBound))]
    }
  },
}

interface PledgeCases {
  readonly inputs: {
    readonly qaSectorPower: string
    readonly baselinePower: string
    readonly rewardEstimate: EstimateQ0
    readonly powerEstimate: EstimateQ0
    readonly circulatingSupplyAtto: string
  }
  readonly cases: readonly {
    readonly epochsSinceRampStart: number
    readonly rampDurationEpochs: number
    readonly expectedAtto: string
  }[]
}

/** The initial pledge of FIP-0081. */
export const initialPledge: Driver = {
  family,
  handles: ({ name }) => name === 'fip0081_initial_pledge.json',
  *run({ path }) {
    const { inputs, cases } = readJson<PledgeCases>(path)
    const estimates = estimatesOf(inputs.rewardEstimate, inputs.powerEstimate)
    for (const { epochsSinceRampStart, rampDurationEpochs, expectedAtto } of cases) {
      const pledge = initialPledgeForPower(BigInt(inputs.qaSectorPower), estimates, {
        baselinePower: BigInt(inputs.baselinePower),
        circulatingSupply: BigInt(inputs.circulatingSupplyAtto),
        epochsSinceRampStart,
        rampDurationEpochs,
        lockTargetFactorNum: LOCK_TARGET_FACTOR_NUM,
      })
      yield [`${epochsSinceRampStart} of ${rampDurationEpochs} epochs`, expectEqual(expectedAtto, pledge)]
    }
  },
}

interface VestingCases {
  readonly vestSum: number
  readonly vestStartDelay: number
  readonly cases: readonly {
    readonly desc: string
    readonly initialDelay: number
    readonly vestPeriod: number
    readonly stepDuration: number
    readonly quantization: number
    readonly periodStart: number
    readonly vested: readonly number[]
  }[]
}

/** What a vesting table releases epoch by epoch; in the end it is empty. */
export const vestingTable: Driver = {
  family,
  handles: ({ name }) => name === 'vesting_table.json',
  *run({ path }) {
    const { vestSum, vestStartDelay, cases } = readJson<VestingCases>(path)
    for (const { desc, periodStart, vested, ...spec } of cases) {
      const start = periodStart + vestStartDelay
      let { remaining } = addLockedFunds([], start, BigInt(vestSum), periodStart, spec)
      const outcomes = vested.map((expected, i) => {
        const unlocked = takeVested(remaining, start + i)
        remaining = unlocked.remaining
        return expectEqual(`${expected} at ${i}`, `${unlocked.vested} at ${i}`)
      })
      yield [desc, allOf([...outcomes, expectTrue(remaining.length === 0, () => 'the table is not empty')])]
    }
  },
}

interface MiscTables {
  readonly alphaBetaFilter: Readonly<
    Record<'position' | 'velocity' | 'observation' | 'nextPosition' | 'nextVelocity', string>
  > & {
    readonly epochDelta: number
  }
  readonly cumSumRatio: {
    readonly cases: readonly {
      readonly num: string | number
      readonly denom: string | number
      readonly delta: number
      readonly t0: number
      readonly expectedQ0?: string
    }[]
  }
  readonly negativeBR: Readonly<
    Record<'rewardPosQ0' | 'powerPosQ0' | 'powerVelQ0' | 'qa' | 'expected', string>
  > & {
    readonly duration: number
  }
}

/** The entries of the table that are numbers. */
export const miscTables: Driver = {
  family,
  handles: ({ name }) => name === 'misc_tables.json',
  *run({ path }): Generator<NamedOutcome> {
    const { alphaBetaFilter, cumSumRatio, negativeBR } = readJson<MiscTables>(path)
    const filter = { position: BigInt(alphaBetaFilter.position), velocity: BigInt(alphaBetaFilter.velocity) }
    const next = nextEstimate(filter, BigInt(alphaBetaFilter.observation), alphaBetaFilter.epochDelta)
    yield ['alphaBetaFilter position', expectEqual(alphaBetaFilter.nextPosition, next.position)]
    yield ['alphaBetaFilter velocity', expectEqual(alphaBetaFilter.nextVelocity, next.velocity)]
    for (const { num, denom, delta, t0, expectedQ0 } of cumSumRatio.cases) {
      const name = `cumSumRatio ${num} / ${denom} over ${delta}`
      if (expectedQ0 === undefined) {
        yield [name, { status: 'skipped', reason: 'the expectation is a sentence, not a number' }]
        continue
      }
      const ratio = extrapolatedCumSumOfRatio(
        delta,
        t0,
        filterEstimate(BigInt(num), 0n),
        filterEstimate(BigInt(denom), 0n),
      )
      yield [name, expectEqual(expectedQ0, ratio >> 128n)]
    }
    const estimates = {
      reward: filterEstimate(BigInt(negativeBR.rewardPosQ0), 0n),
      qaPower: filterEstimate(BigInt(negativeBR.powerPosQ0), BigInt(negativeBR.powerVelQ0)),
    }
    const reward = expectedRewardForPower(estimates, BigInt(negativeBR.qa), negativeBR.duration)
    yield ['negativeBR', expectEqual(negativeBR.expected, reward)]
    for (const name of ['aggregateFee_pre_v16', 'dailyFee']) {
      yield [name, { status: 'skipped', reason: 'the expectation is a sentence, not a number' }]
    }
  },
}

function estimatesOf(reward: EstimateQ0, power: EstimateQ0): NetworkEstimates {
  return {
    reward: filterEstimate(BigInt(reward.positionQ0), BigInt(reward.velocityQ0)),
    qaPower: filterEstimate(BigInt(power.positionQ0), BigInt(power.velocityQ0)),
  }
}
