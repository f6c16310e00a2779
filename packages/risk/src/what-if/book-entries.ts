import type { AttoFil } from '@plimsoll/primitives'
import type { MinerAssessment } from '../assess/assess-miner.ts'
import { bindingTerm, type MintRule, mintCapacity, type PledgeStep } from '../ledger/mint-capacity.ts'

/** What is done in the books of whoever lends against a miner: pFIL minted, or taken off the outstanding. */
export interface BookActions {
  readonly repay?: AttoFil | undefined
  readonly mint?: AttoFil | undefined
}

/** An entry, and whether it is accepted. Amounts in attoFIL. */
export type BookEntry =
  | {
      /** PFIL burned, or FIL paid for it one for one: either lowers the outstanding, and the miner stays as it is. */
      readonly kind: 'repay'
      readonly amount: AttoFil
      /** No more than this could be taken off. */
      readonly limit: AttoFil
      readonly isAccepted: boolean
    }
  | {
      readonly kind: 'mint'
      readonly amount: AttoFil
      /** Safe Pledge; negative by what is missing. */
      readonly limit: AttoFil
      readonly isAccepted: boolean
      /** The term after which what is left does not cover the amount any more. */
      readonly binding: PledgeStep['term'] | undefined
    }

export interface BooksAfter {
  readonly entries: readonly BookEntry[]
  readonly outstanding: AttoFil
}

/**
 * Enters what is repaid, then what is minted, against a miner as it is assessed.
 *
 * @param assessment by the fees of FIP-0098, all of which are known.
 */
export function enterIntoBooks(
  assessment: MinerAssessment,
  { repay, mint }: BookActions,
  rule: MintRule,
): BooksAfter {
  const entries: BookEntry[] = []
  let { outstanding } = assessment.terms
  if (repay !== undefined) {
    const isAccepted = repay <= outstanding
    entries.push({ kind: 'repay', amount: repay, limit: outstanding, isAccepted })
    outstanding -= isAccepted ? repay : 0n
  }
  if (mint !== undefined) {
    const capacity = mintCapacity(appraisalOf(assessment), outstanding, rule)
    const binding = bindingTerm(capacity, mint)
    const isAccepted = binding === undefined
    entries.push({ kind: 'mint', amount: mint, limit: capacity.capacity, isAccepted, binding })
    outstanding += isAccepted ? mint : 0n
  }
  return { entries, outstanding }
}

function appraisalOf({ sheet, buffer, byRules: [{ live, queued }] }: MinerAssessment) {
  const { actorBalance, preCommitDeposit, feeDebt } = sheet
  return {
    actorBalance,
    preCommitDeposit,
    feeDebt,
    terminationFee: live.fee ?? 0n,
    queuedTerminationFee: queued.fee ?? 0n,
    buffer: buffer ?? 0n,
  }
}
