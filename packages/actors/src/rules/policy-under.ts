import type { Policy } from '../policy.ts'
import type { Rules } from './rules.ts'

/**
 * A policy under rules: the multiplier brings the limits of a commitment with it.
 *
 * Source: FIP-0036 and FIP-0056, whose commitments replace those of builtin-actors v18, `runtime/src/runtime/policy.rs`.
 */
export function policyUnder(rules: Rules, policy: Policy): Policy {
  const { durationMultiplier } = rules
  if (durationMultiplier === null) {
    return { ...policy, rules }
  }
  return {
    ...policy,
    rules,
    minSectorExpiration: durationMultiplier.minCommitment,
    maxSectorExpirationExtension: durationMultiplier.maxCommitment,
  }
}
