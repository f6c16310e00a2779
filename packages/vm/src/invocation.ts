import {
  ActorError,
  type ActorEvent,
  type AggregateSealVerifyInfo,
  type ConsensusFault,
  type DomainSeparationTag,
  type Draft,
  draftOf,
  type IpldBlock,
  type MessageInfo,
  type MethodNum,
  type PieceInfo,
  type Policy,
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
  CodecError,
  isSameLink,
  type Link,
  load,
  MissingBlockError,
  save,
} from '@plimsoll/ipld'
import {
  type ActorName,
  type Address,
  type AttoFil,
  actorAddress,
  type ChainEpoch,
  ExitCode,
  formatIdAddress,
} from '@plimsoll/primitives'
import { emptyArrayLink } from './empty-state.ts'
import type { CallTrace, EmittedEvent } from './message.ts'
import { type CallRequest, charge, type MessageContext } from './message-context.ts'
import { findActor, resolveAddress } from './resolve.ts'

/**
 * One call of an actor: what the actor sees of the machine while it runs.
 *
 * Source: builtin-actors v18, `runtime/src/runtime/fvm.rs`, `FvmRuntime`; `test_vm/src/messaging.rs`, `InvocationCtx`.
 */
export class Invocation implements Runtime {
  readonly message: MessageInfo
  readonly isReadOnly: boolean
  /** What this call emitted, whether or not it will stand. */
  readonly events: EmittedEvent[] = []
  readonly #context: MessageContext
  readonly #call: (request: CallRequest) => CallTrace
  #isCallerValidated = false
  #isInTransaction = false

  /** `call` makes a nested call and keeps its trace. */
  constructor(
    context: MessageContext,
    request: CallRequest,
    receiver: Address,
    call: (request: CallRequest) => CallTrace,
  ) {
    const { from: caller, value: valueReceived } = request
    this.message = { caller, origin: context.origin, receiver, valueReceived }
    this.isReadOnly = request.isReadOnly
    this.#context = context
    this.#call = call
  }

  get policy(): Policy {
    return this.#context.host.policy
  }

  get networkVersion(): number {
    return this.#context.host.networkVersion
  }

  get currEpoch(): ChainEpoch {
    return this.#context.epoch
  }

  get store(): Blockstore {
    return this.#context.store
  }

  validateImmediateCallerAcceptAny(): void {
    this.#markValidated()
  }

  validateImmediateCallerIs(addresses: Iterable<Address>): void {
    this.#markValidated()
    for (const allowed of addresses) {
      if (allowed === this.message.caller) {
        return
      }
    }
    throw new ActorError(
      ExitCode.USR_FORBIDDEN,
      `the caller ${formatIdAddress(this.message.caller)} is not allowed to call this`,
    )
  }

