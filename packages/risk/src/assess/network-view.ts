import {
  type ActorCodes,
  type ActorsVersion,
  loadActorCodes,
  loadNetworkState,
  loadStateTree,
  type NetworkEstimates,
  type NetworkState,
  type StateTree,
} from '@plimsoll/actors'
import type { Blockstore, Cid } from '@plimsoll/ipld'
import { BaseError, type ChainEpoch } from '@plimsoll/primitives'

/** A question that the state cannot answer. */
export class AssessError extends BaseError {}

/** A network's state, opened at the epoch that figures are for. */
export interface NetworkView {
  readonly tree: StateTree
  readonly codes: ActorCodes
  readonly version: ActorsVersion
  readonly network: NetworkState
  readonly estimates: NetworkEstimates
  /** The last epoch that was executed. */
  readonly stateEpoch: ChainEpoch
  /** The epoch that figures are for: of the next message, unless another was asked for. */
  readonly assessedEpoch: ChainEpoch
}

export interface NetworkViewOptions {
  /** Of a state whose code CIDs do not tell; see `loadActorCodes`. */
  readonly actorsVersion?: number | undefined
  readonly epoch?: ChainEpoch | undefined
}

/**
 * Opens the state that the roots of a snapshot lead to.
 *
 * @throws {AssessError} `EPOCH_BEFORE_STATE` when figures are asked for an epoch before the last executed one.
 * @throws {StateError | CodecError} as `loadStateTree` and `loadActorCodes` do.
 */
export function openNetworkView(
  store: Blockstore,
  roots: readonly Cid[],
  { actorsVersion, epoch }: NetworkViewOptions = {},
): NetworkView {
  const tree = loadStateTree(store, roots)
  const codes = loadActorCodes(tree, actorsVersion)
  const network = loadNetworkState(tree, codes.version)
  const { stateEpoch, estimates } = network
  if (epoch !== undefined && epoch < stateEpoch) {
    throw new AssessError(
      'EPOCH_BEFORE_STATE',
      `epoch ${epoch} is before ${stateEpoch}, the last one that this state has executed`,
      { epoch, stateEpoch },
    )
  }
  return {
    tree,
    codes,
    version: codes.version,
    network,
    estimates,
    stateEpoch,
    assessedEpoch: epoch ?? stateEpoch + 1,
  }
}
