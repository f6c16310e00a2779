import { bitFieldOf, bool, Multicodec, Multihash, makeCid } from '@plimsoll/ipld'
import { type Address, createHashes, ExitCode, idAddress } from '@plimsoll/primitives'
import {
  answer,
  CLIENT_ID,
  DEAL_COLLATERAL,
  DEAL_DURATION,
  DEAL_PRICE,
  exitCodeOf,
  OTHER_CLIENT_ID,
  OTHER_PROVIDER_ID,
  PROVIDER_ID,
  plainProposal,
  TestMarket,
} from '@plimsoll/testkit'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createFindings } from '../../invariants/findings.ts'
import { ErrorNumber } from '../../runtime/runtime.ts'
import type { DealProposal } from '../deal.ts'
import { checkMarketInvariants } from '../invariants.ts'
import { BalanceTable, DealOpsByEpoch, PendingDealAllocations } from '../state.ts'

// Source of the cases: builtin-actors v18, actors/market/tests/publish_storage_deals_failures.rs and
// market_actor_test.rs.

const hashes = await createHashes()
const { USR_FORBIDDEN, USR_ILLEGAL_ARGUMENT, USR_ILLEGAL_STATE, USR_NOT_FOUND } = ExitCode
const [CLIENT, OTHER_CLIENT] = [idAddress(CLIENT_ID), idAddress(OTHER_CLIENT_ID)]
const PROVIDER = idAddress(PROVIDER_ID)
const FEE = DEAL_PRICE * DEAL_DURATION
/** 2 · 10^9 FIL. */
const TOTAL_FILECOIN = 2n * 10n ** 27n
const [CLIENT_KEY, PROVIDER_ROBUST] = [
  `\x01${'\x11'.repeat(20)}` as Address,
  `\x02${'\x22'.repeat(20)}` as Address,
]

let market: TestMarket

beforeEach(() => {
  market = new TestMarket(hashes)
})

afterEach(() => {
  const findings = createFindings()
  const { rt, state } = market
  checkMarketInvariants(rt.store, state, rt.balance, rt.currEpoch + 1, findings)
  expect(findings.list).toEqual([])
})

/** Publishes deals of which none is left. */
function expectNone(deals: readonly DealProposal[], publication = {}): void {
  const code = exitCodeOf(() => market.publish(deals, { published: [], ...publication }))
  expect(code).toBe(USR_ILLEGAL_ARGUMENT)
}

describe('a deal that is published', () => {
  test('gets the next id, and is looked for under it', () => {
    const deals = [plainProposal({ label: 'a' }), plainProposal({ label: 'b' })]
    market.fund(...deals)
    expect(market.publish(deals)).toEqual({ ids: [0n, 1n], validDeals: bitFieldOf([0, 1]) })
    expect(market.proposal(1n)).toEqual(deals[1])
    expect(market.dealState(1n)).toBeUndefined()
    expect(market.state.nextId).toBe(2n)
  })

  // The first update is at the deal's place of the interval of 30 days: deal 0 starts at 50, so at 86,400.
  test('is due at its place of the first interval after its start', () => {
    market.publishPlain({})
    const dealOps = DealOpsByEpoch.load(market.rt.store, market.state.dealOpsByEpoch)
    expect([...dealOps.keys()]).toEqual([86_400n])
    expect([...dealOps.membersOf(86_400n)]).toEqual([0n])
  })

  test('locks the collaterals and the fee', () => {
    market.publishPlain({})
    expect(market.balances).toEqual({
      client: { escrow: DEAL_COLLATERAL + FEE, locked: DEAL_COLLATERAL + FEE },
      provider: { escrow: DEAL_COLLATERAL, locked: DEAL_COLLATERAL },
    })
    expect(market.state).toMatchObject({
      totalClientLockedCollateral: DEAL_COLLATERAL,
      totalProviderLockedCollateral: DEAL_COLLATERAL,
      totalClientStorageFee: FEE,
    })
  })

  test('is stored and told with the ids of its parties, and signed without', () => {
    market.rt.idAddresses.set(CLIENT_KEY, CLIENT)
    market.rt.idAddresses.set(PROVIDER_ROBUST, PROVIDER)
    const deal = plainProposal({ client: CLIENT_KEY, provider: PROVIDER_ROBUST })
    market.fund(plainProposal())
    market.publish([deal])
    expect(market.proposal(0n)).toEqual(plainProposal())
  })

  test('is an event', () => {
    market.publishPlain({})
    const [event] = market.rt.events
    expect(event?.map(({ key, value }) => [key, Buffer.from(value).toString('hex')])).toEqual([
      ['$type', `6e${Buffer.from('deal-published').toString('hex')}`],
      ['id', '00'],
      ['client', '19012d'],
      ['provider', '190191'],
    ])
  })

  test('needs at least its share of the supply as the collateral of its provider', () => {
    market.rt.circulatingSupply = 10n ** 18n
    // 2048 · 10^18 / (2^50 · 100), rounded down.
    const least = 18_189n
    expectNone([plainProposal({ providerCollateral: least - 1n })])
    market.publishPlain({ providerCollateral: least })
  })
})

