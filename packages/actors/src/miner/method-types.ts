import {
  address,
  attoFil,
  type BitField,
  bigInt,
  bitField,
  bool,
  bytes,
  type Codec,
  CodecError,
  chainEpoch,
  cid,
  i64,
  list,
  mapped,
  nullable,
  storagePower,
  tuple,
  u8,
  u64,
  type ValueOf,
} from '@plimsoll/ipld'
import { FilterEstimate } from '../smooth/alpha-beta-filter.ts'
import { BeneficiaryTerm, PendingBeneficiaryChange } from './beneficiary.ts'

/**
 * Parameters and return values of a miner's methods. Numbers of parameters keep the whole range that they have on
 * the wire; the methods narrow them by the reference's own checks.
 *
 * Source of everything here: builtin-actors v18, `actors/miner/src/types.rs`.
 */

/** Numbers of methods that other actors call. Source: builtin-actors v18, `actors/miner/src/lib.rs`, `Method`. */
export const ON_DEFERRED_CRON_EVENT_METHOD = 12
export const APPLY_REWARDS_METHOD = 14
/** What actors implement that want to be told of data. Source: the same file, `SECTOR_CONTENT_CHANGED`. */
export const SECTOR_CONTENT_CHANGED_METHOD = 2_034_386_435

/** Parameters of method 1, `Constructor`. CBOR tuple. */
export const MinerConstructorParams = tuple('MinerConstructorParams', {
  owner: address,
  worker: address,
  controlAddresses: list(address),
  windowPostProofType: i64,
  peerId: bytes,
  multiAddresses: list(bytes),
})
export type MinerConstructorParams = ValueOf<typeof MinerConstructorParams>

/** What method 2, `ControlAddresses`, returns. CBOR tuple. */
export const GetControlAddressesReturn = tuple('GetControlAddressesReturn', {
  owner: address,
  worker: address,
  controlAddresses: list(address),
})
export type GetControlAddressesReturn = ValueOf<typeof GetControlAddressesReturn>

/** Parameters of method 3, `ChangeWorkerAddress`. CBOR tuple. */
export const ChangeWorkerAddressParams = tuple('ChangeWorkerAddressParams', {
  newWorker: address,
  newControlAddresses: list(address),
})
export type ChangeWorkerAddressParams = ValueOf<typeof ChangeWorkerAddressParams>

/** Parameters of method 4, `ChangePeerID`. CBOR tuple. */
export const ChangePeerIdParams = tuple('ChangePeerIDParams', { newId: bytes })
export type ChangePeerIdParams = ValueOf<typeof ChangePeerIdParams>

/** A partition that a window PoSt proves, but for what is skipped. CBOR tuple. */
export const PoStPartition = tuple('PoStPartition', { index: u64, skipped: bitField })
export type PoStPartition = ValueOf<typeof PoStPartition>

/** Parameters of method 5, `SubmitWindowedPoSt`. CBOR tuple. */
export const SubmitWindowedPoStParams = tuple('SubmitWindowedPoStParams', {
  deadline: u64,
  partitions: list(PoStPartition),
  proofs: list(tuple('PoStProof', { postProof: i64, proofBytes: bytes })),
  chainCommitEpoch: i64,
  chainCommitRand: bytes,
})
export type SubmitWindowedPoStParams = ValueOf<typeof SubmitWindowedPoStParams>

/** Sectors of one partition that something is declared of. CBOR tuple. */
export interface SectorDeclaration {
  readonly deadline: bigint
  readonly partition: bigint
  readonly sectors: BitField
}

function declarations<N extends string>(name: N, params: string): Codec<readonly SectorDeclaration[]> {
  const wire = tuple(params, {
    declarations: list(tuple(name, { deadline: u64, partition: u64, sectors: bitField })),
  })
  return mapped<ValueOf<typeof wire>, readonly SectorDeclaration[]>(
    params,
    wire,
    ({ declarations: declared }) => declared,
    (declared) => ({ declarations: declared }),
  )
}

/** Parameters of method 9, `TerminateSectors`. CBOR tuple of the list. */
export const TerminateSectorsParams = declarations('TerminationDeclaration', 'TerminateSectorsParams')

/** What it returns: whether every fee is settled. CBOR tuple. */
export const TerminateSectorsReturn = tuple('TerminateSectorsReturn', { done: bool })
export type TerminateSectorsReturn = ValueOf<typeof TerminateSectorsReturn>

/**
 * Parameters of method 37, `TerminateSectors2`: sectors, of which none are the same as an empty list, and how many may
 * be settled at most, queued ones included. CBOR tuple.
 *
 * Source: FIPs pull request 1035, `FIPS/fip-tbd.md`.
 */
