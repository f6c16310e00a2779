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
  /** Where the chain is now, if it is known. */
  readonly head?: ChainEpoch | undefined
  /** How many epochs the state may lie behind the head; needs one. */
  readonly maxAge?: number | undefined
}

/**
 * Opens the state that the roots of a snapshot lead to.
 *
 * @throws {AssessError} `EPOCH_BEFORE_STATE` when figures are asked for an epoch before the last executed one;
 * `STATE_TOO_OLD`, `HEAD_BEFORE_STATE`, `HEAD_MISSING`
 * @throws {StateError | CodecError} as `loadStateTree` and `loadActorCodes` do.
 */
export function openNetworkView(
  store: Blockstore,
  roots: readonly Cid[],
  { actorsVersion, epoch, head, maxAge }: NetworkViewOptions = {},
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
  requireFresh(stateEpoch, head, maxAge)
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

/** A figure of a state that is too old is no figure. How old it is, only somebody can say who knows the chain. */
function requireFresh(
  stateEpoch: ChainEpoch,
  head: ChainEpoch | undefined,
  maxAge: number | undefined,
): void {
  if (head === undefined) {
    if (maxAge !== undefined) {
      throw new AssessError('HEAD_MISSING', 'how old the state is cannot be told without the head', {
        maxAge,
      })
    }
    return
  }
  const age = head - stateEpoch
  if (age < 0) {
    const message = `the head ${head} is before ${stateEpoch}, the last epoch that this state has executed`
    throw new AssessError('HEAD_BEFORE_STATE', message, { head, stateEpoch })
  }
  if (maxAge !== undefined && age > maxAge) {
    const message = `the state of epoch ${stateEpoch} is ${age} epochs behind the head ${head}, and ${maxAge} are allowed`
    throw new AssessError('STATE_TOO_OLD', message, { age, head, maxAge, stateEpoch })
  }
}