describe('a deal is left out', () => {
  const sealed = makeCid(Multicodec.FIL_COMMITMENT_SEALED, Multihash.SHA2_256, new Uint8Array(32))

  test.each<{ readonly when: string; readonly changes: Partial<DealProposal> }>([
    { when: 'its label is too long', changes: { label: 'x'.repeat(257) } },
    { when: 'its label has too many bytes', changes: { label: 'ü'.repeat(129) } },
    { when: 'its label is too long in bytes', changes: { label: new Uint8Array(257) } },
    { when: 'it has no size', changes: { pieceSize: 0n } },
    { when: 'its size is below 128', changes: { pieceSize: 64n } },
    { when: 'its size is no power of two', changes: { pieceSize: 254n } },
    { when: 'its CID is that of no piece', changes: { pieceCid: sealed } },
    { when: 'it ends at its start', changes: { startEpoch: 10n, endEpoch: 10n } },
    { when: 'it ends before its start', changes: { startEpoch: 10n, endEpoch: 9n } },
    { when: 'it has started', changes: { startEpoch: 4n, endEpoch: 4n + DEAL_DURATION } },
    { when: 'it is too short', changes: { endEpoch: 50n + 180n * 2880n - 1n } },
    { when: 'it is too long', changes: { endEpoch: 50n + 1278n * 2880n + 1n } },
    { when: 'its price is negative', changes: { storagePricePerEpoch: -1n } },
    { when: 'its price is more than all', changes: { storagePricePerEpoch: TOTAL_FILECOIN + 1n } },
    { when: 'the provider puts up less than nothing', changes: { providerCollateral: -1n } },
    { when: 'the provider puts up more than all', changes: { providerCollateral: TOTAL_FILECOIN + 1n } },
    { when: 'the client puts up less than nothing', changes: { clientCollateral: -1n } },
    { when: 'the client puts up more than all', changes: { clientCollateral: TOTAL_FILECOIN + 1n } },
  ])('when $when', ({ changes }) => {
    market.rt.currEpoch = 5
    market.fund(plainProposal())
    const [bad, good] = [plainProposal(changes), plainProposal()]
    expect(market.publish([bad, good], { published: [1] }).validDeals).toEqual(bitFieldOf([1]))
  })

  test.each<{ readonly at: string; readonly changes: Partial<DealProposal> }>([
    { at: 'label', changes: { label: 'x'.repeat(256) } },
    { at: 'size', changes: { pieceSize: 128n } },
    { at: 'start', changes: { startEpoch: 5n, endEpoch: 5n + DEAL_DURATION } },
    { at: 'least duration', changes: { endEpoch: 50n + 180n * 2880n } },
    { at: 'largest duration', changes: { endEpoch: 50n + 1278n * 2880n } },
    { at: 'price', changes: { storagePricePerEpoch: 0n } },
    { at: 'collaterals', changes: { providerCollateral: 0n, clientCollateral: 0n } },
  ])('beyond a bound and not at it: $at', ({ changes }) => {
    market.rt.currEpoch = 5
    const deal = plainProposal(changes)
    market.addFunds(CLIENT, 2n * (FEE * 10n))
    market.addFunds(PROVIDER, DEAL_COLLATERAL)
    expect(market.publish([deal]).ids).toEqual([0n])
  })

  test.each([
    { how: 'says no', result: answer(bool, false) },
    { how: 'fails', result: { exitCode: USR_ILLEGAL_ARGUMENT, returnData: null } },
    { how: 'is not there', result: { errorNumber: ErrorNumber.NOT_FOUND } },
    { how: 'answers nothing', result: { exitCode: ExitCode.OK, returnData: null } },
  ])('when its client $how', ({ result }) => {
    market.fund(plainProposal())
    expectNone([plainProposal()], { authentication: () => result })
  })

  test('when its client cannot be resolved', () => {
    market.fund(plainProposal())
    expectNone([plainProposal({ client: CLIENT_KEY })])
  })

  test('when it is with another provider than the first', () => {
    const deals = [plainProposal(), plainProposal({ provider: idAddress(OTHER_PROVIDER_ID) })]
    market.fund(...deals)
    expect(market.publish(deals, { published: [0] }).validDeals).toEqual(bitFieldOf([0]))
  })

  test('when its parties have nothing', () => {
    expectNone([plainProposal()])
  })

  test.each([
    { party: 'client', owner: CLIENT, other: PROVIDER, needs: DEAL_COLLATERAL + FEE },
    { party: 'provider', owner: PROVIDER, other: CLIENT, needs: DEAL_COLLATERAL },
  ])('when its $party has too little', ({ owner, other, needs }) => {
    market.addFunds(other, 10n * FEE)
    market.addFunds(owner, needs - 1n)
    expectNone([plainProposal()])
    market.addFunds(owner, 1n)
    expect(market.publish([plainProposal()]).ids).toEqual([0n])
  })

  // A deal that was left out takes nothing from those after it.
  test('when the deals before it took what there was', () => {
    const deals = [
      plainProposal({ label: 'first' }),
      plainProposal({ label: 'too much', clientCollateral: 10n * FEE }),
      plainProposal({ label: 'second' }),
      plainProposal({ label: 'third' }),
      plainProposal({ label: 'of another', client: OTHER_CLIENT }),
    ]
    market.addFunds(CLIENT, 2n * (DEAL_COLLATERAL + FEE))
    market.addFunds(OTHER_CLIENT, DEAL_COLLATERAL + FEE)
    market.addFunds(PROVIDER, 3n * DEAL_COLLATERAL)
    const { validDeals } = market.publish(deals, { published: [0, 2, 4] })
    expect(validDeals).toEqual(bitFieldOf([0, 2, 4]))
  })

  test('when it was published already, in this message or before', () => {
    const deal = plainProposal()
    market.fund(deal, deal, deal)
    expect(market.publish([deal, deal], { published: [0] }).ids).toEqual([0n])
    expectNone([deal])
  })
})

