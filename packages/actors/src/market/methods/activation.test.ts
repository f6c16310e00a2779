import { type Cid, encodeCbor, u64 } from '@plimsoll/ipld'
import { createHashes, ExitCode, idAddress } from '@plimsoll/primitives'
import {
  CLIENT_ID,
  DEAL_END,
  DEAL_START,
  exitCodeOf,
  OTHER_PROVIDER_ID,
  PROVIDER_ID,
  pieceCommitment,
  plainProposal,
  TestMarket,
} from '@plimsoll/testkit'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createFindings } from '../../invariants/findings.ts'
import { checkMarketInvariants } from '../invariants.ts'
import { PendingDealAllocations, PendingProposals } from '../state.ts'
import {
  type BatchActivateDealsResult,
  EX_DEAL_EXPIRED,
  type SectorDeals,
  type VerifyDealsForActivationReturn,
} from '../types.ts'

// Source of the cases: builtin-actors v18, actors/market/tests: verify_deals_for_activation_test.rs,
// activate_deal_failures.rs, batch_activate_deals.rs and sector_content_changed.rs.

const hashes = await createHashes()
const { OK, USR_FORBIDDEN, USR_ILLEGAL_ARGUMENT, USR_ILLEGAL_STATE, USR_NOT_FOUND } = ExitCode
const PROVIDER = idAddress(PROVIDER_ID)
const OTHER_PROVIDER = idAddress(OTHER_PROVIDER_ID)
const SECTOR_CONTENT_CHANGED = 2034386435
const COMMITMENT = pieceCommitment(9)

let market: TestMarket
/** What was asked for a commitment. */
let asked: {
  readonly proofType: number
  readonly pieces: readonly { readonly cid: Cid; readonly size: bigint }[]
}[]

beforeEach(() => {
  market = new TestMarket(hashes)
  asked = []
  market.rt.primitives = {
    computeUnsealedSectorCid: (proofType, pieces) => {
      asked.push({ proofType, pieces })
      return proofType === 8 ? COMMITMENT : undefined
    },
  }
})

afterEach(() => {
  const findings = createFindings()
  const { rt, state } = market
  checkMarketInvariants(rt.store, state, rt.balance, rt.currEpoch + 1, findings)
  expect(findings.list).toEqual([])
})

function sectorOf(dealIds: readonly bigint[], changes: Partial<SectorDeals> = {}): SectorDeals {
  return { sectorNumber: 1n, sectorType: 8n, sectorExpiry: DEAL_END, dealIds, ...changes }
}

/** Publishes a deal with each label. */
function publish(...labels: readonly string[]): readonly bigint[] {
  return market.publishPlain(...labels.map((label) => ({ label })))
}

function eventTypes(): readonly string[] {
  return market.rt.events.map(([type]) => Buffer.from(type?.value.subarray(1) ?? []).toString())
}

