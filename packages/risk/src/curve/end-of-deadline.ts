import { quantizeUp } from '@plimsoll/actors'
import type { ChainEpoch } from '@plimsoll/primitives'
import type { PredictedMiner } from '../plan/predict-state.ts'

/** The first end of a deadline from an epoch on: when what is to expire by then leaves. */
export function endOfDeadline(
  { policy, periodOffset }: PredictedMiner,
  index: number,
  epoch: ChainEpoch,
): ChainEpoch {
  const { wpostProvingPeriod: unit, wpostChallengeWindow } = policy
  return quantizeUp({ unit, offset: periodOffset + (index + 1) * wpostChallengeWindow - 1 }, epoch)
}
