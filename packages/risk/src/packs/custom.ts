import type { AttoFil } from '@plimsoll/primitives'
import { type Ratio, scaleFloor } from '../power-table/ratio.ts'
import { derive, type Figure, feeFigure, known, type NamedFigure, parameter } from './figure.ts'
import { debtRatio } from './rational.ts'
import {
  type Compared,
  type Limit,
  limitOf,
  type PackFigures,
  type PackSubject,
  standingOf,
} from './rule-pack.ts'

/** What may be taken off the balance of a miner. */
export const CUSTOM_DEDUCTIONS = [
  'preCommitDeposit',
  'feeDebt',
  'terminationFee',
  'queuedTerminationFee',
  'lockedFunds',
  'initialPledge',
  'buffer',
] as const
export type CustomDeduction = (typeof CUSTOM_DEDUCTIONS)[number]

/**
 * Rules of one's own: a value that is the balance less some deductions, and either what is left of it after
 * debt, compared with amounts, or the debt's ratio to it, compared with ratios.
 */
export interface CustomRules {
  readonly name: string
  readonly deductions: readonly CustomDeduction[]
  readonly levels:
    | {
        readonly compared: 'valueAfterDebt'
        readonly warning?: AttoFil | undefined
        readonly termination?: AttoFil | undefined
      }
    | {
        readonly compared: 'debtRatio'
        readonly warning?: Ratio | undefined
        readonly termination?: Ratio | undefined
        /** The most debt of the value. */
        readonly max?: Ratio | undefined
      }
}

const SOURCE = 'rules of your own'

/** Deductions that the exact liquidation value has. */
const EXACT: readonly CustomDeduction[] = [
  'preCommitDeposit',
  'feeDebt',
  'terminationFee',
  'queuedTerminationFee',
]

export function assessCustom(subject: PackSubject, rules: CustomRules): PackFigures {
  const deducted = rules.deductions.map((deduction) => amountOf(subject, deduction))
  const value = derive(deducted, (...amounts: readonly AttoFil[]) =>
    amounts.reduce((rest, amount) => rest - amount, subject.sheet.actorBalance),
  )
  const compared = comparedOf(value, subject.outstanding, rules.levels)
  return {
    pack: 'custom',
    title: rules.name,
    value: {
      name: 'value',
      value,
      formula: ['actorBalance', ...rules.deductions].join(' − '),
      source: SOURCE,
    },
    difference: differenceOf(subject, rules.deductions),
    compared,
    standing: standingOf(compared),
    limits: [limitFor(value, subject.outstanding, rules.levels)],
    terms: [],
  }
}

function amountOf({ sheet, ...subject }: PackSubject, deduction: CustomDeduction): Figure<AttoFil> {
  switch (deduction) {
    case 'terminationFee':
    case 'queuedTerminationFee':
      return feeFigure(subject[deduction])
    case 'buffer':
      return parameter('buffer', subject.buffer ?? undefined)
    default:
      return known(sheet[deduction])
  }
}

function comparedOf(value: Figure<AttoFil>, debt: AttoFil, levels: CustomRules['levels']): Compared {
  if (levels.compared === 'valueAfterDebt') {
    return {
      unit: 'attoFIL',
      actsWhen: 'below',
      name: 'valueAfterDebt',
      value: derive([value], (amount) => amount - debt),
      formula: 'value − outstanding',
      source: SOURCE,
      warning: level('warning', levels.warning),
      termination: level('termination', levels.termination),
    }
  }
  return {
    unit: 'ratio',
    actsWhen: 'above',
    name: 'debtRatio',
    value: derive([value], (amount) => debtRatio(debt, amount)),
    formula: 'outstanding / value',
    source: SOURCE,
    warning: level('warning', levels.warning),
    termination: level('termination', levels.termination),
  }
}

function level<T>(name: 'warning' | 'termination', threshold: T | undefined) {
  return { name, threshold: parameter(`custom.${name}`, threshold), source: SOURCE }
}

function limitFor(value: Figure<AttoFil>, debt: AttoFil, levels: CustomRules['levels']): Limit {
  if (levels.compared === 'valueAfterDebt') {
    return limitOf('takenOut', 'lend', [
      constraint(
        'valueAfterDebt',
        derive([value], (amount) => amount - debt),
        'value − outstanding',
      ),
    ])
  }
  const max = parameter('custom.max', levels.max)
  return limitOf('takenOut', 'lend', [
    constraint(
      'maxDebtRatio',
      derive([value, max], (amount, ratio) => scaleFloor(ratio, amount) - debt),
      'value · max − outstanding',
    ),
  ])
}

/** Exact deductions that the rules leave out, and deductions of theirs that are not of the exact value. */
function differenceOf(
  subject: PackSubject,
  deductions: readonly CustomDeduction[],
): readonly NamedFigure<AttoFil>[] {
  const left = EXACT.filter((deduction) => !deductions.includes(deduction)).map((deduction) =>
    constraint(deduction, amountOf(subject, deduction), 'not subtracted'),
  )
  const own = deductions
    .filter((deduction) => !EXACT.includes(deduction))
    .map((deduction) =>
      constraint(
        deduction,
        derive([amountOf(subject, deduction)], (amount) => -amount),
        'subtracted in addition',
      ),
    )
  return [...left, ...own]
}

function constraint(name: string, value: Figure<AttoFil>, formula: string): NamedFigure<AttoFil> {
  return { name, value, formula, source: SOURCE }
}
