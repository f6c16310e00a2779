import {
  AllocationRequests,
  AllocationsResponse,
  AUTHENTICATE_MESSAGE_METHOD,
  AuthenticateMessageParams,
  BALANCE_METHOD,
  BalanceReturn,
  BalanceTable,
  type BatchActivateDealsResult,
  BUILTIN_ACTORS,
  CURRENT_TOTAL_POWER_METHOD,
  CurrentTotalPowerReturn,
  DealProposal,
  DealProposals,
  type DealState,
  DealStates,
  GetControlAddressesReturn,
  IS_CONTROLLING_ADDRESS_METHOD,
  MARKET_NOTIFY_DEAL_METHOD,
  MarketNotifyDealParams,
  MarketState,
  METHOD_CONSTRUCTOR,
  METHOD_SEND,
  MINER_CONTROL_ADDRESSES_METHOD,
  ProviderSectors,
  type PublishStorageDealsReturn,
  type SendResult,
  type SettleDealPaymentsReturn,
  SignatureType,
  THIS_EPOCH_REWARD_METHOD,
  ThisEpochRewardReturn,
  TOKEN_PRECISION,
  TRANSFER_FROM_METHOD,
  TransferFromParams,
  TransferFromReturn,
} from '@plimsoll/actors'
import {
  address,
  bitFieldOf,
  bool,
  type Cid,
  encodeCbor,
  Multicodec,
  Multihash,
  makeCid,
} from '@plimsoll/ipld'
import {
  type Address,
  type AttoFil,
  assert,
  BURNT_FUNDS_ACTOR_ADDR,
  type ChainEpoch,
  CRON_ACTOR_ADDR,
  DATACAP_ACTOR_ADDR,
  type Hashes,
  idAddress,
  REWARD_ACTOR_ADDR,
  STORAGE_MARKET_ACTOR_ADDR,
  STORAGE_POWER_ACTOR_ADDR,
  SYSTEM_ACTOR_ADDR,
  VERIFIED_REGISTRY_ACTOR_ADDR,
} from '@plimsoll/primitives'
import { cborBlock, SENT, TestRuntime } from './test-runtime.ts'
import { CLIENT_ID, OTHER_CLIENT_ID, OTHER_PROVIDER_ID, PROVIDER_ID } from './test-verifreg.ts'

/** The owner and the worker of both providers. */
export const [PROVIDER_OWNER, PROVIDER_WORKER] = [idAddress(501n), idAddress(502n)]

/** The first epoch of plain deals, and how many they have: 200 days. */
export const [DEAL_START, DEAL_DURATION] = [50n, 200n * 2880n]
export const DEAL_END = DEAL_START + DEAL_DURATION
/** An epoch of a plain deal costs so much, and each party puts up so much, in attoFIL. */
export const [DEAL_PRICE, DEAL_COLLATERAL] = [10n, 100n]

/** A deal that a test may publish: its parties, terms and price as above, but for what is given. */
export function plainProposal(changes: Partial<DealProposal> = {}): DealProposal {
  return {
    pieceCid: pieceCommitment(1),
    pieceSize: 2048n,
    verifiedDeal: false,
    client: idAddress(CLIENT_ID),
    provider: idAddress(PROVIDER_ID),
    label: 'label',
    startEpoch: DEAL_START,
    endEpoch: DEAL_END,
    storagePricePerEpoch: DEAL_PRICE,
    providerCollateral: DEAL_COLLATERAL,
    clientCollateral: DEAL_COLLATERAL,
    ...changes,
  }
}

/** A piece of data; each digit another one. */
export function pieceCommitment(digit: number): Cid {
  const digest = new Uint8Array(32).fill(digit)
  return makeCid(Multicodec.FIL_COMMITMENT_UNSEALED, Multihash.SHA2_256_TRUNC254_PADDED, digest)
}

/** What is different about a publication. */
export interface Publication {
  /** How a client answers when it is asked whether it signed a deal. */
  readonly authentication?: (deal: DealProposal, index: number) => SendResult
  /** Indices of the deals that will be published; all unless given. */
  readonly published?: readonly number[]
  /** What is asked of the token in between. */
  readonly expectDataCap?: () => void
}

