import { address, attoFil, bool, chainEpoch, u64 } from '@plimsoll/ipld'
import { BatchReturn } from '../runtime/batch-return.ts'
import { type ActorCode, method } from '../runtime/dispatch.ts'
import * as types from './method-types.ts'
import {
  changeMultiaddrs,
  changeOwnerAddress,
  changePeerId,
  changeWorkerAddress,
  confirmChangeWorkerAddress,
} from './methods/addresses.ts'
import { applyRewards } from './methods/apply-rewards.ts'
import { changeBeneficiary } from './methods/change-beneficiary.ts'
import { compactPartitions, compactSectorNumbers } from './methods/compaction.ts'
import { minerConstructor } from './methods/constructor.ts'
import { declareFaults, declareFaultsRecovered } from './methods/declare-faults.ts'
import { disputeWindowedPoSt } from './methods/dispute-windowed-post.ts'
import { extendSectorExpiration2 } from './methods/extend-sector-expiration2.ts'
import * as getters from './methods/getters.ts'
import { internalSectorSetupForPreseal } from './methods/internal-sector-setup-preseal.ts'
import { onDeferredCronEvent } from './methods/on-deferred-cron-event.ts'
import { preCommitSectorBatch2 } from './methods/pre-commit-sector-batch2.ts'
import { proveCommitSectorsNI } from './methods/prove-commit-sectors-ni.ts'
import { proveCommitSectors3 } from './methods/prove-commit-sectors3.ts'
import { proveReplicaUpdates3 } from './methods/prove-replica-updates3.ts'
import { repayDebt } from './methods/repay-debt.ts'
import { reportConsensusFault } from './methods/report-consensus-fault.ts'
import { submitWindowedPoSt } from './methods/submit-windowed-post.ts'
import { terminateSectors } from './methods/terminate-sectors.ts'
import { hasTerminateSectors2, terminateSectors2 } from './methods/terminate-sectors2.ts'
import { validateSectorStatus } from './methods/validate-sector-status.ts'
import { withdrawBalance } from './methods/withdraw-balance.ts'

const changeWorker = { params: types.ChangeWorkerAddressParams }
const newPeerId = { params: types.ChangePeerIdParams }
const newMultiaddrs = { params: types.ChangeMultiaddrsParams }
const withdrawal = { params: types.WithdrawBalanceParams, returns: attoFil }
const newBeneficiary = { params: types.ChangeBeneficiaryParams }
const beneficiary = { returns: types.GetBeneficiaryReturn }
const termination = { params: types.TerminateSectorsParams, returns: types.TerminateSectorsReturn }
const termination2 = { params: types.TerminateSectors2Params, returns: types.TerminateSectorsReturn }
const sectorLocation = { params: types.SectorNumberParams, returns: types.GenerateSectorLocationReturn }
const sectorStatus = { params: types.ValidateSectorStatusParams, returns: bool }

