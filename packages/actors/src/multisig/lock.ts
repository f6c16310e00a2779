import { type AttoFil, type ChainEpoch, divCeil } from '@plimsoll/primitives'
import { requireFunds, requireInvariant, requireParam } from '../runtime/actor-error.ts'
import type { Draft } from '../runtime/draft.ts'
import type { MultisigState } from './state.ts'

/** Source of everything here: builtin-actors v18, `actors/multisig/src/state.rs`. */

const I64_LIMIT = 1n << 63n

/** Locks an amount. Source: `set_locked`. */
export function setLocked(
  state: Draft<MultisigState>,
  startEpoch: bigint,
  unlockDuration: bigint,
  lockedAmount: AttoFil,
): void {
  state.startEpoch = startEpoch
  state.unlockDuration = unlockDuration
  state.initialBalance = lockedAmount
}

/** What is locked so many epochs after the start of unlocking. Source: `amount_locked`. */
export function amountLocked(
  { initialBalance, unlockDuration }: Pick<MultisigState, 'initialBalance' | 'unlockDuration'>,
  elapsedEpochs: bigint,
): AttoFil {
  if (elapsedEpochs >= unlockDuration) {
    return 0n
  }
  if (elapsedEpochs <= 0n) {
    return initialBalance
  }
  return divCeil(initialBalance * (unlockDuration - elapsedEpochs), unlockDuration)
}

/**
 * Whether an amount can be spent without touching what is locked. Nothing can be spent at any time.
 *
 * Source: `check_available`.
 *
 * @throws {ActorError} `USR_ILLEGAL_ARGUMENT` for a negative amount; `USR_INSUFFICIENT_FUNDS` when it is not there
 * or locked; `USR_ASSERTION_FAILED` when the start lies further back than 64 bits reach.
 */
export function checkAvailable(
  state: MultisigState,
  balance: AttoFil,
  amountToSpend: AttoFil,
  currEpoch: ChainEpoch,
): void {
  requireParam(amountToSpend >= 0n, 'the amount to spend is less than zero')
  requireFunds(balance >= amountToSpend, 'the balance is less than the amount to spend')
  if (amountToSpend === 0n) {
    return
  }
  const elapsedEpochs = BigInt(currEpoch) - state.startEpoch
  requireInvariant(elapsedEpochs < I64_LIMIT, 'attempt to subtract with overflow')
  const locked = amountLocked(state, elapsedEpochs)
  requireFunds(
    balance - amountToSpend >= locked,
    () => `what is left would be less than ${locked} attoFIL locked`,
  )
}
