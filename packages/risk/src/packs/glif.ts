import { type AttoFil, maxBigInt } from '@plimsoll/primitives'
import type { Ratio } from '../power-table/ratio.ts'
import { leftOut } from './difference.ts'
import { derive, type Figure, feeFigure, known, type NamedFigure, parameter } from './figure.ts'
import {
  borrowLimit,
  GLIF_LIQUIDATION_DTL,
  GLIF_MAX_DTL,
  type GlifTier,
  glifLiquidationValue,
  glifTerminationFee,
  marginCall,
  maxBorrowAndSeal,
  maxBorrowAndWithdraw,
  withdrawableByDtl,
} from './glif-formulas.ts'
import { debtRatio, exceeds } from './rational.ts'
import {
  type Compared,
  type Limit,
  limitOf,
  nothingWhile,
  type PackFigures,
  type PackSubject,
  standingOf,
} from './rule-pack.ts'

/** What the state does not say, and GLIF not in one voice. */
export interface GlifParameters {
  /** The tier that the agent's owner has bought. */
  readonly tier?: GlifTier | undefined
  /** Share of faulty sectors above which nothing may be borrowed; the documents and the code differ. */
  readonly faultySectorLimit?: Ratio | undefined
}

const CODE = 'glifio/go-pools, `econ/`'
const DOCUMENTATION = 'GLIF documentation, tiers and liquidation'

/** GLIF: FIL is lent to an agent, here one of this miner alone, against its liquidation value. */
export function assessGlif(subject: PackSubject, parameters: GlifParameters): PackFigures {
  const { sheet, outstanding: debt } = subject
  const fee = glifTerminationFee(sheet.initialPledge, subject.faultFeeOfClaim)
  const liquidationValue = glifLiquidationValue({
    balance: sheet.actorBalance,
    feeDebt: sheet.feeDebt,
    terminationFee: fee,
  })
  const maxDtl = derive([parameter('glif.tier', parameters.tier)], (tier) => GLIF_MAX_DTL[tier])
  const compared = comparedOf(liquidationValue, debt, maxDtl)
  return {
    pack: 'glif',
    title: 'GLIF',
    value: {
      name: 'liquidationValue',
      value: known(liquidationValue),
      formula: 'max(0, max(0, actorBalance − feeDebt) − fee of all pledge at full age)',
      source: CODE,
    },
    difference: differenceOf(subject, fee, liquidationValue),
    compared,
    standing: standingOf(compared),
    limits: limitsOf(subject, liquidationValue, maxDtl, parameters.faultySectorLimit),
    terms: [
      amount('aggregateTerminationFee', known(fee), 'fee(initialPledge, 140 days, FF of the claim)'),
      amount('margin', known(liquidationValue - debt), 'liquidationValue − debt'),
      amount('marginCall', known(marginCall(debt)), 'debt / 0.92: the value below which it is liquidated'),
      amount(
        'maxBorrowAndSeal',
        derive([maxDtl], (ratio) => maxBorrowAndSeal(liquidationValue, debt, ratio)),
        'margin / (1 − maxDtl) − margin: all debt that the margin carries',
      ),
    ],
  }
}

function comparedOf(liquidationValue: AttoFil, debt: AttoFil, maxDtl: Figure<Ratio>): Compared {
  return {
    unit: 'ratio',
    actsWhen: 'above',
    name: 'dtl',
    value: known(debtRatio(debt, liquidationValue)),
    formula: 'debt / liquidationValue',
    source: CODE,
    warning: { name: 'administration', threshold: maxDtl, source: DOCUMENTATION },
    termination: { name: 'liquidation', threshold: known(GLIF_LIQUIDATION_DTL), source: DOCUMENTATION },
  }
}

function limitsOf(
  subject: PackSubject,
  liquidationValue: AttoFil,
  maxDtl: Figure<Ratio>,
  faultySectorLimit: Ratio | undefined,
): readonly Limit[] {
  const { sheet, outstanding: debt } = subject
  const by = (
    name: string,
    limit: (value: AttoFil, debt: AttoFil, maxDtl: Ratio) => AttoFil,
    formula: string,
  ) =>
    amount(
      name,
      derive([maxDtl], (ratio) => limit(liquidationValue, debt, ratio)),
      formula,
    )
  const faults = faultConstraint(subject, faultySectorLimit)
  return [
    limitOf('takenOut', 'borrow and withdraw', [
      by('maxDtl', maxBorrowAndWithdraw, 'margin − liquidationValue · (1 − maxDtl)'),
      faults,
    ]),
    limitOf('sealed', 'borrow and seal', [
      by('maxDtl', borrowLimit, 'margin / (1 − maxDtl) − margin − debt'),
      faults,
    ]),
    limitOf('withdrawn', 'withdraw', [
      by('maxDtl', withdrawableByDtl, 'liquidationValue − debt / maxDtl'),
      amount('availableBalance', known(maxBigInt(sheet.availableBalance, 0n)), 'max(0, availableBalance)'),
    ]),
  ]
}

/** With too large a share of faulty sectors nothing may be borrowed; with fewer, faults restrict nothing. */
function faultConstraint(
  { liveSectors, faultySectors }: PackSubject,
  faultySectorLimit: Ratio | undefined,
): NamedFigure<AttoFil> {
  const share = debtRatio(BigInt(faultySectors), BigInt(liveSectors))
  // No limit is below a share of nothing.
  const isAbove =
    faultySectors === 0
      ? known(false)
      : derive([parameter('glif.faultySectorLimit', faultySectorLimit)], (limit) => exceeds(share, limit))
  return {
    name: 'faultySectorLimit',
    value: nothingWhile(isAbove),
    formula: '0 when faultySectors / liveSectors is above the limit',
    source: `${DOCUMENTATION}; the code has another limit`,
  }
}

function differenceOf(
  subject: PackSubject,
  fee: AttoFil,
  liquidationValue: AttoFil,
): readonly NamedFigure<AttoFil>[] {
  const { sheet } = subject
  return [
    leftOut('preCommitDeposit', known(sheet.preCommitDeposit), CODE),
    leftOut('queuedTerminationFee', feeFigure(subject.queuedTerminationFee), CODE),
    {
      name: 'feeEstimate',
      value: derive([feeFigure(subject.terminationFee)], (exact) => exact - fee),
      formula: 'terminationFee − aggregateTerminationFee',
      source: CODE,
    },
    {
      name: 'notBelowZero',
      value: known(liquidationValue - (sheet.actorBalance - sheet.feeDebt - fee)),
      formula: 'what the value would be below zero',
      source: CODE,
    },
  ]
}

function amount(name: string, value: Figure<AttoFil>, formula: string): NamedFigure<AttoFil> {
  return { name, value, formula, source: CODE }
}
