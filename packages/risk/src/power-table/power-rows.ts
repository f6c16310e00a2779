import { CONSENSUS_MINER_MIN_MINERS, EXPECTED_LEADERS_PER_EPOCH, type PowerPair } from '@plimsoll/actors'
import { type ActorId, type AttoFil, EPOCHS_IN_DAY, type StoragePower } from '@plimsoll/primitives'
import type { MinerPower } from './load-miner-powers.ts'
import { NO_SHARE, type Ratio, ratioOf, scaleFloor, subtractRatio } from './ratio.ts'
import { type Spec2019Parameters, spec2019Table } from './spec2019.ts'
import { todaysTable } from './today.ts'

export type PowerMeasure = keyof PowerPair

/** Why a miner may not win blocks; all reasons that there are. */
export type Ineligibility =
  /** It has no power to win with. */
  | 'noPower'
  /** Today: less raw power than the minimum, which enough others have. 2019: less than the minimum size or rank. */
  | 'belowMinimum'
  | 'feeDebt'
  | 'consensusFault'
  | 'detectedFault'
  | 'underCollateralised'

/** One miner in a power table. */
export interface PowerRow {
  readonly miner: ActorId
  readonly hasMiner: boolean
  readonly claimed: PowerPair
  /** What of the claimed power counts; bytes of the measure of the table. */
  readonly nominal: StoragePower
  /** None where the miner is eligible. */
  readonly reasons: readonly Ineligibility[]
  /** Of the table's total. Today's total has the power of miners that may not win for another reason than size. */
  readonly share: Ratio
  /** Wins that can be expected of the share in a day; none without eligibility. */
  readonly winsPerDay: Ratio
  /** Block rewards of these wins at the reward of the next epoch, without gas; attoFIL, rounded down. */
  readonly rewardPerDay: AttoFil
  /** Where the table is not today's: how its share comes about. */
  readonly comparison?: ShareComparison
}

/** Today's share, and the two steps from it to the share of the table: another measure, and another rule. */
export interface ShareComparison {
  /** Today's rule on its own measure, quality-adjusted power. */
  readonly today: Ratio
  /** Today's rule on the measure of the table. */
  readonly todayInMeasure: Ratio
  /** What the measure alone changes. */
  readonly measureEffect: Ratio
  /** What the rule changes on the same measure. */
  readonly ruleEffect: Ratio
}

export interface PowerRows {
  /** In the order of the miners that were given. */
  readonly rows: readonly PowerRow[]
  /** What shares are of. */
  readonly total: StoragePower
  /** Power from which a miner is large enough: today raw, in 2019 nominal; nothing where any power is enough. */
  readonly minimum: StoragePower
}

/** What a table's chances and rewards follow from, beside the miners. */
export interface RowTerms {
  readonly measure: PowerMeasure
  /** Raw power from which a miner counts today. */
  readonly minimumPower: StoragePower
  /** AttoFIL that all wins of an epoch share, as the reward actor has fixed it for the next one. */
  readonly thisEpochReward: AttoFil
}

/**
 * Today's table: power counts by the actors' rule; that a miner in debt, or excluded by a consensus fault, wins
 * nothing is a rule of the nodes. They look the power up 900 epochs back; here all is of the one state.
 *
 * Source: builtin-actors v18, `actors/power/src/state.rs`, `current_total_power`; filecoin-project/lotus
 * `chain/stmgr/actors.go`, `MinerEligibleToMine`.
 */
export function todaysRows(miners: readonly MinerPower[], terms: RowTerms): PowerRows {
  const { counted, total, meets, minimum } = countedToday(miners, terms)
  const rows = miners.map((miner, index) =>
    rowOf(miner, counted[index] ?? 0n, total[terms.measure], todaysReasons(miner, meets.has(index)), terms),
  )
  return { rows, total: total[terms.measure], minimum }
}

