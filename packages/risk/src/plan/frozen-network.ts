import type { NetworkEstimates, Policy, PowerPair } from '@plimsoll/actors'
import type { ChainEpoch } from '@plimsoll/primitives'
import type { NetworkView } from '../assess/network-view.ts'
import { networkPath, UNMOVED } from './network-path.ts'

/** The estimates of a network in which nobody's power changes but one miner's, and no block is rewarded. */
export interface FrozenNetwork {
  /** What a message or a tick reads now. */
  estimates(): NetworkEstimates
  /** Ends an epoch at whose end the miner has that claim. Epochs that were left out are caught up with. */
  tick(epoch: ChainEpoch, claim: PowerPair): void
  /** Ends every epoch from `from` on and before `until`, at whose ends the miner has that claim. */
  pass(from: ChainEpoch, until: ChainEpoch, claim: PowerPair): void
}

/** Opens the network of a state, in which the miner has that claim. */
export function frozenNetwork(view: NetworkView, policy: Policy, claim: PowerPair): FrozenNetwork {
  const path = networkPath(view, policy, [claim], UNMOVED)
  return {
    estimates: () => path.estimates(),
    tick: (epoch, present) => path.tick(epoch, [present]),
    pass: (from, until, present) => path.pass(from, until, [present]),
  }
}
