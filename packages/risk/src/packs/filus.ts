import type { AttoFil } from '@plimsoll/primitives'
import { type Ratio, scaleFloor } from '../power-table/ratio.ts'
import { leftOut } from './difference.ts'
import { derive, type Figure, feeFigure, known, type NamedFigure, none, parameter } from './figure.ts'
import { debtRatio } from './rational.ts'
import { type Compared, limitOf, type PackFigures, type PackSubject, standingOf } from './rule-pack.ts'

/** Filus's published ratios of debt to collateral. */
export const FILUS_RULES: { readonly maxDebtRatio: Ratio; readonly liquidationDebtRatio: Ratio } = {
  maxDebtRatio: { num: 75n, denom: 100n },
  liquidationDebtRatio: { num: 85n, denom: 100n },
}

/** What Filus does not publish. */
export interface FilusParameters {
  /** Rewards that are expected and counted as collateral. */
  readonly futureIncome?: AttoFil | undefined
}

const DOCUMENTATION = 'Filus documentation'

/** Filus: FIL is lent against pledge, available balance and income that is still to come. */
export function assessFilus(subject: PackSubject, parameters: FilusParameters): PackFigures {
  const { sheet, outstanding: debt } = subject
  const futureIncome = parameter('filus.futureIncome', parameters.futureIncome)
  const present = derive(
    [feeFigure(subject.terminationFee)],
    (fee) => sheet.initialPledge - fee + sheet.availableBalance,
  )
  const collateral = derive([present, futureIncome], (now, later) => now + later)
  const compared = comparedOf(collateral, debt)
  return {
    pack: 'filus',
    title: 'Filus',
    value: named(
      'collateral',
      collateral,
      'initialPledge − terminationFee + availableBalance + futureIncome',
    ),
    difference: [
      leftOut('queuedTerminationFee', feeFigure(subject.queuedTerminationFee), DOCUMENTATION),
      named('lockedFunds', known(-sheet.lockedFunds), 'vesting funds are not counted'),
      named('futureIncome', futureIncome, 'added; it falls exactly when faults start'),
    ],
    compared,
    standing: standingOf(compared),
    limits: [
      limitOf('takenOut', 'borrow', [
        named(
          'maxDebtRatio',
          derive([collateral], (value) => scaleFloor(FILUS_RULES.maxDebtRatio, value) - debt),
          'collateral · 0.75 − debt',
        ),
      ]),
    ],
    terms: [
      named('collateralWithoutIncome', present, 'initialPledge − terminationFee + availableBalance'),
      named('futureIncome', futureIncome, 'not published'),
    ],
  }
}

function comparedOf(collateral: Figure<AttoFil>, debt: AttoFil): Compared {
  return {
    unit: 'ratio',
    actsWhen: 'above',
    name: 'cdr',
    value: derive([collateral], (value) => debtRatio(debt, value)),
    formula: 'debt / collateral',
    source: DOCUMENTATION,
    warning: { name: 'warning', threshold: none('no warning is published'), source: DOCUMENTATION },
    termination: {
      name: 'liquidation',
      threshold: known(FILUS_RULES.liquidationDebtRatio),
      source: DOCUMENTATION,
    },
  }
}

function named(name: string, value: Figure<AttoFil>, formula: string): NamedFigure<AttoFil> {
  return { name, value, formula, source: DOCUMENTATION }
}
