import { BUILTIN_ACTORS, type IpldBlock, METHOD_SEND, type MethodNum } from '@plimsoll/actors'
import { type AnyCodec, type Codec, decodeCbor } from '@plimsoll/ipld'
import {
  type ActorName,
  type Address,
  BaseError,
  formatFil,
  formatHex,
  parseAddress,
} from '@plimsoll/primitives'
import type { Vm } from '@plimsoll/vm'
import { describeValue } from '../describe/describe-value.ts'
import { formatDescribed } from '../describe/described.ts'
import { methodName } from './coverage.ts'
import type { Step } from './scenario-types.ts'

/** A step on one line: who calls what with which value and parameters, or which ticks run. */
export function stepInWords(vm: Vm, step: Step): string {
  if (step.t === 'cron_run') {
    const { from_epoch: first, epochs, roots } = step
    const last = epochs?.at(-1) ?? first + roots.length - 1
    const count = roots.length === 1 ? '1 tick' : `${roots.length} ticks`
    return `${count} of cron, epochs ${epochs?.[0] ?? first} to ${last}`
  }
  const to = parseAddress(step.to, vm.store.hashes)
  const value = BigInt(step.value)
  const words = [
    `epoch ${step.epoch}: ${step.from} → ${step.to} ${methodName(vm, vm.resolveAddress(to) ?? to, step.method)}`,
  ]
  if (value !== 0n) {
    words.push(`value ${formatFil(value)}`)
  }
  if (step.params !== null) {
    const block = { codec: step.codec ?? 0, data: new Uint8Array(Buffer.from(step.params, 'base64')) }
    words.push(`parameters ${formatBlock(vm, actorNameOf(vm, to), step.method, 'params', block)}`)
  }
  return words.join(', ')
}

/** Parameters or a return value in the types of the method, or as hexadecimal where they are not of them. */
export function formatBlock(
  vm: Vm,
  actor: ActorName | undefined,
  method: MethodNum,
  which: 'params' | 'returns',
  block: IpldBlock,
): string {
  const codec = codecOf(actor, method, which)
  const decoded = codec && decode(codec, block)
  return decoded === undefined
    ? `0x${formatHex(block.data)}`
    : formatDescribed(describeValue(vm.store, decoded.value))
}

/** The actor that an address leads to, or undefined where there is none. */
export function actorNameOf(vm: Vm, target: Address): ActorName | undefined {
  const resolved = vm.resolveAddress(target)
  const record = resolved && vm.findActor(resolved)
  return record && vm.host.codes.nameOf(record.code)
}

function codecOf(
  actor: ActorName | undefined,
  method: MethodNum,
  which: 'params' | 'returns',
): AnyCodec | undefined {
  if (actor === undefined || method === METHOD_SEND) {
    return undefined
  }
  return BUILTIN_ACTORS[actor]?.methods.get(method)?.[which] ?? undefined
}

function decode(codec: AnyCodec, block: IpldBlock): { readonly value: unknown } | undefined {
  try {
    return { value: decodeCbor(codec as Codec<unknown>, block.data) }
  } catch (error) {
    if (error instanceof BaseError) {
      return undefined
    }
    throw error
  }
}
