import { formatFilRoundedDown } from '@plimsoll/primitives'
import type { AssessReport, MinerFigures, RuleFigures, Totals } from '@plimsoll/risk'

/** A column of the overview: a figure of every miner, under the name that JSON and `--sort` give it. */
export interface Column {
  readonly key: string
  /** Lines of the heading. */
  readonly heading: string
  readonly value: (figures: MinerFigures) => ColumnValue
  readonly total: (totals: Totals) => ColumnValue
}

/** An amount in attoFIL, a count, or a text; `missing` says why there is no amount. */
export type ColumnValue =
  | { readonly kind: 'amount'; readonly attoFil: bigint | null; readonly missing?: string }
  | { readonly kind: 'count'; readonly count: number }
  | { readonly kind: 'text'; readonly text: string }

type AmountKey = keyof {
  [K in keyof MinerFigures & keyof Totals as MinerFigures[K] extends string | null ? K : never]: true
}

/** The columns of a report. Heads Safe Pledge *before buffer* where no miner has one. */
export function overviewColumns(report: AssessReport): readonly Column[] {
  const isBeforeBuffer = report.miners.every((miner) => miner.buffer === null)
  const pledge = isBeforeBuffer ? '\nbefore buffer' : ''
  const hasLabels = report.miners.some((miner) => miner.label !== undefined)
  const hasOutstanding = report.miners.some((miner) => miner.outstanding !== '0')
  return [
    {
      key: 'miner',
      heading: 'miner',
      value: ({ miner }) => ({ kind: 'text', text: miner }),
      total: () => ({ kind: 'text', text: 'total' }),
    },
    ...(hasLabels ? [labelColumn] : []),
    countColumn('liveSectors', 'live'),
    countColumn('faultySectors', 'faulty'),
    amountColumn('actorBalance', 'balance'),
    amountColumn('initialPledge', 'pledge'),
    amountColumn('lockedFunds', 'locked'),
    amountColumn('preCommitDeposit', 'deposits'),
    amountColumn('feeDebt', 'fee debt'),
    ...feeColumns(report),
    amountColumn('liquidationValue', 'liquidation\nvalue'),
    ...(hasOutstanding ? [amountColumn('outstanding', 'outstanding')] : []),
    ...(isBeforeBuffer ? [] : [bufferColumn]),
    amountColumn('safePledge', `Safe Pledge\npublished${pledge}`),
    amountColumn('safePledgeStrict', `Safe Pledge\nstrict${pledge}`),
  ]
}

/** A value for a table: amounts in FIL, rounded down to so many decimals. */
export function formatCell(value: ColumnValue, decimals: number): string {
  switch (value.kind) {
    case 'amount':
      return value.attoFil === null ? (value.missing ?? 'n/a') : formatFilRoundedDown(value.attoFil, decimals)
    case 'count':
      return String(value.count)
    default:
      return value.text
  }
}

/** A value for a file: amounts in attoFIL, nothing for what is not known. */
export function formatRaw(value: ColumnValue): string {
  switch (value.kind) {
    case 'amount':
      return value.attoFil === null ? '' : String(value.attoFil)
    case 'count':
      return String(value.count)
    default:
      return value.text
  }
}

const labelColumn: Column = {
  key: 'label',
  heading: 'label',
  value: ({ label }) => ({ kind: 'text', text: label ?? '' }),
  total: () => ({ kind: 'text', text: '' }),
}

/** A miner without a buffer is not one whose buffer is unknown. */
const bufferColumn: Column = {
  key: 'buffer',
  heading: 'buffer',
  value: ({ buffer }) => ({ ...amount(buffer), missing: 'none' }),
  total: ({ buffer }) => amount(buffer),
}

function countColumn(key: 'liveSectors' | 'faultySectors', heading: string): Column {
  return {
    key,
    heading,
    value: (figures) => ({ kind: 'count', count: figures[key] }),
    total: (totals) => ({ kind: 'count', count: totals[key] }),
  }
}

function amountColumn(key: AmountKey, heading: string): Column {
  return {
    key,
    heading,
    value: (figures) => amount(figures[key]),
    total: (totals) => amount(totals[key]),
  }
}

/** The termination fee, by each of the rules that were asked for. */
function feeColumns(report: AssessReport): readonly Column[] {
  const other = report.miners[0]?.otherFeeRules
  const rules = other === undefined ? '' : `\n${report.miners[0]?.feeRules}`
  const own = feeColumn('terminationFee', `termination\nfee${rules}`, (figures) => figures)
  return other === undefined
    ? [own]
    : [
        own,
        feeColumn(
          'otherTerminationFee',
          `termination\nfee\n${other.feeRules}`,
          ({ otherFeeRules }) => otherFeeRules,
        ),
      ]
}

type FeeFigures = Pick<RuleFigures, 'terminationFee' | 'sectorsWithoutRewards'>

function feeColumn(
  key: string,
  heading: string,
  feesOf: (figures: FeeFigures & { readonly otherFeeRules?: FeeFigures }) => FeeFigures | undefined,
): Column {
  const value = (figures: MinerFigures | Totals): ColumnValue => {
    const fees = feesOf(figures)
    return {
      ...amount(fees?.terminationFee ?? null),
      missing: `n/a (${fees?.sectorsWithoutRewards ?? 0} sectors)`,
    }
  }
  return { key, heading, value, total: value }
}

function amount(text: string | null): { readonly kind: 'amount'; readonly attoFil: bigint | null } {
  return { kind: 'amount', attoFil: text === null ? null : BigInt(text) }
}
