import { address, bitField, EMPTY_BIT_FIELD, encodeCbor, save } from '@plimsoll/ipld'
import {
  type Address,
  type ChainEpoch,
  EPOCH_UNDEFINED,
  findWindowPoStProof,
  INIT_ACTOR_ADDR,
  modFloor,
} from '@plimsoll/primitives'
import { createMinerDepositPower, type Policy } from '../../policy.ts'
import { requireFunds, requireParam, requireState } from '../../runtime/actor-error.ts'
import { draftOf, valueOfDraft } from '../../runtime/draft.ts'
import type { Runtime } from '../../runtime/runtime.ts'
import { NO_BENEFICIARY_TERM } from '../beneficiary.ts'
import { newDeadline } from '../deadline-state/partitions.ts'
import { Deadline, Deadlines } from '../deadline-state.ts'
import type { MinerConstructorParams } from '../method-types.ts'
import { initialPledgeForPower } from '../monies.ts'
import { REWARD_VESTING_SPEC } from '../policy.ts'
import { Sectors } from '../sectors.ts'
import { requestNetworkInputs } from '../sends.ts'
import { addLockedFunds } from '../state/funds.ts'
import { PreCommits } from '../state/pre-commits.ts'
import { MinerInfo, MinerState, PreCommitCleanup } from '../state.ts'
import {
  checkControlAddresses,
  checkPeerInfo,
  checkValidPoStProofType,
  resolveControlAddress,
  resolveWorkerAddress,
} from '../validation.ts'

/**
 * Method 1, `Constructor`. The deposit (FIP-0077) is locked and vests; what was sent beyond it is available.
 *
 * Source: builtin-actors v18, `actors/miner/src/lib.rs`, `constructor`.
 *
 * @throws {ActorError} `USR_FORBIDDEN` unless called by the init actor; `USR_ILLEGAL_ARGUMENT` for bad parameters;
 * `USR_INSUFFICIENT_FUNDS` for less than the deposit.
 */
export function minerConstructor(rt: Runtime, params: MinerConstructorParams): void {
  rt.validateImmediateCallerIs([INIT_ACTOR_ADDR])
  checkControlAddresses(rt.policy, params.controlAddresses)
  checkPeerInfo(rt.policy, params.peerId, params.multiAddresses)
  checkValidPoStProofType(rt.policy, params.windowPostProofType)
  const balance = rt.currentBalance()
  const deposit = calculateCreateMinerDeposit(rt)
  requireFunds(balance >= deposit, () => `sent balance ${balance} < deposit ${deposit}`)
  const info = minerInfo(rt, params)
  const { currEpoch, policy } = rt
  const offset = assignProvingPeriodOffset(rt)
  const periodStart = currentProvingPeriodStart(policy, currEpoch, offset)
  requireState(periodStart <= currEpoch, 'the proving period starts after the current epoch')
  const currentDeadline = Math.trunc((currEpoch - periodStart) / policy.wpostChallengeWindow)
  requireState(currentDeadline < policy.wpostPeriodDeadlines, 'the current deadline is out of range')
  const state = draftOf(newState(rt, info, periodStart, currentDeadline))
  addLockedFunds(rt.store, state, currEpoch, deposit, REWARD_VESTING_SPEC)
  rt.create(MinerState, valueOfDraft(state))
}

/** Source: `calculate_create_miner_deposit`. */
function calculateCreateMinerDeposit(rt: Runtime) {
  const { estimates, pledge } = requestNetworkInputs(rt)
  return initialPledgeForPower(createMinerDepositPower(rt.policy), estimates, pledge)
}

/** Source: `MinerInfo::new`. */
function minerInfo(rt: Runtime, params: MinerConstructorParams): MinerInfo {
  const owner = rt.resolveAddress(params.owner)
  requireParam(owner !== undefined, 'unable to resolve the owner address')
  const worker = resolveWorkerAddress(rt, params.worker)
  const controlAddresses = params.controlAddresses.map((raw) => resolveControlAddress(rt, raw))
  const windowPostProofType = Number(params.windowPostProofType)
  const proof = findWindowPoStProof(windowPostProofType)
  requireParam(proof !== undefined, () => `unsupported proof type ${windowPostProofType}`)
  return {
    owner,
    worker,
    controlAddresses,
    pendingWorkerKey: null,
    peerId: params.peerId,
    multiAddress: params.multiAddresses,
    windowPostProofType,
    sectorSize: proof.sectorSizeBytes,
    windowPostPartitionSectors: proof.partitionSectors,
    consensusFaultElapsed: EPOCH_UNDEFINED,
    pendingOwnerAddress: null,
    beneficiary: owner,
    beneficiaryTerm: NO_BENEFICIARY_TERM,
    pendingBeneficiaryTerm: null,
  }
}

/** Source: `actors/miner/src/state.rs`, `State::new`. */
function newState(
  { store, policy }: Runtime,
  info: MinerInfo,
  provingPeriodStart: ChainEpoch,
  currentDeadline: number,
): MinerState {
  const deadline = save(store, Deadline, newDeadline(store))
  const due = new Array<typeof deadline>(policy.wpostPeriodDeadlines).fill(deadline)
  return {
    info: save(store, MinerInfo, info),
    preCommitDeposits: 0n,
    lockedFunds: 0n,
    vestingFunds: { head: null, tail: null },
    feeDebt: 0n,
    initialPledge: 0n,
    preCommittedSectors: PreCommits.empty(store).flush() as MinerState['preCommittedSectors'],
    preCommittedSectorsCleanup: PreCommitCleanup.empty(store).flush(),
    allocatedSectors: save(store, bitField, EMPTY_BIT_FIELD),
    sectors: Sectors.empty(store).flush(),
    provingPeriodStart,
    currentDeadline,
    deadlines: save(store, Deadlines, { due }),
    earlyTerminations: EMPTY_BIT_FIELD,
    deadlineCronActive: false,
  }
}

/** Where in the day a miner's proving periods begin, by the hash of its address and the epoch. Source: `assign_proving_period_offset`. */
function assignProvingPeriodOffset(rt: Runtime): ChainEpoch {
  const receiver: Address = rt.message.receiver
  const encoded = encodeCbor(address, receiver)
  const preimage = new Uint8Array(encoded.length + 8)
  preimage.set(encoded)
  new DataView(preimage.buffer).setBigInt64(encoded.length, BigInt(rt.currEpoch))
  const digest = rt.hashBlake2b(preimage)
  const seed = new DataView(digest.buffer, digest.byteOffset).getBigUint64(0)
  return Number(modFloor(seed, BigInt(rt.policy.wpostProvingPeriod)))
}

/** Source: `current_proving_period_start`. */
function currentProvingPeriodStart(policy: Policy, currEpoch: ChainEpoch, offset: ChainEpoch): ChainEpoch {
  const modulus = currEpoch % policy.wpostProvingPeriod
  const progress = modulus >= offset ? modulus - offset : policy.wpostProvingPeriod - (offset - modulus)
  return currEpoch - progress
}
