import {
  amountAt,
  estimate,
  type NetworkEstimates,
  qualityForWeight,
  rewardForPower,
  rewardProjection,
} from '@plimsoll/actors'
import type { ChainEpoch } from '@plimsoll/primitives'
import type { SectorColumns } from '../book/sector-columns.ts'
import { qaPowerAt } from '../fees/sector-fees.ts'
import { derived, given, type Term } from './term.ts'

const POLICY = 'builtin-actors actors/miner/src/policy.rs'
const MONIES = 'builtin-actors actors/miner/src/monies.rs expected_reward_for_power'
const SMOOTH = 'builtin-actors runtime/src/builtin/reward/smooth/smooth_func.rs extrapolated_cum_sum_of_ratio'
const SECTOR = 'state: SectorOnChainInfo'

/** The quality-adjusted power of the sector in a row. */
export function explainQaPower(columns: SectorColumns, sectorSizeBytes: number, row: number): Term {
  const expiration = columns.expiration[row] as number
  const powerBaseEpoch = columns.powerBaseEpoch[row] as number
  const duration = expiration - powerBaseEpoch
  const weight = amountAt(columns.verifiedDealWeight, row)
  const size = given('sectorSize', sectorSizeBytes, 'bytes', 'state: MinerInfo sector_size')
  const durationTerm = derived('duration', duration, 'epochs', 'expiration − powerBaseEpoch', POLICY, [
    given('expiration', expiration, 'epoch', `${SECTOR} expiration`),
    given('powerBaseEpoch', powerBaseEpoch, 'epoch', `${SECTOR} power_base_epoch`),
  ])
  const quality = derived(
    'quality',
    qualityForWeight(sectorSizeBytes, duration, weight),
    'Q.20',
    'floor(floor(((spacetime − verifiedDealWeight) × 10 + verifiedDealWeight × 100) × 2^20 / spacetime) / 10)',
    `${POLICY} quality_for_weight`,
    [
      derived(
        'spacetime',
        BigInt(sectorSizeBytes) * BigInt(duration),
        'byte-epochs',
        'sectorSize × duration',
        POLICY,
        [size, durationTerm],
      ),
      given('verifiedDealWeight', weight, 'byte-epochs', `${SECTOR} verified_deal_weight`),
      given('QUALITY_BASE_MULTIPLIER', 10, 'number', POLICY),
      given('VERIFIED_DEAL_WEIGHT_MULTIPLIER', 100, 'number', POLICY),
    ],
  )
  return derived(
    'qaPower',
    qaPowerAt(columns, sectorSizeBytes, row),
    'bytes',
    'floor(sectorSize × quality / 2^20)',
    `${POLICY} qa_power_for_weight`,
    [quality],
  )
}

/** The reward that some power is expected to earn in a number of epochs, under a name of its own. */
export function explainExpectedReward(
  estimates: NetworkEstimates,
  name: string,
  power: Term,
  period: { readonly name: string; readonly epochs: ChainEpoch },
): Term {
  const projection = rewardProjection(estimates, period.epochs)
  const value = rewardForPower(projection, BigInt(power.value))
  const inputs = [
    given(period.name, period.epochs, 'epochs', 'builtin-actors actors/miner/src/monies.rs'),
    given('rewardPosition', estimates.reward.position, 'Q.128', 'state: f02 this_epoch_reward_smoothed'),
    given('rewardVelocity', estimates.reward.velocity, 'Q.128', 'state: f02 this_epoch_reward_smoothed'),
    given('qaPowerPosition', estimates.qaPower.position, 'Q.128', 'state: f04 this_epoch_qa_power_smoothed'),
    given('qaPowerVelocity', estimates.qaPower.velocity, 'Q.128', 'state: f04 this_epoch_qa_power_smoothed'),
  ]
  if ('wholeReward' in projection) {
    return derived(name, value, 'attoFIL', 'rewardEstimate, since the network has no power', MONIES, [
      derived(
        'rewardEstimate',
        estimate(estimates.reward),
        'attoFIL',
        'floor(rewardPosition / 2^128)',
        MONIES,
        inputs,
      ),
    ])
  }
  const perByte = derived(
    'rewardPerByte',
    projection.perByte,
    'Q.128',
    `∫ of reward(t) / qaPower(t) over ${period.name} epochs, both extrapolated along their velocities`,
    SMOOTH,
    inputs,
  )
  return derived(name, value, 'attoFIL', 'max(floor(qaPower × rewardPerByte / 2^128), 0)', MONIES, [
    power,
    perByte,
  ])
}
