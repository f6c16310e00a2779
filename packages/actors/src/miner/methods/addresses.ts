import { type Address, AddressProtocol, protocolOf } from '@plimsoll/primitives'
import { requireParam } from '../../runtime/actor-error.ts'
import type { Draft } from '../../runtime/draft.ts'
import type { Runtime } from '../../runtime/runtime.ts'
import type {
  ChangeMultiaddrsParams,
  ChangePeerIdParams,
  ChangeWorkerAddressParams,
} from '../method-types.ts'
import { controllersOf, getInfo, saveInfo } from '../state/info.ts'
import { type MinerInfo, MinerState } from '../state.ts'
import {
  checkControlAddresses,
  checkPeerInfo,
  resolveControlAddress,
  resolveWorkerAddress,
} from '../validation.ts'

/** Who controls a miner, and where it is found. Source of everything here: builtin-actors v18, `actors/miner/src/lib.rs`. */

/**
 * Method 3, `ChangeWorkerAddress`: control addresses change at once, the worker after a delay and not while another
 * change is pending. Parameters are checked before the caller.
 *
 * Source: `change_worker_address`.
 *
 * @throws {ActorError} `USR_ILLEGAL_ARGUMENT` for bad addresses; `USR_FORBIDDEN` unless called by the owner.
 */
export function changeWorkerAddress(rt: Runtime, params: ChangeWorkerAddressParams): void {
  checkControlAddresses(rt.policy, params.newControlAddresses)
  const newWorker = resolveWorkerAddress(rt, params.newWorker)
  const controlAddresses = params.newControlAddresses.map((raw) => resolveControlAddress(rt, raw))
  rt.transaction(MinerState, (state) => {
    const info = getInfo(rt.store, state)
    rt.validateImmediateCallerIs([info.owner])
    const isNewChange = newWorker !== info.worker && info.pendingWorkerKey === null
    const effectiveAt = rt.currEpoch + rt.policy.workerKeyChangeDelay
    const pendingWorkerKey = isNewChange ? { newWorker, effectiveAt } : info.pendingWorkerKey
    saveInfo(rt.store, state, { ...info, controlAddresses, pendingWorkerKey })
  })
}

/**
 * Method 21, `ConfirmChangeWorkerAddress`: lets a change of worker take effect that is due; otherwise does nothing.
 *
 * Source: `confirm_change_worker_address`.
 *
 * @throws {ActorError} `USR_FORBIDDEN` unless called by the owner.
 */
export function confirmChangeWorkerAddress(rt: Runtime): void {
  rt.transaction(MinerState, (state) => {
    const info = getInfo(rt.store, state)
    rt.validateImmediateCallerIs([info.owner])
    processPendingWorker(rt, state, info)
  })
}

/** Source: `process_pending_worker`. @returns the info as it is then. */
export function processPendingWorker(rt: Runtime, state: Draft<MinerState>, info: MinerInfo): MinerInfo {
  const { pendingWorkerKey } = info
  if (pendingWorkerKey === null || rt.currEpoch < pendingWorkerKey.effectiveAt) {
    return info
  }
  const changed = { ...info, worker: pendingWorkerKey.newWorker, pendingWorkerKey: null }
  saveInfo(rt.store, state, changed)
  return changed
}

/**
 * Method 23, `ChangeOwnerAddress`: the owner proposes, and whom it proposed confirms. An owner that was its own
 * beneficiary passes that on as well.
 *
 * Source: `change_owner_address`.
 *
 * @throws {ActorError} `USR_ILLEGAL_ARGUMENT` for another address than an ID, or than was proposed; `USR_FORBIDDEN`
 */
export function changeOwnerAddress(rt: Runtime, newOwner: Address): void {
  requireParam(protocolOf(newOwner) === AddressProtocol.Id, 'the owner address must be an ID address')
  rt.transaction(MinerState, (state) => {
    const info = getInfo(rt.store, state)
    const changed = proposeOrConfirm(rt, info, newOwner)
    const isSettled = changed.pendingOwnerAddress === changed.owner
    saveInfo(rt.store, state, isSettled ? { ...changed, pendingOwnerAddress: null } : changed)
  })
}

function proposeOrConfirm(rt: Runtime, info: MinerInfo, newOwner: Address): MinerInfo {
  const { owner, pendingOwnerAddress } = info
  if (rt.message.caller === owner || pendingOwnerAddress === null) {
    rt.validateImmediateCallerIs([owner])
    return { ...info, pendingOwnerAddress: newOwner }
  }
  rt.validateImmediateCallerIs([pendingOwnerAddress])
  requireParam(newOwner === pendingOwnerAddress, 'another address was proposed')
  return {
    ...info,
    beneficiary: info.beneficiary === owner ? pendingOwnerAddress : info.beneficiary,
    pendingBeneficiaryTerm: null,
    owner: pendingOwnerAddress,
  }
}

/**
 * Method 4, `ChangePeerID`.
 *
 * Source: `change_peer_id`.
 *
 * @throws {ActorError} `USR_ILLEGAL_ARGUMENT` for an id that is too long; `USR_FORBIDDEN`
 */
export function changePeerId(rt: Runtime, { newId }: ChangePeerIdParams): void {
  checkPeerInfo(rt.policy, newId, [])
  changeInfo(rt, { peerId: newId })
}

/**
 * Method 18, `ChangeMultiaddrs`.
 *
 * Source: `change_multiaddresses`.
 *
 * @throws {ActorError} `USR_ILLEGAL_ARGUMENT` for addresses that are empty or too long; `USR_FORBIDDEN`
 */
export function changeMultiaddrs(rt: Runtime, { newMultiaddrs }: ChangeMultiaddrsParams): void {
  checkPeerInfo(rt.policy, new Uint8Array(), newMultiaddrs)
  changeInfo(rt, { multiAddress: newMultiaddrs })
}

function changeInfo(rt: Runtime, change: Partial<MinerInfo>): void {
  rt.transaction(MinerState, (state) => {
    const info = getInfo(rt.store, state)
    rt.validateImmediateCallerIs(controllersOf(info))
    saveInfo(rt.store, state, { ...info, ...change })
  })
}
