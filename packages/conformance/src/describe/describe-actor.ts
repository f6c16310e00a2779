import type { ActorRecord } from '@plimsoll/actors'
import { type Blockstore, formatCid } from '@plimsoll/ipld'
import { type ActorName, formatAddress } from '@plimsoll/primitives'
import { describeLink } from './describe-value.ts'
import { type Described, describedText } from './described.ts'
import { STATE_SHAPES } from './state-shapes.ts'

/** Describes an actor: its record, and its state by the types of the actor that its code is. */
export function describeActor(
  store: Blockstore,
  name: ActorName | undefined,
  record: ActorRecord,
): Described {
  const { code, head, sequence, balance, delegatedAddress } = record
  const members: [string, Described][] = [
    ['code', describedText(name ?? formatCid(code))],
    ['sequence', describedText(String(sequence))],
    ['balance', describedText(String(balance))],
  ]
  if (delegatedAddress !== null) {
    members.push(['delegatedAddress', describedText(formatAddress(delegatedAddress, store.hashes))])
  }
  members.push(['state', describeLink(store, head, name === undefined ? undefined : STATE_SHAPES[name])])
  return { kind: 'members', isList: false, members }
}
