import type { DurationMultiplier } from './duration-multiplier.ts'

/**
 * What the network would do otherwise: each switch changes one decision of an actor, where the actor takes it.
 * With every switch off the rules are those of the network.
 *
 * Source: the founding proposals; `docs/proposals.md` says how each of their sentences is read.
 */
export interface Rules {
  /** Whether a miner has the method TerminateSectors2, and what it says to sectors that are terminated already. */
  readonly terminateSectors2: 'off' | 'strict' | 'lenient'
  /** Whether faults may be recovered while the miner is in debt (FIP-0006). */
  readonly recoveryInDebt: boolean
  /** How the length of a commitment multiplies power (FIP-0036); null today. */
  readonly durationMultiplier: DurationMultiplier | null
}

export const RULES_OF_TODAY: Rules = {
  terminateSectors2: 'off',
  recoveryInDebt: false,
  durationMultiplier: null,
}
