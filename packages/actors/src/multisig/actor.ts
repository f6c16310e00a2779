import { type ActorCode, method } from '../runtime/dispatch.ts'
import { acceptExportedMethods } from '../runtime/fallback.ts'
import { UNIVERSAL_RECEIVER_HOOK_METHOD, UniversalReceiverParams } from '../runtime/universal-receiver.ts'
import { addSigner } from './methods/add-signer.ts'
import { approve } from './methods/approve.ts'
import { cancel } from './methods/cancel.ts'
import { changeNumApprovalsThreshold } from './methods/change-num-approvals-threshold.ts'
import { multisigConstructor } from './methods/constructor.ts'
import { lockBalance } from './methods/lock-balance.ts'
import { propose } from './methods/propose.ts'
import { removeSigner } from './methods/remove-signer.ts'
import { swapSigner } from './methods/swap-signer.ts'
import { universalReceiverHook } from './methods/universal-receiver-hook.ts'
import {
  AddSignerParams,
  ApproveReturn,
  ChangeNumApprovalsThresholdParams,
  ConstructorParams,
  LockBalanceParams,
  ProposeParams,
  ProposeReturn,
  RemoveSignerParams,
  SwapSignerParams,
  TxnIdParams,
} from './types.ts'

/** The methods of a multisig. Source: builtin-actors v18, `actors/multisig/src/lib.rs`, `Method`. */
export const MULTISIG_ACTOR: ActorCode = {
  name: 'multisig',
  methods: new Map([
    [1, method('Constructor', { params: ConstructorParams }, multisigConstructor)],
    [2, method('Propose', { params: ProposeParams, returns: ProposeReturn }, propose)],
    [3, method('Approve', { params: TxnIdParams, returns: ApproveReturn }, approve)],
    [4, method('Cancel', { params: TxnIdParams }, cancel)],
    [5, method('AddSigner', { params: AddSignerParams }, addSigner)],
    [6, method('RemoveSigner', { params: RemoveSignerParams }, removeSigner)],
    [7, method('SwapSigner', { params: SwapSignerParams }, swapSigner)],
    [
      8,
      method(
        'ChangeNumApprovalsThreshold',
        { params: ChangeNumApprovalsThresholdParams },
        changeNumApprovalsThreshold,
      ),
    ],
    [9, method('LockBalance', { params: LockBalanceParams }, lockBalance)],
    [
      UNIVERSAL_RECEIVER_HOOK_METHOD,
      method('ReceiveExported', { params: UniversalReceiverParams }, universalReceiverHook),
    ],
  ]),
  fallback: acceptExportedMethods,
}
