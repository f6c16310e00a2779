import { type Blockstore, within } from '@plimsoll/ipld'
import type { Findings } from '../invariants/findings.ts'
import { type MultisigState, PendingTxns } from './state.ts'
import { SIGNERS_MAX, type Transaction } from './types.ts'

/**
 * The rules that a multisig's state keeps.
 *
 * Source: builtin-actors v18, `actors/multisig/src/testing.rs`, `check_state_invariants`.
 */
export function checkMultisigInvariants(store: Blockstore, state: MultisigState, findings: Findings): void {
  checkSigners(state, findings)
  checkLock(state, findings)
  const pending = within('pendingTxs', () => [...PendingTxns.load(store, state.pendingTxs).entries()])
  let maxTxId = -1n
  for (const [id, txn] of pending) {
    maxTxId = id > maxTxId ? id : maxTxId
    checkApprovals(state, txn, findings.under('pendingTxs', String(id)))
  }
  findings.require(
    state.nextTxId > maxTxId,
    'multisig/next-tx-id',
    () => `${state.nextTxId} comes next, and ${maxTxId} is pending`,
  )
}

function checkSigners({ signers, numApprovalsThreshold }: MultisigState, findings: Findings): void {
  findings.require(
    signers.length <= SIGNERS_MAX,
    'multisig/too-many-signers',
    () => `${signers.length} signers`,
  )
  findings.require(
    signers.length >= numApprovalsThreshold,
    'multisig/threshold',
    () => `${numApprovalsThreshold} approvals are needed of ${signers.length} signers`,
  )
}

function checkLock({ unlockDuration, startEpoch, initialBalance }: MultisigState, findings: Findings): void {
  if (unlockDuration === 0n) {
    findings.require(startEpoch === 0n, 'multisig/lock-start', () => `nothing unlocks from ${startEpoch} on`)
    findings.require(
      initialBalance === 0n,
      'multisig/locked-balance',
      () => `${initialBalance} attoFIL are locked for no time`,
    )
  }
}

function checkApprovals(state: MultisigState, { approved }: Transaction, findings: Findings): void {
  const seen = new Set(approved)
  const strangers = approved.filter((approver) => !state.signers.includes(approver))
  findings.require(
    strangers.length === 0,
    'multisig/approval-of-no-signer',
    () => `${strangers.length} approvals`,
  )
  findings.require(
    seen.size === approved.length,
    'multisig/approved-twice',
    () => `${approved.length} approvals of ${seen.size} signers`,
  )
  findings.require(
    seen.size < state.numApprovalsThreshold,
    'multisig/approved-and-pending',
    () => `${seen.size} approvals are enough`,
  )
}
