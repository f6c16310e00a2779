import { actorId, addressFromBytes, idAddress, parseHex } from '@plimsoll/primitives'
import { describe, expect, test } from 'vitest'
import { createFindings } from '../invariants/findings.ts'
import { checkAccountInvariants } from './invariants.ts'

const ADDRESSES = {
  id: idAddress(actorId(100)),
  secp256k1: addressFromBytes(parseHex(`01${'11'.repeat(20)}`)),
  actor: addressFromBytes(parseHex(`02${'11'.repeat(20)}`)),
  bls: addressFromBytes(parseHex(`03${'11'.repeat(48)}`)),
  delegated: addressFromBytes(parseHex(`040a${'11'.repeat(20)}`)),
}

// Source of the rule: builtin-actors v18, `actors/account/src/testing.rs`.
describe('an account', () => {
  test.each([
    { id: 100, address: 'secp256k1', kinds: [] },
    { id: 100, address: 'bls', kinds: [] },
    { id: 100, address: 'id', kinds: ['account/key-address'] },
    { id: 100, address: 'actor', kinds: ['account/key-address'] },
    { id: 100, address: 'delegated', kinds: ['account/key-address'] },
    // The accounts of the protocol have no keys.
    { id: 99, address: 'id', kinds: [] },
  ] as const)('$id with an address of the protocol $address breaks $kinds', ({ id, address, kinds }) => {
    const findings = createFindings()
    checkAccountInvariants(actorId(id), { address: ADDRESSES[address] }, findings)
    expect(findings.list.map(({ kind }) => kind)).toEqual(kinds)
  })
})