/** The table of 2019 on the same miners, beside today's shares. */
export function spec2019Rows(
  miners: readonly MinerPower[],
  parameters: Spec2019Parameters,
  terms: RowTerms,
): PowerRows {
  const claims = miners.map(({ claimed, isDetectedFault, isUnderCollateralised }) => ({
    claimed: claimed[terms.measure],
    isDetectedFault,
    isUnderCollateralised,
  }))
  const { nominal, minimum, eligible, total } = spec2019Table(claims, parameters)
  const isEligible = new Set(eligible)
  const [own, inMeasure] = [todaysShares(miners, { ...terms, measure: 'qa' }), todaysShares(miners, terms)]
  const rows = miners.map((miner, index) => {
    const reasons = isEligible.has(index) ? [] : spec2019Reasons(miner, nominal[index] ?? 0n, parameters)
    const row = rowOf(miner, nominal[index] ?? 0n, total, reasons, terms)
    const share = reasons.length === 0 ? row.share : NO_SHARE
    const [today, todayInMeasure] = [own[index] ?? NO_SHARE, inMeasure[index] ?? NO_SHARE]
    const measureEffect = subtractRatio(todayInMeasure, today)
    const ruleEffect = subtractRatio(share, todayInMeasure)
    return { ...row, share, comparison: { today, todayInMeasure, measureEffect, ruleEffect } }
  })
  return { rows, total, minimum }
}

function rowOf(
  { miner, hasMiner, claimed }: MinerPower,
  nominal: StoragePower,
  total: StoragePower,
  reasons: readonly Ineligibility[],
  { thisEpochReward }: RowTerms,
): PowerRow {
  const share = ratioOf(nominal, total)
  const chance = reasons.length === 0 ? share : NO_SHARE
  const winsPerDay = { num: chance.num * EXPECTED_LEADERS_PER_EPOCH * DAY, denom: chance.denom }
  const rewardPerDay = scaleFloor(chance, thisEpochReward * DAY)
  return { miner, hasMiner, claimed, nominal, reasons, share, winsPerDay, rewardPerDay }
}

const DAY = BigInt(EPOCHS_IN_DAY)

/** Whose power counts today, in the measure of the terms, and the totals. */
function countedToday(miners: readonly MinerPower[], { measure, minimumPower }: RowTerms) {
  const table = todaysTable(
    miners.map(({ claimed }) => claimed),
    minimumPower,
  )
  const meets = new Set(table.meetsMinimum)
  const counted = miners.map(({ claimed }, index) => (meets.has(index) ? claimed[measure] : 0n))
  const minimum = table.minersAboveMinimum < CONSENSUS_MINER_MIN_MINERS ? 0n : minimumPower
  return { counted, meets, total: table.currentTotal, minimum }
}

function todaysShares(miners: readonly MinerPower[], terms: RowTerms): readonly Ratio[] {
  const { counted, total } = countedToday(miners, terms)
  return counted.map((power) => ratioOf(power, total[terms.measure]))
}

function todaysReasons(
  { claimed, feeDebt, isConsensusFaultActive }: MinerPower,
  meetsMinimum: boolean,
): readonly Ineligibility[] {
  const reasons: Ineligibility[] = []
  if (claimed.raw <= 0n || claimed.qa <= 0n) {
    reasons.push('noPower')
  } else if (!meetsMinimum) {
    reasons.push('belowMinimum')
  }
  if (feeDebt !== 0n) {
    reasons.push('feeDebt')
  }
  if (isConsensusFaultActive) {
    reasons.push('consensusFault')
  }
  return reasons
}

function spec2019Reasons(
  { isDetectedFault, isUnderCollateralised }: MinerPower,
  nominal: StoragePower,
  { zeroesUnderCollateralised }: Spec2019Parameters,
): readonly Ineligibility[] {
  if (nominal > 0n) {
    return ['belowMinimum']
  }
  const reasons: Ineligibility[] = []
  if (isDetectedFault) {
    reasons.push('detectedFault')
  }
  if (zeroesUnderCollateralised && isUnderCollateralised) {
    reasons.push('underCollateralised')
  }
  return reasons.length === 0 ? ['noPower'] : reasons
}
