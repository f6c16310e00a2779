import type { ActorRecord, IpldBlock } from '@plimsoll/actors'
import { type Cid, formatCid } from '@plimsoll/ipld'
import { formatAddress, type Hashes, requireActorId } from '@plimsoll/primitives'
import type { CallTrace, EmittedEvent } from '@plimsoll/vm'
import type { RecordedActor, RecordedCall, RecordedEvent } from './scenario-types.ts'

/** What our machine did, in the form that scenarios are written in. */

/** The codec that is meant where none is written. */
const DEFAULT_CODEC = 0x51

export function recordedCall(call: CallTrace, hashes: Hashes): RecordedCall {
  const { from, to, value, method, params, exitCode, errorNumber, returnData, events, calls } = call
  return {
    f: requireActorId(from),
    t: formatAddress(to, hashes),
    ...(value !== 0n && { v: String(value) }),
    m: method,
    ...(params !== null && { p: base64(params.data), ...codecOf('pc', params) }),
    x: exitCode,
    ...(errorNumber !== undefined && { en: errorNumber }),
    ...(returnData !== null && { r: base64(returnData.data), ...codecOf('rc', returnData) }),
    ...(events.length > 0 && { e: events.map(recordedEvent) }),
    ...(calls.length > 0 && { s: calls.map((nested) => recordedCall(nested, hashes)) }),
  }
}

export function recordedEvent({ emitter, event }: EmittedEvent): RecordedEvent {
  const entries = event.map(({ flags, key, codec, value }) => [flags, key, codec, base64(value)] as const)
  return [requireActorId(emitter), entries]
}

export function recordedActor(record: ActorRecord, hashes: Hashes): Required<RecordedActor> {
  const { code, head, sequence, balance, delegatedAddress } = record
  return {
    code: formatCid(code),
    head: formatCid(head.cid as Cid),
    seq: Number(sequence),
    bal: String(balance),
    del: delegatedAddress === null ? null : formatAddress(delegatedAddress, hashes),
  }
}

export function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64')
}

function codecOf<K extends 'pc' | 'rc'>(key: K, { codec }: IpldBlock): { readonly [P in K]?: number } {
  return (codec === DEFAULT_CODEC ? {} : { [key]: codec }) as { readonly [P in K]?: number }
}
