import { ParseError } from './errors.ts'

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567'

/** Lower-case base32 without padding. Source: RFC 4648 section 6, as CIDs and addresses use it. */
export function formatBase32(bytes: Uint8Array): string {
  let text = ''
  let bits = 0
  let accumulator = 0
  for (const byte of bytes) {
    accumulator = (accumulator << 8) | byte
    bits += 8
    while (bits >= 5) {
      bits -= 5
      text += ALPHABET[(accumulator >>> bits) & 31]
    }
    accumulator &= (1 << bits) - 1
  }
  return bits > 0 ? text + ALPHABET[(accumulator << (5 - bits)) & 31] : text
}

/**
 * Reads base32 strictly: lower case, no padding, and no bits left over that are not zero.
 *
 * @throws {ParseError} `INVALID_BASE32`
 */
export function parseBase32(text: string): Uint8Array {
  const bytes = new Uint8Array(Math.floor((text.length * 5) / 8))
  let length = 0
  let bits = 0
  let accumulator = 0
  for (const character of text) {
    const value = ALPHABET.indexOf(character)
    if (value < 0) {
      throw new ParseError('INVALID_BASE32', `"${character}" is not a base32 digit`, { text })
    }
    accumulator = (accumulator << 5) | value
    bits += 5
    if (bits >= 8) {
      bits -= 8
      bytes[length++] = accumulator >>> bits
      accumulator &= (1 << bits) - 1
    }
  }
  if (bits >= 5 || accumulator !== 0) {
    throw new ParseError('INVALID_BASE32', `"${text}" has bits left over`, { text })
  }
  return bytes
}