export const TerminateSectors2Params = tuple('TerminateSectors2Params', {
  terminations: nullable(
    list(tuple('TerminationDeclaration', { deadline: u64, partition: u64, sectors: bitField })),
  ),
  maxTermination: u64,
})
export type TerminateSectors2Params = ValueOf<typeof TerminateSectors2Params>

/** Parameters of method 10, `DeclareFaults`. CBOR tuple of the list. */
export const DeclareFaultsParams = declarations('FaultDeclaration', 'DeclareFaultsParams')

/** Parameters of method 11, `DeclareFaultsRecovered`. CBOR tuple of the list. */
export const DeclareFaultsRecoveredParams = declarations(
  'RecoveryDeclaration',
  'DeclareFaultsRecoveredParams',
)

/** Parameters of method 12, `OnDeferredCronEvent`. CBOR tuple. */
export const DeferredCronEventParams = tuple('DeferredCronEventParams', {
  eventPayload: bytes,
  rewardSmoothed: FilterEstimate,
  qualityAdjPowerSmoothed: FilterEstimate,
})
export type DeferredCronEventParams = ValueOf<typeof DeferredCronEventParams>

/** Parameters that name one sector, as method 13, `CheckSectorProven`, has them. CBOR tuple. */
export const SectorNumberParams = tuple('CheckSectorProvenParams', { sectorNumber: u64 })
export type SectorNumberParams = ValueOf<typeof SectorNumberParams>

/** Parameters of method 14, `ApplyRewards`. CBOR tuple. */
export const ApplyRewardParams = tuple('ApplyRewardParams', { reward: attoFil, penalty: attoFil })
export type ApplyRewardParams = ValueOf<typeof ApplyRewardParams>

/** Parameters of method 15, `ReportConsensusFault`. CBOR tuple. */
export const ReportConsensusFaultParams = tuple('ReportConsensusFaultParams', {
  header1: bytes,
  header2: bytes,
  headerExtra: bytes,
})
export type ReportConsensusFaultParams = ValueOf<typeof ReportConsensusFaultParams>

/** Parameters of method 16, `WithdrawBalance`. CBOR tuple. */
export const WithdrawBalanceParams = tuple('WithdrawBalanceParams', { amountRequested: attoFil })
export type WithdrawBalanceParams = ValueOf<typeof WithdrawBalanceParams>

/** Parameters of method 17, `InternalSectorSetupForPreseal`. CBOR tuple. */
export const InternalSectorSetupForPresealParams = tuple('InternalSectorSetupForPresealParams', {
  sectors: list(u64),
  rewardSmoothed: FilterEstimate,
  rewardBaselinePower: storagePower,
  qualityAdjPowerSmoothed: FilterEstimate,
})
export type InternalSectorSetupForPresealParams = ValueOf<typeof InternalSectorSetupForPresealParams>

/** Parameters of method 18, `ChangeMultiaddrs`. CBOR tuple. */
export const ChangeMultiaddrsParams = tuple('ChangeMultiaddrsParams', { newMultiaddrs: list(bytes) })
export type ChangeMultiaddrsParams = ValueOf<typeof ChangeMultiaddrsParams>

/** Parameters of method 19, `CompactPartitions`. CBOR tuple. */
export const CompactPartitionsParams = tuple('CompactPartitionsParams', {
  deadline: u64,
  partitions: bitField,
})
export type CompactPartitionsParams = ValueOf<typeof CompactPartitionsParams>

/** Parameters of method 20, `CompactSectorNumbers`. CBOR tuple. */
export const CompactSectorNumbersParams = tuple('CompactSectorNumbersParams', { maskSectorNumbers: bitField })
export type CompactSectorNumbersParams = ValueOf<typeof CompactSectorNumbersParams>

/** Parameters of method 24, `DisputeWindowedPoSt`. CBOR tuple. */
export const DisputeWindowedPoStParams = tuple('DisputeWindowedPoStParams', { deadline: u64, postIndex: u64 })
export type DisputeWindowedPoStParams = ValueOf<typeof DisputeWindowedPoStParams>

/** What a pre-commitment promises. CBOR tuple; `SectorPreCommitInfo` is how it is stored. */
const SectorPreCommitInfoParams = tuple('SectorPreCommitInfo', {
  sealProof: i64,
  sectorNumber: u64,
  sealedCid: cid,
  sealRandEpoch: i64,
  dealIds: list(u64),
  expiration: i64,
  unsealedCid: nullable(cid),
})
export type SectorPreCommitInfoParams = ValueOf<typeof SectorPreCommitInfoParams>