const ROOT = new Uint8Array([1, 2, 3])
const ESTIMATE = { position: 0n, velocity: 0n }

/** A market with two clients and two providers, none of which has anything in it. */
export class TestMarket {
  readonly rt: TestRuntime

  constructor(hashes: Hashes) {
    this.rt = new TestRuntime(hashes, STORAGE_MARKET_ACTOR_ADDR, 'storagemarket')
    this.rt.actors.set(SYSTEM_ACTOR_ADDR, { type: 'system' })
    this.rt.actors.set(CRON_ACTOR_ADDR, { type: 'cron' })
    for (const account of [
      idAddress(CLIENT_ID),
      idAddress(OTHER_CLIENT_ID),
      PROVIDER_OWNER,
      PROVIDER_WORKER,
    ]) {
      this.rt.actors.set(account, { type: 'account' })
    }
    for (const provider of [PROVIDER_ID, OTHER_PROVIDER_ID]) {
      this.rt.actors.set(idAddress(provider), { type: 'storageminer' })
    }
    this.call(SYSTEM_ACTOR_ADDR, METHOD_CONSTRUCTOR)
  }

  call(caller: Address, method: number, params?: unknown): unknown {
    const actor = BUILTIN_ACTORS.storagemarket
    assert(actor !== undefined, 'there is a market')
    this.rt.caller = caller
    return this.rt.call(actor, method, params)
  }

  /** Puts attoFIL into somebody's escrow. */
  addFunds(owner: Address, amount: AttoFil): void {
    if (this.rt.actors.get(owner)?.type === 'storageminer') {
      this.expectControlAddresses(owner)
    }
    this.rt.balance += amount
    this.rt.valueReceived = amount
    try {
      this.call(PROVIDER_OWNER, 2, owner)
    } finally {
      this.rt.valueReceived = 0n
    }
  }

  /** Puts into escrow what both parties of deals need for them; the market takes no transfer of nothing. */
  fund(...deals: readonly DealProposal[]): void {
    for (const { client, provider, ...deal } of deals) {
      const fee = deal.storagePricePerEpoch * (deal.endEpoch - deal.startEpoch)
      this.addFunds(client, deal.clientCollateral + fee)
      if (deal.providerCollateral > 0n) {
        this.addFunds(provider, deal.providerCollateral)
      }
    }
  }

  /** Publishes deals, the funds of which are there. */
  publish(deals: readonly DealProposal[], publication: Publication = {}): PublishStorageDealsReturn {
    this.expectPublication(deals, publication)
    return this.callPublish(deals)
  }

  callPublish(deals: readonly DealProposal[]): PublishStorageDealsReturn {
    const clientSignature = { type: SignatureType.BLS, bytes: ROOT }
    const params = { deals: deals.map((proposal) => ({ proposal, clientSignature })) }
    return this.call(PROVIDER_WORKER, 4, params) as PublishStorageDealsReturn
  }

  /** Funds and publishes plain deals with these changes, and returns their ids. */
  publishPlain(...changes: readonly Partial<DealProposal>[]): readonly bigint[] {
    const deals = changes.map(plainProposal)
    this.fund(...deals)
    return this.publish(deals).ids
  }

