import { type ActorId, findActorId, type Hashes } from '@plimsoll/primitives'
import { buildMixedMiner, openNetwork } from '@plimsoll/testkit'
import { type NetworkView, openNetworkView } from '../../assess/network-view.ts'

/**
 * A miner of three empty sectors and two verified ones, and beside it a larger one, so that there is a total of pledges
 * which deposits can be taken from.
 */
export function forecastNetwork(hashes: Hashes): { readonly view: NetworkView; readonly miner: ActorId } {
  const network = openNetwork(hashes)
  const miner = findActorId(buildMixedMiner(network, { committedCapacity: 3, verified: 2 }).id) as ActorId
  buildMixedMiner(network, { nonInteractive: 130, batches: 2 })
  return { view: openNetworkView(network.vm.store, [network.vm.root()]), miner }
}
