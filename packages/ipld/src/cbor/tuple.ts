import { assert } from '@plimsoll/primitives'
import { locate } from '../errors.ts'
import { type AnyCodec, type Codec, invalidValue, type ValueOf } from './codec.ts'
import { type CborReader, cborReader, enter, leave, MajorType } from './reader.ts'
import { type CborWriter, writeHead } from './writer.ts'

/** Field names to codecs; the order of the keys is the order on the wire. */
export type TupleFields = Readonly<Record<string, AnyCodec>>

export type TupleValue<F> = { readonly [K in keyof F]: ValueOf<F[K]> }

/** A field that older writers left out at the end, and what its absence means. */
interface TailField {
  readonly codec: AnyCodec
  readonly absent: unknown
}

/** Shows an intersection as one object type, in errors and in editors. */
type Flat<T> = { readonly [K in keyof T]: T[K] }

type TailFields = Readonly<Record<string, TailField>>
type TailValue<G> = { readonly [K in keyof G]: G[K] extends { readonly codec: infer C } ? ValueOf<C> : never }

/**
 * A CBOR array with a meaning for every place, which is how the reference stores structs.
 *
 * `tail` fields came later: they may be missing from the end when read, and are always written.
 *
 * `readAll` reads all fields, in their order, into one object literal. It is for what is read most: V8 makes such an
 * object at once, and one that grows key by key in several steps. What it stumbles over is read field by field.
 *
 * @example
 * const VestingFund = tuple('VestingFund', { epoch: chainEpoch, amount: attoFil })
 * type VestingFund = ValueOf<typeof VestingFund>
 */
export function tuple<F extends TupleFields, G extends TailFields = Record<never, TailField>>(
  name: string,
  fields: F,
  options?: {
    readonly tail?: G
    readonly readAll?: (reader: CborReader) => NoInfer<Flat<TupleValue<F> & TailValue<G>>>
  },
): Codec<Flat<TupleValue<F> & TailValue<G>>> {
  const tail = Object.entries(options?.tail ?? {})
  const places = [...Object.entries(fields), ...tail.map(([key, { codec }]) => [key, codec] as const)]
  assert(
    places.every(([, codec]) => codec.isCurrent === undefined),
    `${name}: a layout that has grown stands in a block or a collection of its own`,
  )
  return {
    name,
    ...(tail.length > 0 && {
      isCurrent: (encoded: Uint8Array) => enter(cborReader(encoded), MajorType.ARRAY) === places.length,
    }),
    encode: (writer, value) => encodeTuple(places, writer, value),
    decode: (reader) =>
      readAtOnce(reader, places.length, options?.readAll) ??
      (readByField(name, places, tail, reader) as Flat<TupleValue<F> & TailValue<G>>),
  }
}

/** What `readAll` makes of a tuple in today's layout; undefined of any other, or where it stumbles. */
function readAtOnce<T>(
  reader: CborReader,
  fieldCount: number,
  readAll: ((reader: CborReader) => T) | undefined,
): T | undefined {
  // What is read loosely may be joined where it stands, so that there is no way back.
  if (readAll === undefined || reader.isLoose) {
    return undefined
  }
  const { offset, depth } = reader
  try {
    if (enter(reader, MajorType.ARRAY) === fieldCount) {
      const value = readAll(reader)
      leave(reader)
      return value
    }
  } catch {
    // Whatever it is, the literal way finds it too, and says where.
  }
  reader.offset = offset
  reader.depth = depth
  return undefined
}

function readByField(
  name: string,
  places: Places,
  tail: readonly (readonly [string, TailField])[],
  reader: CborReader,
): Record<string, unknown> {
  const value: Record<string, unknown> = {}
  const count = enter(reader, MajorType.ARRAY)
  const required = places.length - tail.length
  if (count < required || count > places.length) {
    throw invalidValue(name, `a tuple of ${count} fields instead of ${places.length}`, reader)
  }
  decodePlaces(places, reader, count, value)
  for (const [key, { absent }] of tail.slice(count - required)) {
    value[key] = absent
  }
  leave(reader)
  return value
}

type Places = readonly (readonly [string, AnyCodec])[]

function encodeTuple(places: Places, writer: CborWriter, value: Readonly<Record<string, unknown>>): void {
  writeHead(writer, MajorType.ARRAY, places.length)
  for (const [key, codec] of places) {
    codec.encode(writer, value[key] as never)
  }
}

function decodePlaces(
  places: Places,
  reader: CborReader,
  count: number,
  into: Record<string, unknown>,
): void {
  let i = 0
  try {
    for (; i < count; i++) {
      const [key, codec] = places[i] as Places[number]
      into[key] = codec.decode(reader)
    }
  } catch (error) {
    throw locate(error, places[i]?.[0] ?? '')
  }
}
