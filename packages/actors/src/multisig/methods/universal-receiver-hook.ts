import type { Runtime } from '../../runtime/runtime.ts'

/** `Receive`: accepts every token. Source: builtin-actors v18, `actors/multisig/src/lib.rs`, `universal_receiver_hook`. */
export function universalReceiverHook(rt: Runtime): void {
  rt.validateImmediateCallerAcceptAny()
}
