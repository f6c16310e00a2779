import { bytes, type Codec, CodecError } from '@plimsoll/ipld'

/** Source of everything here: ref-fvm `shared/src/crypto/signature.rs`. */

/** How a signature was made. Only these two stand in parameters of built-in actors. */
export const SignatureType = { SECP256K1: 1, BLS: 2 } as const
export type SignatureType = (typeof SignatureType)[keyof typeof SignatureType]

export interface Signature {
  readonly type: SignatureType
  readonly bytes: Uint8Array
}

/** A signature as a byte string that begins with its type. */
export const signature: Codec<Signature> = {
  name: 'signature',
  encode: (writer, value) => {
    const encoded = new Uint8Array(1 + value.bytes.length)
    encoded[0] = value.type
    encoded.set(value.bytes, 1)
    bytes.encode(writer, encoded)
  },
  decode: (reader) => {
    const encoded = bytes.decode(reader)
    const type = encoded[0]
    if (type !== SignatureType.SECP256K1 && type !== SignatureType.BLS) {
      const reason = `it begins with ${type ?? 'nothing'} instead of a type`
      throw new CodecError('INVALID_VALUE', `signature: ${reason}`, { name: 'signature', reason })
    }
    return { type, bytes: encoded.subarray(1) }
  },
}
