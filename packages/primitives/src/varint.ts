import { ParseError } from './errors.ts'

/**
 * Unsigned LEB128 of 64 bits, minimally encoded, and its zig-zag form for signed integers.
 *
 * Source: multiformats unsigned-varint (but up to ten bytes, as the reference reads u64), and Rust's
 * integer-encoding crate for zig-zag.
 */

export const MAX_VARINT_BYTES = 10

const U64_LIMIT = 1n << 64n

/** A decoded varint and where it ended. */
export interface VarintAt {
  readonly value: bigint
  readonly end: number
}

export function encodeVarint(value: number | bigint): Uint8Array {
  const bytes: number[] = []
  let rest = BigInt(value)
  while (rest >= 0x80n) {
    bytes.push(Number(rest & 0x7fn) | 0x80)
    rest >>= 7n
  }
  bytes.push(Number(rest))
  return Uint8Array.from(bytes)
}

/**
 * Reads a varint at `offset`.
 *
 * @throws {ParseError} `INVALID_VARINT` when it is cut short, longer than 64 bits or not minimal.
 */
export function decodeVarint(bytes: Uint8Array, offset = 0): VarintAt {
  let value = 0n
  for (let i = 0; i < MAX_VARINT_BYTES; i++) {
    const byte = bytes[offset + i]
    if (byte === undefined) {
      throw invalidVarint('it is cut short', offset)
    }
    value |= BigInt(byte & 0x7f) << BigInt(7 * i)
    if (byte < 0x80) {
      if (byte === 0 && i > 0) {
        throw invalidVarint('it is not minimal', offset)
      }
      if (value >= U64_LIMIT) {
        break
      }
      return { value, end: offset + i + 1 }
    }
  }
  throw invalidVarint('it has more than 64 bits', offset)
}

export function encodeZigZagVarint(value: number | bigint): Uint8Array {
  const signed = BigInt(value)
  return encodeVarint(signed < 0n ? -2n * signed - 1n : 2n * signed)
}

/** @throws {ParseError} `INVALID_VARINT` */
export function decodeZigZagVarint(bytes: Uint8Array, offset = 0): VarintAt {
  const { value, end } = decodeVarint(bytes, offset)
  return { value: (value & 1n) === 0n ? value >> 1n : -((value + 1n) >> 1n), end }
}

function invalidVarint(reason: string, offset: number): ParseError {
  return new ParseError('INVALID_VARINT', `no valid varint at byte ${offset}: ${reason}`, { offset })
}
