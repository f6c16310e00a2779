import type { FilterEstimate, NetworkEstimates, Policy, PowerPair } from '@plimsoll/actors'
import { divFloor, EPOCHS_IN_DAY } from '@plimsoll/primitives'
import type { NetworkView } from '../../assess/network-view.ts'
import { frozenNetwork } from '../../plan/frozen-network.ts'
import { extrapolated } from '../../position/extrapolated.ts'
import type { Ratio } from '../../power-table/ratio.ts'
import type { EstimatesAssumption } from '../../scenario/estimates-assumption.ts'
import type { EstimatePath } from './path-inputs.ts'

/** Opens a stated path of the estimates of a state's network, in which the miner has the claim `claim` at first. */
export function estimatePath(
  assumption: EstimatesAssumption,
  view: NetworkView,
  policy: Policy,
  claim: PowerPair,
): EstimatePath {
  switch (assumption) {
    case 'frozen':
      return frozenNetwork(view, policy, claim)
    case 'held':
      return pathOf(() => view.estimates)
    case 'extrapolated':
      return pathOf((epochs) => extrapolated(view.estimates, epochs))
    default:
      return pathOf(compounding(view.estimates, assumption))
  }
}

/** A path that no miner changes: the estimates after so many epochs. */
function pathOf(after: (epochs: number) => NetworkEstimates): EstimatePath {
  let passed = 0
  return {
    estimates: () => after(passed),
    pass: (from, until) => {
      passed += until - from
    },
  }
}

/** Both filters as they are, times a factor for every day that has passed. */
function compounding(
  { reward, qaPower }: NetworkEstimates,
  { rewardPerDay, qaPowerPerDay }: { readonly rewardPerDay: Ratio; readonly qaPowerPerDay: Ratio },
): (epochs: number) => NetworkEstimates {
  let day = 0
  let estimates: NetworkEstimates = { reward, qaPower }
  return (epochs) => {
    for (; (day + 1) * EPOCHS_IN_DAY <= epochs; day++) {
      estimates = {
        reward: scaled(estimates.reward, rewardPerDay),
        qaPower: scaled(estimates.qaPower, qaPowerPerDay),
      }
    }
    return estimates
  }
}

function scaled({ position, velocity }: FilterEstimate, { num, denom }: Ratio): FilterEstimate {
  return { position: divFloor(position * num, denom), velocity: divFloor(velocity * num, denom) }
}
