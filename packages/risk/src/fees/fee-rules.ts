import type { ActorsVersion } from '@plimsoll/actors'

/** The rules by which a termination is charged: those of FIP-0098 since actors v16, or the older ones. */
export type FeeRules = 'fip0098' | 'pre-fip0098'

/** The rules that the network applies to a state of that version. */
export function feeRulesOf(version: ActorsVersion): FeeRules {
  return version >= 16 ? 'fip0098' : 'pre-fip0098'
}
