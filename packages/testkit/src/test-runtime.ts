import {
  type ActorCode,
  ActorError,
  type ActorEvent,
  type AggregateSealVerifyInfo,
  CBOR_CODEC,
  type ConsensusFault,
  type DomainSeparationTag,
  type Draft,
  draftOf,
  type IpldBlock,
  invokeMethod,
  MAINNET_POLICY,
  type MessageInfo,
  type MethodNum,
  type PieceInfo,
  type Policy,
  type Primitives,
  type ReplicaUpdateInfo,
  type Runtime,
  requireInvariant,
  requireState,
  type SealVerifyInfo,
  type SendFlags,
  type SendResult,
  valueOfDraft,
  type WindowPoStVerifyInfo,
} from '@plimsoll/actors'
import {
  type Blockstore,
  type Cid,
  type Codec,
  createMemoryBlockstore,
  decodeCbor,
  encodeCbor,
  type Link,
  load,
  save,
} from '@plimsoll/ipld'
import {
  ACTOR_NAMES,
  type ActorName,
  type Address,
  AddressProtocol,
  type AttoFil,
  addressBytes,
  type ChainEpoch,
  ExitCode,
  formatHex,
  type Hashes,
  protocolOf,
} from '@plimsoll/primitives'
import { testCode } from './build-state.ts'

/** A call that the tested method has to make, and what happens then. */
export interface ExpectedSend {
  readonly to: Address
  readonly method: MethodNum
  /** None unless given. */
  readonly params?: IpldBlock | null
  /** 0 unless given. */
  readonly value?: AttoFil
  readonly isReadOnly?: boolean
  /** How it ends: well and with nothing unless given. */
  readonly result?: SendResult
  /** What happens in the world while the callee runs. */
  readonly meanwhile?: () => void
}

/** What the tested actor can see of another one. */
export interface VisibleActor {
  readonly type: ActorName
  readonly balance?: AttoFil
  readonly delegatedAddress?: Address
}

/** How a method ended that went well. */
export const SENT: SendResult = { exitCode: ExitCode.OK, returnData: null }

const NAMES_BY_CODE: ReadonlyMap<Cid, ActorName> = new Map(ACTOR_NAMES.map((name) => [testCode(name), name]))

/** A value as a block of parameters, or as one that a callee returns. */
export function cborBlock<T>(codec: Codec<T>, value: T): IpldBlock {
  return { codec: CBOR_CODEC, data: encodeCbor(codec, value) }
}

/** How `body` ends: with the exit code of an actor's failure, or with 0. */
export function exitCodeOf(body: () => unknown): number {
  try {
    body()
    return ExitCode.OK
  } catch (error) {
    if (error instanceof ActorError) {
      return error.exitCode
    }
    throw error
  }
}

/**
 * The world around one actor, for tests of its methods: a test sets the fields, says what has to be sent, and calls.
 * Blocks are encoded at every change. A class, since it is what lives and changes.
 *
 * Source of the idea: builtin-actors v18, `runtime/src/test_utils.rs`, `MockRuntime`.
 *
 * @example
 * const rt = new TestRuntime(await createHashes(), idAddress(1000), 'multisig')
 * rt.actors.set(signer, { type: 'account' })
 * rt.caller = signer
 * rt.expectSend({ to: payee, method: METHOD_SEND, value: 7n })
 * rt.call(MULTISIG_ACTOR, 2, { to: payee, value: 7n, method: METHOD_SEND, params: new Uint8Array() })
 */
export class TestRuntime implements Runtime {
  policy: Policy = MAINNET_POLICY
  networkVersion = 28
  currEpoch: ChainEpoch = 0
  isReadOnly = false
  readonly receiver: Address
  /** The caller has to be one of {@link actors}. */
  caller: Address
  origin: Address
  valueReceived: AttoFil = 0n
  /** The receiver's; what is sent and arrives is taken from it. */
  balance: AttoFil = 0n
  circulatingSupply: AttoFil = 0n
  /** What an actor that is made is called. */
  nextActorAddress: Address | undefined
  /** By ID address; the receiver is one of them from the beginning. */
  readonly actors = new Map<Address, VisibleActor>()
  /** The ID addresses of other addresses. */
  readonly idAddresses = new Map<Address, Address>()
  /** What of the chain and its cryptography the tested method may ask. */
  primitives: Partial<Primitives> = {}
  /** The receiver's state; undefined until it is created. */
  head: Link<unknown> | undefined
  readonly events: ActorEvent[] = []
  readonly store: Blockstore
  #expected: ExpectedSend[] = []
  #isCallerValidated = false
  #isInTransaction = false

