import { formatActorId, formatDecimal } from '@plimsoll/primitives'
import type { MinerAssessment } from '../assess/assess-miner.ts'
import type { Ratio } from '../power-table/ratio.ts'
import type { ReportHead } from '../report/assess-report.ts'
import type { Figure, NamedFigure, Unavailable } from './figure.ts'
import { missingOf } from './missing-parameters.ts'
import { type DebtRatio, scaledDebtRatio, scaledRatio } from './rational.ts'
import type { Compared, Level, Limit, LimitUse, PackFigures, PackName, Standing } from './rule-pack.ts'

/** A figure as JSON: decimal text of attoFIL, or of a ratio with up to 18 decimals; or why there is none. */
export type FigureJson =
  | { readonly state: 'known'; readonly value: string }
  /** Debt over nothing. */
  | { readonly state: 'infinite' }
  | Unavailable

interface NamedJson {
  readonly name: string
  readonly value: FigureJson
  readonly formula: string
  readonly source: string
}

interface LevelJson {
  readonly name: string
  readonly threshold: FigureJson
  readonly source: string
}

/** One miner by the rules of one protocol, as JSON. */
export interface PackJson {
  readonly pack: PackName
  readonly title: string
  readonly value: NamedJson
  /** The exact liquidation value and all of these make the value of the pack. */
  readonly difference: readonly NamedJson[]
  readonly compared: NamedJson & {
    readonly unit: 'attoFIL' | 'ratio'
    readonly actsWhen: 'below' | 'above'
    readonly warning: LevelJson
    readonly termination: LevelJson
  }
  readonly standing: { readonly state: 'known'; readonly value: Standing } | Unavailable
  readonly limits: readonly {
    readonly use: LimitUse
    readonly name: string
    readonly value: FigureJson
    readonly binding: string | null
    readonly atMost: string | null
    readonly constraints: readonly NamedJson[]
  }[]
  readonly terms: readonly NamedJson[]
  /** The parameters without which figures are missing. */
  readonly needs: readonly string[]
}

/** One miner by the rules of every pack, beside the exact figures. */
export interface PacksReport extends ReportHead {
  readonly miner: string
  readonly outstanding: string
  /** Null where none was given. */
  readonly buffer: string | null
  /** Exact, to the attoFIL; null where it is not known. */
  readonly liquidationValue: string | null
  readonly safePledgeStrict: string | null
  readonly packs: readonly PackJson[]
}

export function packsReport(
  head: ReportHead,
  { miner, terms, buffer, byRules }: MinerAssessment,
  packs: readonly PackFigures[],
): PacksReport {
  const [{ position }] = byRules
  return {
    ...head,
    miner: formatActorId(miner),
    outstanding: String(terms.outstanding),
    buffer: textOrNull(buffer),
    liquidationValue: textOrNull(position.liquidationValue),
    safePledgeStrict: textOrNull(position.safePledgeStrict),
    packs: packs.map(packJson),
  }
}

function packJson(figures: PackFigures): PackJson {
  const { pack, title, value, difference, compared, standing, limits, terms } = figures
  return {
    pack,
    title,
    value: amountJson(value),
    difference: difference.map(amountJson),
    compared: comparedJson(compared),
    standing,
    limits: limits.map(limitJson),
    terms: terms.map(amountJson),
    needs: missingOf(figures),
  }
}

function limitJson({ use, name, value, binding, atMost, constraints }: Limit): PackJson['limits'][number] {
  return {
    use,
    name,
    value: figureJson(value, String),
    binding,
    atMost: textOrNull(atMost),
    constraints: constraints.map(amountJson),
  }
}

function comparedJson(compared: Compared): PackJson['compared'] {
  const { name, formula, source } = compared
  const common = { name, formula, source }
  return compared.unit === 'attoFIL'
    ? {
        ...common,
        unit: compared.unit,
        actsWhen: compared.actsWhen,
        value: figureJson(compared.value, String),
        warning: levelJson(compared.warning, String),
        termination: levelJson(compared.termination, String),
      }
    : {
        ...common,
        unit: compared.unit,
        actsWhen: compared.actsWhen,
        value: debtRatioJson(compared.value),
        warning: levelJson(compared.warning, ratioText),
        termination: levelJson(compared.termination, ratioText),
      }
}

function levelJson<T>({ name, threshold, source }: Level<T>, text: (value: T) => string): LevelJson {
  return { name, threshold: figureJson(threshold, text), source }
}

function amountJson({ name, value, formula, source }: NamedFigure<bigint>): NamedJson {
  return { name, value: figureJson(value, String), formula, source }
}

function debtRatioJson(figure: Figure<DebtRatio>): FigureJson {
  if (figure.state !== 'known') {
    return figure
  }
  const scaled = scaledDebtRatio(figure.value)
  return scaled === null ? { state: 'infinite' } : { state: 'known', value: formatDecimal(scaled, 18) }
}

function ratioText(ratio: Ratio): string {
  return formatDecimal(scaledRatio(ratio), 18)
}

function figureJson<T>(figure: Figure<T>, text: (value: T) => string): FigureJson {
  return figure.state === 'known' ? { state: 'known', value: text(figure.value) } : figure
}

function textOrNull(amount: bigint | null): string | null {
  return amount === null ? null : String(amount)
}
