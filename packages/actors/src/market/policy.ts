import {
  ATTO_FIL_PER_FIL,
  type AttoFil,
  divFloor,
  EPOCHS_IN_DAY,
  maxBigInt,
  type StoragePower,
} from '@plimsoll/primitives'
import type { Policy } from '../policy.ts'

/** Source of everything here: builtin-actors v18, `actors/market/src/policy.rs`. */

/** Smallest and largest allowed value. */
export interface Bounds {
  readonly min: bigint
  readonly max: bigint
}

/** The longest label of a deal. Source: `DEAL_MAX_LABEL_SIZE`. */
export const DEAL_MAX_LABEL_SIZE_BYTES = 256

/** The most FIL that there can be, which bounds prices and collaterals. */
export const TOTAL_FILECOIN: AttoFil = 2_000_000_000n * ATTO_FIL_PER_FIL

/** How many epochs a deal may last. Source: `deal_duration_bounds`. */
export const DEAL_DURATION_BOUNDS: Bounds = {
  min: BigInt(180 * EPOCHS_IN_DAY),
  max: BigInt(1278 * EPOCHS_IN_DAY),
}

/** What an epoch of a deal may cost. Source: `deal_price_per_epoch_bounds`. */
export const DEAL_PRICE_PER_EPOCH_BOUNDS: Bounds = { min: 0n, max: TOTAL_FILECOIN }

/** Source: `deal_client_collateral_bounds`. */
export const DEAL_CLIENT_COLLATERAL_BOUNDS: Bounds = { min: 0n, max: TOTAL_FILECOIN }

/** What the bounds of a provider's collateral depend on. */
export interface NetworkSize {
  readonly rawPower: StoragePower
  readonly baselinePower: StoragePower
  readonly circulatingSupply: AttoFil
}

/**
 * At least the share of the circulating supply that the deal has of the network's power or of the baseline,
 * whichever is larger, times the policy's.
 *
 * Source: `deal_provider_collateral_bounds`.
 */
export function dealProviderCollateralBounds(
  policy: Policy,
  pieceSize: bigint,
  { rawPower, baselinePower, circulatingSupply }: NetworkSize,
): Bounds {
  const lockTargetNum = circulatingSupply * policy.provCollateralPercentSupplyNum
  const powerShareDenom = maxBigInt(maxBigInt(rawPower, baselinePower), pieceSize)
  const num = pieceSize * lockTargetNum
  const denom = powerShareDenom * policy.provCollateralPercentSupplyDenom
  return { min: divFloor(num, denom), max: TOTAL_FILECOIN }
}

/** What a provider loses whose deal is in no sector when it begins. Source: `collateral_penalty_for_deal_activation_missed`. */
export function collateralPenaltyForDealActivationMissed(providerCollateral: AttoFil): AttoFil {
  return providerCollateral
}
