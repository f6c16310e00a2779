import { amt, type BitIndex, bytes, bytesKey, createMemoryBlockstore, formatCid, hamt } from '@plimsoll/ipld'
import { byteString, type Hashes } from '@plimsoll/primitives'
import type { Driver } from '../driver.ts'
import { attempt, expectEqual, type NamedOutcome } from '../outcome.ts'
import { readJson } from '../vector-file.ts'

interface Cids {
  readonly amt: readonly {
    readonly version?: string
    readonly ops: readonly Operation[]
    readonly cid: string
  }[]
  readonly hamt: readonly {
    readonly bitwidth: number
    readonly hash: string
    readonly keys: readonly string[]
    readonly extraSetThenDeleted?: readonly string[]
    readonly cid: string
  }[]
}

type Operation = readonly [string, ...(string | number)[]]

const AMT_BIT_WIDTH = 3
const encoder = new TextEncoder()

/** The CIDs that lists of operations on AMTs and HAMTs give. */
export const refFvm: Driver = {
  family: 'ref-fvm',
  handles: ({ name }) => name === 'amt_hamt_cids.json',
  *run({ path }, { hashes }): Generator<NamedOutcome> {
    const file = readJson<Cids>(path)
    for (const { version, ops, cid } of file.amt) {
      const name = `AMT ${JSON.stringify(ops).slice(0, 60)}`
      yield version === 'v0'
        ? [name, { status: 'skipped', reason: 'AMTs of version 0 are only in block headers of old chains' }]
        : [name, attempt(() => expectEqual(cid, amtCid(ops, hashes)))]
    }
    for (const { bitwidth, hash, keys, extraSetThenDeleted = [], cid } of file.hamt) {
      const name = `HAMT ${bitwidth} bits, ${hash}, ${keys.join(' ')}`
      yield [
        name,
        attempt(() => expectEqual(cid, hamtCid(bitwidth, hash, keys, extraSetThenDeleted, hashes))),
      ]
    }
  },
}

function amtCid(operations: readonly Operation[], hashes: Hashes): string {
  const array = amt(bytes, { bitWidth: AMT_BIT_WIDTH }).empty(createMemoryBlockstore(hashes))
  for (const [kind, ...args] of operations) {
    switch (kind) {
      case 'set':
        array.set(indexOf(args[0]), encoder.encode(String(args[1])))
        break
      case 'del':
        array.delete(indexOf(args[0]))
        break
      case 'flush':
        array.flush()
        break
      case 'setRange':
        for (let i = Number(args[0]); i < Number(args[1]); i++) {
          array.set(i, encoder.encode(String(args[2])))
        }
        break
      case 'setEvery':
        requireCondition(args[0])
        for (let i = 2; i <= 9999; i += 3) {
          array.set(i, encoder.encode(String(args[1])))
        }
        break
      default:
        throw new Error(`unknown operation ${kind}`)
    }
  }
  return formatCid(array.flush().cid)
}

/** The one condition that the vectors state in words. */
function requireCondition(condition: unknown): void {
  if (condition !== 'i in 0..9999 with (i+1)%3==0') {
    throw new Error(`unknown condition ${String(condition)}`)
  }
}

function indexOf(text: string | number | undefined): BitIndex {
  const max = (1n << 64n) - 2n
  return text === 'MAX' ? max : text === 'MAX-1' ? max - 1n : Number(text)
}

function hamtCid(
  bitWidth: number,
  hash: string,
  keys: readonly string[],
  deleted: readonly string[],
  hashes: Hashes,
): string {
  const options = hash === 'identity' ? { bitWidth, hash: identityHash } : { bitWidth }
  const map = hamt(bytesKey, bytes, options).empty(createMemoryBlockstore(hashes))
  // The values of the reference's test are the positions of the keys, and zero for the extra ones.
  for (const [i, key] of keys.entries()) {
    map.set(byteString(encoder.encode(key)), encoder.encode(String(i)))
  }
  for (const key of deleted) {
    map.set(byteString(encoder.encode(key)), encoder.encode('0'))
  }
  for (const key of deleted) {
    map.delete(byteString(encoder.encode(key)))
  }
  return formatCid(map.flush().cid)
}

/** The key itself in 32 bytes, so that a test can choose where a key goes. */
function identityHash(key: Uint8Array): Uint8Array {
  const hash = new Uint8Array(32)
  hash.set(key.subarray(0, 32))
  return hash
}
