import { createMemoryBlockstore } from '@plimsoll/ipld'
import { type Address, actorId, createHashes, idAddress } from '@plimsoll/primitives'
import { ANNE, BOB, CHUCK, DARLENE } from '@plimsoll/testkit'
import { describe, expect, test } from 'vitest'
import { createFindings } from '../invariants/findings.ts'
import { checkMultisigInvariants } from './invariants.ts'
import { type MultisigState, PendingTxns } from './state.ts'

const store = createMemoryBlockstore(await createHashes())

function pending(approvals: Readonly<Record<string, readonly Address[]>>) {
  const txns = PendingTxns.empty(store)
  for (const [id, approved] of Object.entries(approvals)) {
    txns.set(BigInt(id), { to: CHUCK, value: 0n, method: 0, params: new Uint8Array(), approved })
  }
  return txns.flush()
}

const SOUND: MultisigState = {
  signers: [ANNE, BOB, CHUCK],
  numApprovalsThreshold: 3,
  nextTxId: 8n,
  initialBalance: 0n,
  startEpoch: 0n,
  unlockDuration: 0n,
  pendingTxs: pending({ 0: [ANNE], 7: [BOB, ANNE] }),
}

const crowd = (count: number) => Array.from({ length: count }, (_, index) => idAddress(actorId(1000 + index)))

// Source of the rules: builtin-actors v18, `actors/multisig/src/testing.rs`.
describe('a multisig', () => {
  test.each<{
    readonly rule: string
    readonly change: Partial<MultisigState>
    readonly kinds: readonly string[]
  }>([
    { rule: 'breaks no rule', change: {}, kinds: [] },
    { rule: 'may have 256 signers', change: { signers: crowd(256), pendingTxs: pending({}) }, kinds: [] },
    {
      rule: 'has no more than that',
      change: { signers: crowd(257), pendingTxs: pending({}) },
      kinds: ['multisig/too-many-signers'],
    },
    {
      rule: 'has signers enough',
      change: { numApprovalsThreshold: 4 },
      kinds: ['multisig/threshold'],
    },
    { rule: 'may lock', change: { unlockDuration: 1n, startEpoch: 5n, initialBalance: 7n }, kinds: [] },
    {
      rule: 'does not begin to unlock for no time',
      change: { startEpoch: 5n },
      kinds: ['multisig/lock-start'],
    },
    { rule: 'does not lock for no time', change: { initialBalance: 7n }, kinds: ['multisig/locked-balance'] },
    { rule: 'gives every proposal a new number', change: { nextTxId: 7n }, kinds: ['multisig/next-tx-id'] },
    {
      rule: 'gives the first the number 0',
      change: { nextTxId: -1n, pendingTxs: pending({}) },
      kinds: ['multisig/next-tx-id'],
    },
    {
      rule: 'has approvals of signers',
      change: { pendingTxs: pending({ 1: [ANNE, DARLENE] }) },
      kinds: ['multisig/approval-of-no-signer'],
    },
    {
      rule: 'has approvals of each once',
      change: { pendingTxs: pending({ 1: [ANNE, ANNE] }) },
      kinds: ['multisig/approved-twice'],
    },
    {
      rule: 'has nothing pending that has approvals enough',
      change: { pendingTxs: pending({ 1: [ANNE, BOB, CHUCK] }) },
      kinds: ['multisig/approved-and-pending'],
    },
  ])('$rule: $kinds', ({ change, kinds }) => {
    const findings = createFindings()
    checkMultisigInvariants(store, { ...SOUND, ...change }, findings)
    expect(findings.list.map(({ kind }) => kind)).toEqual(kinds)
  })

  test('says which proposal it is', () => {
    const findings = createFindings()
    checkMultisigInvariants(store, { ...SOUND, pendingTxs: pending({ 3: [DARLENE] }) }, findings)
    expect(findings.list).toEqual([
      { kind: 'multisig/approval-of-no-signer', place: 'pendingTxs.3', message: expect.any(String) },
    ])
  })
})
