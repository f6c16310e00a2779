import {
  address,
  attoFil,
  bitField,
  bool,
  bytes,
  cid,
  i64,
  list,
  nullable,
  tuple,
  u64,
  type ValueOf,
} from '@plimsoll/ipld'
import { BatchReturn } from '../runtime/batch-return.ts'
import { ClientDealProposal, label } from './deal.ts'

/**
 * Parameters and return values. Numbers of parameters keep the whole range that they have on the wire.
 *
 * Source of everything here: builtin-actors v18, `actors/market/src/types.rs` unless another is named.
 */

/** Parameters of `AddBalance`: whose balance grows. */
export const AddBalanceParams = address

/** Parameters of `WithdrawBalance`. CBOR tuple. */
export const WithdrawBalanceParams = tuple('WithdrawBalanceParams', {
  providerOrClient: address,
  amount: attoFil,
})
export type WithdrawBalanceParams = ValueOf<typeof WithdrawBalanceParams>

/** What it returns: the amount that was paid out. */
export const WithdrawBalanceReturn = attoFil

/** Parameters of `GetBalance`. */
export const GetBalanceParams = address

/** What it returns: everything in escrow, and how much of it is locked. CBOR tuple. */
export const GetBalanceReturn = tuple('GetBalanceReturn', { balance: attoFil, locked: attoFil })
export type GetBalanceReturn = ValueOf<typeof GetBalanceReturn>

/** Parameters of `PublishStorageDeals`. CBOR tuple. */
export const PublishStorageDealsParams = tuple('PublishStorageDealsParams', {
  deals: list(ClientDealProposal),
})
export type PublishStorageDealsParams = ValueOf<typeof PublishStorageDealsParams>

/** What it returns: the ids of the deals that were published, and which of the parameters' these are. CBOR tuple. */
export const PublishStorageDealsReturn = tuple('PublishStorageDealsReturn', {
  ids: list(u64),
  validDeals: bitField,
})
export type PublishStorageDealsReturn = ValueOf<typeof PublishStorageDealsReturn>

/** What a client is told of a deal that was published. CBOR tuple. */
export const MarketNotifyDealParams = tuple('MarketNotifyDealParams', { proposal: bytes, dealId: u64 })

/** The deals of one sector. CBOR tuple. */
export const SectorDeals = tuple('SectorDeals', {
  sectorNumber: u64,
  sectorType: i64,
  sectorExpiry: i64,
  dealIds: list(u64),
})
export type SectorDeals = ValueOf<typeof SectorDeals>

/** Parameters of `VerifyDealsForActivation`. CBOR tuple. */
export const VerifyDealsForActivationParams = tuple('VerifyDealsForActivationParams', {
  sectors: list(SectorDeals),
})
export type VerifyDealsForActivationParams = ValueOf<typeof VerifyDealsForActivationParams>

/** What it returns: the data commitment of each sector, or null for one without deals. CBOR tuple. */
export const VerifyDealsForActivationReturn = tuple('VerifyDealsForActivationReturn', {
  unsealedCids: list(nullable(cid)),
})
export type VerifyDealsForActivationReturn = ValueOf<typeof VerifyDealsForActivationReturn>

/** Parameters of `BatchActivateDeals`: the deals of a sector are activated together or not at all. CBOR tuple. */
export const BatchActivateDealsParams = tuple('BatchActivateDealsParams', {
  sectors: list(SectorDeals),
  computeCid: bool,
})
export type BatchActivateDealsParams = ValueOf<typeof BatchActivateDealsParams>

/** A deal that was activated, with its allocation or {@link NO_ALLOCATION_ID}. CBOR tuple. */
export const ActivatedDeal = tuple('ActivatedDeal', {
  client: u64,
  allocationId: u64,
  data: cid,
  size: u64,
})
export type ActivatedDeal = ValueOf<typeof ActivatedDeal>

/** The deals of a sector that were activated. CBOR tuple. */
export const SectorDealActivation = tuple('SectorDealActivation', {
  activated: list(ActivatedDeal),
  unsealedCid: nullable(cid),
})
export type SectorDealActivation = ValueOf<typeof SectorDealActivation>

/** What `BatchActivateDeals` returns: how each sector ended, and those that went well. CBOR tuple. */
export const BatchActivateDealsResult = tuple('BatchActivateDealsResult', {
  activationResults: BatchReturn,
  activations: list(SectorDealActivation),
})
export type BatchActivateDealsResult = ValueOf<typeof BatchActivateDealsResult>

/** Parameters of `OnMinerSectorsTerminate`. CBOR tuple. */
export const OnMinerSectorsTerminateParams = tuple('OnMinerSectorsTerminateParams', {
  epoch: i64,
  sectors: bitField,
})
export type OnMinerSectorsTerminateParams = ValueOf<typeof OnMinerSectorsTerminateParams>

/** Parameters of every question about a deal: its id. */
export const DealQueryParams = u64

/** What `GetDealDataCommitment` returns; the size is the padded one, in bytes. CBOR tuple. */
export const GetDealDataCommitmentReturn = tuple('GetDealDataCommitmentReturn', { data: cid, size: u64 })
export type GetDealDataCommitmentReturn = ValueOf<typeof GetDealDataCommitmentReturn>

/** What `GetDealLabel` returns. */
export const GetDealLabelReturn = label

/** What `GetDealTerm` returns: the first epoch, and how many there are. CBOR tuple. */
export const GetDealTermReturn = tuple('GetDealTermReturn', { start: i64, duration: i64 })
export type GetDealTermReturn = ValueOf<typeof GetDealTermReturn>

/** What `GetDealActivation` returns; −1 for what did not happen. CBOR tuple. */
export const GetDealActivationReturn = tuple('GetDealActivationReturn', { activated: i64, terminated: i64 })
export type GetDealActivationReturn = ValueOf<typeof GetDealActivationReturn>

/** Parameters of `SettleDealPayments`: the ids of deals. */
export const SettleDealPaymentsParams = bitField

/** What was paid for a deal, and whether that was the end of it. CBOR tuple. */
export const DealSettlementSummary = tuple('DealSettlementSummary', { payment: attoFil, completed: bool })
export type DealSettlementSummary = ValueOf<typeof DealSettlementSummary>

/** What `SettleDealPayments` returns: how each deal ended, and what was paid for those that went well. CBOR tuple. */
export const SettleDealPaymentsReturn = tuple('SettleDealPaymentsReturn', {
  results: BatchReturn,
  settlements: list(DealSettlementSummary),
})
export type SettleDealPaymentsReturn = ValueOf<typeof SettleDealPaymentsReturn>

/** The allocation of a deal that has none. Source: builtin-actors v18, `actors/market/src/lib.rs`. */
export const NO_ALLOCATION_ID = 0n

/** A deal that there was and that is over. Source: the same file. */
export const EX_DEAL_EXPIRED = 32
/** A deal that no sector has taken in yet. Source: the same file. */
export const EX_DEAL_NOT_ACTIVATED = 33

/** FRC-0042 of `MarketNotifyDeal`, which contracts may answer. */
export const MARKET_NOTIFY_DEAL_METHOD = 4186741094
