import { type Codec, mapped, u64 } from '@plimsoll/ipld'
import type { MethodNum } from './runtime.ts'

/** A method's number in parameters and in states, in the one form that it has. Source: ref-fvm `shared/src/lib.rs`. */
export const methodNum: Codec<MethodNum> = mapped('methodNum', u64, methodNumOf, BigInt)

export function methodNumOf(value: bigint): MethodNum {
  return value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value
}
