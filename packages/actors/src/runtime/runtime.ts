import type { Blockstore, Cid, Codec } from '@plimsoll/ipld'
import type { ActorName, Address, AttoFil, ChainEpoch } from '@plimsoll/primitives'
import type { Policy } from '../policy.ts'
import type { Draft } from './draft.ts'
import type { ActorEvent } from './events.ts'
import type { IpldBlock } from './ipld-block.ts'
import type { Primitives } from './primitives.ts'

/**
 * A method's number: a number below 2^53, and a bigint from there on, where no method is.
 *
 * Source: ref-fvm `shared/src/lib.rs`, `MethodNum`.
 */
export type MethodNum = number | bigint

/** The first method number that contracts may call. Source: builtin-actors v18, `runtime/src/builtin/shared.rs`. */
export const FIRST_EXPORTED_METHOD_NUMBER = 1 << 24

/** Method 0 runs no code. Source: ref-fvm `shared/src/lib.rs`. */
export const METHOD_SEND = 0
/** Source: ref-fvm `shared/src/lib.rs`. */
export const METHOD_CONSTRUCTOR = 1

/** Why a call did not start. Source: ref-fvm `shared/src/error/mod.rs`, `ErrorNumber`. */
export const ErrorNumber = {
  ILLEGAL_ARGUMENT: 1,
  LIMIT_EXCEEDED: 3,
  INSUFFICIENT_FUNDS: 5,
  NOT_FOUND: 6,
  READ_ONLY: 13,
} as const
export type ErrorNumber = (typeof ErrorNumber)[keyof typeof ErrorNumber]

/** How a call ended: by the callee's exit code, or before it began. */
export type SendResult =
  | { readonly exitCode: number; readonly returnData: IpldBlock | null }
  | { readonly errorNumber: ErrorNumber }

/** Who calls whom, by ID addresses. Source: builtin-actors v18, `runtime/src/runtime/mod.rs`, `MessageInfo`. */
export interface MessageInfo {
  readonly caller: Address
  /** Who sent the message that the call is a part of. */
  readonly origin: Address
  readonly receiver: Address
  /** Part of the receiver's balance already. */
  readonly valueReceived: AttoFil
}

/**
 * Everything that an actor can see and do beside its parameters. The virtual machine implements it.
 *
 * Source: builtin-actors v18, `runtime/src/runtime/mod.rs`, `Runtime`.
 */
export interface Runtime extends Primitives {
  readonly policy: Policy
  readonly networkVersion: number
  readonly currEpoch: ChainEpoch
  readonly message: MessageInfo
  readonly store: Blockstore
  /** Whether every change is refused, here and in what is called from here. */
  readonly isReadOnly: boolean

  /** A method validates its caller exactly once. @throws {ActorError} `USR_ASSERTION_FAILED` the second time. */
  validateImmediateCallerAcceptAny(): void
  /** @throws {ActorError} `USR_FORBIDDEN` unless the caller is one of these ID addresses. */
  validateImmediateCallerIs(addresses: Iterable<Address>): void
  /** @throws {ActorError} `USR_FORBIDDEN` unless the caller's code is that of one of these actors. */
  validateImmediateCallerType(types: readonly ActorName[]): void

  currentBalance(): AttoFil
  actorBalance(actor: Address): AttoFil | undefined
  /** The ID address of an address; one that is that already is the answer, whether there is an actor or not. */
  resolveAddress(address: Address): Address | undefined
  lookupDelegatedAddress(actor: Address): Address | undefined
  getActorCodeCid(actor: Address): Cid | undefined
  /** Undefined for a code that is no built-in actor's. */
  resolveBuiltinActorType(code: Cid): ActorName | undefined
  getCodeCidForType(type: ActorName): Cid
  totalFilCircSupply(): AttoFil

  /** Sets the receiver's first state. @throws {ActorError} `USR_ILLEGAL_STATE` when it has one. */
  create<T>(codec: Codec<T>, state: T): void
  state<T>(codec: Codec<T>): T
  /**
   * Lets `change` work on a draft of the receiver's state, saves the draft, and returns what `change` returned.
   * Nothing can be sent meanwhile.
   */
  transaction<T, R>(codec: Codec<T>, change: (draft: Draft<T>) => R): R

  /** Calls another actor. Its failure takes back its own changes and is an answer here. */
  send(
    to: Address,
    method: MethodNum,
    params: IpldBlock | null,
    value: AttoFil,
    flags?: SendFlags,
  ): SendResult

  newActorAddress(): Address
  /** @throws {ActorError} `USR_FORBIDDEN` when there is an actor of that id. Only the init actor may call it. */
  createActor(code: Cid, actor: Address, predictableAddress: Address | null): void
  emitEvent(event: ActorEvent): void
}

/** Source: ref-fvm `shared/src/sys/mod.rs`, `SendFlags`. */
export interface SendFlags {
  readonly isReadOnly: boolean
}
