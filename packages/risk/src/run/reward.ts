import {
  type ActorId,
  type AttoFil,
  formatActorId,
  formatFil,
  idAddress,
  REWARD_ACTOR_ADDR,
} from '@plimsoll/primitives'
import { type Run, RunError } from './open-run.ts'
import { namedMessage, type Sent, send } from './send.ts'

/**
 * Gives an expected reward to a miner, as the reward actor does for a block without gas and without a penalty; attoFIL.
 *
 * The reward is what a scenario expects and not what a block of this epoch pays, so that the message is that to the
 * miner alone. The reward actor's count of what it has paid, which no figure is made of, stays as it is.
 *
 * Source: builtin-actors v18, `actors/reward/src/lib.rs`, `award_block_reward`.
 *
 * @throws {RunError} `REWARD_NOT_COVERED` where the reward actor does not have as much.
 */
export function giveReward(run: Run, miner: ActorId, reward: AttoFil): Sent {
  const { vm } = run
  const balance = vm.findActor(REWARD_ACTOR_ADDR)?.balance ?? 0n
  if (balance < reward) {
    const message = `${formatActorId(miner)} is to be rewarded with ${formatFil(reward)} in epoch ${vm.epoch}, and the reward actor has ${formatFil(balance)}`
    throw new RunError('REWARD_NOT_COVERED', message, { epoch: vm.epoch, reward, balance })
  }
  const params = { reward, penalty: 0n }
  return send(
    run,
    namedMessage('storageminer', 'ApplyRewards', REWARD_ACTOR_ADDR, idAddress(miner), params, reward),
  )
}
