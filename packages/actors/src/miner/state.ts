import {
  type Amt,
  address,
  amt,
  attoFil,
  type BitField,
  bitField,
  bool,
  bytes,
  chainEpoch,
  type Hamt,
  int,
  link,
  list,
  nullable,
  tuple,
  uint,
  type ValueOf,
} from '@plimsoll/ipld'
import { BeneficiaryTerm, PendingBeneficiaryChange } from './beneficiary.ts'
import type { Deadlines } from './deadline-state.ts'
import type { AnyPreCommit, SectorOnChainInfo } from './types.ts'
import { VestingFundsCodec } from './vesting-state.ts'

/** Source of everything here: builtin-actors v18, `actors/miner/src/state.rs`. */

export const SECTORS_AMT_BIT_WIDTH = 5
export const PRE_COMMITS_BIT_WIDTH = 5

/** A worker key that replaces the present one at an epoch. CBOR tuple. */
export const WorkerKeyChange = tuple('WorkerKeyChange', { newWorker: address, effectiveAt: chainEpoch })
export type WorkerKeyChange = ValueOf<typeof WorkerKeyChange>

/** The part of {@link MinerInfo} that is older than beneficiaries. */
export const minerInfoHead = {
  owner: address,
  worker: address,
  controlAddresses: list(address),
  pendingWorkerKey: nullable(WorkerKeyChange),
  peerId: bytes,
  multiAddress: list(bytes),
  windowPostProofType: int,
  sectorSize: uint,
  windowPostPartitionSectors: uint,
  consensusFaultElapsed: chainEpoch,
  pendingOwnerAddress: nullable(address),
}

/** Who controls a miner and what it proves with. CBOR tuple from v9 on. */
export const MinerInfo = tuple('MinerInfo', {
  ...minerInfoHead,
  beneficiary: address,
  beneficiaryTerm: BeneficiaryTerm,
  pendingBeneficiaryTerm: nullable(PendingBeneficiaryChange),
})
export type MinerInfo = ValueOf<typeof MinerInfo>

/** Sectors whose pre-commitment is cleaned up at an epoch. */
export const PreCommitCleanup = amt(bitField, { bitWidth: 6 })

/** The fields of {@link MinerState} after its vesting funds. */
export const minerStateTail = {
  feeDebt: attoFil,
  initialPledge: attoFil,
  preCommittedSectors: link<Hamt<number, AnyPreCommit>>(),
  preCommittedSectorsCleanup: PreCommitCleanup.link,
  allocatedSectors: link<BitField>(),
  sectors: link<Amt<SectorOnChainInfo>>(),
  provingPeriodStart: chainEpoch,
  currentDeadline: uint,
  deadlines: link<Deadlines>(),
  /** Deadlines with sectors that were terminated early and not charged yet. */
  earlyTerminations: bitField,
  deadlineCronActive: bool,
}

/** The fields of {@link MinerState} before its vesting funds. */
export const minerStateHead = {
  info: link<MinerInfo>(),
  preCommitDeposits: attoFil,
  lockedFunds: attoFil,
}

/** The state of a miner. CBOR tuple from v16 on. */
export const MinerState = tuple('MinerState', {
  ...minerStateHead,
  vestingFunds: VestingFundsCodec,
  ...minerStateTail,
})
export type MinerState = ValueOf<typeof MinerState>
