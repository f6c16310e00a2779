import { ParseError } from './errors.ts'

/** Writes bytes as lower-case hexadecimal digits. */
export function formatHex(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) {
    text += byte.toString(16).padStart(2, '0')
  }
  return text
}

/**
 * Reads hexadecimal digits of either case, without a prefix.
 *
 * @throws {ParseError} `INVALID_HEX`
 */
export function parseHex(text: string): Uint8Array {
  if (!/^(?:[0-9a-fA-F]{2})*$/.test(text)) {
    throw new ParseError('INVALID_HEX', `"${text}" is not an even number of hexadecimal digits`, { text })
  }
  return Uint8Array.from({ length: text.length / 2 }, (_, i) =>
    Number.parseInt(text.slice(2 * i, 2 * i + 2), 16),
  )
}
