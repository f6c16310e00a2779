import { attoFil, type BitField, encodeCbor, isEmptyBitField } from '@plimsoll/ipld'
import {
  type Address,
  type AttoFil,
  BURNT_FUNDS_ACTOR_ADDR,
  type ChainEpoch,
  ExitCode,
  REWARD_ACTOR_ADDR,
  STORAGE_MARKET_ACTOR_ADDR,
  STORAGE_POWER_ACTOR_ADDR,
  SYSTEM_ACTOR_ADDR,
} from '@plimsoll/primitives'
import type { Policy } from '../policy.ts'
import {
  CURRENT_TOTAL_POWER_METHOD,
  CurrentTotalPowerReturn,
  ENROLL_CRON_EVENT_METHOD,
  EnrollCronEventParams,
  UPDATE_CLAIMED_POWER_METHOD,
  UPDATE_PLEDGE_TOTAL_METHOD,
  UpdateClaimedPowerParams,
} from '../power/types.ts'
import { THIS_EPOCH_REWARD_METHOD, ThisEpochRewardReturn } from '../reward/types.ts'
import { METHOD_SEND, type Runtime } from '../runtime/runtime.ts'
import { deserialize, sendAndReturn, sendFunds, serialize } from '../runtime/send.ts'
import { ON_MINER_SECTORS_TERMINATE_METHOD, OnMinerSectorsTerminateParams } from './ext.ts'
import { LOCK_TARGET_FACTOR_NUM, type NetworkEstimates, type PledgeInputs } from './monies.ts'
import { isZeroPower, type PowerPair } from './power-pair.ts'
import {
  CRON_EVENT_PROCESS_EARLY_TERMINATIONS,
  CRON_EVENT_PROVING_DEADLINE,
  CronEventPayload,
} from './types.ts'

/** What a miner asks and tells other actors. Source of everything here: builtin-actors v18, `actors/miner/src/lib.rs`. */

/** Source: `request_current_epoch_block_reward`. */
export function requestCurrentEpochBlockReward(rt: Runtime): ThisEpochRewardReturn {
  return deserialize(
    ThisEpochRewardReturn,
    sendAndReturn(rt, REWARD_ACTOR_ADDR, THIS_EPOCH_REWARD_METHOD, null),
  )
}

/** Source: `request_current_total_power`. */
export function requestCurrentTotalPower(rt: Runtime): CurrentTotalPowerReturn {
  return deserialize(
    CurrentTotalPowerReturn,
    sendAndReturn(rt, STORAGE_POWER_ACTOR_ADDR, CURRENT_TOTAL_POWER_METHOD, null),
  )
}

/** Everything that pledges and fees depend on beside the sector, asked for in the order of the reference. */
export interface NetworkInputs {
  readonly estimates: NetworkEstimates
  readonly pledge: PledgeInputs
}

/** Source: `NetworkPledgeInputs`, as the methods fill it in. */
export function requestNetworkInputs(rt: Runtime): NetworkInputs {
  const reward = requestCurrentEpochBlockReward(rt)
  const power = requestCurrentTotalPower(rt)
  return {
    estimates: { reward: reward.thisEpochRewardSmoothed, qaPower: power.qualityAdjPowerSmoothed },
    pledge: {
      baselinePower: reward.thisEpochBaselinePower,
      circulatingSupply: rt.totalFilCircSupply(),
      epochsSinceRampStart: rt.currEpoch - power.rampStartEpoch,
      rampDurationEpochs: Number(power.rampDurationEpochs),
      lockTargetFactorNum: lockTargetFactorNum(rt.policy),
    },
  }
}

/** Tenths of the circulating supply that pledges aim at: three, or what FIP-0036 sets. Source: `LOCK_TARGET_FACTOR_NUM`. */
export function lockTargetFactorNum({ rules }: Policy): bigint {
  return rules.durationMultiplier?.lockTargetNum ?? LOCK_TARGET_FACTOR_NUM
}

/** Only the estimates. */
export function requestEstimates(rt: Runtime): NetworkEstimates {
  const { thisEpochRewardSmoothed } = requestCurrentEpochBlockReward(rt)
  const { qualityAdjPowerSmoothed } = requestCurrentTotalPower(rt)
  return { reward: thisEpochRewardSmoothed, qaPower: qualityAdjPowerSmoothed }
}

/** Source: `request_update_power`. */
export function requestUpdatePower(rt: Runtime, delta: PowerPair): void {
  if (!isZeroPower(delta)) {
    const params = serialize(UpdateClaimedPowerParams, {
      rawByteDelta: delta.raw,
      qualityAdjustedDelta: delta.qa,
    })
    sendAndReturn(rt, STORAGE_POWER_ACTOR_ADDR, UPDATE_CLAIMED_POWER_METHOD, params)
  }
}

/** Source: `notify_pledge_changed`. */
export function notifyPledgeChanged(rt: Runtime, pledgeDelta: AttoFil): void {
  if (pledgeDelta !== 0n) {
    const params = serialize(attoFil, pledgeDelta)
    sendAndReturn(rt, STORAGE_POWER_ACTOR_ADDR, UPDATE_PLEDGE_TOTAL_METHOD, params)
  }
}

/** Source: `burn_funds`. */
export function burnFunds(rt: Runtime, amount: AttoFil): void {
  if (amount > 0n) {
    sendFunds(rt, BURNT_FUNDS_ACTOR_ADDR, amount)
  }
}

/** Has the miner called back at the end of a deadline. */
export function enrollProvingDeadline(rt: Runtime, epoch: ChainEpoch): void {
  enrollCronEvent(rt, epoch, CRON_EVENT_PROVING_DEADLINE)
}

/** Has the miner called back in the next epoch. Source: `schedule_early_termination_work`. */
export function scheduleEarlyTerminationWork(rt: Runtime): void {
  enrollCronEvent(rt, rt.currEpoch + 1, CRON_EVENT_PROCESS_EARLY_TERMINATIONS)
}

/** Source: `enroll_cron_event`. */
function enrollCronEvent(rt: Runtime, epoch: ChainEpoch, eventType: number): void {
  const payload = encodeCbor(CronEventPayload, { eventType })
  const params = serialize(EnrollCronEventParams, { eventEpoch: BigInt(epoch), payload })
  sendAndReturn(rt, STORAGE_POWER_ACTOR_ADDR, ENROLL_CRON_EVENT_METHOD, params)
}

/**
 * Tells the market that sectors with data are gone. In cron its failure stops nothing; in a message it does.
 *
 * Source: `request_terminate_deals`.
 */
export function requestTerminateDeals(rt: Runtime, epoch: ChainEpoch, sectors: BitField): void {
  if (isEmptyBitField(sectors)) {
    return
  }
  const params = serialize(OnMinerSectorsTerminateParams, { epoch, sectors })
  const method = ON_MINER_SECTORS_TERMINATE_METHOD
  if (rt.message.origin === SYSTEM_ACTOR_ADDR) {
    rt.send(STORAGE_MARKET_ACTOR_ADDR, method, params, 0n)
  } else {
    sendAndReturn(rt, STORAGE_MARKET_ACTOR_ADDR, method, params)
  }
}

/** Source: `METHOD_SEND` to whom a reward belongs; says whether it arrived. */
export function tryReward(rt: Runtime, to: Address, amount: AttoFil): boolean {
  const result = rt.send(to, METHOD_SEND, null, amount)
  return 'exitCode' in result && result.exitCode === ExitCode.OK
}