  validateImmediateCallerType(types: readonly ActorName[]): void {
    this.#markValidated()
    const type = this.resolveBuiltinActorType(findActor(this.#context, this.message.caller).code)
    if (type === undefined || !types.includes(type)) {
      throw new ActorError(
        ExitCode.USR_FORBIDDEN,
        `an actor of type ${type ?? 'unknown'} is not allowed to call this`,
      )
    }
  }

  /** A method that succeeds has said who may call it. @throws {ActorError} `USR_ASSERTION_FAILED` */
  requireValidatedCaller(): void {
    requireInvariant(this.#isCallerValidated, 'failed to validate caller')
  }

  currentBalance(): AttoFil {
    return findActor(this.#context, this.message.receiver).balance
  }

  actorBalance(actor: Address): AttoFil | undefined {
    return this.#context.actors.find(actor)?.balance
  }

  resolveAddress(address: Address): Address | undefined {
    return resolveAddress(this.#context, address)
  }

  lookupDelegatedAddress(actor: Address): Address | undefined {
    return this.#context.actors.find(actor)?.delegatedAddress ?? undefined
  }

  getActorCodeCid(actor: Address): Cid | undefined {
    return this.#context.actors.find(actor)?.code
  }

  resolveBuiltinActorType(code: Cid): ActorName | undefined {
    return this.#context.host.codes.nameOf(code)
  }

  getCodeCidForType(type: ActorName): Cid {
    return this.#context.host.codes.codeOf(type)
  }

  totalFilCircSupply(): AttoFil {
    return this.#context.host.circulatingSupply(this.#context.epoch)
  }

  create<T>(codec: Codec<T>, state: T): void {
    const { head } = findActor(this.#context, this.message.receiver)
    requireState(isSameLink(head, emptyArrayLink(this.store)), 'the actor has a state already')
    this.#saveHead(save(this.store, codec, state))
  }

  state<T>(codec: Codec<T>): T {
    charge(this.#context, 'loadState')
    const { head } = findActor(this.#context, this.message.receiver)
    try {
      return load(this.store, codec, head as Link<T>)
    } catch (error) {
      if (error instanceof CodecError && !(error instanceof MissingBlockError)) {
        throw new ActorError(ExitCode.USR_ILLEGAL_ARGUMENT, error.message)
      }
      throw error
    }
  }

  transaction<T, R>(codec: Codec<T>, change: (draft: Draft<T>) => R): R {
    const before = this.state(codec)
    const { head } = findActor(this.#context, this.message.receiver)
    const draft = draftOf(before)
    this.#isInTransaction = true
    let result: R
    try {
      result = change(draft)
    } finally {
      this.#isInTransaction = false
    }
    // A state that its link does not hold was read in an older layout, and is written in the present one.
    if (head.held === undefined || hasChanged(before, draft)) {
      this.#saveHead(save(this.store, codec, valueOfDraft(draft)))
    } else {
      this.#requireWritable()
    }
    return result
  }

  send(
    to: Address,
    method: MethodNum,
    params: IpldBlock | null,
    value: AttoFil,
    flags?: SendFlags,
  ): SendResult {
    if (this.#isInTransaction) {
      return { exitCode: ExitCode.SYS_ASSERTION_FAILED, returnData: null }
    }
    const isReadOnly = this.isReadOnly || (flags?.isReadOnly ?? false)
    const from = this.message.receiver
    const trace = this.#call({ from, to, value, method, params, isReadOnly })
    return trace.errorNumber === undefined
      ? { exitCode: trace.exitCode, returnData: trace.returnData }
      : { errorNumber: trace.errorNumber }
  }

  newActorAddress(): Address {
    const { host, sender, sequence, createdActors, store } = this.#context
    const senderBytes = host.customs.senderBytes(sender)
    const preimage = new Uint8Array(senderBytes.length + 16)
    preimage.set(senderBytes)
    const view = new DataView(preimage.buffer)
    view.setBigUint64(senderBytes.length, sequence)
    view.setBigUint64(senderBytes.length + 8, BigInt(createdActors))
    return actorAddress(preimage, store.hashes)
  }

  createActor(code: Cid, actor: Address, predictableAddress: Address | null): void {
    const { actors } = this.#context
    const present = actors.find(actor)
    const isPlaceholder =
      present !== undefined && this.resolveBuiltinActorType(present.code) === 'placeholder'
    if (present !== undefined && !isPlaceholder) {
      throw new ActorError(ExitCode.USR_FORBIDDEN, `there is an actor ${formatIdAddress(actor)} already`)
    }
    this.#requireWritable()
    this.#context.createdActors++
    actors.set(
      actor,
      present === undefined
        ? {
            code,
            head: emptyArrayLink(this.store),
            sequence: 0n,
            balance: 0n,
            delegatedAddress: predictableAddress,
          }
        : { ...present, code },
    )
  }

  emitEvent(event: ActorEvent): void {
    charge(this.#context, 'emitEvent')
    const emitted = { emitter: this.message.receiver, event }
    this.events.push(emitted)
    this.#context.events.push(emitted)
  }

  getRandomnessFromTickets(tag: DomainSeparationTag, epoch: ChainEpoch, entropy: Uint8Array): Uint8Array {
    return this.#context.primitives.getRandomnessFromTickets(tag, epoch, entropy)
  }

  getRandomnessFromBeacon(tag: DomainSeparationTag, epoch: ChainEpoch, entropy: Uint8Array): Uint8Array {
    return this.#context.primitives.getRandomnessFromBeacon(tag, epoch, entropy)
  }

  hashBlake2b(data: Uint8Array): Uint8Array {
    return this.store.hashes.blake2b256(data)
  }

  verifySignature(signature: Uint8Array, signer: Address, plaintext: Uint8Array): boolean {
    charge(this.#context, 'verify')
    return this.#context.primitives.verifySignature(signature, signer, plaintext)
  }

  verifyPost(info: WindowPoStVerifyInfo): boolean {
    charge(this.#context, 'verify')
    return this.#context.primitives.verifyPost(info)
  }

  batchVerifySeals(batch: readonly SealVerifyInfo[]): readonly boolean[] {
    charge(this.#context, 'verify')
    return this.#context.primitives.batchVerifySeals(batch)
  }

  verifyAggregateSeals(info: AggregateSealVerifyInfo): boolean {
    charge(this.#context, 'verify')
    return this.#context.primitives.verifyAggregateSeals(info)
  }

  verifyReplicaUpdate(info: ReplicaUpdateInfo): boolean {
    charge(this.#context, 'verify')
    return this.#context.primitives.verifyReplicaUpdate(info)
  }

  verifyConsensusFault(
    header1: Uint8Array,
    header2: Uint8Array,
    extra: Uint8Array,
  ): ConsensusFault | 'none' | 'invalid' {
    charge(this.#context, 'verify')
    return this.#context.primitives.verifyConsensusFault(header1, header2, extra)
  }

  computeUnsealedSectorCid(proofType: number, pieces: readonly PieceInfo[]): Cid | undefined {
    return this.#context.primitives.computeUnsealedSectorCid(proofType, pieces)
  }

  #markValidated(): void {
    requireInvariant(!this.#isCallerValidated, 'caller double validated')
    this.#isCallerValidated = true
  }

  #requireWritable(): void {
    if (this.isReadOnly) {
      throw new ActorError(ExitCode.USR_READ_ONLY, 'the actor may only be read')
    }
  }

  #saveHead(head: Link<unknown>): void {
    charge(this.#context, 'saveState')
    this.#requireWritable()
    const { receiver } = this.message
    this.#context.actors.set(receiver, { ...findActor(this.#context, receiver), head })
  }
}

/** Whether any field was replaced; an unchanged state keeps its link. */
function hasChanged<T>(before: T, after: Draft<T>): boolean {
  for (const key in before) {
    if (before[key] !== (after as T)[key]) {
      return true
    }
  }
  return false
}
