import {
  type ActorCodes,
  Actors,
  checkStateInvariants,
  type Finding,
  NEWEST_ACTORS_VERSION,
  StateError,
} from '@plimsoll/actors'
import { formatCid } from '@plimsoll/ipld'
import type { ChainEpoch } from '@plimsoll/primitives'
import type { ActorChange, Vm } from '@plimsoll/vm'

/** Rules that need every miner in sight; those of most claims and deals are not among what a step touches. */
const NEEDS_EVERY_MINER = ['tree/claim-without-miner', 'tree/deal-without-miner']

/**
 * The reference's rules over the actors that a step touched, and over those against each other.
 *
 * `priorEpoch` is the last epoch that cron has ended.
 */
export function checkTouched(
  vm: Vm,
  changes: Iterable<ActorChange>,
  priorEpoch: ChainEpoch,
): readonly Finding[] {
  const actors = Actors.empty(vm.store)
  for (const { actor, after } of changes) {
    actors.set(actor, after)
  }
  const tree = { store: vm.store, root: vm.root(), actors, wrapper: null }
  const { findings } = checkStateInvariants(vm.host.policy, tree, codesOf(vm), priorEpoch)
  return findings.filter(({ kind }) => !NEEDS_EVERY_MINER.includes(kind))
}

/** The rules over all actors of the machine. */
export function checkWhole(vm: Vm, priorEpoch: ChainEpoch): readonly Finding[] {
  return checkStateInvariants(vm.host.policy, vm.stateTree(), codesOf(vm), priorEpoch).findings
}

function codesOf(vm: Vm): ActorCodes {
  return {
    version: NEWEST_ACTORS_VERSION,
    nameOf: (code) => {
      const name = vm.host.codes.nameOf(code)
      if (name === undefined) {
        throw new StateError('UNKNOWN_ACTOR_CODE', `no built-in actor has the code ${formatCid(code)}`)
      }
      return name
    },
  }
}
