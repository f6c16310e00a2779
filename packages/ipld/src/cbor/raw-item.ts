import type { Codec } from './codec.ts'
import { skipItem } from './skip.ts'
import { writeRaw } from './writer.ts'

/** One item of any kind, kept as the CBOR that it is: for parts of a structure that nobody here looks into. */
export const rawItem: Codec<Uint8Array> = {
  name: 'rawItem',
  encode: writeRaw,
  decode: (reader) => {
    const start = reader.offset
    skipItem(reader)
    return reader.bytes.slice(start, reader.offset)
  },
}
