import { type AttoFil, maxBigInt, minBigInt } from '@plimsoll/primitives'
import type { BalanceSheet } from './balance-sheet.ts'

/** What stands against a miner beside its own balance sheet; all attoFIL. */
export interface Claims {
  /** Fee for terminating all live sectors; null where it is not known. */
  readonly terminationFee: AttoFil | null
  /** Fee of the sectors that are terminated and not charged yet; null where it is not known. */
  readonly queuedTerminationFee: AttoFil | null
  /** Minted against the miner and not burned. */
  readonly outstanding: AttoFil
  /** Reserve for days of slashing, or null where none was given: figures are then before buffer. */
  readonly buffer: AttoFil | null
}

/**
 * A miner wound up now: what would come back, and how much can be lent against it. All attoFIL; null where a
 * fee that the figure needs is not known.
 */
export interface Position {
  /** Balance without deposits, debt and all termination fees; negative by what would be missing. */
  readonly liquidationValue: AttoFil | null
  /** Of it, what is free when the last sector is settled. */
  readonly recoverableNow: AttoFil | null
  /** Of it, what is free only as funds vest. */
  readonly recoverableLater: AttoFil | null
  /** Balance without deposits and what is outstanding. */
  readonly eligibleAsset: AttoFil
  /** What may be minted in addition, by the published rule: eligible asset without termination fee and buffer. */
  readonly safePledge: AttoFil | null
  /** The same without fee debt and queued fees, which the published rule forgets. */
  readonly safePledgeStrict: AttoFil | null
}

export function positionOf(sheet: BalanceSheet, claims: Claims): Position {
  const { actorBalance, preCommitDeposit, feeDebt } = sheet
  const { terminationFee, queuedTerminationFee, outstanding } = claims
  const buffer = claims.buffer ?? 0n
  const eligibleAsset = actorBalance - preCommitDeposit - outstanding
  const safePledge = terminationFee === null ? null : eligibleAsset - terminationFee - buffer
  const safePledgeStrict =
    safePledge === null || queuedTerminationFee === null ? null : safePledge - feeDebt - queuedTerminationFee
  if (terminationFee === null || queuedTerminationFee === null) {
    return {
      liquidationValue: null,
      recoverableNow: null,
      recoverableLater: null,
      eligibleAsset,
      safePledge,
      safePledgeStrict,
    }
  }
  const debt = feeDebt + terminationFee + queuedTerminationFee
  const liquidationValue = actorBalance - preCommitDeposit - debt
  return {
    liquidationValue,
    ...recoveryOf(sheet, debt, liquidationValue),
    eligibleAsset,
    safePledge,
    safePledgeStrict,
  }
}

/**
 * Splits the liquidation value by when it comes free. Debt is paid from vesting funds first, so what vests
 * later is what is left of them; a negative value leaves nothing, now or later.
 */
function recoveryOf(
  { lockedFunds, vestedFunds }: BalanceSheet,
  debt: AttoFil,
  liquidationValue: AttoFil,
): { readonly recoverableNow: AttoFil; readonly recoverableLater: AttoFil } {
  const recoverable = maxBigInt(liquidationValue, 0n)
  const stillLocked = maxBigInt(lockedFunds - vestedFunds - debt, 0n)
  const recoverableLater = minBigInt(stillLocked, recoverable)
  return { recoverableNow: recoverable - recoverableLater, recoverableLater }
}
