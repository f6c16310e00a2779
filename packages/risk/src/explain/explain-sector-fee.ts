import {
  amountAt,
  CONTINUED_FAULT_PROJECTION_PERIOD,
  type NetworkEstimates,
  pledgePenaltyForTerminationV15,
  TERM_FEE_MAX_FAULT_FEE_MULTIPLE_DENOM,
  TERM_FEE_MAX_FAULT_FEE_MULTIPLE_NUM,
  TERM_FEE_MIN_PLEDGE_MULTIPLE_DENOM,
  TERM_FEE_MIN_PLEDGE_MULTIPLE_NUM,
  TERM_FEE_PLEDGE_MULTIPLE_DENOM,
  TERM_FEE_PLEDGE_MULTIPLE_NUM,
  TERMINATION_LIFETIME_CAP,
  TERMINATION_PENALTY_LOWER_BOUND_PROJECTION_PERIOD,
  type TerminationFeeTerms,
  terminationFeeTerms,
} from '@plimsoll/actors'
import { type ChainEpoch, EPOCHS_IN_DAY, maxBigInt } from '@plimsoll/primitives'
import type { RewardColumns } from '../book/reward-columns.ts'
import type { SectorBook } from '../book/sector-book.ts'
import { recordedRewardsAt } from '../fees/sector-fees.ts'
import { explainExpectedReward, explainQaPower } from './explain-power.ts'
import { derived, given, type Term } from './term.ts'

const FIP_0098 = 'FIP-0098; builtin-actors v18 actors/miner/src/monies.rs pledge_penalty_for_termination'
const BEFORE = 'builtin-actors v15 actors/miner/src/monies.rs pledge_penalty_for_termination'
const SECTOR = 'state: SectorOnChainInfo'

/** The fee of the sector in a row by the rules of FIP-0098, if it was terminated in `epoch`. */
export function explainFip0098Fee(
  book: SectorBook,
  estimates: NetworkEstimates,
  row: number,
  epoch: ChainEpoch,
): Term {
  const { columns, sectorSizeBytes } = book
  const activation = columns.activation[row] as number
  const faultFee = explainExpectedReward(
    estimates,
    'faultFee',
    explainQaPower(columns, sectorSizeBytes, row),
    {
      name: 'CONTINUED_FAULT_PROJECTION_PERIOD',
      epochs: CONTINUED_FAULT_PROJECTION_PERIOD,
    },
  )
  const initialPledge = amountAt(columns.initialPledge, row)
  const fee = terminationFeeTerms(initialPledge, epoch - activation, BigInt(faultFee.value))
  const pledge = given('initialPledge', initialPledge, 'attoFIL', `${SECTOR} initial_pledge`)
  const age = derived('sectorAge', epoch - activation, 'epochs', 'epoch − activation', FIP_0098, [
    given('epoch', epoch, 'epoch', 'the epoch of the termination'),
    given('activation', activation, 'epoch', `${SECTOR} activation`),
  ])
  const total = derived(
    'terminationFee',
    fee.fee,
    'attoFIL',
    'max(baseTerminationFee, minimumFee)',
    FIP_0098,
    [explainBaseFee(fee, pledge, age), explainMinimumFee(fee, pledge, faultFee)],
  )
  return { ...total, note: `sector ${columns.sectorNumber[row]}, decided by ${fee.branch}` }
}

function explainBaseFee(fee: TerminationFeeTerms, pledge: Term, age: Term): Term {
  const simple = derived(
    'simpleTerminationFee',
    fee.simpleTerminationFee,
    'attoFIL',
    'floor(initialPledge × TERM_FEE_PLEDGE_MULTIPLE_NUM / TERM_FEE_PLEDGE_MULTIPLE_DENOM)',
    FIP_0098,
    [
      pledge,
      ...ratio('TERM_FEE_PLEDGE_MULTIPLE', TERM_FEE_PLEDGE_MULTIPLE_NUM, TERM_FEE_PLEDGE_MULTIPLE_DENOM),
    ],
  )
  const byAge = derived(
    'durationTerminationFee',
    fee.durationTerminationFee,
    'attoFIL',
    'floor(sectorAge × simpleTerminationFee / (TERMINATION_LIFETIME_CAP × EPOCHS_IN_DAY))',
    FIP_0098,
    [age, ...lifetimeCap(FIP_0098)],
  )
  const formula = 'min(simpleTerminationFee, durationTerminationFee)'
  return derived('baseTerminationFee', fee.baseTerminationFee, 'attoFIL', formula, FIP_0098, [simple, byAge])
}

