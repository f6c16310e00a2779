import type { ActorEvent, ErrorNumber, IpldBlock, MethodNum } from '@plimsoll/actors'
import type { Address, AttoFil } from '@plimsoll/primitives'
import type { ActorChange } from './actor-table.ts'

/** A call from outside: of an account, or of the system itself. */
export interface Message {
  /** As it was written: the address of a new actor depends on its form. */
  readonly from: Address
  readonly to: Address
  readonly value: AttoFil
  readonly method: MethodNum
  readonly params: IpldBlock | null
  /** Has to be the sender's next; where it is left out, it is. */
  readonly sequence?: bigint
}

/** A call with everything that came of it, whether or not it stands. */
export interface CallTrace {
  readonly from: Address
  /** The ID address of the callee where there is one; a callee that was made for a call that failed is none. */
  readonly to: Address
  readonly value: AttoFil
  readonly method: MethodNum
  readonly params: IpldBlock | null
  readonly exitCode: number
  /** Why the call did not start; the exit code then only informs. */
  readonly errorNumber?: ErrorNumber
  readonly returnData: IpldBlock | null
  /** In order, those of calls that failed included. */
  readonly events: readonly EmittedEvent[]
  readonly calls: readonly CallTrace[]
}

/** An event with the actor that emitted it. */
export interface EmittedEvent {
  readonly emitter: Address
  readonly event: ActorEvent
}

/** What a message did. */
export interface Receipt {
  readonly exitCode: number
  readonly returnData: IpldBlock | null
  /** In the order of their emission, those of failed calls left out. */
  readonly events: readonly EmittedEvent[]
  readonly trace: CallTrace
  /** The actors that are not as they were before the message, the sender with its sequence included. */
  readonly changes: readonly ActorChange[]
  /** Why the message failed, for people. */
  readonly error?: string
}
