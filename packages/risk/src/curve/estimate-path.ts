import { estimate, type NetworkEstimates } from '@plimsoll/actors'
import type { ChainEpoch } from '@plimsoll/primitives'
import type { EstimatesAt } from '../plan/predict-state.ts'
import { extrapolated } from '../position/extrapolated.ts'
import { CurveError } from './curve-error.ts'

/** What the network's estimates are taken to be in epochs to come. */
export const ESTIMATE_PATHS = ['held', 'extrapolated'] as const
export type CurveEstimates = (typeof ESTIMATE_PATHS)[number]

/**
 * The estimates of every epoch from `start` to `end`: today's, held; or moved on by their own velocity.
 *
 * @throws {CurveError} `ESTIMATES_EXHAUSTED` where one of them would not be above zero any more.
 */
export function estimatesOn(
  path: CurveEstimates,
  today: NetworkEstimates,
  start: ChainEpoch,
  end: ChainEpoch,
): EstimatesAt {
  const at: EstimatesAt = path === 'held' ? () => today : (epoch) => extrapolated(today, epoch - start)
  // Both are linear, so that what is above zero at either end is so between them.
  for (const epoch of [start, end]) {
    const { reward, qaPower } = at(epoch)
    if (estimate(reward) <= 0n || estimate(qaPower) <= 0n) {
      throw new CurveError(
        'ESTIMATES_EXHAUSTED',
        `with estimates ${path}, reward or power of the network is not above zero at epoch ${epoch}`,
        { path, epoch },
      )
    }
  }
  return at
}
