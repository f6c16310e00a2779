import {
  PowerTable,
  type Spec2019Claim,
  type Spec2019Parameters,
  spec2019Table,
  todaysTable,
} from '@plimsoll/risk'
import type { Driver } from '../driver.ts'
import { allOf, attempt, expectEqual, type NamedOutcome, type Outcome } from '../outcome.ts'
import { readJson } from '../vector-file.ts'

type PowerText = readonly [raw: string, qa: string]

interface ClaimSet {
  readonly set: number
  readonly STOR: string
  readonly TARG: number
  readonly under_collateralised_zeroes_nominal: boolean
  readonly claims: readonly (readonly [
    id: number,
    raw: string,
    qa: string,
    detectedFault: 0 | 1,
    underCollateralised: 0 | 1,
  ])[]
  readonly spec2019: {
    readonly nominal: readonly string[]
    readonly eligible: readonly number[]
    readonly table: readonly (readonly [index: number, nominal: string])[]
    readonly total: string
  }
  readonly today: {
    readonly miners_above_minimum: number
    readonly meets_minimum: readonly number[]
    readonly committed: PowerText
    readonly above_minimum: PowerText
    readonly current_total: PowerText
  }
}

/** The minimum of the main network, which the vectors' `today` is by. */
const MINIMUM_POWER = 10n << 40n

/** Sets of claims: the table of 2019, worked out afresh and claim by claim, and today's. */
export const powerTable: Driver = {
  family: 'proposals',
  handles: ({ name }) => name === 'power-table.json',
  *run({ path }): Generator<NamedOutcome> {
    for (const set of readJson<readonly ClaimSet[]>(path)) {
      yield [`set ${set.set} spec2019`, attempt(() => decideSpec2019(set))]
      yield [`set ${set.set} spec2019 claim by claim`, attempt(() => decideClaimByClaim(set))]
      yield [`set ${set.set} today`, attempt(() => decideToday(set))]
    }
  },
}

function decideSpec2019(set: ClaimSet): Outcome {
  const { spec2019: expected } = set
  const { nominal, eligible, total } = spec2019Table(claimsOf(set), parametersOf(set))
  return allOf([
    expectEqual(expected.nominal, nominal),
    expectEqual(expected.eligible, eligible),
    expectEqual(
      expected.table,
      eligible.map((index) => [index, nominal[index]]),
    ),
    expectEqual(expected.total, total),
  ])
}

function decideClaimByClaim(set: ClaimSet): Outcome {
  const { spec2019: expected } = set
  const table = new PowerTable<number>(parametersOf(set))
  for (const [index, claim] of claimsOf(set).entries()) {
    table.set(index, claim)
  }
  return allOf([
    expectEqual(expected.table, [...table.entries()]),
    expectEqual(expected.eligible.length, table.eligibleCount),
    expectEqual(expected.total, table.total),
  ])
}

function decideToday({ claims, today: expected }: ClaimSet): Outcome {
  const powers = claims.map(([, raw, qa]) => ({ raw: BigInt(raw), qa: BigInt(qa) }))
  const actual = todaysTable(powers, MINIMUM_POWER)
  const texts = ({ raw, qa }: { readonly raw: bigint; readonly qa: bigint }) => [raw, qa]
  return allOf([
    expectEqual(expected.miners_above_minimum, actual.minersAboveMinimum),
    expectEqual(expected.meets_minimum, actual.meetsMinimum),
    expectEqual(expected.committed, texts(actual.committed)),
    expectEqual(expected.above_minimum, texts(actual.aboveMinimum)),
    expectEqual(expected.current_total, texts(actual.currentTotal)),
  ])
}

function claimsOf({ claims }: ClaimSet): readonly Spec2019Claim[] {
  return claims.map(([, raw, , detectedFault, underCollateralised]) => ({
    claimed: BigInt(raw),
    isDetectedFault: detectedFault === 1,
    isUnderCollateralised: underCollateralised === 1,
  }))
}

function parametersOf(set: ClaimSet): Spec2019Parameters {
  return {
    minMinerSizeStor: BigInt(set.STOR),
    minMinerSizeTarg: set.TARG,
    zeroesUnderCollateralised: set.under_collateralised_zeroes_nominal,
  }
}
