import { type ActorCode, BUILTIN_ACTORS, type IpldBlock, serialize } from '@plimsoll/actors'
import type { Codec } from '@plimsoll/ipld'
import { type ActorName, type Address, type AttoFil, assert } from '@plimsoll/primitives'
import type { Message, Receipt } from '@plimsoll/vm'
import type { Run } from './open-run.ts'

/** A message with the name of its method, as plans and reports show it. */
export interface NamedMessage extends Message {
  readonly methodName: string
}

/** A message and what came of it. */
export interface Sent {
  readonly epoch: number
  readonly message: NamedMessage
  readonly receipt: Receipt
}

/**
 * A message to a method by the name that the reference gives to it.
 *
 * The value is attoFIL. What the method takes is checked by its codec when it is written.
 */
export function namedMessage(
  actor: ActorName,
  methodName: string,
  from: Address,
  to: Address,
  params: unknown,
  value: AttoFil = 0n,
): NamedMessage {
  const code: ActorCode | undefined = BUILTIN_ACTORS[actor]
  const found = [...(code?.methods ?? [])].find(([, { name }]) => name === methodName)
  assert(found !== undefined, 'the method is one of the actor')
  const [method, { params: codec }] = found
  return { from, to, value, method, methodName, params: codec === null ? null : block(codec, params) }
}

function block(codec: unknown, params: unknown): IpldBlock {
  return serialize(codec as Codec<unknown>, params)
}

/** Adds the messages that failed to those that did before, by what they are and how they ended. */
export function countFailures(failures: Map<string, number>, sent: readonly Sent[]): void {
  for (const { message, receipt } of sent) {
    if (receipt.exitCode !== 0) {
      const what = `${message.methodName} exit ${receipt.exitCode}`
      failures.set(what, (failures.get(what) ?? 0) + 1)
    }
  }
}

/** Executes a message in the epoch that the run is in. */
export function send({ vm }: Run, message: NamedMessage): Sent {
  return { epoch: vm.epoch, message, receipt: vm.applyMessage(message) }
}
