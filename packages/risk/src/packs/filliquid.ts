import { ATTO_FIL_PER_FIL, type AttoFil, maxBigInt } from '@plimsoll/primitives'
import { type Ratio, scaleFloor } from '../power-table/ratio.ts'
import { leftOutOfBalance } from './difference.ts'
import { derive, type Figure, known, type NamedFigure, none, parameter } from './figure.ts'
import { complement, debtRatio } from './rational.ts'
import {
  type Compared,
  type Limit,
  limitOf,
  nothingWhile,
  type PackFigures,
  type PackSubject,
  standingOf,
} from './rule-pack.ts'

/** FILLiquid's published parameters, which its contracts keep in parts of a million. */
export const FILLIQUID_RULES = {
  collateralRate: perMillion(500_000n),
  alertRate: perMillion(750_000n),
  liquidationRate: perMillion(850_000n),
  /** A liquidation repays this part of what it withdraws; the rest are fees of 7 % and 3 %. */
  liquidationDiscount: perMillion(900_000n),
  maxLoans: 5,
  minLoan: 10n * ATTO_FIL_PER_FIL,
} as const

/** What the state does not say of a miner's loans. */
export interface FilliquidParameters {
  readonly openLoans?: number | undefined
  /** What is owed without interest. */
  readonly principal?: AttoFil | undefined
}

const CONTRACTS = 'FILLiquid contracts and documentation'

/** FILLiquid: FIL is lent against the raw balance of a family of miners, here of this one alone. */
export function assessFilliquid(subject: PackSubject, parameters: FilliquidParameters): PackFigures {
  const { sheet, outstanding: debt } = subject
  const compared: Compared = {
    unit: 'ratio',
    actsWhen: 'above',
    name: 'ltv',
    value: known(debtRatio(debt, sheet.actorBalance)),
    formula: 'debt / actorBalance',
    source: CONTRACTS,
    warning: { name: 'alert', threshold: known(FILLIQUID_RULES.alertRate), source: CONTRACTS },
    termination: {
      name: 'liquidation',
      threshold: known(FILLIQUID_RULES.liquidationRate),
      source: CONTRACTS,
    },
  }
  return {
    pack: 'filliquid',
    title: 'FILLiquid',
    value: {
      name: 'collateral',
      value: known(sheet.actorBalance),
      formula: 'actorBalance',
      source: CONTRACTS,
    },
    difference: leftOutOfBalance(subject, CONTRACTS),
    compared,
    standing: standingOf(compared),
    limits: limitsOf(subject, parameters.openLoans),
    terms: [
      liquidationRepays(subject),
      {
        name: 'badDebt',
        value: derive([parameter('filliquid.principal', parameters.principal)], (principal) =>
          maxBigInt(principal - sheet.actorBalance, 0n),
        ),
        formula: 'principal − actorBalance, where it is positive',
        source: CONTRACTS,
      },
    ],
  }
}

function limitsOf(
  { sheet, outstanding: debt }: PackSubject,
  openLoans: number | undefined,
): readonly Limit[] {
  const { collateralRate } = FILLIQUID_RULES
  const carried = scaleFloor(collateralRate, sheet.actorBalance)
  const { num, denom } = complement(collateralRate)
  const loans = loanCountConstraint(debt, openLoans)
  const limit = (use: 'sealed' | 'takenOut', name: string, most: AttoFil, formula: string) =>
    limitOf(use, name, [
      { name: 'collateralRate', value: known(most), formula, source: CONTRACTS },
      minLoanConstraint(most),
      loans,
    ])
  return [
    limit('takenOut', 'borrow and leave the family', carried - debt, 'actorBalance · c − debt'),
    limit(
      'sealed',
      'borrow',
      scaleFloor({ num: denom, denom: num }, carried - debt),
      '(actorBalance · c − debt) / (1 − c)',
    ),
  ]
}

function minLoanConstraint(most: AttoFil): NamedFigure<AttoFil> {
  return {
    name: 'minLoan',
    value: nothingWhile(known(most < FILLIQUID_RULES.minLoan)),
    formula: '0 when less than 10 FIL could be borrowed',
    source: CONTRACTS,
  }
}

/** Whoever owes nothing has no loans open. */
function loanCountConstraint(debt: AttoFil, openLoans: number | undefined): NamedFigure<AttoFil> {
  const count = debt === 0n ? known(0) : parameter('filliquid.openLoans', openLoans)
  const isFull = derive([count], (loans) => loans >= FILLIQUID_RULES.maxLoans)
  return {
    name: 'maxLoans',
    value: nothingWhile(isFull),
    formula: '0 when 5 loans are open',
    source: CONTRACTS,
  }
}

/** What a liquidation would repay now, with this miner as the payer. */
function liquidationRepays({ sheet }: PackSubject): NamedFigure<AttoFil> {
  const value: Figure<AttoFil> =
    sheet.feeDebt > 0n
      ? none('a liquidation fails while the payer is in fee debt')
      : known(scaleFloor(FILLIQUID_RULES.liquidationDiscount, maxBigInt(sheet.availableBalance, 0n)))
  return {
    name: 'liquidationRepays',
    value,
    formula:
      'availableBalance · 0.9; with nothing available it repays nothing and the next one waits all the same',
    source: CONTRACTS,
  }
}

function perMillion(parts: bigint): Ratio {
  return { num: parts, denom: 1_000_000n }
}