/** Parameters of method 28, `PreCommitSectorBatch2`. CBOR tuple. */
export const PreCommitSectorBatchParams2 = tuple('PreCommitSectorBatchParams2', {
  sectors: list(SectorPreCommitInfoParams),
})
export type PreCommitSectorBatchParams2 = ValueOf<typeof PreCommitSectorBatchParams2>

/** Parameters of method 30, `ChangeBeneficiary`. CBOR tuple. */
export const ChangeBeneficiaryParams = tuple('ChangeBeneficiaryParams', {
  newBeneficiary: address,
  newQuota: attoFil,
  newExpiration: i64,
})
export type ChangeBeneficiaryParams = ValueOf<typeof ChangeBeneficiaryParams>

/** What method 31, `GetBeneficiary`, returns. CBOR tuple. */
export const GetBeneficiaryReturn = tuple('GetBeneficiaryReturn', {
  active: tuple('ActiveBeneficiary', { beneficiary: address, term: BeneficiaryTerm }),
  proposed: nullable(PendingBeneficiaryChange),
})
export type GetBeneficiaryReturn = ValueOf<typeof GetBeneficiaryReturn>

/** Claims of one sector that an extension keeps or drops. CBOR tuple. */
export const SectorClaim = tuple('SectorClaim', {
  sectorNumber: u64,
  maintainClaims: list(u64),
  dropClaims: list(u64),
})
export type SectorClaim = ValueOf<typeof SectorClaim>

/** Sectors of one partition that are extended to one epoch. CBOR tuple. */
export const ExpirationExtension2 = tuple('ExpirationExtension2', {
  deadline: u64,
  partition: u64,
  sectors: bitField,
  sectorsWithClaims: list(SectorClaim),
  newExpiration: i64,
})
export type ExpirationExtension2 = ValueOf<typeof ExpirationExtension2>

/** Parameters of method 32, `ExtendSectorExpiration2`. CBOR tuple. */
export const ExtendSectorExpiration2Params = tuple('ExtendSectorExpiration2Params', {
  extensions: list(ExpirationExtension2),
})
export type ExtendSectorExpiration2Params = ValueOf<typeof ExtendSectorExpiration2Params>

/** A piece of data that is put into a sector. CBOR tuple. */
export const PieceActivationManifest = tuple('PieceActivationManifest', {
  cid,
  size: u64,
  verifiedAllocationKey: nullable(tuple('VerifiedAllocationKey', { client: u64, id: u64 })),
  notify: list(tuple('DataActivationNotification', { address, payload: bytes })),
})
export type PieceActivationManifest = ValueOf<typeof PieceActivationManifest>

/** A sector that is proven, with its data. CBOR tuple. */
export const SectorActivationManifest = tuple('SectorActivationManifest', {
  sectorNumber: u64,
  pieces: list(PieceActivationManifest),
})
export type SectorActivationManifest = ValueOf<typeof SectorActivationManifest>

/** Parameters of method 34, `ProveCommitSectors3`. CBOR tuple. */
export const ProveCommitSectors3Params = tuple('ProveCommitSectors3Params', {
  sectorActivations: list(SectorActivationManifest),
  sectorProofs: list(bytes),
  aggregateProof: bytes,
  aggregateProofType: nullable(i64),
  requireActivationSuccess: bool,
  requireNotificationSuccess: bool,
})
export type ProveCommitSectors3Params = ValueOf<typeof ProveCommitSectors3Params>

/** A sector whose data are replaced. CBOR tuple. */
export const SectorUpdateManifest = tuple('SectorUpdateManifest', {
  sector: u64,
  deadline: u64,
  partition: u64,
  newSealedCid: cid,
  pieces: list(PieceActivationManifest),
})
export type SectorUpdateManifest = ValueOf<typeof SectorUpdateManifest>

/** Parameters of method 35, `ProveReplicaUpdates3`. CBOR tuple. */
export const ProveReplicaUpdates3Params = tuple('ProveReplicaUpdates3Params', {
  sectorUpdates: list(SectorUpdateManifest),
  sectorProofs: list(bytes),
  aggregateProof: bytes,
  updateProofsType: i64,
  aggregateProofType: nullable(i64),
  requireActivationSuccess: bool,
  requireNotificationSuccess: bool,
})
export type ProveReplicaUpdates3Params = ValueOf<typeof ProveReplicaUpdates3Params>

