import type { Policy, Primitives } from '@plimsoll/actors'
import type { Cid } from '@plimsoll/ipld'
import type { ActorName, Address, AttoFil, ChainEpoch } from '@plimsoll/primitives'

/**
 * Everything that a virtual machine is told by the chain that it serves: what the chain knows, what its
 * cryptography answers, and how it does what chains and test machines do differently.
 *
 * A host is data and functions without state of its own, so that forks of a machine can share it.
 */
export interface Host {
  readonly policy: Policy
  readonly networkVersion: number
  readonly codes: ActorCodeTable
  readonly customs: HostCustoms
  /** Absent where nothing is metered. */
  readonly meter?: Meter
  circulatingSupply(epoch: ChainEpoch): AttoFil
  /** What the actors may ask at an epoch. Nothing of it depends on the state. */
  primitivesAt(epoch: ChainEpoch): Omit<Primitives, 'hashBlake2b'>
}

/** Which code is which actor. */
export interface ActorCodeTable {
  codeOf(name: ActorName): Cid
  /** Undefined for a code that is no built-in actor's. */
  nameOf(code: Cid): ActorName | undefined
}

/**
 * What chains and test machines do differently, each as a decision with a name.
 *
 * Source: ref-fvm `fvm/src/executor/default.rs`, `fvm/src/call_manager/default.rs`; builtin-actors v18,
 * `test_vm/src/lib.rs`, `test_vm/src/messaging.rs`.
 */
export interface HostCustoms {
  /** Whether messages of the system itself advance its sequence, as those of accounts do. */
  readonly implicitMessagesAdvanceSequence: boolean
  /** Whether an actor with that code may send messages from outside. */
  maySend(type: ActorName | undefined): boolean
  /** The bytes of the sender's address that go into the address of a new actor. */
  senderBytes(from: Address): Uint8Array
  /** Whether a parameter block of zero bytes is one, or no parameters at all. */
  readonly emptyParamsAreABlock: boolean
  /** Whether an address that nobody has taken up yet answers every method with nothing. */
  readonly placeholdersAcceptAllMethods: boolean
}

/** What is charged for. */
export type ChargedOperation = 'call' | 'loadState' | 'saveState' | 'emitEvent' | 'verify'

/** Counts what a message does, and may stop it. */
export interface Meter {
  /** Says whether the message may go on; if not, it ends with `SYS_OUT_OF_GAS` and leaves nothing behind. */
  charge(operation: ChargedOperation): boolean
}
