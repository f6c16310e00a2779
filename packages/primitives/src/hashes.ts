import { createBLAKE2b, createSHA256, type IHasher } from 'hash-wasm'

/**
 * The hash functions of the protocol. Made once, where a program starts, because the library compiles its
 * WebAssembly asynchronously; everything below is synchronous and takes this object as an argument.
 */
export interface Hashes {
  /** Content addresses. 32 bytes. */
  blake2b256(bytes: Uint8Array): Uint8Array
  /** Payloads of f1 and f2 addresses. 20 bytes. */
  blake2b160(bytes: Uint8Array): Uint8Array
  /** Checksums of addresses in text. 4 bytes. */
  blake2b32(bytes: Uint8Array): Uint8Array
  /** Positions in a HAMT. 32 bytes. */
  sha256(bytes: Uint8Array): Uint8Array
}

export async function createHashes(): Promise<Hashes> {
  const [blake2b256, blake2b160, blake2b32, sha256] = await Promise.all([
    createBLAKE2b(256),
    createBLAKE2b(160),
    createBLAKE2b(32),
    createSHA256(),
  ])
  return {
    blake2b256: digestBy(blake2b256),
    blake2b160: digestBy(blake2b160),
    blake2b32: digestBy(blake2b32),
    sha256: digestBy(sha256),
  }
}

function digestBy(hasher: IHasher): (bytes: Uint8Array) => Uint8Array {
  return (bytes) => hasher.init().update(bytes).digest('binary')
}
