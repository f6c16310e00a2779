import { countBits, runsOf } from '@plimsoll/ipld'
import { type AttoFil, formatActorId, formatDecimal } from '@plimsoll/primitives'
import type { NetworkView } from '../assess/network-view.ts'
import { NO_SHARE, type Ratio, scaleFloor } from '../power-table/ratio.ts'
import { type StateHead, stateHead } from '../report/assess-report.ts'
import type { ClosedForm, closedFormOf } from './closed-form/closed-form.ts'
import type { Differing, DifferingDay } from './closed-form/explain-difference.ts'
import type { DayTerms } from './closed-form/predict-path.ts'
import { rewardPerDay } from './closed-form/scenario-path.ts'
import type { Crossing, MoneyPoint, Outlook } from './crossings.ts'
import type { Forecast } from './forecast.ts'
import { outstandingPath } from './outstanding-path.ts'
import type { Recovery } from './recovery.ts'
import type { Remedy } from './remedy.ts'

/** Money as JSON has it: decimal text of attoFIL. */
export type MoneyFigures = Readonly<Record<Exclude<keyof MoneyPoint, 'epoch'>, string>> & {
  readonly epoch: number
}

/**
 * A day in which a path does not go as the run does: the path less the run. The terms of all days until then add up to
 * the figures. What does not differ is left out.
 */
export interface DifferingDayFigures {
  readonly day: number
  readonly figures: Readonly<Record<string, string>>
  readonly terms: Readonly<Record<string, string>>
}

/** What closed formulas say beside the run; amounts as decimal text of attoFIL. */
export interface ClosedFormFigures {
  /** Whether every figure of every day is that of the run, to the attoFIL, under the same estimates. */
  readonly isEqualToActors: boolean
  readonly differences: readonly {
    readonly day: number
    readonly figure: string
    readonly actors: string
    readonly closedForm: string
  }[]
  /** Every day in which the closed form does not go as the run does, and why; empty where it is equal. */
  readonly againstRun: readonly DifferingDayFigures[]
  /** Of each day, what moved the money. */
  readonly terms: readonly Readonly<Record<keyof DayTerms, string>>[]
  readonly band: {
    readonly paths: readonly {
      readonly name: string
      readonly estimates: unknown
      readonly end: MoneyFigures
      readonly lowest: MoneyFigures
      readonly crossings: readonly Crossing[]
      /** Every day in which the path does not go as the run does, and why. */
      readonly againstRun: readonly DifferingDayFigures[]
    }[]
    /** Of the eligible asset at the end of each day. */
    readonly days: readonly { readonly epoch: number; readonly lowest: string; readonly highest: string }[]
    /** `latest` is null where it does not happen on every path. */
    readonly crossings: readonly {
      readonly kind: string
      readonly earliest: number
      readonly latest: number | null
    }[]
  }
}

export interface MinerForecast {
  readonly miner: string
  readonly label?: string
  readonly outlook: Outlook
  readonly outstanding: string
  /** What is outstanding at the end of the last day, grown by passive mint and interest. */
  readonly outstandingAtEnd: string
  readonly passiveMintPerDay: string
  /** Simple, of the outstanding of the first day; a decimal number, 8.5 for 8.5 %. */
  readonly interestPercentPerYear: string
  /** Expected at the end of each day. */
  readonly rewardPerDay: string
  readonly warningThreshold: string | null
  readonly terminationThreshold: string | null
  readonly crossings: readonly Crossing[]
  /** Messages that the actors refused, with the count of each. */
  readonly refused: Readonly<Record<string, number>>
  readonly start: MoneyFigures
  readonly days: readonly MoneyFigures[]
  /** Without one, the reason: a scenario that closed formulas do not follow. */
  readonly closedForm: ClosedFormFigures | { readonly reason: string }
  readonly remedy: {
    readonly level: string
    readonly topUp: string
    readonly before: number
    readonly isConfirmed: boolean
    /** Whether recovering everything, and proving it, from the first epoch on does as well. */
    readonly recoveringCures: boolean
    /** Where it does. */
    readonly recovery: {
      /** Numbers and ranges as `whatif --recover` takes them: what is faulty in the latest epoch, or would become so. */
      readonly sectors: string
      readonly count: number
      /** How many of them are faulty then. */
      readonly faulty: number
      /** The last epoch in which it cures to begin. */
      readonly latest: number
    } | null
  } | null
}

/** Forecasts as JSON has them, the one that crosses a level first on top. */
export interface ForecastReport extends StateHead {
  readonly assumptions: {
    readonly fromEpoch: number
    readonly days: number
    readonly operator: string
    readonly background: 'frozen'
    /** Whether the miners win blocks; how much each, stands beside it. */
    readonly blockRewards: 'none are won' | 'those of the scenario, at the end of each day'
    readonly rules: string
  }
  readonly outlook: Outlook
  readonly miners: readonly MinerForecast[]
}

/** A forecast with what is said of it beside the state. */
export interface LabelledForecast {
  readonly forecast: Forecast
  readonly closedForm: ReturnType<typeof closedFormOf>
  readonly remedy: Remedy | undefined
  readonly label?: string | undefined
}

