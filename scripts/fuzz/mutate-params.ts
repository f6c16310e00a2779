import type { IpldBlock } from '@plimsoll/actors'
import { CodecError, decodeCbor, encodeCbor, type IpldValue, ipldValue } from '@plimsoll/ipld'
import type { Chance } from './chance.ts'

/** Numbers at which something changes: of CBOR's forms, of machine words, and of exact numbers in a float. */
export const BOUNDARIES: readonly bigint[] = [
  0n,
  1n,
  -1n,
  2n,
  7n,
  23n,
  24n,
  47n,
  48n,
  255n,
  256n,
  65_535n,
  65_536n,
  (1n << 31n) - 1n,
  1n << 32n,
  (1n << 53n) - 1n,
  1n << 53n,
  (1n << 62n) + 1n,
  (1n << 63n) - 1n,
  1n << 63n,
  (1n << 64n) - 2n,
  (1n << 64n) - 1n,
  -(1n << 63n),
  -(1n << 63n) - 1n,
  -(1n << 64n),
]

/** Parameters with one to three defects, of their values or of their bytes. `spare` are bytes that mean something elsewhere, such as addresses. */
export function mutateParams(
  chance: Chance,
  params: IpldBlock | null,
  spare: readonly Uint8Array[],
): IpldBlock | null {
  if (params === null || chance.percent(2)) {
    return chance.percent(50) ? null : { codec: 0x51, data: encodeCbor(ipldValue, anyValue(chance)) }
  }
  let { codec, data } = params
  for (let defects = chance.between(1, 3); defects > 0; defects--) {
    data = chance.percent(75) ? mutateValue(chance, data, spare) : mutateBytes(chance, data)
  }
  if (chance.percent(2)) {
    codec = chance.pick([0x55, 0x71, 0x51, 0])
  }
  return { codec, data }
}

function mutateValue(chance: Chance, data: Uint8Array, spare: readonly Uint8Array[]): Uint8Array {
  try {
    const value = decodeCbor(ipldValue, data)
    const target = chance.below(countNodes(value))
    return encodeCbor(
      ipldValue,
      replaceNode(value, target, (node) => mutateNode(chance, node, spare)),
    )
  } catch (error) {
    if (error instanceof CodecError) {
      return mutateBytes(chance, data)
    }
    throw error
  }
}

function mutateNode(chance: Chance, node: IpldValue, spare: readonly Uint8Array[]): IpldValue {
  if (chance.percent(12)) {
    return anyValue(chance)
  }
  if (typeof node === 'bigint') {
    const near = chance.percent(50) ? node + BigInt(chance.between(-2, 2)) : chance.pick(BOUNDARIES)
    return near > (1n << 64n) - 1n || near < -(1n << 64n) ? 0n : near
  }
  if (node instanceof Uint8Array) {
    return chance.percent(50) && spare.length > 0 ? chance.pick(spare) : mutateBytes(chance, node)
  }
  if (Array.isArray(node)) {
    return mutateList(chance, node)
  }
  return typeof node === 'boolean' ? !node : anyValue(chance)
}

function mutateList(chance: Chance, list: readonly IpldValue[]): readonly IpldValue[] {
  if (list.length === 0) {
    return [anyValue(chance)]
  }
  const at = chance.below(list.length)
  switch (chance.below(5)) {
    case 0:
      return list.toSpliced(at, 1)
    case 1:
      return list.toSpliced(at, 0, list[at] as IpldValue)
    case 2:
      return list.toReversed()
    case 3:
      return []
    default:
      return [...list, anyValue(chance)]
  }
}

function anyValue(chance: Chance): IpldValue {
  switch (chance.below(7)) {
    case 0:
      return null
    case 1:
      return chance.percent(50)
    case 2:
      return chance.pick(BOUNDARIES)
    case 3:
      return 'text'
    case 4:
      return chance.bytes(chance.between(0, 40))
    case 5:
      return []
    default:
      return [chance.pick(BOUNDARIES), chance.bytes(3)]
  }
}

/** Bytes with one defect: a bit, a byte, some more, or some less. */
export function mutateBytes(chance: Chance, bytes: Uint8Array): Uint8Array {
  if (bytes.length === 0) {
    return chance.bytes(chance.between(1, 4))
  }
  const at = chance.below(bytes.length)
  switch (chance.below(5)) {
    case 0:
      return bytes.with(at, (bytes[at] as number) ^ (1 << chance.below(8)))
    case 1:
      return bytes.with(at, chance.below(256))
    case 2:
      return bytes.slice(0, at)
    case 3:
      return Uint8Array.from([...bytes, ...chance.bytes(chance.between(1, 4))])
    default:
      return Uint8Array.from([...bytes.subarray(0, at), ...bytes.subarray(at + 1)])
  }
}

function countNodes(value: IpldValue): number {
  return Array.isArray(value) ? value.reduce((sum: number, each) => sum + countNodes(each), 1) : 1
}

/** Replaces the node of that number, counted from the root down. */
function replaceNode(value: IpldValue, target: number, change: (node: IpldValue) => IpldValue): IpldValue {
  if (target === 0 || !Array.isArray(value)) {
    return change(value)
  }
  let left = target - 1
  for (const [index, each] of value.entries()) {
    const count = countNodes(each)
    if (left < count) {
      return value.with(index, replaceNode(each, left, change))
    }
    left -= count
  }
  return value
}
