import type { AttoFil } from '@plimsoll/primitives'
import { type Figure, feeFigure, known, type NamedFigure } from './figure.ts'
import type { PackSubject } from './rule-pack.ts'

/**
 * The lines between the exact liquidation value and what a protocol takes a miner to be worth: what it leaves
 * out stands with a plus, for its value is higher by it.
 */

export function leftOut(name: string, value: Figure<AttoFil>, source: string): NamedFigure<AttoFil> {
  return { name, value, formula: 'not subtracted', source }
}

/** Everything that a protocol leaves out which takes the balance for the value. */
export function leftOutOfBalance(subject: PackSubject, source: string): readonly NamedFigure<AttoFil>[] {
  const { sheet, terminationFee, queuedTerminationFee } = subject
  return [
    leftOut('preCommitDeposit', known(sheet.preCommitDeposit), source),
    leftOut('feeDebt', known(sheet.feeDebt), source),
    leftOut('terminationFee', feeFigure(terminationFee), source),
    leftOut('queuedTerminationFee', feeFigure(queuedTerminationFee), source),
  ]
}