/** One sector of a non-interactive commitment. CBOR tuple. */
export const SectorNIActivationInfo = tuple('SectorNIActivationInfo', {
  sealingNumber: u64,
  sealerId: u64,
  sealedCid: cid,
  sectorNumber: u64,
  sealRandEpoch: i64,
  expiration: i64,
})
export type SectorNIActivationInfo = ValueOf<typeof SectorNIActivationInfo>

/** Parameters of method 36, `ProveCommitSectorsNI`. CBOR tuple. */
export const ProveCommitSectorsNIParams = tuple('ProveCommitSectorsNIParams', {
  sectors: list(SectorNIActivationInfo),
  aggregateProof: bytes,
  sealProofType: i64,
  aggregateProofType: i64,
  provingDeadline: u64,
  requireActivationSuccess: bool,
})
export type ProveCommitSectorsNIParams = ValueOf<typeof ProveCommitSectorsNIParams>

/** What `GetOwner` returns. CBOR tuple. */
export const GetOwnerReturn = tuple('GetOwnerReturn', { owner: address, proposed: nullable(address) })
export type GetOwnerReturn = ValueOf<typeof GetOwnerReturn>

/** What `GetVestingFunds` returns. CBOR tuple. */
export const GetVestingFundsReturn = tuple('GetVestingFundsReturn', {
  vestingFunds: list(tuple('VestingFund', { epoch: chainEpoch, amount: attoFil })),
})
export type GetVestingFundsReturn = ValueOf<typeof GetVestingFundsReturn>

/** What `GetPeerID` returns. CBOR tuple. */
export const GetPeerIdReturn = tuple('GetPeerIDReturn', { peerId: bytes })
export type GetPeerIdReturn = ValueOf<typeof GetPeerIdReturn>

/** What `GetMultiaddrs` returns. CBOR tuple. */
export const GetMultiaddrsReturn = tuple('GetMultiaddrsReturn', { multiAddrs: list(bytes) })
export type GetMultiaddrsReturn = ValueOf<typeof GetMultiaddrsReturn>

/** Parameters of `MaxTerminationFee`. CBOR tuple. */
export const MaxTerminationFeeParams = tuple('MaxTerminationFeeParams', {
  power: bigInt,
  initialPledge: attoFil,
})
export type MaxTerminationFeeParams = ValueOf<typeof MaxTerminationFeeParams>

/** How a sector stands: 0 dead, 1 active, 2 faulty. */
export const SectorStatusCode = { DEAD: 0, ACTIVE: 1, FAULTY: 2 } as const

/** The status as its number; another number is no status. */
const sectorStatusCode: Codec<number> = {
  ...u8,
  name: 'SectorStatusCode',
  decode: (reader) => {
    const status = u8.decode(reader)
    if (status > SectorStatusCode.FAULTY) {
      throw new CodecError('INVALID_VALUE', `SectorStatusCode: ${status}`, { status })
    }
    return status
  },
}

/** What `GenerateSectorLocation` returns; the data are an encoded {@link SectorLocation}. CBOR tuple. */
export const GenerateSectorLocationReturn = tuple('GenerateSectorLocationReturn', {
  status: sectorStatusCode,
  auxData: bytes,
})
export type GenerateSectorLocationReturn = ValueOf<typeof GenerateSectorLocationReturn>

/** Parameters of `ValidateSectorStatus`. CBOR tuple. */
export const ValidateSectorStatusParams = tuple('ValidateSectorStatusParams', {
  sectorNumber: u64,
  status: sectorStatusCode,
  auxData: bytes,
})
export type ValidateSectorStatusParams = ValueOf<typeof ValidateSectorStatusParams>

/** Where a sector is, or −1 and −1 for one that is nowhere. CBOR tuple. */
export const SectorLocation = tuple('SectorLocation', { deadline: i64, partition: i64 })
export type SectorLocation = ValueOf<typeof SectorLocation>

/** Source: `NO_DEADLINE`, `NO_PARTITION`. */
export const NO_PLACE = -1n

/** Parameters of `SectorContentChanged`: what was put into which sectors. */
export const SectorContentChangedParams = list(
  tuple('SectorChanges', {
    sector: u64,
    minimumCommitmentEpoch: chainEpoch,
    added: list(tuple('PieceChange', { data: cid, size: u64, payload: bytes })),
  }),
)
export type SectorContentChangedParams = ValueOf<typeof SectorContentChangedParams>

/** What it returns: for each sector whether each piece was accepted. */
export const SectorContentChangedReturn = list(list(bool))
export type SectorContentChangedReturn = ValueOf<typeof SectorContentChangedReturn>
