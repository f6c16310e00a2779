import {
  address,
  attoFil,
  CodecError,
  type HamtKey,
  hamt,
  i64,
  list,
  tuple,
  uint,
  type ValueOf,
} from '@plimsoll/ipld'
import {
  BaseError,
  byteString,
  bytesOf,
  decodeZigZagVarint,
  encodeZigZagVarint,
  formatHex,
} from '@plimsoll/primitives'
import { Transaction, type TxnId, txnId } from './types.ts'

/** Source of everything here: builtin-actors v18, `actors/multisig/src/state.rs` and `types.rs`. */

const txnIdKey: HamtKey<TxnId> = {
  toBytes: (key) => byteString(encodeZigZagVarint(key)),
  fromBytes: (key) => {
    const encoded = bytesOf(key)
    const id = wholeVarint(encoded)
    if (id === undefined) {
      const hex = formatHex(encoded)
      throw new CodecError('HAMT_KEY', `HAMT: the key ${hex} is no transaction id`, { key: hex })
    }
    return id
  },
  format: String,
}

/** What waits for approvals. */
export const PendingTxns = hamt(txnIdKey, Transaction, { bitWidth: 5 })

/**
 * The state of a multisig: of `initialBalance` attoFIL a part is locked, that shrinks to nothing in
 * `unlockDuration` epochs from `startEpoch` on. CBOR tuple, unchanged from v8 on. Source: `State`.
 */
export const MultisigState = tuple('MultisigState', {
  /** ID addresses. */
  signers: list(address),
  numApprovalsThreshold: uint,
  nextTxId: txnId,
  initialBalance: attoFil,
  startEpoch: i64,
  unlockDuration: i64,
  pendingTxs: PendingTxns.link,
})
export type MultisigState = ValueOf<typeof MultisigState>

function wholeVarint(encoded: Uint8Array): bigint | undefined {
  try {
    const { value, end } = decodeZigZagVarint(encoded)
    return end === encoded.length ? value : undefined
  } catch (error) {
    if (error instanceof BaseError) {
      return undefined
    }
    throw error
  }
}
