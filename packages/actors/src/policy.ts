import { EPOCHS_IN_DAY, MAINNET, type NetworkParameters, type StoragePower } from '@plimsoll/primitives'

/**
 * The parameters of the protocol that its networks set differently, or that tests vary.
 *
 * Source: builtin-actors v18, `runtime/src/runtime/policy.rs`.
 */
export interface Policy {
  /** Deadlines in a proving period. */
  readonly wpostPeriodDeadlines: number
  /** Epochs in a proving period; every deadline of a miner opens once in it. */
  readonly wpostProvingPeriod: number
  /** Epochs for which a deadline is open. */
  readonly wpostChallengeWindow: number
  /** Epochs between the challenge of a deadline and its opening. */
  readonly wpostChallengeLookback: number
  /** Epochs before the opening of a deadline from which its faults and recoveries can no longer be declared. */
  readonly faultDeclarationCutoff: number
  /** Raw power from which a miner counts in consensus. */
  readonly minimumConsensusPower: StoragePower
}

export const MAINNET_POLICY: Policy = {
  wpostPeriodDeadlines: 48,
  wpostProvingPeriod: EPOCHS_IN_DAY,
  wpostChallengeWindow: 60,
  wpostChallengeLookback: 20,
  faultDeclarationCutoff: 70,
  minimumConsensusPower: MAINNET.minimumConsensusPower,
}

/** The policy of a network; one that is not in the tables is taken to be like mainnet. */
export function policyOf(network: NetworkParameters | undefined): Policy {
  return { ...MAINNET_POLICY, minimumConsensusPower: (network ?? MAINNET).minimumConsensusPower }
}
