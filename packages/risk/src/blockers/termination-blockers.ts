import {
  BalanceTable,
  balanceOf,
  checkMinerInvariants,
  createFindings,
  type DealProposal,
  DealProposals,
  type DealState,
  DealStates,
  dealPaymentRemaining,
  loadMiner,
  loadSectorsByNumber,
  MAINNET_POLICY,
  MarketState,
  type Miner,
  minerLayout,
  ProviderSectors,
} from '@plimsoll/actors'
import {
  type Amt,
  type Blockstore,
  CodecError,
  type Link,
  load,
  MissingBlockError,
  within,
} from '@plimsoll/ipld'
import {
  type ActorId,
  type Address,
  type AttoFil,
  type ChainEpoch,
  EPOCH_UNDEFINED,
  ExitCode,
  formatFil,
  formatIdAddress,
  idAddress,
  maxBigInt,
  minBigInt,
  STORAGE_MARKET_ACTOR_ADDR,
} from '@plimsoll/primitives'
import { requireMiner } from '../assess/find-miners.ts'
import { AssessError, type NetworkView } from '../assess/network-view.ts'

/** Something in a state that makes, or may make, a message fail that terminates sectors. */
export interface TerminationBlocker {
  readonly kind:
    | 'deal-malformed'
    | 'deal-with-another-provider'
    | 'deal-without-state'
    | 'deal-in-two-places'
    | 'deal-funds-missing'
    | 'power-drifted'
  /** Whether every termination fails that includes it, or only some do. */
  readonly certainty: 'certain' | 'possible'
  /** How the message ends. */
  readonly exitCode: number
  /** The sectors that it keeps from being terminated, ascending; empty where it is about a whole partition. */
  readonly sectors: readonly number[]
  /** Where in the state, from the actor on. */
  readonly place: string
  readonly message: string
}

/** What the checker says of a partition or its queue whose sums no longer are those of its sectors. */
const DRIFT = new Set([
  'partition/live-power',
  'partition/unproven-power',
  'partition/faulty-power',
  'partition/recovering-power',
  'partition/active-power',
  'partition/fee-deduction',
  'queue/active-power',
  'queue/faulty-power',
  'queue/on-time-pledge',
  'queue/fee-deduction',
])

/** The market knows which deals are in which sectors since this version of the actors. */
const PROVIDER_SECTORS_SINCE = 13

/**
 * What in the state can block a termination of a miner's sectors: deals whose entries in the market are corrupt or
 * missing, because the market's failure is the miner's; and partitions whose recorded sums have drifted from their
 * sectors, because what is left would be negative. A missing block is an error, as everywhere.
 *
 * Source: builtin-actors v18, `actors/market/src/lib.rs`, `on_miner_sectors_terminate`; `actors/miner/src/lib.rs`,
 * `process_early_terminations` and `dispute_windowed_post`, which makes partitions drift.
 *
 * @throws {AssessError} `NOT_A_MINER`; `MARKET_LAYOUT_UNKNOWN` for a state before v13.
 * @throws {StateError} `ACTOR_NOT_FOUND`
 */
export function terminationBlockers(view: NetworkView, id: ActorId): readonly TerminationBlocker[] {
  const { record } = requireMiner(view, id)
  const miner = loadMiner(view.tree.store, minerLayout(view.version), record.head)
  return [...dealBlockers(view, id, miner), ...driftBlockers(view, miner, record.balance)]
}

function driftBlockers(view: NetworkView, miner: Miner, balance: AttoFil): readonly TerminationBlocker[] {
  const findings = createFindings()
  checkMinerInvariants(MAINNET_POLICY, view.version, miner, balance, findings)
  return findings.list
    .filter(({ kind }) => DRIFT.has(kind))
    .map(({ kind, place, message }) => ({
      kind: 'power-drifted',
      certainty: 'possible',
      exitCode: ExitCode.USR_ILLEGAL_STATE,
      sectors: [],
      place,
      message: `${kind}: ${message}`,
    }))
}

/** The market's books, as far as a termination looks at them. */
interface Market {
  readonly proposals: Amt<DealProposal>
  readonly states: Amt<DealState>
  readonly escrow: (owner: Address) => AttoFil
  readonly locked: (owner: Address) => AttoFil
}

function dealBlockers(view: NetworkView, id: ActorId, miner: Miner): readonly TerminationBlocker[] {
  if (view.version < PROVIDER_SECTORS_SINCE) {
    throw new AssessError(
      'MARKET_LAYOUT_UNKNOWN',
      `the market of actors v${view.version} does not know which deals are in which sectors`,
      { version: view.version },
    )
  }
  const { store } = view.tree
  const record = within('actors', () => view.tree.actors.get(STORAGE_MARKET_ACTOR_ADDR))
  if (record === undefined) {
    return []
  }
  const state = within('market', () => load(store, MarketState, record.head as Link<MarketState>))
  const market = openMarket(store, state)
  const places = ProviderSectors.load(store, state.providerSectors)
  const account = createAccount(idAddress(id), view.assessedEpoch, market)
  for (const { sectorNumber, dealWeight, verifiedDealWeight } of loadSectorsByNumber(miner).values()) {
    if (dealWeight > 0n || verifiedDealWeight > 0n) {
      account.addSector(sectorNumber, () => places.get(BigInt(id), BigInt(sectorNumber)) ?? [])
    }
  }
  return [...account.blockers, ...account.fundsMissing()]
}

