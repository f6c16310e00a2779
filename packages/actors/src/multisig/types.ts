import { address, attoFil, bool, bytes, i64, list, tuple, u64, uint, type ValueOf } from '@plimsoll/ipld'
import { methodNum } from '../runtime/method-num.ts'

/** Source of everything here: builtin-actors v18, `actors/multisig/src/types.rs`. */

/** The most signers that a multisig may have. */
export const SIGNERS_MAX = 256

/** The number of a proposal. Both it and epochs are the whole range of the wire here, since callers choose them. */
export const txnId = i64
export type TxnId = bigint

/** A proposal, with who has approved it so far; the first of them has made it. CBOR tuple. */
export const Transaction = tuple('Transaction', {
  to: address,
  value: attoFil,
  method: methodNum,
  params: bytes,
  approved: list(address),
})
export type Transaction = ValueOf<typeof Transaction>

/** Parameters of method 1, the constructor. Epochs. CBOR tuple. */
export const ConstructorParams = tuple('ConstructorParams', {
  signers: list(address),
  numApprovalsThreshold: u64,
  unlockDuration: i64,
  startEpoch: i64,
})
export type ConstructorParams = ValueOf<typeof ConstructorParams>

/** Parameters of method 2, `Propose`. CBOR tuple. */
export const ProposeParams = tuple('ProposeParams', {
  to: address,
  value: attoFil,
  method: methodNum,
  params: bytes,
})
export type ProposeParams = ValueOf<typeof ProposeParams>

/** What a proposal led to. Code and return value mean something only where it was applied. */
const applied = { applied: bool, code: uint, ret: bytes }

/** What method 2, `Propose`, returns. CBOR tuple. */
export const ProposeReturn = tuple('ProposeReturn', { txnId, ...applied })
export type ProposeReturn = ValueOf<typeof ProposeReturn>

/** Parameters of the methods 3 and 4, `Approve` and `Cancel`; no hash is one that fits every proposal. CBOR tuple. */
export const TxnIdParams = tuple('TxnIDParams', { id: txnId, proposalHash: bytes })
export type TxnIdParams = ValueOf<typeof TxnIdParams>

/** What method 3, `Approve`, returns. CBOR tuple. */
export const ApproveReturn = tuple('ApproveReturn', applied)
export type ApproveReturn = ValueOf<typeof ApproveReturn>

/** Parameters of method 5, `AddSigner`: whether the threshold grows as well. CBOR tuple. */
export const AddSignerParams = tuple('AddSignerParams', { signer: address, increase: bool })
export type AddSignerParams = ValueOf<typeof AddSignerParams>

/** Parameters of method 6, `RemoveSigner`: whether the threshold shrinks as well. CBOR tuple. */
export const RemoveSignerParams = tuple('RemoveSignerParams', { signer: address, decrease: bool })
export type RemoveSignerParams = ValueOf<typeof RemoveSignerParams>

/** Parameters of method 7, `SwapSigner`. CBOR tuple. */
export const SwapSignerParams = tuple('SwapSignerParams', { from: address, to: address })
export type SwapSignerParams = ValueOf<typeof SwapSignerParams>

/** Parameters of method 8, `ChangeNumApprovalsThreshold`. CBOR tuple. */
export const ChangeNumApprovalsThresholdParams = tuple('ChangeNumApprovalsThresholdParams', {
  newThreshold: u64,
})
export type ChangeNumApprovalsThresholdParams = ValueOf<typeof ChangeNumApprovalsThresholdParams>

/** Parameters of method 9, `LockBalance`. Epochs. CBOR tuple. */
export const LockBalanceParams = tuple('LockBalanceParams', {
  startEpoch: i64,
  unlockDuration: i64,
  amount: attoFil,
})
export type LockBalanceParams = ValueOf<typeof LockBalanceParams>
