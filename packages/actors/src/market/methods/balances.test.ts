import { createHashes, ExitCode, idAddress, SYSTEM_ACTOR_ADDR } from '@plimsoll/primitives'
import {
  CLIENT_ID,
  exitCodeOf,
  PROVIDER_ID,
  PROVIDER_OWNER,
  PROVIDER_WORKER,
  plainProposal,
  TestMarket,
} from '@plimsoll/testkit'
import { beforeEach, describe, expect, test } from 'vitest'
import { METHOD_SEND } from '../../runtime/runtime.ts'

// Source of the cases: builtin-actors v18, actors/market/tests/market_actor_test.rs.

const hashes = await createHashes()
const { USR_FORBIDDEN, USR_ILLEGAL_ARGUMENT } = ExitCode
const [CLIENT, PROVIDER] = [idAddress(CLIENT_ID), idAddress(PROVIDER_ID)]
/** An address of a key that nobody has used. */
const UNKNOWN = `\x01${'\x11'.repeat(20)}` as typeof CLIENT

let market: TestMarket

beforeEach(() => {
  market = new TestMarket(hashes)
})

function withdraw(caller: typeof CLIENT, owner: typeof CLIENT, amount: bigint): unknown {
  if (owner === PROVIDER) {
    market.expectControlAddresses(PROVIDER)
  }
  return market.call(caller, 3, { providerOrClient: owner, amount })
}

describe('Constructor', () => {
  test('is called by the system alone', () => {
    expect(exitCodeOf(() => market.call(CLIENT, 1))).toBe(USR_FORBIDDEN)
    // Whoever is allowed to is told that there is a state already.
    expect(exitCodeOf(() => market.call(SYSTEM_ACTOR_ADDR, 1))).toBe(ExitCode.USR_ILLEGAL_STATE)
  })
})

describe('AddBalance', () => {
  test.each([
    { of: 'a client', owner: CLIENT },
    { of: 'a provider', owner: PROVIDER },
  ])('adds up what was sent for $of', ({ owner }) => {
    market.addFunds(owner, 10n)
    market.addFunds(owner, 20n)
    expect(market.funds(owner)).toEqual({ escrow: 30n, locked: 0n })
  })

  test('takes an address that leads to an actor', () => {
    market.rt.idAddresses.set(UNKNOWN, CLIENT)
    market.addFunds(UNKNOWN, 5n)
    expect(market.funds(CLIENT).escrow).toBe(5n)
  })

  test.each([
    { defect: 'nothing was sent', owner: CLIENT, value: 0n },
    { defect: 'less than nothing was sent', owner: CLIENT, value: -1n },
    { defect: 'the address leads nowhere', owner: UNKNOWN, value: 1n },
    { defect: 'there is no such actor', owner: idAddress(9999n), value: 1n },
  ])('is refused when $defect', ({ owner, value }) => {
    expect(exitCodeOf(() => market.addFunds(owner, value))).toBe(USR_ILLEGAL_ARGUMENT)
  })
})

describe('WithdrawBalance', () => {
  test.each([
    { who: 'the owner', caller: PROVIDER_OWNER },
    { who: 'the worker', caller: PROVIDER_WORKER },
  ])('pays the owner of a provider when $who asks for it', ({ caller }) => {
    market.addFunds(PROVIDER, 20n)
    market.expectControlAddresses(PROVIDER)
    market.rt.expectSend({ to: PROVIDER_OWNER, method: METHOD_SEND, value: 1n })
    expect(market.call(caller, 3, { providerOrClient: PROVIDER, amount: 1n })).toBe(1n)
    expect(market.funds(PROVIDER).escrow).toBe(19n)
  })

  test.each([
    { asked: 1n, paid: 1n },
    { asked: 20n, paid: 20n },
    { asked: 25n, paid: 20n },
    { asked: 0n, paid: 0n },
  ])('pays a client $paid of 20 when it asks for $asked', ({ asked, paid }) => {
    market.addFunds(CLIENT, 20n)
    market.rt.expectSend({ to: CLIENT, method: METHOD_SEND, value: paid })
    expect(withdraw(CLIENT, CLIENT, asked)).toBe(paid)
    expect(market.funds(CLIENT).escrow).toBe(20n - paid)
  })

  test('leaves what is locked', () => {
    const deal = plainProposal()
    market.publishPlain({})
    const locked = deal.clientCollateral + deal.storagePricePerEpoch * (deal.endEpoch - deal.startEpoch)
    market.addFunds(CLIENT, 30n)
    expect(market.funds(CLIENT)).toEqual({ escrow: locked + 30n, locked })
    market.rt.expectSend({ to: CLIENT, method: METHOD_SEND, value: 30n })
    expect(withdraw(CLIENT, CLIENT, locked)).toBe(30n)
    expect(market.funds(CLIENT)).toEqual({ escrow: locked, locked })
  })

  test.each([
    { who: 'somebody else for a client', caller: PROVIDER_OWNER, owner: CLIENT },
    { who: 'somebody else for a provider', caller: CLIENT, owner: PROVIDER },
    { who: 'the provider itself', caller: PROVIDER, owner: PROVIDER },
  ])('is refused to $who', ({ caller, owner }) => {
    market.addFunds(owner, 20n)
    expect(exitCodeOf(() => withdraw(caller, owner, 1n))).toBe(USR_FORBIDDEN)
  })

  test.each([
    { defect: 'a negative amount', owner: CLIENT, amount: -1n },
    { defect: 'an address that leads nowhere', owner: UNKNOWN, amount: 1n },
    { defect: 'no actor', owner: idAddress(9999n), amount: 1n },
  ])('is refused for $defect', ({ owner, amount }) => {
    expect(exitCodeOf(() => withdraw(CLIENT, owner, amount))).toBe(USR_ILLEGAL_ARGUMENT)
  })
})

describe('GetBalance', () => {
  test('tells what is in escrow, and how much of it is locked', () => {
    market.publishPlain({ providerCollateral: 7n })
    market.addFunds(PROVIDER, 5n)
    expect(market.call(CLIENT, 726108461, PROVIDER)).toEqual({ balance: 12n, locked: 7n })
    expect(market.call(CLIENT, 726108461, idAddress(9999n))).toEqual({ balance: 0n, locked: 0n })
  })

  test('is refused for an address that leads nowhere', () => {
    expect(exitCodeOf(() => market.call(CLIENT, 726108461, UNKNOWN))).toBe(USR_ILLEGAL_ARGUMENT)
  })
})
