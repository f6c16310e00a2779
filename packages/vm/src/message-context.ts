import { type ActorCode, type IpldBlock, type MethodNum, OutOfGas } from '@plimsoll/actors'
import type { Blockstore } from '@plimsoll/ipld'
import type { ActorName, Address, AttoFil, ChainEpoch } from '@plimsoll/primitives'
import type { ActorTable } from './actor-table.ts'
import type { ChargedOperation, Host } from './host.ts'
import type { EmittedEvent } from './message.ts'

/** What all calls of one message share. */
export interface MessageContext {
  readonly store: Blockstore
  readonly actors: ActorTable
  readonly host: Host
  readonly primitives: ReturnType<Host['primitivesAt']>
  readonly builtins: Readonly<Partial<Record<ActorName, ActorCode>>>
  readonly epoch: ChainEpoch
  readonly origin: Address
  /** The sender as the message wrote it, and its sequence before the message. */
  readonly sender: Address
  readonly sequence: bigint
  /** What stands so far; a call that fails cuts off what was emitted in it. */
  readonly events: EmittedEvent[]
  /** Actors that were created so far by request of the init actor. */
  createdActors: number
  /** The error whose path names the actor already. */
  locatedError?: Error
}

/** @throws {OutOfGas} when the host's meter stops the message. */
export function charge({ host }: MessageContext, operation: ChargedOperation): void {
  if (host.meter?.charge(operation) === false) {
    throw new OutOfGas('out of gas')
  }
}

/** A call that is to be made. */
export interface CallRequest {
  readonly from: Address
  readonly to: Address
  readonly value: AttoFil
  readonly method: MethodNum
  readonly params: IpldBlock | null
  readonly isReadOnly: boolean
}