describe('PublishStorageDeals is refused', () => {
  test('without deals', () => {
    expect(exitCodeOf(() => market.callPublish([]))).toBe(USR_ILLEGAL_ARGUMENT)
  })

  test.each([
    { provider: 'cannot be resolved', address: PROVIDER_ROBUST, code: USR_NOT_FOUND },
    { provider: 'is not there', address: idAddress(9999n), code: USR_NOT_FOUND },
    { provider: 'is no miner', address: CLIENT, code: USR_ILLEGAL_ARGUMENT },
  ])('when the provider $provider', ({ address, code }) => {
    expect(exitCodeOf(() => market.callPublish([plainProposal({ provider: address })]))).toBe(code)
  })

  test('to whoever may not act for the provider', () => {
    market.expectNetwork(PROVIDER, false)
    expect(exitCodeOf(() => market.callPublish([plainProposal()]))).toBe(USR_FORBIDDEN)
  })

  test('when a client does not take the news', () => {
    const deal = plainProposal()
    market.fund(deal)
    market.expectPublication([deal], { published: [] })
    market.expectNotification(deal, 0n, { exitCode: USR_ILLEGAL_STATE, returnData: null })
    expect(exitCodeOf(() => market.callPublish([deal]))).toBe(USR_ILLEGAL_ARGUMENT)
    expect(market.state.nextId).toBe(0n)
  })
})