describe('VerifyDealsForActivation', () => {
  const verify = (sectors: readonly SectorDeals[], caller = PROVIDER) =>
    market.call(caller, 5, { sectors }) as VerifyDealsForActivationReturn

  test('tells the commitment of each sector with deals', () => {
    const [first = 0n, second = 0n] = publish('a', 'b')
    const sectors = [sectorOf([second, first]), sectorOf([])]
    expect(verify(sectors)).toEqual({ unsealedCids: [COMMITMENT, null] })
    const piece = { cid: pieceCommitment(1), size: 2048n }
    expect(asked).toEqual([{ proofType: 8, pieces: [piece, piece] }])
  })

  test.each([
    { defect: 'there never was', dealIds: [1n], code: USR_NOT_FOUND },
    { defect: 'is named twice', dealIds: [0n, 0n], code: USR_ILLEGAL_ARGUMENT },
    { defect: 'is with another provider', caller: OTHER_PROVIDER, code: USR_FORBIDDEN },
    { defect: 'has started', epoch: Number(DEAL_START) + 1, code: EX_DEAL_EXPIRED },
    { defect: 'outlives the sector', sectorExpiry: DEAL_END - 1n, code: USR_ILLEGAL_ARGUMENT },
    { defect: 'is put into a sector of no known size', sectorType: 20n, code: USR_ILLEGAL_ARGUMENT },
    { defect: 'has no commitment', sectorType: 9n, code: USR_ILLEGAL_ARGUMENT },
    { defect: 'is too large for a sector of 2 KiB', sectorType: 0n, size: 4096n, code: USR_ILLEGAL_ARGUMENT },
  ])(
    'is refused when a deal $defect',
    ({ dealIds = [0n], caller = PROVIDER, epoch = 0, size = 2048n, code, ...sector }) => {
      market.publishPlain({ pieceSize: size })
      market.rt.currEpoch = epoch
      expect(exitCodeOf(() => verify([sectorOf(dealIds, sector)], caller))).toBe(code)
    },
  )

  test('is refused when a deal is over', () => {
    publish('a')
    market.tick(86_400, 100n)
    expect(exitCodeOf(() => verify([sectorOf([0n])]))).toBe(EX_DEAL_EXPIRED)
  })

  // In its first epoch a deal can still be taken in, and it may end with its sector.
  test('is allowed at the bounds', () => {
    market.publishPlain({ pieceSize: 2048n })
    market.rt.currEpoch = Number(DEAL_START)
    market.rt.primitives = { computeUnsealedSectorCid: () => COMMITMENT }
    expect(verify([sectorOf([0n], { sectorType: 0n })]).unsealedCids).toEqual([COMMITMENT])
  })

  test('is called by miners alone', () => {
    expect(exitCodeOf(() => verify([], idAddress(CLIENT_ID)))).toBe(USR_FORBIDDEN)
  })
})

