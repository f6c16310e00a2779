import { formatHex, type Hashes } from '@plimsoll/primitives'

/**
 * The text of a value that is the same for equal values: keys sorted, nothing between tokens, bigints as decimal
 * strings, bytes in hexadecimal, absent fields left out.
 */
export function canonicalText(value: unknown): string {
  if (typeof value === 'bigint') {
    return JSON.stringify(String(value))
  }
  if (value instanceof Uint8Array) {
    return JSON.stringify(formatHex(value))
  }
  if (Array.isArray(value)) {
    return `[${value.map(canonicalText).join(',')}]`
  }
  if (typeof value === 'object' && value !== null) {
    const fields = Object.entries(value)
      .filter(([, item]) => item !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, item]) => `${JSON.stringify(key)}:${canonicalText(item)}`)
    return `{${fields.join(',')}}`
  }
  return JSON.stringify(value)
}

/** BLAKE2b-256 of a value's text, in hexadecimal. */
export function hashOf(hashes: Hashes, value: unknown): string {
  return formatHex(hashes.blake2b256(new TextEncoder().encode(canonicalText(value))))
}