  /** The calls of a publication, from the first check of the caller to the last notification. */
  expectPublication(deals: readonly DealProposal[], publication: Publication = {}): void {
    const { authentication = () => answer(bool, true), expectDataCap } = publication
    const { published = [...deals.keys()] } = publication
    const [first] = deals
    assert(first !== undefined, 'there is a deal to publish')
    this.expectNetwork(this.rt.resolveAddress(first.provider) ?? first.provider)
    for (const [index, deal] of deals.entries()) {
      this.rt.expectSend({
        to: deal.client,
        method: AUTHENTICATE_MESSAGE_METHOD,
        params: cborBlock(AuthenticateMessageParams, {
          signature: ROOT,
          message: encodeCbor(DealProposal, deal),
        }),
        isReadOnly: true,
        result: authentication(deal, index),
      })
    }
    expectDataCap?.()
    const { nextId } = this.state
    for (const [i, index] of published.entries()) {
      const deal = deals[index] as DealProposal
      this.expectNotification({ ...deal, ...this.#resolved(deal) }, nextId + BigInt(i))
    }
  }

  #resolved({ client, provider }: DealProposal): Pick<DealProposal, 'client' | 'provider'> {
    return {
      client: this.rt.resolveAddress(client) ?? client,
      provider: this.rt.resolveAddress(provider) ?? provider,
    }
  }

  /** The miner says that the caller may act for it, and the network how large it is. */
  expectNetwork(provider: Address, isControlling = true): void {
    this.rt.expectSend({
      to: provider,
      method: IS_CONTROLLING_ADDRESS_METHOD,
      params: cborBlock(address, PROVIDER_WORKER),
      result: answer(bool, isControlling),
    })
    if (!isControlling) {
      return
    }
    this.rt.expectSend({
      to: REWARD_ACTOR_ADDR,
      method: THIS_EPOCH_REWARD_METHOD,
      result: answer(ThisEpochRewardReturn, {
        thisEpochRewardSmoothed: ESTIMATE,
        thisEpochBaselinePower: 1n << 50n,
      }),
    })
    this.rt.expectSend({
      to: STORAGE_POWER_ACTOR_ADDR,
      method: CURRENT_TOTAL_POWER_METHOD,
      result: answer(CurrentTotalPowerReturn, {
        rawBytePower: 1n << 50n,
        qualityAdjPower: 1n << 50n,
        pledgeCollateral: 0n,
        qualityAdjPowerSmoothed: ESTIMATE,
        rampStartEpoch: 0,
        rampDurationEpochs: 0n,
      }),
    })
  }

  expectNotification(deal: DealProposal, dealId: bigint, result: SendResult = SENT): void {
    const proposal = encodeCbor(DealProposal, deal)
    this.rt.expectSend({
      to: deal.client,
      method: MARKET_NOTIFY_DEAL_METHOD,
      params: cborBlock(MarketNotifyDealParams, { proposal, dealId }),
      result,
    })
  }

  /** The market will ask for a client's DataCap, in bytes. */
  expectDataCapBalance(client: bigint, bytes: bigint): void {
    this.rt.expectSend({
      to: DATACAP_ACTOR_ADDR,
      method: BALANCE_METHOD,
      params: cborBlock(address, idAddress(client)),
      result: answer(BalanceReturn, bytes * TOKEN_PRECISION),
    })
  }

  /** The market will transfer the DataCap of requests to the registry, which gives the allocations these ids. */
  expectAllocations(
    client: bigint,
    requests: AllocationRequests,
    ids: readonly bigint[],
    meanwhile: () => void = () => {},
  ): void {
    const bytes = requests.allocations.reduce((sum, { size }) => sum + size, 0n)
    const results = { successCount: ids.length, failCodes: [] }
    const recipientData = encodeCbor(AllocationsResponse, {
      allocationResults: results,
      extensionResults: { successCount: 0, failCodes: [] },
      newAllocations: ids,
    })
    this.rt.expectSend({
      to: DATACAP_ACTOR_ADDR,
      method: TRANSFER_FROM_METHOD,
      params: cborBlock(TransferFromParams, {
        from: idAddress(client),
        to: VERIFIED_REGISTRY_ACTOR_ADDR,
        amount: bytes * TOKEN_PRECISION,
        operatorData: encodeCbor(AllocationRequests, requests),
      }),
      result: answer(TransferFromReturn, { fromBalance: 0n, toBalance: 0n, allowance: 0n, recipientData }),
      meanwhile,
    })
  }

  expectControlAddresses(provider: Address): void {
    this.rt.expectSend({
      to: provider,
      method: MINER_CONTROL_ADDRESSES_METHOD,
      result: answer(GetControlAddressesReturn, {
        owner: PROVIDER_OWNER,
        worker: PROVIDER_WORKER,
        controlAddresses: [],
      }),
    })
  }

  expectBurn(amount: AttoFil): void {
    this.rt.expectSend({ to: BURNT_FUNDS_ACTOR_ADDR, method: METHOD_SEND, value: amount })
  }

  /** Activates deals, each list in a sector of its own from 1 up, which lasts as long as plain deals. */
  activate(dealIds: readonly (readonly bigint[])[], sectorExpiry = DEAL_END): BatchActivateDealsResult {
    const sectors = dealIds.map((ids, i) => ({
      sectorNumber: BigInt(i + 1),
      sectorType: 8n,
      sectorExpiry,
      dealIds: ids,
    }))
    const params = { sectors, computeCid: false }
    return this.call(idAddress(PROVIDER_ID), 6, params) as BatchActivateDealsResult
  }

  /** Terminates sectors at an epoch; what is burnt must be said. */
  terminate(sectors: readonly number[], epoch: ChainEpoch, burnt: AttoFil): void {
    if (burnt > 0n) {
      this.expectBurn(burnt)
    }
    this.rt.currEpoch = epoch
    this.call(idAddress(PROVIDER_ID), 7, { epoch: BigInt(epoch), sectors: bitFieldOf(sectors) })
  }

  /** Ends an epoch; what is burnt must be said. */
  tick(epoch: ChainEpoch, burnt: AttoFil = 0n): void {
    if (burnt > 0n) {
      this.expectBurn(burnt)
    }
    this.rt.currEpoch = epoch
    this.call(CRON_ACTOR_ADDR, 9)
  }

  /** Settles deals at an epoch; what is burnt must be said. */
  settle(dealIds: readonly bigint[], epoch: ChainEpoch, burnt: AttoFil = 0n): SettleDealPaymentsReturn {
    if (burnt > 0n) {
      this.expectBurn(burnt)
    }
    this.rt.currEpoch = epoch
    const params = bitFieldOf(dealIds.map(Number))
    return this.call(PROVIDER_WORKER, 1900091594, params) as SettleDealPaymentsReturn
  }

  get state(): MarketState {
    return this.rt.state(MarketState)
  }

  /** Changes the state without a call. */
  edit(change: (state: MarketState) => Partial<MarketState>): void {
    this.rt.transaction(MarketState, (state) => {
      Object.assign(state, change(state))
    })
  }

  proposal(dealId: bigint): DealProposal | undefined {
    return DealProposals.load(this.rt.store, this.state.proposals).get(dealId)
  }

  dealState(dealId: bigint): DealState | undefined {
    return DealStates.load(this.rt.store, this.state.states).get(dealId)
  }

  /** Changes what became of a deal, as only states from before v13 do. */
  editDealState(dealId: bigint, changes: Partial<DealState>): void {
    this.edit((state) => {
      const states = DealStates.load(this.rt.store, state.states)
      states.set(dealId, { ...(states.get(dealId) as DealState), ...changes })
      return { states: states.flush() }
    })
  }

  /** The deals that a provider has in a sector. */
  sectorDeals(sectorNumber: bigint, provider = PROVIDER_ID): readonly bigint[] | undefined {
    return ProviderSectors.load(this.rt.store, this.state.providerSectors).get(provider, sectorNumber)
  }

  /** What somebody has in escrow, and how much of it is locked. */
  funds(owner: Address): { readonly escrow: AttoFil; readonly locked: AttoFil } {
    const { escrowTable, lockedTable } = this.state
    return {
      escrow: BalanceTable.load(this.rt.store, escrowTable).get(owner) ?? 0n,
      locked: BalanceTable.load(this.rt.store, lockedTable).get(owner) ?? 0n,
    }
  }

  /** What a client and the provider have in escrow and locked, by their plain ids. */
  get balances() {
    return { client: this.funds(idAddress(CLIENT_ID)), provider: this.funds(idAddress(PROVIDER_ID)) }
  }
}

/** A call that went well and returned a value. */
export function answer<T>(codec: Parameters<typeof cborBlock<T>>[0], value: T): SendResult {
  return { ...SENT, returnData: cborBlock(codec, value) }
}