describe('a verified deal', () => {
  const verified = plainProposal({ verifiedDeal: true })
  /** What is asked of the registry for a deal: as long as the deal, 90 days more at most, to be claimed by its start. */
  const requestOf = ({ pieceCid, pieceSize }: DealProposal) => ({
    provider: PROVIDER_ID,
    data: pieceCid,
    size: pieceSize,
    termMin: DEAL_DURATION,
    termMax: DEAL_DURATION + 90n * 2880n,
    expiration: 50n,
  })
  const expectAllocations = (client: bigint, deals: readonly DealProposal[], ids: readonly bigint[]) =>
    market.expectAllocations(client, { allocations: deals.map(requestOf), extensions: [] }, ids)
  const pending = () =>
    Object.fromEntries(
      PendingDealAllocations.load(market.rt.store, market.state.pendingDealAllocationIds).entries(),
    )

  test('gets an allocation, for which its client pays with DataCap', () => {
    market.fund(verified)
    const expectDataCap = () => {
      market.expectDataCapBalance(CLIENT_ID, 2048n)
      expectAllocations(CLIENT_ID, [verified], [77n])
    }
    market.publish([verified], { expectDataCap })
    expect(pending()).toEqual({ 0: 77n })
  })

  // Each client is asked once, and pays once for all of its deals, in the order of the ids.
  test('is paid together with the others of its client', () => {
    const deals = [
      plainProposal({ verifiedDeal: true, client: OTHER_CLIENT, label: 'a' }),
      plainProposal({ verifiedDeal: true, label: 'b' }),
      plainProposal({ verifiedDeal: true, client: OTHER_CLIENT, label: 'c' }),
      plainProposal({ label: 'd' }),
    ]
    market.fund(...deals)
    const expectDataCap = () => {
      market.expectDataCapBalance(OTHER_CLIENT_ID, 10_000n)
      market.expectDataCapBalance(CLIENT_ID, 2048n)
      expectAllocations(CLIENT_ID, deals.slice(1, 2), [5n])
      expectAllocations(OTHER_CLIENT_ID, [deals[0], deals[2]] as DealProposal[], [6n, 7n])
    }
    market.publish(deals, { expectDataCap })
    expect(pending()).toEqual({ 0: 6n, 1: 5n, 2: 7n })
  })

  test('is left out when its client has too little DataCap, and takes none', () => {
    const deals = [
      plainProposal({ verifiedDeal: true, pieceSize: 4096n }),
      plainProposal({ verifiedDeal: true, pieceSize: 2048n }),
      plainProposal({ verifiedDeal: true, pieceSize: 1024n }),
    ]
    market.fund(...deals)
    const expectDataCap = () => {
      market.expectDataCapBalance(CLIENT_ID, 3000n)
      expectAllocations(CLIENT_ID, deals.slice(1, 2), [1n])
    }
    const { validDeals } = market.publish(deals, { expectDataCap, published: [1] })
    expect(validDeals).toEqual(bitFieldOf([1]))
  })

  // The term has a maximum of 5 years, and the allocation is claimed within 60 days.
  test('asks for no longer than the registry allows', () => {
    const longest = plainProposal({
      verifiedDeal: true,
      startEpoch: 1_000_000n,
      endEpoch: 1_000_000n + 1278n * 2880n,
    })
    market.rt.policy = { ...market.rt.policy, maximumVerifiedAllocationTerm: 1300 * 2880 }
    market.fund(longest)
    const request = {
      ...requestOf(longest),
      termMin: 1278n * 2880n,
      termMax: 1300n * 2880n,
      expiration: 60n * 2880n,
    }
    const expectDataCap = () => {
      market.expectDataCapBalance(CLIENT_ID, 2048n)
      market.expectAllocations(CLIENT_ID, { allocations: [request], extensions: [] }, [1n])
    }
    expect(market.publish([longest], { expectDataCap }).ids).toEqual([0n])
  })

  test('fails the message when the DataCap cannot be known', () => {
    market.fund(verified)
    market.expectPublication([verified], { published: [] })
    market.rt.expectSend({
      to: idAddress(7n),
      method: 3261979605,
      params: { codec: 0x51, data: new Uint8Array([0x43, 0, 0xad, 2]) },
      result: { exitCode: USR_FORBIDDEN, returnData: null },
    })
    expect(exitCodeOf(() => market.callPublish([verified]))).toBe(USR_NOT_FOUND)
  })

  test('fails the message when the registry makes another number of allocations', () => {
    market.fund(verified)
    const expectDataCap = () => {
      market.expectDataCapBalance(CLIENT_ID, 2048n)
      expectAllocations(CLIENT_ID, [verified], [1n, 2n])
    }
    const code = exitCodeOf(() => market.publish([verified], { expectDataCap, published: [] }))
    expect(code).toBe(USR_ILLEGAL_STATE)
  })

  // The registry calls the client's token, and a token may call anybody.
  test('fails the message when paying for it costs what the deal needs', () => {
    market.fund(verified)
    const { escrowTable } = market.state
    const expectDataCap = () => {
      market.expectDataCapBalance(CLIENT_ID, 2048n)
      const requests = { allocations: [requestOf(verified)], extensions: [] }
      const empty = BalanceTable.empty(market.rt.store).flush()
      market.expectAllocations(CLIENT_ID, requests, [1n], () => market.edit(() => ({ escrowTable: empty })))
    }
    const code = exitCodeOf(() => market.publish([verified], { expectDataCap, published: [] }))
    expect(code).toBe(ExitCode.USR_INSUFFICIENT_FUNDS)
    market.edit(() => ({ escrowTable }))
  })

  // The reference reads a size of 2^63 as a negative number when it compares it with the DataCap, and adds the sizes
  // of one client up in 64 bits.
  test.each([
    { count: 1, code: USR_ILLEGAL_STATE },
    { count: 2, code: ExitCode.USR_ASSERTION_FAILED },
  ])('fails the message when $count deals are of 2^63 bytes', ({ count, code }) => {
    const deals = Array.from({ length: count }, (_, i) =>
      plainProposal({ verifiedDeal: true, pieceSize: 2n ** 63n, label: String(i) }),
    )
    market.fund(...deals)
    const expectDataCap = () => {
      market.expectDataCapBalance(CLIENT_ID, 0n)
      if (count === 1) {
        expectAllocations(CLIENT_ID, deals, [])
      }
    }
    expect(exitCodeOf(() => market.publish(deals, { expectDataCap, published: [] }))).toBe(code)
  })
})
