import { assert } from '@plimsoll/primitives'
import { CodecError, locate } from '../errors.ts'
import { type CborReader, cborReader, looseCborReader, requireEnd } from './reader.ts'
import { type CborWriter, withWriter, writtenBytes } from './writer.ts'

/**
 * How a type stands in CBOR. The codec value is the definition of the type: `ValueOf<typeof Codec>`.
 *
 * `decode` throws a {@link CodecError} for anything that `encode` would not have written, unless it reads loosely.
 */
export interface Codec<T> {
  /** What an error calls the type. */
  readonly name: string
  readonly encode: (writer: CborWriter, value: T) => void
  readonly decode: (reader: CborReader) => T
  /**
   * Of a layout that has grown: whether an encoded value, which `decode` accepts, is what `encode` writes.
   * Absent where that is always so.
   */
  readonly isCurrent?: (encoded: Uint8Array) => boolean
}

/** Any codec, seen from where its type does not matter. */
export interface AnyCodec {
  readonly name: string
  readonly encode: (writer: CborWriter, value: never) => void
  readonly decode: (reader: CborReader) => unknown
  readonly isCurrent?: (encoded: Uint8Array) => boolean
}

export type ValueOf<C> = C extends { readonly decode: (reader: CborReader) => infer T } ? T : never

/** Encodes one value as one block. */
export function encodeCbor<T>(codec: Codec<T>, value: T): Uint8Array {
  return withWriter((writer) => {
    codec.encode(writer, value)
    return writtenBytes(writer)
  })
}

/**
 * Decodes one block that holds one value and nothing else.
 *
 * @throws {CodecError} with a path that begins at the codec's name.
 */
export function decodeCbor<T>(codec: Codec<T>, bytes: Uint8Array): T {
  return decodeWhole(codec, cborReader(bytes))
}

/**
 * Decodes what a message brings, as the reference does: see {@link CborReader}.
 *
 * @throws {CodecError} with a path that begins at the codec's name.
 */
export function decodeLooseCbor<T>(codec: Codec<T>, bytes: Uint8Array): T {
  return decodeWhole(codec, looseCborReader(bytes))
}

function decodeWhole<T>(codec: Codec<T>, reader: CborReader): T {
  try {
    const value = codec.decode(reader)
    requireEnd(reader)
    return value
  } catch (error) {
    throw locate(error, codec.name)
  }
}

/** A codec whose values are another codec's values seen differently; both functions must be each other's inverse. */
export function mapped<T, U>(
  name: string,
  codec: Codec<T>,
  fromWire: (value: T) => U,
  toWire: (value: U) => T,
): Codec<U> {
  return {
    name,
    encode: (writer, value) => codec.encode(writer, toWire(value)),
    decode: (reader) => fromWire(codec.decode(reader)),
  }
}

/**
 * A codec of one member of a union, seen as a codec of the union: it decodes that member, and a value of
 * another one cannot be encoded.
 */
export function asMemberOf<T extends U, U>(codec: Codec<T>, isMember: (value: U) => value is T): Codec<U> {
  return {
    name: codec.name,
    encode: (writer, value) => {
      assert(isMember(value), `${codec.name} of another layout than the one that is written`)
      codec.encode(writer, value)
    },
    decode: codec.decode,
  }
}

/** The error of a value that is well-formed CBOR and still not one of the type. */
export function invalidValue(name: string, reason: string, reader: CborReader): CodecError {
  return new CodecError('INVALID_VALUE', `${name}: ${reason}`, { name, reason, offset: reader.offset })
}