export function forecastReport(
  view: NetworkView,
  rules: string,
  forecasts: readonly LabelledForecast[],
): ForecastReport {
  const sorted = forecasts.toSorted((a, b) => urgency(a.forecast) - urgency(b.forecast))
  const [first] = forecasts
  const { days = 0, operator = 'proves' } = first?.forecast.inputs.scenario ?? {}
  const outlooks = forecasts.map(({ forecast }) => forecast.outlook)
  return {
    ...stateHead(view),
    assumptions: {
      fromEpoch: view.assessedEpoch,
      days,
      operator: typeof operator === 'string' ? operator : `recovers at day ${operator.recoversAtDay}`,
      background: 'frozen',
      blockRewards: forecasts.some((one) => rewardOf(one) > 0n)
        ? 'those of the scenario, at the end of each day'
        : 'none are won',
      rules,
    },
    outlook: (['termination', 'warning'] as const).find((outlook) => outlooks.includes(outlook)) ?? 'safe',
    miners: sorted.map(minerForecast),
  }
}

function rewardOf({ forecast }: LabelledForecast): AttoFil {
  return rewardPerDay(forecast.inputs.scenario)
}

/** Termination before warning, and each by its epoch; a lost claim is as a warning. What crosses nothing comes last. */
function urgency({ crossings }: Forecast): number {
  const at = (kind: string) => crossings.find((crossing) => crossing.kind === kind)?.epoch
  const termination = at('termination')
  const warning = at('warning') ?? at('claimDeleted')
  const LATER = 2 ** 40
  return termination ?? (warning === undefined ? 2 * LATER : LATER + warning)
}

function minerForecast(labelled: LabelledForecast): MinerForecast {
  const { forecast, closedForm, remedy, label } = labelled
  const { inputs, outlook, crossings, refused, start, days } = forecast
  const { warning, termination } = inputs.thresholds
  return {
    miner: formatActorId(inputs.miner),
    ...(label !== undefined && { label }),
    outlook,
    outstanding: String(inputs.outstanding),
    outstandingAtEnd: String(outstandingPath(inputs, start.epoch + 1)((days.at(-1) ?? start).epoch)),
    passiveMintPerDay: String(inputs.passiveMintPerDay ?? 0n),
    interestPercentPerYear: percentText(inputs.interestPerYear ?? NO_SHARE),
    rewardPerDay: String(rewardOf(labelled)),
    warningThreshold: warning === undefined ? null : String(warning),
    terminationThreshold: termination === undefined ? null : String(termination),
    crossings,
    refused: Object.fromEntries(refused),
    start: moneyFigures(start),
    days: days.map(moneyFigures),
    closedForm: 'reason' in closedForm ? closedForm : closedFormFigures(closedForm),
    remedy:
      remedy === undefined
        ? null
        : {
            level: remedy.level,
            topUp: String(remedy.topUp),
            before: remedy.before,
            isConfirmed: remedy.isConfirmed,
            recoveringCures: remedy.recovery !== undefined,
            recovery: remedy.recovery === undefined ? null : recoveryFigures(remedy.recovery),
          },
  }
}

function recoveryFigures({ sectors, faulty, latest }: Recovery) {
  const ranges = [...runsOf(sectors)].map(({ start, end }) => {
    const last = Number(end) - 1
    return Number(start) === last ? String(start) : `${start}-${last}`
  })
  return { sectors: ranges.join(','), count: Number(countBits(sectors)), faulty, latest }
}

/** Digits after the point, which is as many as can be given. */
const PERCENT_DECIMALS = 18

function percentText({ num, denom }: Ratio): string {
  return formatDecimal(
    scaleFloor({ num: 100n * num, denom }, 10n ** BigInt(PERCENT_DECIMALS)),
    PERCENT_DECIMALS,
  )
}

function moneyFigures(point: MoneyPoint): MoneyFigures {
  return {
    epoch: point.epoch,
    balance: String(point.balance),
    preCommitDeposits: String(point.preCommitDeposits),
    initialPledge: String(point.initialPledge),
    lockedFunds: String(point.lockedFunds),
    feeDebt: String(point.feeDebt),
    available: String(point.available),
    eligibleAsset: String(point.eligibleAsset),
  }
}

function closedFormFigures({ days, differences, againstRun, band }: ClosedForm): ClosedFormFigures {
  return {
    isEqualToActors: differences.length === 0,
    differences: differences.map(({ actors, closedForm, ...where }) => ({
      ...where,
      actors: String(actors),
      closedForm: String(closedForm),
    })),
    againstRun: againstRun.map(differingDay),
    terms: days.map(({ terms }) => amountsOf(terms)),
    band: {
      paths: band.paths.map(({ name, estimates, path, againstRun: differing }) => ({
        ...{ name, estimates, crossings: path.crossings },
        end: moneyFigures(path.days.at(-1) ?? path.start),
        lowest: moneyFigures(path.lowest),
        againstRun: differing.map(differingDay),
      })),
      days: band.days.map(({ epoch, lowest, highest }) => ({
        ...{ epoch, lowest: String(lowest), highest: String(highest) },
      })),
      crossings: band.crossings.map(({ latest = null, ...crossing }) => ({ ...crossing, latest })),
    },
  }
}

function differingDay({ day, figures, terms }: DifferingDay): DifferingDayFigures {
  return { day, figures: textsOf(figures), terms: textsOf(terms) }
}

function textsOf(amounts: Differing<string>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(amounts).map(([key, amount]) => [key, String(amount)]))
}

function amountsOf<K extends string>(amounts: Readonly<Record<K, bigint>>): Record<K, string> {
  return Object.fromEntries(Object.entries(amounts).map(([key, amount]) => [key, String(amount)])) as Record<
    K,
    string
  >
}
