import type { Codec } from '../cbor/codec.ts'
import { readBytes } from '../cbor/scalars.ts'
import { writeBytes } from '../cbor/writer.ts'
import type { BitField } from './bit-field.ts'
import { decodeRlePlus, encodeRlePlus } from './rle-plus.ts'

/** A set of u64 as a byte string of RLE+. Source: ref-fvm `ipld/bitfield/src/rleplus/mod.rs`. */
export const bitField: Codec<BitField> = {
  name: 'bitField',
  encode: (writer, value) => writeBytes(writer, encodeRlePlus(value)),
  decode: (reader) => decodeRlePlus(readBytes(reader)),
}
