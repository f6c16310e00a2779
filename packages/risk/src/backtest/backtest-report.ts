import { formatActorId } from '@plimsoll/primitives'
import type { NetworkView } from '../assess/network-view.ts'
import { type StateHead, stateHead } from '../report/assess-report.ts'
import type { Backtest } from './backtest.ts'
import { COMPARED_KEYS, type Compared, type ComparedKey, type MinerBacktest } from './compare-miner.ts'
import type { SectorDifference } from './compare-sectors.ts'

/** Amounts in attoFIL, power in bytes, in decimal. */
export interface ComparedFigures {
  readonly forecast: string
  readonly actual: string
  readonly difference: string
}

/** Sectors: how many, and their numbers as ranges such as `1,2,5-9`. */
export interface SectorList {
  readonly count: number
  readonly numbers: string
}

export interface MinerBacktestFigures {
  readonly miner: string
  readonly figures: Readonly<Record<ComparedKey, ComparedFigures>>
  /** What adds up to the difference of the liquidation value. */
  readonly terms: Readonly<Record<keyof MinerBacktest['terms'], string>>
  readonly sectors: Readonly<Record<keyof SectorDifference, SectorList>>
}

/** A backtest as JSON has it, the largest difference of a liquidation value first. */
export interface BacktestReport {
  readonly format: 1
  readonly first: StateHead
  readonly second: StateHead
  readonly assumptions: {
    readonly fromEpoch: number
    readonly toEpoch: number
    readonly operator: 'proves and recovers what it can'
    readonly background: 'frozen'
    readonly blockRewards: 'none are won'
    readonly ticks: 'every epoch has one'
    readonly rules: string
  }
  readonly estimates: { readonly reward: ComparedFigures; readonly qaPower: ComparedFigures }
  readonly miners: readonly MinerBacktestFigures[]
  readonly gone: readonly string[]
  readonly come: readonly string[]
}

export function backtestReport(
  first: NetworkView,
  second: NetworkView,
  rules: string,
  { from, to, estimates, miners, gone, come }: Backtest,
): BacktestReport {
  const size = ({ figures: { liquidationValue } }: MinerBacktest) => {
    const difference = liquidationValue.actual - liquidationValue.forecast
    return difference < 0n ? -difference : difference
  }
  const sorted = miners.toSorted((a, b) => Number(size(b) > size(a)) - Number(size(b) < size(a)))
  return {
    format: 1,
    first: stateHead(first),
    second: stateHead(second),
    assumptions: {
      fromEpoch: from,
      toEpoch: to,
      operator: 'proves and recovers what it can',
      background: 'frozen',
      blockRewards: 'none are won',
      ticks: 'every epoch has one',
      rules,
    },
    estimates: { reward: comparedFigures(estimates.reward), qaPower: comparedFigures(estimates.qaPower) },
    miners: sorted.map(minerFigures),
    gone: gone.map((id) => formatActorId(id)),
    come: come.map((id) => formatActorId(id)),
  }
}

function minerFigures({ miner, figures, terms, sectors }: MinerBacktest): MinerBacktestFigures {
  return {
    miner: formatActorId(miner),
    figures: Object.fromEntries(
      COMPARED_KEYS.map((key) => [key, comparedFigures(figures[key])]),
    ) as MinerBacktestFigures['figures'],
    terms: {
      balance: String(terms.balance),
      deposits: String(terms.deposits),
      feeDebt: String(terms.feeDebt),
      estimates: String(terms.estimates),
      liveSectors: String(terms.liveSectors),
      queuedSectors: String(terms.queuedSectors),
    },
    sectors: {
      added: sectorList(sectors.added),
      removed: sectorList(sectors.removed),
      changed: sectorList(sectors.changed),
      faulty: sectorList(sectors.faulty),
      notFaulty: sectorList(sectors.notFaulty),
    },
  }
}

function comparedFigures({ forecast, actual }: Compared): ComparedFigures {
  return { forecast: String(forecast), actual: String(actual), difference: String(actual - forecast) }
}

function sectorList(sectors: readonly number[]): SectorList {
  const ranges: { first: number; last: number }[] = []
  for (const sector of sectors) {
    const latest = ranges.at(-1)
    if (latest !== undefined && latest.last + 1 === sector) {
      latest.last = sector
    } else {
      ranges.push({ first: sector, last: sector })
    }
  }
  const numbers = ranges.map(({ first, last }) => (first === last ? String(first) : `${first}-${last}`))
  return { count: sectors.length, numbers: numbers.join(',') }
}
