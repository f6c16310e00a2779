import {
  type AttoFil,
  BURNT_FUNDS_ACTOR_ADDR,
  divFloor,
  ExitCode,
  SYSTEM_ACTOR_ADDR,
} from '@plimsoll/primitives'
import { ApplyRewardParams } from '../../miner/method-types.ts'
import { requireFound, requireParam, requireState } from '../../runtime/actor-error.ts'
import type { Draft } from '../../runtime/draft.ts'
import { METHOD_SEND, type Runtime } from '../../runtime/runtime.ts'
import { serialize } from '../../runtime/send.ts'
import { EXPECTED_LEADERS_PER_EPOCH } from '../policy.ts'
import { RewardState } from '../state.ts'
import type { AwardBlockRewardParams } from '../types.ts'

/** Source: builtin-actors v18, `actors/reward/src/lib.rs`. */
const PENALTY_MULTIPLIER = 3n
/** Source: builtin-actors v18, `actors/reward/src/ext.rs`. */
const APPLY_REWARDS_METHOD = 14

/**
 * Method 2, `AwardBlockReward`: pays a block's reward and its gas to the miner, or burns them if it cannot take
 * them. Pays what is left where the balance is short.
 *
 * Source: builtin-actors v18, `actors/reward/src/lib.rs`, `award_block_reward`.
 *
 * @throws {ActorError} `USR_FORBIDDEN` unless called by the system; `USR_ILLEGAL_ARGUMENT` for negative amounts or
 * no wins; `USR_ILLEGAL_STATE` when the gas reward is not there; `USR_NOT_FOUND` for an unknown miner.
 */
export function awardBlockReward(rt: Runtime, params: AwardBlockRewardParams): void {
  rt.validateImmediateCallerIs([SYSTEM_ACTOR_ADDR])
  const priorBalance = rt.currentBalance()
  requireParam(params.penalty >= 0n, 'negative penalty')
  requireParam(params.gasReward >= 0n, 'negative gas reward')
  requireState(priorBalance >= params.gasReward, 'the balance is insufficient to pay the gas reward')
  requireParam(params.winCount > 0n, 'invalid win count')
  const miner = requireFound(rt.resolveAddress(params.miner), 'the miner does not resolve')
  const penalty = params.penalty * PENALTY_MULTIPLIER
  const totalReward = rt.transaction(RewardState, (state) => recordReward(state, params, rt.currentBalance()))
  requireState(totalReward <= priorBalance, 'the reward exceeds the balance')
  const applyParams = serialize(ApplyRewardParams, { reward: totalReward, penalty })
  const sent = rt.send(miner, APPLY_REWARDS_METHOD, applyParams, totalReward)
  if ('errorNumber' in sent || sent.exitCode !== ExitCode.OK) {
    // Whether the burning succeeds or not, the block has been awarded.
    rt.send(BURNT_FUNDS_ACTOR_ADDR, METHOD_SEND, null, totalReward)
  }
}

/** Adds a reward to what was paid so far, and returns it with the gas. */
function recordReward(
  state: Draft<RewardState>,
  { gasReward, winCount }: AwardBlockRewardParams,
  balance: AttoFil,
): AttoFil {
  const fullReward = divFloor(state.thisEpochReward * winCount, EXPECTED_LEADERS_PER_EPOCH)
  const totalReward = gasReward + fullReward > balance ? balance : gasReward + fullReward
  const blockReward = totalReward - gasReward
  requireState(blockReward >= 0n, 'the block reward is below zero')
  state.totalStoragePowerReward += blockReward
  return totalReward
}
