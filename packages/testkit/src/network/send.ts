import { BUILTIN_ACTORS, type IpldBlock, type MethodNum } from '@plimsoll/actors'
import { type Codec, decodeCbor } from '@plimsoll/ipld'
import { type ActorName, type Address, type AttoFil, ExitCode, formatExitCode } from '@plimsoll/primitives'
import type { Message, Receipt } from '@plimsoll/vm'
import type { TestNetwork } from './test-network.ts'

/** A message by the reference's names: who calls which method of which actor. */
export interface Call {
  readonly from: Address
  readonly to: Address
  readonly actor: ActorName
  readonly method: string
  readonly params?: IpldBlock
  /** In attoFIL. */
  readonly value?: AttoFil
}

/** The number of a method by the reference's name of it. */
export function methodNumber(actor: ActorName, name: string): MethodNum {
  for (const [number, method] of BUILTIN_ACTORS[actor]?.methods ?? []) {
    if (method.name === name) {
      return number
    }
  }
  throw new Error(`${actor} has no method ${name}`)
}

export function messageOf({ from, to, actor, method, params, value = 0n }: Call): Message {
  return { from, to, value, method: methodNumber(actor, method), params: params ?? null }
}

/** Sends a message that has to succeed. */
export function execute({ vm }: Pick<TestNetwork, 'vm'>, call: Call): Receipt {
  return requireOk(`${call.actor}.${call.method}`, vm.applyMessage(messageOf(call)))
}

/** Sends a message that has to succeed, and reads what it returns. */
export function executeFor<R>(network: Pick<TestNetwork, 'vm'>, call: Call, returns: Codec<R>): R {
  return returnOf(execute(network, call), returns)
}

export function returnOf<R>({ returnData }: Receipt, returns: Codec<R>): R {
  if (returnData === null) {
    throw new Error(`no ${returns.name} was returned`)
  }
  return decodeCbor(returns, returnData.data)
}

export function requireOk(what: string, receipt: Receipt): Receipt {
  if (receipt.exitCode !== ExitCode.OK) {
    throw new Error(`${what} ended with ${formatExitCode(receipt.exitCode)}: ${receipt.error ?? ''}`)
  }
  return receipt
}