  constructor(hashes: Hashes, receiver: Address, type: ActorName) {
    this.store = createMemoryBlockstore(hashes)
    this.receiver = receiver
    this.caller = receiver
    this.origin = receiver
    this.actors.set(receiver, { type })
  }

  /** Says which call the next method has to make after those that were said before. */
  expectSend(expected: ExpectedSend): void {
    this.#expected.push(expected)
  }

  /**
   * Calls a method, writes its parameters and reads what it returns as it says itself. A failed call leaves state,
   * balance and events as they were.
   *
   * @throws {ActorError} with which the method ends.
   * @throws {Error} for calls that were not expected or not made.
   */
  call(actor: ActorCode, method: MethodNum, params?: unknown): unknown {
    const called = actor.methods.get(method)
    const block = params === undefined ? null : cborBlock(called?.params as Codec<unknown>, params)
    const returned = this.callWithBlock(actor, method, block)
    return returned === null ? undefined : decodeCbor(called?.returns as Codec<unknown>, returned.data)
  }

  /** The same with parameters as a block, and what comes back as one. */
  callWithBlock(actor: ActorCode, method: MethodNum, params: IpldBlock | null): IpldBlock | null {
    const { head, balance } = this
    const eventCount = this.events.length
    this.#isCallerValidated = false
    this.#isInTransaction = false
    try {
      const returned = invokeMethod(actor, this, method, params)
      requireInvariant(this.#isCallerValidated, 'failed to validate caller')
      this.#requireEverythingSent()
      return returned
    } catch (error) {
      this.head = head
      this.balance = balance
      this.events.length = eventCount
      if (error instanceof ActorError) {
        this.#requireEverythingSent(error)
      }
      throw error
    }
  }

  get message(): MessageInfo {
    const { caller, origin, receiver, valueReceived } = this
    return { caller, origin, receiver, valueReceived }
  }

  validateImmediateCallerAcceptAny(): void {
    this.#markValidated()
  }

  validateImmediateCallerIs(addresses: Iterable<Address>): void {
    this.#markValidated()
    if (![...addresses].includes(this.caller)) {
      throw new ActorError(ExitCode.USR_FORBIDDEN, 'the caller is not allowed to call this')
    }
  }

  validateImmediateCallerType(types: readonly ActorName[]): void {
    this.#markValidated()
    const type = this.actors.get(this.caller)?.type
    if (type === undefined || !types.includes(type)) {
      throw new ActorError(ExitCode.USR_FORBIDDEN, 'an actor of that type is not allowed to call this')
    }
  }

  currentBalance(): AttoFil {
    return this.balance
  }

  actorBalance(actor: Address): AttoFil | undefined {
    return actor === this.receiver ? this.balance : this.actors.get(actor)?.balance
  }

  resolveAddress(address: Address): Address | undefined {
    return protocolOf(address) === AddressProtocol.Id ? address : this.idAddresses.get(address)
  }

  lookupDelegatedAddress(actor: Address): Address | undefined {
    return this.actors.get(actor)?.delegatedAddress
  }

  getActorCodeCid(actor: Address): Cid | undefined {
    const type = this.actors.get(actor)?.type
    return type && testCode(type)
  }

  resolveBuiltinActorType(code: Cid): ActorName | undefined {
    return NAMES_BY_CODE.get(code)
  }

  getCodeCidForType(type: ActorName): Cid {
    return testCode(type)
  }

  totalFilCircSupply(): AttoFil {
    return this.circulatingSupply
  }

  create<T>(codec: Codec<T>, state: T): void {
    requireState(this.head === undefined, 'the actor has a state already')
    this.#saveState(codec, state)
  }

  state<T>(codec: Codec<T>): T {
    const { head } = this
    if (head === undefined) {
      throw new Error('the tested actor has no state')
    }
    return load(this.store, codec, head as Link<T>)
  }

  transaction<T, R>(codec: Codec<T>, change: (draft: Draft<T>) => R): R {
    const draft = draftOf(this.state(codec))
    this.#isInTransaction = true
    const result = change(draft)
    this.#isInTransaction = false
    this.#saveState(codec, valueOfDraft(draft))
    return result
  }

  send(
    to: Address,
    method: MethodNum,
    params: IpldBlock | null,
    value: AttoFil,
    flags?: SendFlags,
  ): SendResult {
    const expected = this.#expected.shift()
    const sent = { to, method, params, value, isReadOnly: flags?.isReadOnly ?? false }
    if (this.#isInTransaction || expected === undefined || describeSend(sent) !== describeSend(expected)) {
      const wanted = expected === undefined ? 'nothing' : describeSend(expected)
      const place = this.#isInTransaction ? ' in a transaction' : ''
      throw new Error(`sent${place}: ${describeSend(sent)}\nexpected: ${wanted}`)
    }
    const { result = SENT, meanwhile } = expected
    meanwhile?.()
    if ('exitCode' in result && result.exitCode === ExitCode.OK) {
      this.balance -= value
    }
    return result
  }

  newActorAddress(): Address {
    if (this.nextActorAddress === undefined) {
      throw new Error('no address for a new actor is set')
    }
    return this.nextActorAddress
  }

  createActor(code: Cid, actor: Address, predictableAddress: Address | null): void {
    const type = NAMES_BY_CODE.get(code)
    const present = this.actors.get(actor)
    if (type === undefined || (present !== undefined && present.type !== 'placeholder')) {
      throw new ActorError(ExitCode.USR_FORBIDDEN, 'there is no such code, or an actor already')
    }
    const balance = present?.balance ?? 0n
    this.actors.set(
      actor,
      predictableAddress === null
        ? { type, balance }
        : { type, balance, delegatedAddress: predictableAddress },
    )
  }

  emitEvent(event: ActorEvent): void {
    this.events.push(event)
  }

  getRandomnessFromTickets(tag: DomainSeparationTag, epoch: ChainEpoch, entropy: Uint8Array): Uint8Array {
    return this.#scripted('getRandomnessFromTickets')(tag, epoch, entropy)
  }

  getRandomnessFromBeacon(tag: DomainSeparationTag, epoch: ChainEpoch, entropy: Uint8Array): Uint8Array {
    return this.#scripted('getRandomnessFromBeacon')(tag, epoch, entropy)
  }

  hashBlake2b(data: Uint8Array): Uint8Array {
    return this.store.hashes.blake2b256(data)
  }

  verifySignature(signature: Uint8Array, signer: Address, plaintext: Uint8Array): boolean {
    return this.#scripted('verifySignature')(signature, signer, plaintext)
  }

  verifyPost(info: WindowPoStVerifyInfo): boolean {
    return this.#scripted('verifyPost')(info)
  }

  batchVerifySeals(batch: readonly SealVerifyInfo[]): readonly boolean[] {
    return this.#scripted('batchVerifySeals')(batch)
  }

  verifyAggregateSeals(info: AggregateSealVerifyInfo): boolean {
    return this.#scripted('verifyAggregateSeals')(info)
  }

  verifyReplicaUpdate(info: ReplicaUpdateInfo): boolean {
    return this.#scripted('verifyReplicaUpdate')(info)
  }

  verifyConsensusFault(
    header1: Uint8Array,
    header2: Uint8Array,
    extra: Uint8Array,
  ): ConsensusFault | 'none' | 'invalid' {
    return this.#scripted('verifyConsensusFault')(header1, header2, extra)
  }

  computeUnsealedSectorCid(proofType: number, pieces: readonly PieceInfo[]): Cid | undefined {
    return this.#scripted('computeUnsealedSectorCid')(proofType, pieces)
  }

  #scripted<K extends keyof Primitives>(name: K): Primitives[K] {
    const answer = this.primitives[name]
    if (answer === undefined) {
      throw new Error(`${name} was not expected to be asked`)
    }
    return answer as Primitives[K]
  }

  #markValidated(): void {
    requireInvariant(!this.#isCallerValidated, 'caller double validated')
    this.#isCallerValidated = true
  }

  #saveState<T>(codec: Codec<T>, state: T): void {
    if (this.isReadOnly) {
      throw new ActorError(ExitCode.USR_READ_ONLY, 'the actor may only be read')
    }
    this.head = save(this.store, codec, state)
  }

  #requireEverythingSent(failure?: ActorError): void {
    const missing = this.#expected.map(describeSend)
    this.#expected = []
    if (missing.length > 0) {
      throw new Error(`never sent: ${missing.join('; ')}`, { cause: failure })
    }
  }
}

function describeSend({ to, method, params = null, value = 0n, isReadOnly = false }: ExpectedSend): string {
  const address = formatHex(addressBytes(to))
  const block = params === null ? 'nothing' : `${params.codec}:${formatHex(params.data)}`
  return `method ${method} of ${address} with ${block}, ${value} attoFIL${isReadOnly ? ', read-only' : ''}`
}