function explainMinimumFee(fee: TerminationFeeTerms, pledge: Term, faultFee: Term): Term {
  const [absNum, absDenom] = [TERM_FEE_MIN_PLEDGE_MULTIPLE_NUM, TERM_FEE_MIN_PLEDGE_MULTIPLE_DENOM]
  const [faultNum, faultDenom] = [TERM_FEE_MAX_FAULT_FEE_MULTIPLE_NUM, TERM_FEE_MAX_FAULT_FEE_MULTIPLE_DENOM]
  const minimum = maxBigInt(fee.minimumFeeAbs, fee.minimumFeeFf)
  return derived('minimumFee', minimum, 'attoFIL', 'max(minimumFeeAbs, minimumFeeFf)', FIP_0098, [
    derived(
      'minimumFeeAbs',
      fee.minimumFeeAbs,
      'attoFIL',
      'floor(initialPledge × TERM_FEE_MIN_PLEDGE_MULTIPLE_NUM / TERM_FEE_MIN_PLEDGE_MULTIPLE_DENOM)',
      FIP_0098,
      [pledge, ...ratio('TERM_FEE_MIN_PLEDGE_MULTIPLE', absNum, absDenom)],
    ),
    derived(
      'minimumFeeFf',
      fee.minimumFeeFf,
      'attoFIL',
      'floor(faultFee × TERM_FEE_MAX_FAULT_FEE_MULTIPLE_NUM / TERM_FEE_MAX_FAULT_FEE_MULTIPLE_DENOM)',
      FIP_0098,
      [faultFee, ...ratio('TERM_FEE_MAX_FAULT_FEE_MULTIPLE', faultNum, faultDenom)],
    ),
  ])
}

/**
 * The fee of the sector in a row by the rules before FIP-0098; undefined for a sector without recorded rewards.
 */
export function explainPreFip0098Fee(
  book: SectorBook,
  rewards: RewardColumns,
  estimates: NetworkEstimates,
  row: number,
  epoch: ChainEpoch,
): Term | undefined {
  if (rewards.isRecorded[row] === 0) {
    return undefined
  }
  const { columns, sectorSizeBytes } = book
  const powerBaseEpoch = columns.powerBaseEpoch[row] as number
  const lowerBound = explainExpectedReward(
    estimates,
    'lowerBound',
    explainQaPower(columns, sectorSizeBytes, row),
    {
      name: 'TERMINATION_PENALTY_LOWER_BOUND_PROJECTION_PERIOD',
      epochs: TERMINATION_PENALTY_LOWER_BOUND_PROJECTION_PERIOD,
    },
  )
  const recorded = recordedRewardsAt(rewards, row)
  const age = epoch - powerBaseEpoch
  // Without its lower bound the fee is the recorded reward.
  const reward = pledgePenaltyForTerminationV15(recorded, age, 0n)
  const recordedReward = derived(
    'recordedReward',
    reward,
    'attoFIL',
    'expectedStoragePledge + floor(floor((expectedDayReward × min(sectorAge, cap) + ' +
      'replacedDayReward × min(replacedSectorAge, cap − min(sectorAge, cap))) / 2) / EPOCHS_IN_DAY), ' +
      'cap = TERMINATION_LIFETIME_CAP × EPOCHS_IN_DAY',
    BEFORE,
    [
      given(
        'expectedStoragePledge',
        recorded.twentyDayRewardAtActivation,
        'attoFIL',
        `${SECTOR} expected_storage_pledge`,
      ),
      given('expectedDayReward', recorded.dayReward, 'attoFIL', `${SECTOR} expected_day_reward`),
      derived('sectorAge', age, 'epochs', 'epoch − powerBaseEpoch', BEFORE, [
        given('epoch', epoch, 'epoch', 'the epoch of the termination'),
        given('powerBaseEpoch', powerBaseEpoch, 'epoch', `${SECTOR} power_base_epoch, before v12 activation`),
      ]),
      given('replacedDayReward', recorded.replacedDayReward, 'attoFIL', `${SECTOR} replaced_day_reward`),
      given(
        'replacedSectorAge',
        recorded.replacedSectorAge,
        'epochs',
        `${SECTOR} replaced_sector_age, from v12 derived`,
      ),
      ...lifetimeCap(BEFORE),
    ],
  )
  const fee = maxBigInt(reward, BigInt(lowerBound.value))
  return derived('terminationFee', fee, 'attoFIL', 'max(recordedReward, lowerBound)', BEFORE, [
    recordedReward,
    lowerBound,
  ])
}

function ratio(name: string, numerator: bigint, denominator: bigint): readonly Term[] {
  return [
    given(`${name}_NUM`, numerator, 'number', FIP_0098),
    given(`${name}_DENOM`, denominator, 'number', FIP_0098),
  ]
}

function lifetimeCap(source: string): readonly Term[] {
  return [
    given('TERMINATION_LIFETIME_CAP', TERMINATION_LIFETIME_CAP, 'days', source),
    given('EPOCHS_IN_DAY', EPOCHS_IN_DAY, 'epochs', 'builtin-actors runtime/src/builtin/network.rs'),
  ]
}
