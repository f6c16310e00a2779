import { MajorType } from './reader.ts'
import { type CborWriter, reserve, writeHead } from './writer.ts'

/**
 * Big-endian magnitudes, quickly: amounts are the most frequent thing in the state, and most of them fit into
 * two machine words.
 */

const WORD_BITS = 48n
const WORD_BYTES = 6
const WORD_MASK = (1n << WORD_BITS) - 1n

/** Two halves of 32 bits, low one first, and the one number of 64 bits that they are. */
const HALVES = new Uint32Array(2)
const WHOLE = new BigUint64Array(HALVES.buffer)

/** Reads the big-endian magnitude in `bytes[start, end)`. */
export function readBigIntMagnitude(bytes: Uint8Array, start: number, end: number): bigint {
  if (end - start <= 8) {
    // Nearly every amount: one bigint is made of it, and none on the way.
    const middle = Math.max(start, end - 4)
    HALVES[0] = readWord(bytes, middle, end)
    HALVES[1] = readWord(bytes, start, middle)
    return WHOLE[0] as bigint
  }
  const headBytes = (end - start) % WORD_BYTES || WORD_BYTES
  let offset = start + headBytes
  let value = BigInt(readWord(bytes, start, offset))
  while (offset < end) {
    value = (value << WORD_BITS) | BigInt(readWord(bytes, offset, offset + WORD_BYTES))
    offset += WORD_BYTES
  }
  return value
}

/** Writes a byte string of a sign byte and a positive magnitude. */
export function writeBigIntMagnitude(writer: CborWriter, sign: number, magnitude: bigint): void {
  const words: number[] = []
  let rest = magnitude
  while (rest > WORD_MASK) {
    words.push(Number(rest & WORD_MASK))
    rest >>= WORD_BITS
  }
  const head = Number(rest)
  const headBytes = byteLength(head)
  writeHead(writer, MajorType.BYTES, 1 + headBytes + WORD_BYTES * words.length)
  reserve(writer, 1 + headBytes + WORD_BYTES * words.length)
  writer.buffer[writer.length++] = sign
  writeWord(writer, head, headBytes)
  for (let i = words.length - 1; i >= 0; i--) {
    writeWord(writer, words[i] as number, WORD_BYTES)
  }
}

function readWord(bytes: Uint8Array, start: number, end: number): number {
  let word = 0
  for (let i = start; i < end; i++) {
    word = word * 0x100 + (bytes[i] as number)
  }
  return word
}

function writeWord(writer: CborWriter, word: number, size: number): void {
  let rest = word
  for (let i = size - 1; i >= 0; i--) {
    writer.buffer[writer.length + i] = rest % 0x100
    rest = Math.floor(rest / 0x100)
  }
  writer.length += size
}

function byteLength(word: number): number {
  let size = 1
  for (let limit = 0x100; word >= limit; limit *= 0x100) {
    size++
  }
  return size
}
