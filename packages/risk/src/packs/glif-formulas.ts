import { pledgePenaltyForTermination, TERMINATION_LIFETIME_CAP } from '@plimsoll/actors'
import { type AttoFil, EPOCHS_IN_DAY, maxBigInt } from '@plimsoll/primitives'
import { type Ratio, scaleFloor } from '../power-table/ratio.ts'
import { complement, wholeOf } from './rational.ts'

/** GLIF's formulas on an agent's sums, as its public code and documentation have them; amounts in attoFIL. */

export const GLIF_TIERS = ['none', 'bronze', 'silver', 'gold'] as const
export type GlifTier = (typeof GLIF_TIERS)[number]

/** Debt over liquidation value, above which an agent is in administration. */
export const GLIF_MAX_DTL: Readonly<Record<GlifTier, Ratio>> = {
  none: { num: 750n, denom: 1000n },
  bronze: { num: 800n, denom: 1000n },
  silver: { num: 857n, denom: 1000n },
  gold: { num: 900n, denom: 1000n },
}

/** Debt over liquidation value, above which an agent is liquidated. */
export const GLIF_LIQUIDATION_DTL: Ratio = { num: 92n, denom: 100n }

/** What GLIF adds up over the miners of an agent. */
export interface GlifAgent {
  /** Balances of all miners, and what the agent itself holds. */
  readonly balance: AttoFil
  readonly feeDebt: AttoFil
  readonly terminationFee: AttoFil
}

/**
 * The termination fee of a miner as one call over its sums gives it: all its pledge at full age, with the fault
 * fee of its claim. Faulty sectors are not part of a claim, and so not of that floor.
 */
export function glifTerminationFee(initialPledge: AttoFil, faultFeeOfClaim: AttoFil): AttoFil {
  return pledgePenaltyForTermination(initialPledge, TERMINATION_LIFETIME_CAP * EPOCHS_IN_DAY, faultFeeOfClaim)
}

/** Balance without fee debt and termination fee, neither step below zero. */
export function glifLiquidationValue({ balance, feeDebt, terminationFee }: GlifAgent): AttoFil {
  return maxBigInt(maxBigInt(balance - feeDebt, 0n) - terminationFee, 0n)
}

/** All debt that the margin carries when what is borrowed stays in the miners: it raises the value as well. */
export function maxBorrowAndSeal(liquidationValue: AttoFil, debt: AttoFil, { num, denom }: Ratio): AttoFil {
  const margin = liquidationValue - debt
  return scaleFloor({ num: denom, denom: denom - num }, margin) - margin
}

/** What may be borrowed in addition when it stays in the miners. */
export function borrowLimit(liquidationValue: AttoFil, debt: AttoFil, maxDtl: Ratio): AttoFil {
  return maxBorrowAndSeal(liquidationValue, debt, maxDtl) - debt
}

/** What may be borrowed in addition and taken away. */
export function maxBorrowAndWithdraw(liquidationValue: AttoFil, debt: AttoFil, maxDtl: Ratio): AttoFil {
  return liquidationValue - debt - scaleFloor(complement(maxDtl), liquidationValue)
}

/** What may be withdrawn before debt is at its limit. */
export function withdrawableByDtl(liquidationValue: AttoFil, debt: AttoFil, maxDtl: Ratio): AttoFil {
  return liquidationValue - wholeOf(debt, maxDtl)
}

/** The liquidation value below which debt is liquidated. */
export function marginCall(debt: AttoFil): AttoFil {
  return scaleFloor({ num: GLIF_LIQUIDATION_DTL.denom, denom: GLIF_LIQUIDATION_DTL.num }, debt)
}
