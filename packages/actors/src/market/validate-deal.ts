import type { StoragePower } from '@plimsoll/primitives'
import { ActorError, requireParam } from '../runtime/actor-error.ts'
import type { Runtime } from '../runtime/runtime.ts'
import { type ClientDealProposal, dealDuration, isPieceCid, labelSizeBytes } from './deal.ts'
import { isSignedByClient } from './ext.ts'
import {
  type Bounds,
  DEAL_CLIENT_COLLATERAL_BOUNDS,
  DEAL_DURATION_BOUNDS,
  DEAL_MAX_LABEL_SIZE_BYTES,
  DEAL_PRICE_PER_EPOCH_BOUNDS,
  dealProviderCollateralBounds,
} from './policy.ts'

/** Whether a deal may be published, as far as that depends on the deal alone. Powers in bytes. */
export function isValidDeal(
  rt: Runtime,
  deal: ClientDealProposal,
  networkRawPower: StoragePower,
  baselinePower: StoragePower,
): boolean {
  try {
    validateDeal(rt, deal, networkRawPower, baselinePower)
    return true
  } catch (error) {
    if (error instanceof ActorError) {
      return false
    }
    throw error
  }
}

/**
 * Source: builtin-actors v18, `actors/market/src/lib.rs`, `validate_deal`.
 *
 * @throws {ActorError} `USR_ILLEGAL_ARGUMENT`; and with what the client ends with when it is asked for its consent.
 */
function validateDeal(
  rt: Runtime,
  deal: ClientDealProposal,
  networkRawPower: StoragePower,
  baselinePower: StoragePower,
): void {
  requireParam(isSignedByClient(rt, deal), 'the client has not signed this')
  const { proposal } = deal
  const { pieceSize, startEpoch, endEpoch } = proposal
  const labelSize = labelSizeBytes(proposal.label)
  requireParam(labelSize <= DEAL_MAX_LABEL_SIZE_BYTES, () => `a label of ${labelSize} bytes`)
  requireParam(isPaddedPieceSize(pieceSize), () => `a piece of ${pieceSize} bytes`)
  requireParam(isPieceCid(proposal.pieceCid), 'the CID is that of no piece')
  requireParam(endEpoch > startEpoch, 'the deal ends before it starts')
  requireParam(rt.currEpoch <= startEpoch, 'the deal has started already')
  requireWithin(DEAL_DURATION_BOUNDS, dealDuration(proposal), 'duration')
  requireWithin(DEAL_PRICE_PER_EPOCH_BOUNDS, proposal.storagePricePerEpoch, 'price')
  const circulatingSupply = rt.totalFilCircSupply()
  const network = { rawPower: networkRawPower, baselinePower, circulatingSupply }
  const collateralBounds = dealProviderCollateralBounds(rt.policy, pieceSize, network)
  requireWithin(collateralBounds, proposal.providerCollateral, 'collateral of the provider')
  requireWithin(DEAL_CLIENT_COLLATERAL_BOUNDS, proposal.clientCollateral, 'collateral of the client')
}

const MIN_PADDED_PIECE_SIZE = 128n

/** Source: ref-fvm `shared/src/piece/mod.rs`, `PaddedPieceSize::validate`. */
function isPaddedPieceSize(sizeBytes: bigint): boolean {
  return sizeBytes >= MIN_PADDED_PIECE_SIZE && (sizeBytes & (sizeBytes - 1n)) === 0n
}

function requireWithin({ min, max }: Bounds, value: bigint, what: string): void {
  requireParam(value >= min && value <= max, () => `the ${what} is ${value}, not from ${min} to ${max}`)
}
