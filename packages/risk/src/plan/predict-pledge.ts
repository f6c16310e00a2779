import { type AttoFil, type ChainEpoch, formatActorId } from '@plimsoll/primitives'
import { PlanError } from './load-predicted-miner.ts'
import type { PredictedMiner } from './predict-state.ts'

/**
 * Does what a message or a tick does to a miner, and tells the power actor by how much its pledge and its locked funds
 * have changed together. Where nothing has, it is not told.
 *
 * A miner's deposit at its creation is among its locked funds and was never added to the total, so that on a network
 * with little pledge the total can run out. Then everything that the miner does there is undone, and a tick that is
 * undone costs it its claim and its cron: nothing of the formulas here holds of it from then on.
 *
 * Source: builtin-actors v18, `actors/power/src/lib.rs`, `update_pledge_total`, `process_deferred_cron_events`.
 *
 * @throws {PlanError} `STATE_NOT_PREDICTABLE` where the power actor refuses it: for a miner that it does not know, and
 * for a total below zero.
 */
export function tellingPledge<T>(miner: PredictedMiner, epoch: ChainEpoch, change: () => T): T {
  const before = collateralOf(miner)
  const result = change()
  const delta = collateralOf(miner) - before
  if (delta === 0n) {
    return result
  }
  const { id, hasClaim, networkPledge } = miner
  const total = networkPledge.total + delta
  if (!hasClaim || total < 0n) {
    const reason = hasClaim
      ? 'the network’s pledge would fall below zero'
      : 'the power actor does not know the miner'
    const message = `${formatActorId(id)} in epoch ${epoch}: ${reason}, and what unlocks funds fails`
    throw new PlanError('STATE_NOT_PREDICTABLE', message, { miner: id, epoch, total })
  }
  networkPledge.total = total
  return result
}

function collateralOf({ initialPledge, lockedFunds }: PredictedMiner): AttoFil {
  return initialPledge + lockedFunds
}
