import { type Blockstore, type Cid, within } from '@plimsoll/ipld'
import {
  type Address,
  AddressProtocol,
  type AttoFil,
  type ChainEpoch,
  EPOCH_UNDEFINED,
  formatIdAddress,
  idAddress,
  protocolOf,
} from '@plimsoll/primitives'
import type { Findings } from '../invariants/findings.ts'
import { balanceOf, totalBalance } from './balance-table.ts'
import { type DealProposal, type DealState, dealCid } from './deal.ts'
import {
  BalanceTable,
  DealOpsByEpoch,
  DealProposals,
  DealStates,
  type MarketState,
  PendingDealAllocations,
  PendingProposals,
  ProviderSectors,
  totalLocked,
} from './state.ts'

/** A deal as miners and the verified registry are compared with it. */
export interface DealSummary {
  readonly provider: Address
  readonly pieceCid: Cid
  readonly startEpoch: bigint
  readonly endEpoch: bigint
  /** Undefined until a sector takes the deal in. */
  readonly dealState: DealState | undefined
}

/** What other actors are compared with. */
export interface MarketSummary {
  readonly deals: ReadonlyMap<bigint, DealSummary>
  /** Allocation to the deal that waits for its activation. */
  readonly allocIdToDealId: ReadonlyMap<bigint, bigint>
}

/** What all parts of the check share. */
interface Context {
  readonly store: Blockstore
  readonly state: MarketState
  readonly currEpoch: ChainEpoch
  readonly proposals: ReadonlyMap<bigint, DealProposal>
  readonly findings: Findings
}

/**
 * The rules that the market's state keeps from v13 on. `currEpoch` is the first that was not executed yet, `balance`
 * the market's in attoFIL.
 *
 * Source: builtin-actors v18, `actors/market/src/testing.rs`, `check_state_invariants`.
 *
 * @throws {CodecError} when a block is missing or malformed.
 */
export function checkMarketInvariants(
  store: Blockstore,
  state: MarketState,
  balance: AttoFil,
  currEpoch: ChainEpoch,
  findings: Findings,
): MarketSummary {
  checkTotals(state, findings)
  const proposals = within('proposals', () => loadAllProposals(store, state))
  const context: Context = { store, state, currEpoch, proposals, findings }
  checkProposals(context)
  const dealToAllocation = within('pendingDealAllocationIds', () => checkAllocations(context))
  const states = within('states', () => checkStates(context, dealToAllocation))
  within('providerSectors', () => checkProviderSectors(context, states))
  within('pendingProposals', () => checkPendingProposals(context))
  checkBalances(context, balance)
  within('dealOpsByEpoch', () => checkDealOps(context))
  const deals = [...proposals].map(([dealId, { provider, pieceCid, startEpoch, endEpoch }]) => {
    return [dealId, { provider, pieceCid, startEpoch, endEpoch, dealState: states.get(dealId) }] as const
  })
  const allocIdToDealId = new Map([...dealToAllocation].map(([dealId, id]) => [id, dealId]))
  return { deals: new Map(deals), allocIdToDealId }
}

function checkTotals(state: MarketState, findings: Findings): void {
  const { totalClientLockedCollateral, totalProviderLockedCollateral, totalClientStorageFee } = state
  findings.require(totalClientLockedCollateral >= 0n, 'market/client-collateral-negative', () =>
    String(totalClientLockedCollateral),
  )
  findings.require(totalProviderLockedCollateral >= 0n, 'market/provider-collateral-negative', () =>
    String(totalProviderLockedCollateral),
  )
  findings.require(totalClientStorageFee >= 0n, 'market/storage-fee-negative', () =>
    String(totalClientStorageFee),
  )
}

function loadAllProposals(store: Blockstore, state: MarketState): ReadonlyMap<bigint, DealProposal> {
  const entries = DealProposals.load(store, state.proposals).entries()
  return new Map([...entries].map(([dealId, proposal]) => [BigInt(dealId), proposal]))
}

