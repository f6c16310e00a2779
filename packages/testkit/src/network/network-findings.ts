import { checkStateInvariants, type Finding, loadActorCodes } from '@plimsoll/actors'
import type { TestNetwork } from './test-network.ts'

/**
 * The reference adds a claim's weight up from the claim's start. Once a sector with claims is extended, its weight
 * counts from there, so that the rule fails for states that real messages make.
 *
 * Source: builtin-actors v18, `state/src/check.rs`, `check_verifreg_against_miners`; `actors/miner/src/lib.rs`,
 * `extend_simple_qap_sector`.
 */
const FAILS_AFTER_EXTENSIONS = 'tree/claimed-weight'

/** What the reference's rules find in the whole state between two epochs, but for the one that does not hold. */
export function networkFindings({ vm }: Pick<TestNetwork, 'vm'>): readonly Finding[] {
  const tree = vm.stateTree()
  const { findings } = checkStateInvariants(vm.host.policy, tree, loadActorCodes(tree), vm.epoch - 1)
  return findings.filter(({ kind }) => kind !== FAILS_AFTER_EXTENSIONS)
}
