import { type Cid, linkTo, Multicodec, Multihash, makeCid, saveBlock } from '@plimsoll/ipld'
import { createHashes, ExitCode, idAddress } from '@plimsoll/primitives'
import { ALICE_ID, exitCodeOf, TestDatacap } from '@plimsoll/testkit'
import { describe, expect, test } from 'vitest'
import { DatacapState } from './state.ts'
import { BALANCE_METHOD, BURN_METHOD } from './types.ts'

const hashes = await createHashes()
const ALICE = idAddress(ALICE_ID)

function withBalancesAt(cidIn: (token: TestDatacap) => Cid): TestDatacap {
  const token = new TestDatacap(hashes)
  const balances = linkTo<never>(cidIn(token))
  token.rt.transaction(DatacapState, (state) => {
    state.token = { ...state.token, balances }
  })
  return token
}

// Source: actors-utils, frc46_token/src/token/state.rs, From<&StateError>.
describe('balances that are no HAMT', () => {
  test('end what needs them with a failed serialization, and not with an illegal state', () => {
    const token = withBalancesAt(({ rt }) => saveBlock(rt.store, Uint8Array.of(0x80)))
    const burn = () => token.callAs(ALICE_ID, BURN_METHOD, { amount: 10n ** 18n })
    expect(exitCodeOf(burn)).toBe(ExitCode.USR_SERIALIZATION)
    const ask = () => token.callAs(ALICE_ID, BALANCE_METHOD, ALICE)
    expect(exitCodeOf(ask)).toBe(ExitCode.USR_SERIALIZATION)
  })

  test('are no failure of the actor where the block is missing', () => {
    const absent = makeCid(Multicodec.DAG_CBOR, Multihash.BLAKE2B_256, new Uint8Array(32))
    const token = withBalancesAt(() => absent)
    expect(() => token.callAs(ALICE_ID, BALANCE_METHOD, ALICE)).toThrow(
      expect.objectContaining({ code: 'MISSING_BLOCK' }),
    )
  })
})
