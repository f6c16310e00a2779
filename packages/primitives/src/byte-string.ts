import type { Identity } from './identity.ts'

/**
 * Bytes as an immutable value: one character of the range 0 to 255 for each byte.
 *
 * CIDs, addresses and map keys are byte strings: `===` compares them, `<` orders them as their bytes order,
 * and they are keys of a `Map`. They are not for people; every kind has a function that formats it.
 */
export type ByteString = Identity<string, 'ByteString'>

/** Longest run of bytes turned into characters by one call; all our keys are shorter. */
const CHUNK_BYTES = 4096

export function byteString(bytes: Uint8Array): ByteString {
  if (bytes.length <= CHUNK_BYTES) {
    // V8 takes arguments out of an array in half the time of a typed array, and walks what is spread as an iterable.
    const codes = new Array<number>(bytes.length)
    for (let i = 0; i < bytes.length; i++) {
      codes[i] = bytes[i] as number
    }
    return Reflect.apply(String.fromCharCode, undefined, codes) as ByteString
  }
  let text = ''
  for (let start = 0; start < bytes.length; start += CHUNK_BYTES) {
    text += byteString(bytes.subarray(start, start + CHUNK_BYTES))
  }
  return text as ByteString
}

export function bytesOf(value: ByteString): Uint8Array {
  const bytes = new Uint8Array(value.length)
  writeByteString(value, bytes, 0)
  return bytes
}

/** Writes the bytes of `value` into `target` from `offset` on. */
export function writeByteString(value: ByteString, target: Uint8Array, offset: number): void {
  for (let i = 0; i < value.length; i++) {
    target[offset + i] = value.charCodeAt(i)
  }
}