function checkProposals({ proposals, state, findings }: Context): void {
  let highest = -1n
  for (const [dealId, { client, provider }] of proposals) {
    const here = findings.under('proposals', String(dealId))
    requireIdAddress(client, 'market/client-address', here)
    requireIdAddress(provider, 'market/provider-address', here)
    highest = dealId
  }
  findings.require(
    state.nextId > highest,
    'market/next-id',
    () => `the next deal is ${state.nextId}, where there is ${highest}`,
  )
}

function requireIdAddress(address: Address, kind: string, findings: Findings): void {
  const protocol = protocolOf(address)
  findings.require(protocol === AddressProtocol.Id, kind, () => `an address of protocol ${protocol}`)
}

function checkAllocations({ store, state, proposals, findings }: Context): ReadonlyMap<bigint, bigint> {
  const allocations = new Map(PendingDealAllocations.load(store, state.pendingDealAllocationIds).entries())
  for (const dealId of allocations.keys()) {
    findings.require(proposals.has(dealId), 'market/allocation-without-proposal', () => `deal ${dealId}`)
  }
  return allocations
}

function checkStates(
  { store, state, currEpoch, proposals, findings }: Context,
  allocations: ReadonlyMap<bigint, bigint>,
): ReadonlyMap<bigint, DealState> {
  const states = new Map<bigint, DealState>()
  for (const [index, dealState] of DealStates.load(store, state.states).entries()) {
    const dealId = BigInt(index)
    const here = findings.under('states', String(index))
    checkDealState(dealState, currEpoch, here)
    here.require(proposals.has(dealId), 'market/state-without-proposal', () => 'there is no proposal')
    here.require(!allocations.has(dealId), 'market/state-with-allocation', () => 'an allocation is pending')
    states.set(dealId, dealState)
  }
  return states
}

function checkDealState(dealState: DealState, currEpoch: ChainEpoch, findings: Findings): void {
  const { sectorStartEpoch, lastUpdatedEpoch, slashEpoch } = dealState
  findings.require(sectorStartEpoch >= 0, 'market/state-without-start', () => String(sectorStartEpoch))
  const requireSince = (epoch: ChainEpoch, kind: string) => {
    if (epoch !== EPOCH_UNDEFINED) {
      findings.require(
        epoch >= sectorStartEpoch,
        `market/${kind}-before-start`,
        () => `at ${epoch}, in a sector since ${sectorStartEpoch}`,
      )
      findings.require(epoch <= currEpoch, `market/${kind}-in-future`, () => `at ${epoch}, now ${currEpoch}`)
    }
  }
  requireSince(lastUpdatedEpoch, 'updated')
  requireSince(slashEpoch, 'slashed')
}

/** Every deal that is in a sector and goes on is there, and nothing is there that is not. */
function checkProviderSectors(context: Context, states: ReadonlyMap<bigint, DealState>): void {
  const { store, state, currEpoch, proposals, findings } = context
  const placed = new Set<string>()
  const outer = ProviderSectors.outer.load(store, state.providerSectors)
  for (const [provider, root] of outer.entries()) {
    const sectors = within(String(provider), () => [...ProviderSectors.inner.load(store, root).entries()])
    for (const [sectorNumber, dealIds] of sectors) {
      const here = findings.under('providerSectors', String(provider), String(sectorNumber))
      for (const dealId of dealIds) {
        placed.add(placeOf(idAddress(provider), sectorNumber, dealId))
        checkPlacedDeal(proposals.get(dealId), states.get(dealId), { provider, sectorNumber, dealId }, here)
      }
    }
  }
  for (const [dealId, { sectorNumber, sectorStartEpoch, slashEpoch }] of states) {
    const proposal = proposals.get(dealId)
    const isActive = sectorStartEpoch >= 0 && slashEpoch === EPOCH_UNDEFINED
    findings.require(
      !isActive ||
        proposal === undefined ||
        proposal.endEpoch <= currEpoch ||
        placed.has(placeOf(proposal.provider, sectorNumber, dealId)),
      'market/active-deal-in-no-sector',
      () => `deal ${dealId}`,
    )
  }
}

