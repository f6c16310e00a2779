import {
  type Allocation,
  type AllocationRequest,
  AllocationRequests,
  type AllocationsResponse,
  BALANCE_METHOD,
  BalanceReturn,
  BUILTIN_ACTORS,
  BURN_METHOD,
  BurnParams,
  type ClaimExtensionRequest,
  FRC46_TOKEN_TYPE,
  Frc46TokenReceived,
  METHOD_CONSTRUCTOR,
  MINT_METHOD,
  MintParams,
  type SendResult,
  TOKEN_PRECISION,
  TRANSFER_METHOD,
  TransferParams,
  UNIVERSAL_RECEIVER_HOOK_METHOD,
  Verifiers,
  VerifregAllocations,
  type VerifregClaim,
  VerifregClaims,
  VerifregState,
} from '@plimsoll/actors'
import { address, type Cid, encodeCbor } from '@plimsoll/ipld'
import {
  type Address,
  assert,
  DATACAP_ACTOR_ADDR,
  type Hashes,
  idAddress,
  STORAGE_MARKET_ACTOR_ADDR,
  SYSTEM_ACTOR_ADDR,
  VERIFIED_REGISTRY_ACTOR_ADDR,
  VERIFIED_REGISTRY_ACTOR_ID,
} from '@plimsoll/primitives'
import { sealedCid } from './sample-sectors.ts'
import { cborBlock, SENT, TestRuntime } from './test-runtime.ts'

/** The account that may add verifiers. */
export const REGISTRY_ROOT = idAddress(101n)
/** Accounts that are verifiers once a test makes them that. */
export const [VERIFIER, OTHER_VERIFIER] = [idAddress(201n), idAddress(202n)]
/** Accounts that may be clients, by id. */
export const [CLIENT_ID, OTHER_CLIENT_ID] = [301n, 302n]
/** Miners, by id. */
export const [PROVIDER_ID, OTHER_PROVIDER_ID] = [401n, 402n]

/** The smallest allocation: 1 MiB. The shortest term: 180 days. */
const SIZE = 1n << 20n
const TERM_MIN = 180 * 2880

/** An allocation of the least size and terms, but for what is given. */
export function plainAllocation(changes: Partial<Allocation> = {}): Allocation {
  return {
    client: CLIENT_ID,
    provider: PROVIDER_ID,
    data: pieceCid(1),
    size: SIZE,
    termMin: TERM_MIN,
    termMax: 2 * TERM_MIN,
    expiration: 100,
    ...changes,
  }
}

/** A claim of the least size and terms, but for what is given. */
export function plainClaim(changes: Partial<VerifregClaim> = {}): VerifregClaim {
  const { expiration: _, ...rest } = plainAllocation()
  return { ...rest, termStart: 0, sector: 1000n, ...changes }
}

/** A request that makes a {@link plainAllocation}, but for what is given. */
export function plainRequest(changes: Partial<AllocationRequest> = {}): AllocationRequest {
  const { provider, data, size, termMin, termMax, expiration } = plainAllocation()
  return {
    provider,
    data,
    size,
    termMin: BigInt(termMin),
    termMax: BigInt(termMax),
    expiration: BigInt(expiration),
    ...changes,
  }
}

/** A piece of data; each digit another one. */
export function pieceCid(digit: number): Cid {
  return sealedCid(new Uint8Array(32).fill(digit))
}

/** What arrives with a transfer of DataCap; by default exactly what is asked for, from the first client. */
export interface Arrival {
  readonly allocations?: readonly AllocationRequest[]
  readonly extensions?: readonly ClaimExtensionRequest[]
  /** Bytes of DataCap. */
  readonly paid: bigint
  readonly from?: bigint
  readonly to?: bigint
  readonly type?: number
  readonly operatorData?: Uint8Array
}

/** A verified registry with a root, two verifiers to be, clients and miners. */
export class TestVerifreg {
  readonly rt: TestRuntime

  constructor(hashes: Hashes) {
    this.rt = new TestRuntime(hashes, VERIFIED_REGISTRY_ACTOR_ADDR, 'verifiedregistry')
    this.rt.actors.set(SYSTEM_ACTOR_ADDR, { type: 'system' })
    this.rt.actors.set(DATACAP_ACTOR_ADDR, { type: 'datacap' })
    this.rt.actors.set(STORAGE_MARKET_ACTOR_ADDR, { type: 'storagemarket' })
    for (const account of [REGISTRY_ROOT, VERIFIER, OTHER_VERIFIER]) {
      this.rt.actors.set(account, { type: 'account' })
    }
    for (const client of [CLIENT_ID, OTHER_CLIENT_ID]) {
      this.rt.actors.set(idAddress(client), { type: 'account' })
    }
    for (const provider of [PROVIDER_ID, OTHER_PROVIDER_ID]) {
      this.rt.actors.set(idAddress(provider), { type: 'storageminer' })
    }
    this.call(SYSTEM_ACTOR_ADDR, METHOD_CONSTRUCTOR, REGISTRY_ROOT)
  }

