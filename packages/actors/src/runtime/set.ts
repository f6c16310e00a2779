import { type Codec, CodecError, type HamtKey, type HamtType, hamt, nullable } from '@plimsoll/ipld'

/** Source of everything here: builtin-actors v18, `runtime/src/util/set.rs`. */

const nothing: Codec<never> = {
  name: 'null',
  encode: () => {},
  decode: ({ offset }) => {
    throw new CodecError('INVALID_VALUE', 'a member of a set has null for a value', { name: 'null', offset })
  },
}

/** A set of keys: a HAMT whose values are null. */
export function hamtSet<K>(key: HamtKey<K>, options: { readonly bitWidth: number }): HamtType<K, null> {
  return hamt<K, null>(key, nullable(nothing), options)
}