interface Place {
  readonly provider: bigint
  readonly sectorNumber: bigint
  readonly dealId: bigint
}

function checkPlacedDeal(
  proposal: DealProposal | undefined,
  dealState: DealState | undefined,
  { provider, sectorNumber, dealId }: Place,
  findings: Findings,
): void {
  if (proposal === undefined) {
    findings.add('market/sector-deal-without-proposal', `deal ${dealId}`)
    return
  }
  findings.require(
    proposal.provider === idAddress(provider),
    'market/sector-deal-provider',
    () => `deal ${dealId} is with ${formatIdAddress(proposal.provider)}`,
  )
  // The reference takes a deal without a state to be in sector 0.
  const ownSector = dealState?.sectorNumber ?? 0n
  findings.require(
    ownSector === sectorNumber,
    'market/sector-deal-sector',
    () => `deal ${dealId} is in sector ${ownSector}`,
  )
  findings.require(
    (dealState?.slashEpoch ?? EPOCH_UNDEFINED) === EPOCH_UNDEFINED,
    'market/sector-deal-slashed',
    () => `deal ${dealId}`,
  )
}

function placeOf(provider: Address, sectorNumber: bigint, dealId: bigint): string {
  return `${provider} ${sectorNumber} ${dealId}`
}

function checkPendingProposals({ store, state, proposals, findings }: Context): void {
  const { hashes } = store
  const hasher = { hashBlake2b: (data: Uint8Array) => hashes.blake2b256(data) }
  const cids = new Set([...proposals.values()].map((proposal) => dealCid(hasher, proposal)))
  for (const cid of PendingProposals.load(store, state.pendingProposals).keys()) {
    const here = findings.under('pendingProposals', PendingProposals.key.format(cid))
    here.require(cids.has(cid), 'market/pending-without-proposal', () => 'there is no such proposal')
  }
}

/** What is locked adds up and is there; what is in escrow is the market's, and covers the collaterals. */
function checkBalances({ store, state, proposals, findings }: Context, balance: AttoFil): void {
  const escrow = BalanceTable.load(store, state.escrowTable)
  let lockedTotal = 0n
  const locked = within('lockedTable', () => [...BalanceTable.load(store, state.lockedTable).entries()])
  for (const [owner, amount] of locked) {
    lockedTotal += amount
    const inEscrow = within('escrowTable', () => balanceOf(escrow, owner))
    findings.require(
      inEscrow >= amount,
      'market/locked-over-escrow',
      () => `${BalanceTable.key.format(owner)} has ${inEscrow}, and ${amount} of it locked`,
    )
  }
  const expected = totalLocked(state)
  findings.require(
    lockedTotal === expected,
    'market/locked-total',
    () => `${lockedTotal}, where the totals have ${expected}`,
  )
  const escrowTotal = within('escrowTable', () => totalBalance(escrow))
  findings.require(escrowTotal <= balance, 'market/escrow-over-balance', () => `${escrowTotal} of ${balance}`)
  let collateral = 0n
  for (const { clientCollateral, providerCollateral } of proposals.values()) {
    collateral += clientCollateral + providerCollateral
  }
  findings.require(
    escrowTotal >= collateral,
    'market/escrow-under-collateral',
    () => `${escrowTotal}, where the deals have ${collateral}`,
  )
}

/** Cron will look at every deal that has not started yet. */
function checkDealOps({ store, state, currEpoch, proposals, findings }: Context): void {
  const dealOps = DealOpsByEpoch.load(store, state.dealOpsByEpoch)
  const scheduled = new Set<bigint>()
  for (const epoch of dealOps.keys()) {
    for (const dealId of within(String(epoch), () => [...dealOps.membersOf(epoch)])) {
      scheduled.add(dealId)
    }
  }
  const missing = [...proposals].flatMap(([dealId, { startEpoch }]) =>
    startEpoch >= currEpoch && !scheduled.has(dealId) ? [dealId] : [],
  )
  findings.require(missing.length === 0, 'market/missing-deal-ops', () => `deals ${missing.join(', ')}`)
}