describe('BatchActivateDeals', () => {
  const activate = (sectors: readonly SectorDeals[], computeCid = false, caller = PROVIDER) =>
    market.call(caller, 6, { sectors, computeCid }) as BatchActivateDealsResult

  test('puts deals into a sector, and takes their allocations out', () => {
    publish('a', 'b')
    market.edit((state) => {
      const pending = PendingDealAllocations.load(market.rt.store, state.pendingDealAllocationIds)
      pending.set(1n, 77n)
      return { pendingDealAllocationIds: pending.flush() }
    })
    market.rt.currEpoch = 5
    const data = { client: CLIENT_ID, data: pieceCommitment(1), size: 2048n }
    expect(activate([sectorOf([1n, 0n], { sectorNumber: 7n })], true)).toEqual({
      activationResults: { successCount: 1, failCodes: [] },
      activations: [
        {
          activated: [
            { ...data, allocationId: 77n },
            { ...data, allocationId: 0n },
          ],
          unsealedCid: COMMITMENT,
        },
      ],
    })
    const state = { sectorNumber: 7n, sectorStartEpoch: 5, lastUpdatedEpoch: -1, slashEpoch: -1 }
    expect([market.dealState(0n), market.dealState(1n)]).toEqual([state, state])
    expect(market.sectorDeals(7n)).toEqual([0n, 1n])
    expect(eventTypes()).toEqual(['deal-published', 'deal-published', 'deal-activated', 'deal-activated'])
    const left = PendingDealAllocations.load(market.rt.store, market.state.pendingDealAllocationIds)
    expect(left.isEmpty).toBe(true)
  })

  test('adds to the deals that are in a sector', () => {
    publish('a', 'b', 'c')
    activate([sectorOf([2n])])
    activate([sectorOf([0n]), sectorOf([1n], { sectorNumber: 2n })])
    expect(market.sectorDeals(1n)).toEqual([0n, 2n])
    expect(market.sectorDeals(2n)).toEqual([1n])
  })

  // A sector without deals is successful, has no commitment, and stands in the state with an empty list.
  test('takes sectors without deals', () => {
    const activations = [{ activated: [], unsealedCid: null }]
    expect(activate([sectorOf([])], true)).toEqual({
      activationResults: { successCount: 1, failCodes: [] },
      activations,
    })
    expect(market.sectorDeals(1n)).toEqual([])
  })

  test('activates all deals of a sector or none, and each sector by itself', () => {
    publish('a', 'b', 'c', 'd')
    const sectors = [
      sectorOf([0n], { sectorNumber: 1n }),
      sectorOf([1n, 99n], { sectorNumber: 2n }),
      sectorOf([2n, 2n], { sectorNumber: 3n }),
      sectorOf([1n, 0n], { sectorNumber: 4n }),
      sectorOf([1n], { sectorNumber: 5n }),
      sectorOf([2n], { sectorNumber: 6n, sectorExpiry: DEAL_END - 1n }),
    ]
    const { activationResults, activations } = activate(sectors)
    expect(activationResults).toEqual({
      successCount: 2,
      failCodes: [
        { index: 1, code: USR_NOT_FOUND },
        { index: 2, code: USR_ILLEGAL_ARGUMENT },
        { index: 3, code: USR_ILLEGAL_ARGUMENT },
        { index: 5, code: USR_ILLEGAL_ARGUMENT },
      ],
    })
    expect(activations.map(({ activated }) => activated.length)).toEqual([1, 1])
    expect([0n, 1n, 2n, 3n].map((dealId) => market.dealState(dealId)?.sectorNumber)).toEqual([
      1n,
      5n,
      undefined,
      undefined,
    ])
  })

  test.each([
    { defect: 'is with another provider', caller: OTHER_PROVIDER, code: USR_FORBIDDEN },
    { defect: 'has started', epoch: Number(DEAL_START) + 1, code: EX_DEAL_EXPIRED },
    { defect: 'outlives the sector', sectorExpiry: DEAL_END - 1n, code: USR_ILLEGAL_ARGUMENT },
  ])('leaves a sector out whose deal $defect', ({ caller = PROVIDER, epoch = 0, code, ...sector }) => {
    publish('a')
    market.rt.currEpoch = epoch
    const { activationResults } = activate([sectorOf([0n], sector)], false, caller)
    expect(activationResults.failCodes).toEqual([{ index: 0, code }])
  })

  test('leaves a sector out whose deal is activated, or over', () => {
    publish('a')
    activate([sectorOf([0n])])
    expect(activate([sectorOf([0n])]).activationResults.failCodes).toEqual([
      { index: 0, code: USR_ILLEGAL_ARGUMENT },
    ])
    market.terminate([1], 10, 100n)
    expect(activate([sectorOf([0n])]).activationResults.failCodes).toEqual([
      { index: 0, code: EX_DEAL_EXPIRED },
    ])
  })

  test('leaves a sector out whose deal is not pending, which no state should hold', () => {
    publish('a')
    market.edit(() => ({ pendingProposals: PendingProposals.empty(market.rt.store).flush() }))
    expect(activate([sectorOf([0n])]).activationResults.failCodes).toEqual([
      { index: 0, code: USR_ILLEGAL_STATE },
    ])
  })

  test('fails when deals have no commitment', () => {
    publish('a')
    const sectors = [sectorOf([0n], { sectorType: 2n ** 63n - 1n })]
    expect(exitCodeOf(() => activate(sectors, true))).toBe(USR_ILLEGAL_ARGUMENT)
    expect(exitCodeOf(() => activate(sectors, false))).toBe(OK)
  })

  test('is called by miners alone', () => {
    expect(exitCodeOf(() => activate([], false, idAddress(CLIENT_ID)))).toBe(USR_FORBIDDEN)
  })
})

