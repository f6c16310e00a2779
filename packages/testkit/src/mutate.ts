import fc from 'fast-check'

/** One change to a byte sequence; positions are taken modulo its length. */
type Mutation =
  | { readonly kind: 'set'; readonly at: number; readonly byte: number }
  | { readonly kind: 'flip'; readonly at: number; readonly bit: number }
  | { readonly kind: 'insert'; readonly at: number; readonly byte: number }
  | { readonly kind: 'remove'; readonly at: number; readonly count: number }
  | { readonly kind: 'truncate'; readonly at: number }
  | { readonly kind: 'repeat'; readonly at: number; readonly count: number }

const at = fc.nat(0xffff)
const byte = fc.nat(0xff)
const count = fc.integer({ min: 1, max: 16 })

const mutation: fc.Arbitrary<Mutation> = fc.oneof(
  fc.record({ kind: fc.constant('set' as const), at, byte }),
  fc.record({ kind: fc.constant('flip' as const), at, bit: fc.nat(7) }),
  fc.record({ kind: fc.constant('insert' as const), at, byte }),
  fc.record({ kind: fc.constant('remove' as const), at, count }),
  fc.record({ kind: fc.constant('truncate' as const), at }),
  fc.record({ kind: fc.constant('repeat' as const), at, count }),
)

/** Bytes with one to four defects: what a parser sees of a damaged or a crafted file. */
export function mutated(original: Uint8Array): fc.Arbitrary<Uint8Array> {
  return fc
    .array(mutation, { minLength: 1, maxLength: 4 })
    .map((mutations) => mutations.reduce(mutate, original))
}

function mutate(bytes: Uint8Array, change: Mutation): Uint8Array {
  if (bytes.length === 0) {
    return bytes
  }
  const place = change.at % bytes.length
  const [before, after] = [bytes.subarray(0, place), bytes.subarray(place)]
  switch (change.kind) {
    case 'set':
      return concat(before, Uint8Array.of(change.byte), after.subarray(1))
    case 'flip':
      return concat(before, Uint8Array.of((after[0] as number) ^ (1 << change.bit)), after.subarray(1))
    case 'insert':
      return concat(before, Uint8Array.of(change.byte), after)
    case 'remove':
      return concat(before, after.subarray(change.count))
    case 'truncate':
      return before.slice()
    case 'repeat':
      return concat(before, after.subarray(0, change.count), after)
    default:
      return change satisfies never
  }
}

/** The parts one after another. */
export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0))
  let end = 0
  for (const part of parts) {
    whole.set(part, end)
    end += part.length
  }
  return whole
}
