import {
  type ClientDealProposal,
  type DealProposal,
  PublishStorageDealsParams,
  PublishStorageDealsReturn,
  SignatureType,
  serialize,
} from '@plimsoll/actors'
import { address } from '@plimsoll/ipld'
import {
  type Address,
  ATTO_FIL_PER_FIL,
  type AttoFil,
  type ChainEpoch,
  EPOCHS_IN_DAY,
  STORAGE_MARKET_ACTOR_ADDR,
} from '@plimsoll/primitives'
import type { TestMiner } from './create-miner.ts'
import type { Piece } from './pieces.ts'
import { type Call, execute, executeFor } from './send.ts'
import type { TestAccount, TestNetwork } from './test-network.ts'

/** Puts FIL into escrow at the market, for a client or for a miner. */
export function addEscrow(network: TestNetwork, from: Address, owner: Address, value: AttoFil): void {
  execute(network, {
    from,
    to: STORAGE_MARKET_ACTOR_ADDR,
    actor: 'storagemarket',
    method: 'AddBalance',
    params: serialize(address, owner),
    value,
  })
}

/** A deal: its client and its data, and what is not as usual. */
export interface DealPlan {
  readonly client: TestAccount
  readonly piece: Piece
  readonly verified?: boolean
  /** A week from now unless given; the sector has to be proven by then. */
  readonly start?: ChainEpoch
  /** In epochs; a year unless given. */
  readonly duration?: number
  readonly pricePerEpoch?: AttoFil
}

const PRICE_PER_EPOCH = 1_000_000_000n
const PROVIDER_COLLATERAL = 10n * ATTO_FIL_PER_FIL
const SIGNATURE = Uint8Array.of(1)

/** The terms of a deal as its client signs them. */
export function proposalOf({ vm }: TestNetwork, provider: Address, plan: DealPlan): DealProposal {
  const { client, piece, verified = false, start = vm.epoch + 7 * EPOCHS_IN_DAY } = plan
  const { duration = 365 * EPOCHS_IN_DAY, pricePerEpoch = PRICE_PER_EPOCH } = plan
  return {
    pieceCid: piece.cid,
    pieceSize: piece.size,
    verifiedDeal: verified,
    client: client.id,
    provider,
    label: 'label',
    startEpoch: BigInt(start),
    endEpoch: BigInt(start + duration),
    storagePricePerEpoch: pricePerEpoch,
    providerCollateral: PROVIDER_COLLATERAL,
    clientCollateral: 0n,
  }
}

export function publishDealsCall(
  network: TestNetwork,
  { id, worker }: TestMiner,
  plans: readonly DealPlan[],
): Call {
  const deals = plans.map((plan): ClientDealProposal => {
    const proposal = proposalOf(network, id, plan)
    return { proposal, clientSignature: { type: SignatureType.BLS, bytes: SIGNATURE } }
  })
  return {
    from: worker.id,
    to: STORAGE_MARKET_ACTOR_ADDR,
    actor: 'storagemarket',
    method: 'PublishStorageDeals',
    params: serialize(PublishStorageDealsParams, { deals }),
  }
}

/** Funds both sides of deals and publishes them; returns their ids, of which none may be missing. */
export function publishDeals(
  network: TestNetwork,
  miner: TestMiner,
  plans: readonly DealPlan[],
): readonly bigint[] {
  for (const plan of plans) {
    const { startEpoch, endEpoch, ...terms } = proposalOf(network, miner.id, plan)
    const fee = terms.storagePricePerEpoch * (endEpoch - startEpoch) + terms.clientCollateral
    addEscrow(network, plan.client.id, plan.client.id, fee)
    addEscrow(network, miner.owner.id, miner.id, terms.providerCollateral)
  }
  const { ids } = executeFor(network, publishDealsCall(network, miner, plans), PublishStorageDealsReturn)
  if (ids.length !== plans.length) {
    throw new Error(`${ids.length} of ${plans.length} deals were published`)
  }
  return ids
}
