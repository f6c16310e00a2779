import { CBOR_CODEC } from '@plimsoll/actors'
import { type Codec, decodeCbor, encodeCbor, type IpldValue, ipldValue } from '@plimsoll/ipld'
import type { ActorName, Address, AttoFil } from '@plimsoll/primitives'
import { methodNumber } from '@plimsoll/testkit'
import type { Message } from '@plimsoll/vm'
import type { Chance } from '../chance.ts'
import type { World } from '../world.ts'

/** Makes a message that mostly succeeds, or none where the state has nothing for it. */
export type Template = (world: World, chance: Chance) => Message | undefined

/** A message by the reference's names, with parameters as they are on the wire. */
export interface WireCall {
  readonly from: Address
  readonly to: Address
  readonly actor: ActorName
  readonly method: string
  readonly params?: IpldValue
  readonly value?: AttoFil
}

export function wireMessage({ from, to, actor, method, params, value = 0n }: WireCall): Message {
  return {
    from,
    to,
    value,
    method: methodNumber(actor, method),
    params: params === undefined ? null : { codec: CBOR_CODEC, data: encodeCbor(ipldValue, params) },
  }
}

/** A value as its codec writes it, to be put into other parameters. */
export function wire<T>(codec: Codec<T>, value: T): IpldValue {
  return decodeCbor(ipldValue, encodeCbor(codec, value))
}

/** The number of bytes of FIL or DataCap: small, usual, large or too large. */
export function anyAmount(chance: Chance): AttoFil {
  const usual = BigInt(chance.below(2 ** 32)) * 10n ** BigInt(chance.between(0, 14))
  return chance.percent(90) ? usual : chance.pick([0n, 1n, -1n, 10n ** 30n, 1n << 200n])
}