/** The methods of a miner. Source: builtin-actors v18, `actors/miner/src/lib.rs`, `Method`. */
export const MINER_ACTOR: ActorCode = {
  name: 'storageminer',
  methods: new Map([
    [1, method('Constructor', { params: types.MinerConstructorParams }, minerConstructor)],
    [2, method('ControlAddresses', { returns: types.GetControlAddressesReturn }, getters.controlAddresses)],
    [3, method('ChangeWorkerAddress', changeWorker, changeWorkerAddress)],
    [4, method('ChangePeerID', newPeerId, changePeerId)],
    [5, method('SubmitWindowedPoSt', { params: types.SubmitWindowedPoStParams }, submitWindowedPoSt)],
    [9, method('TerminateSectors', termination, terminateSectors)],
    [10, method('DeclareFaults', { params: types.DeclareFaultsParams }, declareFaults)],
    [
      11,
      method(
        'DeclareFaultsRecovered',
        { params: types.DeclareFaultsRecoveredParams },
        declareFaultsRecovered,
      ),
    ],
    [
      types.ON_DEFERRED_CRON_EVENT_METHOD,
      method('OnDeferredCronEvent', { params: types.DeferredCronEventParams }, onDeferredCronEvent),
    ],
    [13, method('CheckSectorProven', { params: types.SectorNumberParams }, getters.checkSectorProven)],
    [types.APPLY_REWARDS_METHOD, method('ApplyRewards', { params: types.ApplyRewardParams }, applyRewards)],
    [15, method('ReportConsensusFault', { params: types.ReportConsensusFaultParams }, reportConsensusFault)],
    [16, method('WithdrawBalance', withdrawal, withdrawBalance)],
    [
      17,
      method(
        'InternalSectorSetupForPreseal',
        { params: types.InternalSectorSetupForPresealParams },
        internalSectorSetupForPreseal,
      ),
    ],
    [18, method('ChangeMultiaddrs', newMultiaddrs, changeMultiaddrs)],
    [19, method('CompactPartitions', { params: types.CompactPartitionsParams }, compactPartitions)],
    [20, method('CompactSectorNumbers', { params: types.CompactSectorNumbersParams }, compactSectorNumbers)],
    [21, method('ConfirmChangeWorkerAddress', {}, confirmChangeWorkerAddress)],
    [22, method('RepayDebt', {}, repayDebt)],
    [23, method('ChangeOwnerAddress', { params: address }, changeOwnerAddress)],
    [24, method('DisputeWindowedPoSt', { params: types.DisputeWindowedPoStParams }, disputeWindowedPoSt)],
    [
      28,
      method('PreCommitSectorBatch2', { params: types.PreCommitSectorBatchParams2 }, (rt, { sectors }) =>
        preCommitSectorBatch2(rt, sectors),
      ),
    ],
    [30, method('ChangeBeneficiary', newBeneficiary, changeBeneficiary)],
    [31, method('GetBeneficiary', beneficiary, getters.getBeneficiary)],
    [
      32,
      method(
        'ExtendSectorExpiration2',
        { params: types.ExtendSectorExpiration2Params },
        (rt, { extensions }) => extendSectorExpiration2(rt, extensions),
      ),
    ],
    [
      34,
      method(
        'ProveCommitSectors3',
        { params: types.ProveCommitSectors3Params, returns: BatchReturn },
        proveCommitSectors3,
      ),
    ],
    [
      35,
      method(
        'ProveReplicaUpdates3',
        { params: types.ProveReplicaUpdates3Params, returns: BatchReturn },
        proveReplicaUpdates3,
      ),
    ],
    [
      36,
      method(
        'ProveCommitSectorsNI',
        { params: types.ProveCommitSectorsNIParams, returns: BatchReturn },
        proveCommitSectorsNI,
      ),
    ],
    [37, { ...method('TerminateSectors2', termination2, terminateSectors2), isOn: hasTerminateSectors2 }],
    [
      2777360141,
      {
        ...method('TerminateSectors2Exported', termination2, terminateSectors2),
        isOn: hasTerminateSectors2,
      },
    ],
    [3302309124, method('ChangeWorkerAddressExported', changeWorker, changeWorkerAddress)],
    [1236548004, method('ChangePeerIDExported', newPeerId, changePeerId)],
    [2280458852, method('WithdrawBalanceExported', withdrawal, withdrawBalance)],
    [1063480576, method('ChangeMultiaddrsExported', newMultiaddrs, changeMultiaddrs)],
    [2354970453, method('ConfirmChangeWorkerAddressExported', {}, confirmChangeWorkerAddress)],
    [3665352697, method('RepayDebtExported', {}, repayDebt)],
    [1010589339, method('ChangeOwnerAddressExported', { params: address }, changeOwnerAddress)],
    [1570634796, method('ChangeBeneficiaryExported', newBeneficiary, changeBeneficiary)],
    [4158972569, method('GetBeneficiaryExported', beneficiary, getters.getBeneficiary)],
    [3275365574, method('GetOwnerExported', { returns: types.GetOwnerReturn }, getters.getOwner)],
    [
      348244887,
      method(
        'IsControllingAddressExported',
        { params: address, returns: bool },
        getters.isControllingAddress,
      ),
    ],
    [3858292296, method('GetSectorSizeExported', { returns: u64 }, getters.getSectorSize)],
    [4026106874, method('GetAvailableBalanceExported', { returns: attoFil }, getters.getAvailableBalance)],
    [
      1726876304,
      method('GetVestingFundsExported', { returns: types.GetVestingFundsReturn }, getters.getVestingFunds),
    ],
    [2812875329, method('GetPeerIDExported', { returns: types.GetPeerIdReturn }, getters.getPeerId)],
    [
      1332909407,
      method('GetMultiaddrsExported', { returns: types.GetMultiaddrsReturn }, getters.getMultiaddrs),
    ],
    [
      4127382196,
      method(
        'MaxTerminationFeeExported',
        { params: types.MaxTerminationFeeParams, returns: attoFil },
        getters.maxTerminationFee,
      ),
    ],
    [3180523767, method('InitialPledgeExported', { returns: attoFil }, getters.initialPledge)],
    [1321604665, method('GenerateSectorLocationExported', sectorLocation, getters.generateSectorLocation)],
    [3092458564, method('ValidateSectorStatusExported', sectorStatus, validateSectorStatus)],
    [
      3010055991,
      method(
        'GetNominalSectorExpirationExported',
        { params: u64, returns: chainEpoch },
        getters.getNominalSectorExpiration,
      ),
    ],
  ]),
}