describe('SectorContentChanged', () => {
  const pieceOf = (dealId: bigint, changes = {}) => {
    const { pieceCid: data, pieceSize: size } = market.proposal(dealId) ?? plainProposal()
    return { data, size, payload: encodeCbor(u64, dealId), ...changes }
  }
  const change = (added: readonly ReturnType<typeof pieceOf>[], sector = 1n) => ({
    sector,
    minimumCommitmentEpoch: Number(DEAL_END),
    added,
  })
  const tell = (sectors: readonly ReturnType<typeof change>[], caller = PROVIDER) =>
    market.call(caller, SECTOR_CONTENT_CHANGED, sectors)

  test('activates the deals that pieces name', () => {
    publish('a', 'b', 'c')
    market.rt.currEpoch = 5
    const sectors = [change([pieceOf(1n), pieceOf(0n)]), change([pieceOf(2n)], 2n), change([], 3n)]
    expect(tell(sectors)).toEqual([[true, true], [true], []])
    expect(market.dealState(1n)).toEqual({
      sectorNumber: 1n,
      sectorStartEpoch: 5,
      lastUpdatedEpoch: -1,
      slashEpoch: -1,
    })
    expect([1n, 2n, 3n].map((sector) => market.sectorDeals(sector))).toEqual([[0n, 1n], [2n], []])
    expect(eventTypes().slice(3)).toEqual(['deal-activated', 'deal-activated', 'deal-activated'])
  })

  test('takes the allocation of a deal out', () => {
    publish('a')
    market.edit((state) => {
      const pending = PendingDealAllocations.load(market.rt.store, state.pendingDealAllocationIds)
      pending.set(0n, 77n)
      return { pendingDealAllocationIds: pending.flush() }
    })
    tell([change([pieceOf(0n)])])
    const left = PendingDealAllocations.load(market.rt.store, market.state.pendingDealAllocationIds)
    expect(left.isEmpty).toBe(true)
  })

  test.each([
    { defect: 'of other data', changes: { data: pieceCommitment(2) } },
    { defect: 'of another size', changes: { size: 1024n } },
    { defect: 'that names nothing', changes: { payload: new Uint8Array() } },
    { defect: 'that names no number', changes: { payload: new Uint8Array([0x80]) } },
    { defect: 'that names a number and more', changes: { payload: new Uint8Array([0, 0]) } },
    { defect: 'that names a deal that there never was', changes: { payload: encodeCbor(u64, 7n) } },
  ])('does not accept a piece $defect', ({ changes }) => {
    publish('a', 'b')
    expect(tell([change([pieceOf(0n, changes), pieceOf(1n)])])).toEqual([[false, true]])
    expect(market.dealState(0n)).toBeUndefined()
    expect(market.sectorDeals(1n)).toEqual([1n])
  })

  test('accepts a deal once', () => {
    publish('a')
    const sectors = [change([pieceOf(0n), pieceOf(0n)]), change([pieceOf(0n)], 2n)]
    expect(tell(sectors)).toEqual([[true, false], [false]])
    expect(tell([change([pieceOf(0n)], 3n)])).toEqual([[false]])
    expect(market.sectorDeals(1n)).toEqual([0n])
  })

  test('accepts no deal of another provider, none that has started, and none that outlives the sector', () => {
    publish('a')
    expect(tell([change([pieceOf(0n)])], OTHER_PROVIDER)).toEqual([[false]])
    const short = { ...change([pieceOf(0n)]), minimumCommitmentEpoch: Number(DEAL_END) - 1 }
    expect(tell([short])).toEqual([[false]])
    market.rt.currEpoch = Number(DEAL_START) + 1
    expect(tell([change([pieceOf(0n)])])).toEqual([[false]])
  })

  test('does nothing without sectors', () => {
    const { providerSectors } = market.state
    expect(tell([])).toEqual([])
    expect(market.state.providerSectors.cid).toBe(providerSectors.cid)
  })

  test('is called by miners alone', () => {
    expect(exitCodeOf(() => tell([], idAddress(CLIENT_ID)))).toBe(USR_FORBIDDEN)
  })
})
