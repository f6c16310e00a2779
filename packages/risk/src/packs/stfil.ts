import { type AttoFil, maxBigInt, minBigInt } from '@plimsoll/primitives'
import { type Ratio, scaleFloor } from '../power-table/ratio.ts'
import { leftOutOfBalance } from './difference.ts'
import { derive, type Figure, known, type NamedFigure, none, parameter } from './figure.ts'
import { debtRatio, wholeOf } from './rational.ts'
import {
  type Compared,
  type Limit,
  limitOf,
  type PackFigures,
  type PackSubject,
  standingOf,
} from './rule-pack.ts'

export const STFIL_MODES = [
  'beneficiary',
  'beneficiary-verified',
  'owner',
  'owner-verified',
  'later',
  'later-new-node',
] as const
export type StfilMode = (typeof STFIL_MODES)[number]

/** The greatest leverage, PV / (PV − D), by what a loan is for. */
interface Leverage {
  readonly seal: Ratio
  readonly withdraw: Ratio
}

/** By how the miner was handed over, first for one and all purposes; later by purpose. */
export const STFIL_MAX_LEVERAGE: Readonly<Record<StfilMode, Leverage>> = {
  beneficiary: leverage({ num: 3n, denom: 2n }),
  'beneficiary-verified': leverage({ num: 2n, denom: 1n }),
  owner: leverage({ num: 2n, denom: 1n }),
  'owner-verified': leverage({ num: 3n, denom: 1n }),
  later: leverage({ num: 3n, denom: 1n }, { num: 3n, denom: 2n }),
  'later-new-node': leverage({ num: 4n, denom: 1n }, { num: 3n, denom: 2n }),
}

/** What the state does not say, or STFIL does not publish. */
export interface StfilParameters {
  readonly mode?: StfilMode | undefined
  /** D / PV above which a miner is liquidated. */
  readonly liquidationDebtRatio?: Ratio | undefined
  /** FIL that must remain beside what is locked when something is withdrawn. */
  readonly withdrawMargin?: AttoFil | undefined
}

const PAPER = 'STFIL white paper'
const DOCUMENTATION = 'STFIL documentation, lending pool'

/** STFIL: FIL is lent against the whole balance; nothing is ever terminated, and no fee is ever counted. */
export function assessStfil(subject: PackSubject, parameters: StfilParameters): PackFigures {
  const { sheet, outstanding: debt } = subject
  const positionValue = sheet.actorBalance
  const modes = derive([parameter('stfil.mode', parameters.mode)], (mode) => STFIL_MAX_LEVERAGE[mode])
  const liquidation = parameter('stfil.liquidationDebtRatio', parameters.liquidationDebtRatio)
  const compared: Compared = {
    unit: 'ratio',
    actsWhen: 'above',
    name: 'ltv',
    value: known(debtRatio(debt, positionValue)),
    formula: 'debt / actorBalance',
    source: PAPER,
    warning: { name: 'warning', threshold: none('no warning is published'), source: PAPER },
    termination: {
      name: 'liquidation',
      threshold: liquidation,
      source: `${PAPER}; the ratio is not published`,
    },
  }
  return {
    pack: 'stfil',
    title: 'STFIL',
    value: { name: 'positionValue', value: known(positionValue), formula: 'actorBalance', source: PAPER },
    difference: leftOutOfBalance(subject, PAPER),
    compared,
    standing: standingOf(compared),
    limits: limitsOf(subject, modes, parameters.withdrawMargin),
    terms: [
      {
        name: 'providerLoss',
        value: derive([liquidation], (ratio) => positionValue - wholeOf(debt, ratio)),
        formula: 'actorBalance − debt / liquidationDebtRatio: what the provider loses before anybody else',
        source: PAPER,
      },
      ...liquidationPayments(subject, modes, liquidation),
    ],
  }
}

/** DR_max: the debt of a balance at its greatest leverage. */
export function debtRatioAtLeverage({ num, denom }: Ratio): Ratio {
  return { num: num - denom, denom: num }
}

/** What may be borrowed in addition and taken away. */
function borrowToWithdraw(value: AttoFil, debt: AttoFil, maxLeverage: Ratio): AttoFil {
  return scaleFloor(debtRatioAtLeverage(maxLeverage), value) - debt
}

/** What may be borrowed in addition when it stays in the miner: PV · (L − 1) − D · L. */
function borrowToSeal(value: AttoFil, debt: AttoFil, { num, denom }: Ratio): AttoFil {
  return scaleFloor({ num: 1n, denom }, value * (num - denom) - debt * num)
}

function limitsOf(
  { sheet, outstanding: debt }: PackSubject,
  modes: Figure<Leverage>,
  withdrawMargin: AttoFil | undefined,
): readonly Limit[] {
  const value = sheet.actorBalance
  const margin = parameter('stfil.withdrawMargin', withdrawMargin)
  return [
    limitOf('takenOut', 'borrow to withdraw', [
      constraint(
        'maxLeverage',
        derive([modes], ({ withdraw }) => borrowToWithdraw(value, debt, withdraw)),
        'actorBalance · (L − 1) / L − debt',
        DOCUMENTATION,
      ),
    ]),
    limitOf('sealed', 'borrow to seal', [
      constraint(
        'maxLeverage',
        derive([modes], ({ seal }) => borrowToSeal(value, debt, seal)),
        'actorBalance · (L − 1) − debt · L',
        DOCUMENTATION,
      ),
    ]),
    limitOf('withdrawn', 'withdraw', [
      constraint(
        'safetyBufferOfDebt',
        derive([modes], ({ seal }) => value - wholeOf(debt, debtRatioAtLeverage(seal))),
        'actorBalance − debt / (L − 1) − debt',
        PAPER,
      ),
      constraint(
        'safetyBufferOfLockedFunds',
        derive([margin], (more) => sheet.unlockedBalance - more),
        'unlockedBalance − withdrawMargin',
        `${PAPER}; that all locked funds, deposits and pledge are what is fixed is ours`,
      ),
      constraint(
        'availableBalance',
        known(maxBigInt(sheet.availableBalance, 0n)),
        'max(0, availableBalance)',
        'the miner actor pays out no more',
      ),
    ]),
  ]
}

/** What is paid when a miner becomes liquidatable, and what of it there is to pay with: nothing is terminated. */
function liquidationPayments(
  { sheet }: PackSubject,
  modes: Figure<Leverage>,
  liquidation: Figure<Ratio>,
): readonly NamedFigure<AttoFil>[] {
  const payment = derive([modes, liquidation], ({ seal }, limit) => {
    const max = debtRatioAtLeverage(seal)
    // (DR_LT − DR_max) / (1 − DR_max), over one denominator.
    const num = limit.num * max.denom - max.num * limit.denom
    return scaleFloor({ num, denom: limit.denom * (max.denom - max.num) }, sheet.actorBalance)
  })
  return [
    constraint('liquidationPayment', payment, 'actorBalance · (DR_LT − DR_max) / (1 − DR_max)', PAPER),
    constraint(
      'liquidationPaymentNow',
      derive([payment], (all) => minBigInt(all, maxBigInt(sheet.availableBalance, 0n))),
      'min(liquidationPayment, availableBalance): it is taken from nothing else',
      PAPER,
    ),
  ]
}

function leverage(seal: Ratio, withdraw: Ratio = seal): Leverage {
  return { seal, withdraw }
}

function constraint(
  name: string,
  value: Figure<AttoFil>,
  formula: string,
  source: string,
): NamedFigure<AttoFil> {
  return { name, value, formula, source }
}
