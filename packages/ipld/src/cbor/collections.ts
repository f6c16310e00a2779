import { within } from '../errors.ts'
import { type Codec, invalidValue } from './codec.ts'
import { enter, leave, MajorType } from './reader.ts'
import { writeHead } from './writer.ts'

/** An array of any length. */
export function list<T>(item: Codec<T>): Codec<readonly T[]> {
  return {
    name: `${item.name}[]`,
    encode: (writer, values) => {
      writeHead(writer, MajorType.ARRAY, values.length)
      for (const value of values) {
        item.encode(writer, value)
      }
    },
    decode: (reader) => {
      const count = enter(reader, MajorType.ARRAY)
      const values: T[] = []
      for (let i = 0; i < count; i++) {
        values.push(within(i, () => item.decode(reader)))
      }
      leave(reader)
      return values
    },
  }
}

/** An array of exactly `length` items. */
export function fixedList<T>(item: Codec<T>, length: number): Codec<readonly T[]> {
  const codec = list(item)
  return {
    ...codec,
    name: `${item.name}[${length}]`,
    decode: (reader) => {
      const values = codec.decode(reader)
      if (values.length !== length) {
        throw invalidValue(`${item.name}[${length}]`, `${values.length} items`, reader)
      }
      return values
    },
  }
}