  call(caller: Address, method: number, params?: unknown): unknown {
    const actor = BUILTIN_ACTORS.verifiedregistry
    assert(actor !== undefined, 'there is a verified registry')
    this.rt.caller = caller
    return this.rt.call(actor, method, params)
  }

  addVerifier(verifier: Address, allowance: bigint): void {
    this.expectBalance(verifier, 0n)
    this.call(REGISTRY_ROOT, 2, { address: verifier, allowance })
  }

  addClient(verifier: Address, client: bigint, allowance: bigint): void {
    this.expectMint(client, allowance)
    this.call(verifier, 4, { address: idAddress(client), allowance })
  }

  /** Tells the registry of tokens, as the token does. */
  receive(arrival: Arrival): AllocationsResponse {
    return this.call(DATACAP_ACTOR_ADDR, UNIVERSAL_RECEIVER_HOOK_METHOD, hookParams(arrival)) as never
  }

  /** Puts an allocation into the state, and returns its id. */
  putAllocation(allocation: Allocation): bigint {
    return this.rt.transaction(VerifregState, (state) => {
      const allocations = VerifregAllocations.load(this.rt.store, state.allocations)
      const id = state.nextAllocationId++
      allocations.set(allocation.client, id, allocation)
      state.allocations = allocations.flush()
      return id
    })
  }

  /** Puts a claim into the state, and returns its id. */
  putClaim(claim: VerifregClaim): bigint {
    return this.rt.transaction(VerifregState, (state) => {
      const claims = VerifregClaims.load(this.rt.store, state.claims)
      const id = state.nextAllocationId++
      claims.set(claim.provider, id, claim)
      state.claims = claims.flush()
      return id
    })
  }

  get state(): VerifregState {
    return this.rt.state(VerifregState)
  }

  allocation(client: bigint, id: bigint): Allocation | undefined {
    return VerifregAllocations.load(this.rt.store, this.state.allocations).get(client, id)
  }

  claim(provider: bigint, id: bigint): VerifregClaim | undefined {
    return VerifregClaims.load(this.rt.store, this.state.claims).get(provider, id)
  }

  /** What a verifier may still give out. */
  cap(verifier: Address): bigint | undefined {
    return Verifiers.load(this.rt.store, this.state.verifiers).get(verifier)
  }

  /** The registry will ask how many bytes of DataCap an actor has. */
  expectBalance(owner: Address, bytes: bigint): void {
    const returnData = cborBlock(BalanceReturn, bytes * TOKEN_PRECISION)
    const result = { ...SENT, returnData }
    this.rt.expectSend({
      to: DATACAP_ACTOR_ADDR,
      method: BALANCE_METHOD,
      params: cborBlock(address, owner),
      isReadOnly: true,
      result,
    })
  }

  expectMint(to: bigint, bytes: bigint): void {
    const operators = [STORAGE_MARKET_ACTOR_ADDR]
    const params = { to: idAddress(to), amount: bytes * TOKEN_PRECISION, operators }
    const block = cborBlock(MintParams, params)
    this.rt.expectSend({ to: DATACAP_ACTOR_ADDR, method: MINT_METHOD, params: block })
  }

  expectBurn(bytes: bigint, result: SendResult = SENT): void {
    const params = cborBlock(BurnParams, { amount: bytes * TOKEN_PRECISION })
    this.rt.expectSend({ to: DATACAP_ACTOR_ADDR, method: BURN_METHOD, params, result })
  }

  expectTransfer(to: bigint, bytes: bigint): void {
    const operatorData = new Uint8Array()
    const params = { to: idAddress(to), amount: bytes * TOKEN_PRECISION, operatorData }
    const block = cborBlock(TransferParams, params)
    this.rt.expectSend({ to: DATACAP_ACTOR_ADDR, method: TRANSFER_METHOD, params: block })
  }
}

function hookParams(arrival: Arrival): { readonly type: number; readonly payload: Uint8Array } {
  const { allocations = [], extensions = [], paid, from = CLIENT_ID, type = FRC46_TOKEN_TYPE } = arrival
  const { to = BigInt(VERIFIED_REGISTRY_ACTOR_ID) } = arrival
  const { operatorData = encodeCbor(AllocationRequests, { allocations, extensions }) } = arrival
  const amount = paid * TOKEN_PRECISION
  const received = { from, to, operator: from, amount, operatorData, tokenData: new Uint8Array() }
  return { type, payload: encodeCbor(Frc46TokenReceived, received) }
}
