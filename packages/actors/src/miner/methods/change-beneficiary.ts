import { type Address, ExitCode } from '@plimsoll/primitives'
import { ActorError, requireAllowed, requireParam } from '../../runtime/actor-error.ts'
import type { Runtime } from '../../runtime/runtime.ts'
import { availableQuota, type PendingBeneficiaryChange } from '../beneficiary.ts'
import type { ChangeBeneficiaryParams } from '../method-types.ts'
import { getInfo, saveInfo } from '../state/info.ts'
import { type MinerInfo, MinerState } from '../state.ts'
import { storableEpoch } from '../storable.ts'

/**
 * Method 30, `ChangeBeneficiary` (FIP-0029): the owner proposes; the present and the proposed beneficiary approve.
 *
 * Source: builtin-actors v18, `actors/miner/src/lib.rs`, `change_beneficiary`.
 *
 * @throws {ActorError} `USR_ILLEGAL_ARGUMENT` for terms that make no sense or are not those proposed;
 * `USR_FORBIDDEN` for others than those three, and where nothing is proposed.
 */
export function changeBeneficiary(rt: Runtime, params: ChangeBeneficiaryParams): void {
  rt.validateImmediateCallerAcceptAny()
  const { caller } = rt.message
  const newBeneficiary = rt.resolveAddress(params.newBeneficiary)
  requireParam(newBeneficiary !== undefined, 'unable to resolve the beneficiary')
  rt.transaction(MinerState, (state) => {
    const info = getInfo(rt.store, state)
    const pending =
      caller === info.owner
        ? proposal(rt, info, newBeneficiary, params)
        : requirePending(info, caller, newBeneficiary, params)
    saveInfo(rt.store, state, approve(info, pending, caller))
  })
}

/** What the owner proposes. A beneficiary who may not withdraw anything any more is not asked. */
function proposal(
  rt: Runtime,
  info: MinerInfo,
  newBeneficiary: Address,
  { newQuota, newExpiration }: ChangeBeneficiaryParams,
): PendingBeneficiaryChange {
  if (newBeneficiary === info.owner) {
    requireParam(newQuota === 0n, 'the quota of an owner must be zero')
    requireParam(newExpiration === 0n, 'the expiration of an owner must be zero')
  } else {
    requireParam(newQuota > 0n, 'the quota of a beneficiary must be greater than zero')
  }
  return {
    newBeneficiary,
    newQuota,
    newExpiration: storableEpoch(newExpiration),
    approvedByBeneficiary: availableQuota(info.beneficiaryTerm, rt.currEpoch) === 0n,
    approvedByNominee: false,
  }
}

function requirePending(
  info: MinerInfo,
  caller: Address,
  newBeneficiary: Address,
  { newQuota, newExpiration }: ChangeBeneficiaryParams,
): PendingBeneficiaryChange {
  const pending = info.pendingBeneficiaryTerm
  if (pending === null) {
    throw new ActorError(ExitCode.USR_FORBIDDEN, 'no change of beneficiary is proposed')
  }
  requireAllowed(
    caller === info.beneficiary || caller === pending.newBeneficiary,
    'the caller is neither the present nor the proposed beneficiary',
  )
  requireParam(pending.newBeneficiary === newBeneficiary, 'another beneficiary is proposed')
  requireParam(pending.newQuota === newQuota, 'another quota is proposed')
  requireParam(BigInt(pending.newExpiration) === newExpiration, 'another expiration is proposed')
  return pending
}

/** Counts the caller's approval, and lets the change take effect when there are both. */
function approve(info: MinerInfo, pending: PendingBeneficiaryChange, caller: Address): MinerInfo {
  const { newBeneficiary, newQuota, newExpiration } = pending
  const approvedByBeneficiary = pending.approvedByBeneficiary || caller === info.beneficiary
  const approvedByNominee = pending.approvedByNominee || caller === newBeneficiary
  if (!approvedByBeneficiary || !approvedByNominee) {
    return { ...info, pendingBeneficiaryTerm: { ...pending, approvedByBeneficiary, approvedByNominee } }
  }
  const usedQuota = newBeneficiary === info.beneficiary ? info.beneficiaryTerm.usedQuota : 0n
  return {
    ...info,
    beneficiary: newBeneficiary,
    beneficiaryTerm: { quota: newQuota, usedQuota, expiration: newExpiration },
    pendingBeneficiaryTerm: null,
  }
}