function openMarket(store: Blockstore, state: MarketState): Market {
  const escrow = BalanceTable.load(store, state.escrowTable)
  const locked = BalanceTable.load(store, state.lockedTable)
  return {
    proposals: DealProposals.load(store, state.proposals),
    states: DealStates.load(store, state.states),
    escrow: (owner) => balanceOf(escrow, owner),
    locked: (owner) => balanceOf(locked, owner),
  }
}

/** Adds up what terminating sector after sector asks of the market. */
function createAccount(provider: Address, epoch: ChainEpoch, market: Market) {
  const blockers: TerminationBlocker[] = []
  const seen = new Map<bigint, number>()
  /** What has to be locked, and for which sectors, by party; attoFIL. */
  const needs = new Map<Address, { locked: AttoFil; readonly sectors: number[] }>()

  const need = (owner: Address, amount: AttoFil, sector: number) => {
    const present = needs.get(owner) ?? { locked: 0n, sectors: [] as number[] }
    present.locked += amount
    present.sectors.push(sector)
    needs.set(owner, present)
  }
  const block = (
    kind: TerminationBlocker['kind'],
    exitCode: number,
    sector: number,
    deal: bigint | null,
    message: string,
  ) => {
    const place = deal === null ? `market.providerSectors.${sector}` : `market.deals.${deal}`
    blockers.push({ kind, certainty: 'certain', exitCode, sectors: [sector], place, message })
  }
  const addDeal = (sector: number, dealId: bigint) => {
    const proposal = market.proposals.get(dealId)
    if (proposal === undefined) {
      return
    }
    if (proposal.provider !== provider) {
      const other = formatIdAddress(proposal.provider)
      const message = `deal ${dealId} in sector ${sector} is with ${other}`
      block('deal-with-another-provider', ExitCode.USR_ILLEGAL_STATE, sector, dealId, message)
      return
    }
    if (proposal.endEpoch <= epoch) {
      return
    }
    const state = market.states.get(dealId)
    if (state === undefined) {
      const message = `deal ${dealId} in sector ${sector} was activated and has no state`
      block('deal-without-state', ExitCode.USR_ILLEGAL_ARGUMENT, sector, dealId, message)
      return
    }
    const other = seen.get(dealId)
    if (other !== undefined) {
      const message = `deal ${dealId} is in sector ${other} and in sector ${sector}`
      block('deal-in-two-places', ExitCode.USR_ILLEGAL_STATE, sector, dealId, message)
      return
    }
    seen.set(dealId, sector)
    const { client, clientCollateral, providerCollateral } = proposal
    need(client, clientCollateral + owedUntilEnd(proposal, state, BigInt(epoch)), sector)
    need(provider, providerCollateral, sector)
  }

  return {
    blockers,
    addSector(sector: number, dealsOf: () => readonly bigint[]): void {
      const dealIds = attempt(dealsOf)
      if (typeof dealIds === 'string') {
        block('deal-malformed', ExitCode.USR_ILLEGAL_STATE, sector, null, dealIds)
        return
      }
      for (const dealId of dealIds) {
        const failure = attempt(() => addDeal(sector, dealId))
        if (typeof failure === 'string') {
          block('deal-malformed', ExitCode.USR_ILLEGAL_STATE, sector, dealId, failure)
        }
      }
    },
    /** Parties that do not have what all of the deals together need; each deal alone may still be ended. */
    fundsMissing(): readonly TerminationBlocker[] {
      return [...needs].flatMap(([owner, { locked, sectors }]) => {
        const there = minBigInt(market.locked(owner), market.escrow(owner))
        return locked <= there
          ? []
          : [
              {
                kind: 'deal-funds-missing' as const,
                certainty: 'possible' as const,
                exitCode: ExitCode.USR_ILLEGAL_ARGUMENT,
                sectors,
                place: `market.balances.${formatIdAddress(owner)}`,
                message: `${formatFil(locked)} are needed for deals, and ${formatFil(there)} are there`,
              },
            ]
      })
    },
  }
}

/** What a client still owes for a deal that ends now: the time since the last payment, and the rest of its life. */
function owedUntilEnd(proposal: DealProposal, { lastUpdatedEpoch }: DealState, epoch: bigint): AttoFil {
  const paidUntil =
    lastUpdatedEpoch === EPOCH_UNDEFINED
      ? proposal.startEpoch
      : maxBigInt(proposal.startEpoch, BigInt(lastUpdatedEpoch))
  const elapsed = maxBigInt(0n, proposal.storagePricePerEpoch * (epoch - paidUntil))
  return elapsed + dealPaymentRemaining(proposal, epoch)
}

/** What a step gives, or what is malformed about the state that it reads. */
function attempt<T>(step: () => T): T | string {
  try {
    return step()
  } catch (error) {
    if (error instanceof CodecError && !(error instanceof MissingBlockError)) {
      return error.message
    }
    throw error
  }
}
