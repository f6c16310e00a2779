import { attoFil, bool, u64 } from '@plimsoll/ipld'
import { SectorContentChangedParams, SectorContentChangedReturn } from '../miner/method-types.ts'
import { type ActorCode, method } from '../runtime/dispatch.ts'
import { addBalance } from './methods/add-balance.ts'
import { batchActivateDeals } from './methods/batch-activate-deals.ts'
import { marketConstructor } from './methods/constructor.ts'
import { cronTick } from './methods/cron-tick.ts'
import { getBalance } from './methods/get-balance.ts'
import {
  getDealActivation,
  getDealClient,
  getDealClientCollateral,
  getDealDataCommitment,
  getDealLabel,
  getDealProvider,
  getDealProviderCollateral,
  getDealSector,
  getDealTerm,
  getDealTotalPrice,
  getDealVerified,
} from './methods/getters.ts'
import { onMinerSectorsTerminate } from './methods/on-miner-sectors-terminate.ts'
import { publishStorageDeals } from './methods/publish-storage-deals.ts'
import { sectorContentChanged } from './methods/sector-content-changed.ts'
import { settleDealPayments } from './methods/settle-deal-payments.ts'
import { verifyDealsForActivation } from './methods/verify-deals-for-activation.ts'
import { withdrawBalance } from './methods/withdraw-balance.ts'
import {
  AddBalanceParams,
  BatchActivateDealsParams,
  BatchActivateDealsResult,
  DealQueryParams,
  GetBalanceParams,
  GetBalanceReturn,
  GetDealActivationReturn,
  GetDealDataCommitmentReturn,
  GetDealLabelReturn,
  GetDealTermReturn,
  OnMinerSectorsTerminateParams,
  PublishStorageDealsParams,
  PublishStorageDealsReturn,
  SettleDealPaymentsParams,
  SettleDealPaymentsReturn,
  VerifyDealsForActivationParams,
  VerifyDealsForActivationReturn,
  WithdrawBalanceParams,
  WithdrawBalanceReturn,
} from './types.ts'

const addBalanceSignature = { params: AddBalanceParams }
const withdrawBalanceSignature = { params: WithdrawBalanceParams, returns: WithdrawBalanceReturn }
const publishSignature = { params: PublishStorageDealsParams, returns: PublishStorageDealsReturn }
const params = DealQueryParams

/** The methods of the market. Source: builtin-actors v18, `actors/market/src/lib.rs`, `Method`. */
export const MARKET_ACTOR: ActorCode = {
  name: 'storagemarket',
  methods: new Map([
    [1, method('Constructor', {}, marketConstructor)],
    [2, method('AddBalance', addBalanceSignature, addBalance)],
    [3, method('WithdrawBalance', withdrawBalanceSignature, withdrawBalance)],
    [4, method('PublishStorageDeals', publishSignature, publishStorageDeals)],
    [
      5,
      method(
        'VerifyDealsForActivation',
        { params: VerifyDealsForActivationParams, returns: VerifyDealsForActivationReturn },
        verifyDealsForActivation,
      ),
    ],
    [
      6,
      method(
        'BatchActivateDeals',
        { params: BatchActivateDealsParams, returns: BatchActivateDealsResult },
        batchActivateDeals,
      ),
    ],
    [
      7,
      method('OnMinerSectorsTerminate', { params: OnMinerSectorsTerminateParams }, onMinerSectorsTerminate),
    ],
    [9, method('CronTick', {}, cronTick)],
    [822473126, method('AddBalanceExported', addBalanceSignature, addBalance)],
    [2280458852, method('WithdrawBalanceExported', withdrawBalanceSignature, withdrawBalance)],
    [2236929350, method('PublishStorageDealsExported', publishSignature, publishStorageDeals)],
    [
      726108461,
      method('GetBalanceExported', { params: GetBalanceParams, returns: GetBalanceReturn }, getBalance),
    ],
    [
      1157985802,
      method(
        'GetDealDataCommitmentExported',
        { params, returns: GetDealDataCommitmentReturn },
        getDealDataCommitment,
      ),
    ],
    [128053329, method('GetDealClientExported', { params, returns: u64 }, getDealClient)],
    [935081690, method('GetDealProviderExported', { params, returns: u64 }, getDealProvider)],
    [46363526, method('GetDealLabelExported', { params, returns: GetDealLabelReturn }, getDealLabel)],
    [163777312, method('GetDealTermExported', { params, returns: GetDealTermReturn }, getDealTerm)],
    [4287162428, method('GetDealTotalPriceExported', { params, returns: attoFil }, getDealTotalPrice)],
    [
      200567895,
      method('GetDealClientCollateralExported', { params, returns: attoFil }, getDealClientCollateral),
    ],
    [
      2986712137,
      method('GetDealProviderCollateralExported', { params, returns: attoFil }, getDealProviderCollateral),
    ],
    [2627389465, method('GetDealVerifiedExported', { params, returns: bool }, getDealVerified)],
    [
      2567238399,
      method('GetDealActivationExported', { params, returns: GetDealActivationReturn }, getDealActivation),
    ],
    [2611213344, method('GetDealSectorExported', { params, returns: u64 }, getDealSector)],
    [
      1900091594,
      method(
        'SettleDealPaymentsExported',
        { params: SettleDealPaymentsParams, returns: SettleDealPaymentsReturn },
        settleDealPayments,
      ),
    ],
    [
      2034386435,
      method(
        'SectorContentChangedExported',
        { params: SectorContentChangedParams, returns: SectorContentChangedReturn },
        sectorContentChanged,
      ),
    ],
  ]),
}
