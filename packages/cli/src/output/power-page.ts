import {
  divFloor,
  formatDecimal,
  formatFilRoundedDown,
  formatPower,
  formatPowerRoundedDown,
  parseDecimal,
} from '@plimsoll/primitives'
import {
  type Ineligibility,
  type NetworkView,
  type PowerFigures,
  type PowerReport,
  RATIO_DECIMALS,
} from '@plimsoll/risk'
import { stringify } from 'csv-stringify/sync'
import type { Terminal } from '../terminal.ts'
import { formatEpoch, renderStateHead } from './head.ts'
import { bold, renderTable } from './table.ts'

/** A column of the table, with its foot. */
interface Column {
  readonly heading: string
  readonly cell: (figures: PowerFigures) => string
  readonly total: string
  readonly isText?: boolean
}

const REASONS: Readonly<Record<Ineligibility, string>> = {
  noPower: 'no power',
  belowMinimum: 'below the minimum',
  feeDebt: 'fee debt',
  consensusFault: 'consensus fault',
  detectedFault: 'detected fault',
  underCollateralised: 'under-collateralised',
}

const MEASURES = { raw: 'raw power', qa: 'quality-adjusted power' } as const

/** Every miner of the table in a line, with what shares are of and what was assumed. */
export function renderPowerTable(terminal: Terminal, view: NetworkView, report: PowerReport): string {
  const columns = columnsOf(report)
  const rows = report.miners.map((figures) => columns.map(({ cell }) => cell(figures)))
  const foot = columns.map(({ total }) => bold(terminal, total))
  const table = renderTable(
    terminal,
    columns.map(({ heading }) => heading),
    [...rows, foot],
    columns.map(({ isText }) => (isText ? 'left' : 'right')),
  )
  return [
    renderStateHead(view, report),
    `power table for epoch ${formatEpoch(report.assessedEpoch, view.network.network)}, ${ruleInWords(report)}`,
    '',
    table,
    '',
    ...notesOf(report),
    '',
  ].join('\n')
}

/** Every miner in a record under the names that JSON has; reasons are separated by spaces. */
export function renderPowerCsv(miners: readonly PowerFigures[]): string {
  const rows = miners.map((figures) => ({ ...figures, reasons: figures.reasons.join(' ') }))
  return stringify(rows, { header: true, cast: { boolean: String } })
}

function columnsOf(report: PowerReport): readonly Column[] {
  const { totals, power } = report
  const claimed = (of: { readonly claimedRaw: string; readonly claimedQa: string }) =>
    powerText(power === 'raw' ? of.claimedRaw : of.claimedQa)
  return [
    { heading: 'miner', cell: ({ miner }) => miner, total: 'total', isText: true },
    { heading: `claimed\n${power}`, cell: claimed, total: claimed(totals) },
    { heading: 'nominal', cell: ({ nominal }) => powerText(nominal), total: powerText(totals.nominal) },
    { heading: 'share', cell: ({ share }) => percent(share), total: '' },
    ...comparisonColumns(report),
    {
      heading: 'wins\na day',
      cell: ({ expectedWinsPerDay }) => rounded(expectedWinsPerDay, 2),
      total: rounded(totals.expectedWinsPerDay, 2),
    },
    {
      heading: 'reward\na day',
      cell: ({ rewardPerDay }) => formatFilRoundedDown(BigInt(rewardPerDay), 4),
      total: formatFilRoundedDown(BigInt(totals.rewardPerDay), 4),
    },
    {
      heading: 'eligible',
      cell: eligibility,
      total: `${totals.eligibleMiners} of ${totals.miners}`,
      isText: true,
    },
  ]
}

function eligibility({ isEligible, hasMiner, reasons }: PowerFigures): string {
  const answer = isEligible ? 'yes' : `no: ${reasons.map((reason) => REASONS[reason]).join(', ')}`
  return hasMiner ? answer : `${answer} (claim only)`
}

/** Beside the share of 2019: today's in the same measure, and the two steps between them. */
function comparisonColumns({ rule, power }: PowerReport): readonly Column[] {
  if (rule === 'today') {
    return []
  }
  return [
    {
      heading: `today's share\n${power}`,
      cell: ({ todayShareInMeasure }) => percent(todayShareInMeasure ?? '0'),
      total: '',
    },
    { heading: 'effect of\nthe rule', cell: ({ ruleEffect }) => signedPercent(ruleEffect ?? '0'), total: '' },
    {
      heading: `effect of\nqa → ${power}`,
      cell: ({ measureEffect }) => signedPercent(measureEffect ?? '0'),
      total: '',
    },
  ]
}

function ruleInWords({ rule, power, parameters }: PowerReport): string {
  if (parameters === undefined) {
    return `rule ${rule}, by ${MEASURES[power]}`
  }
  const { minMinerSizeStor, minMinerSizeTarg, zeroesUnderCollateralised } = parameters
  const collateral = zeroesUnderCollateralised ? 'counted' : 'ignored'
  return `rule ${rule}, by ${MEASURES[power]}, minimum size ${formatPower(BigInt(minMinerSizeStor))} or rank ${minMinerSizeTarg}, collateral ${collateral}`
}

function notesOf(report: PowerReport): readonly string[] {
  const { rule, miners, totals, thisEpochReward } = report
  const hidden = totals.miners - miners.length
  const reward = formatFilRoundedDown(BigInt(thisEpochReward), 4)
  return [
    `${totals.miners} miners, largest first${hidden > 0 ? `; ${hidden} of them are not shown and in the totals` : ''}. ${minimumInWords(report)}`,
    `Expected of five wins an epoch, which share ${reward} FIL; without gas. All is of this state, while nodes look power up 900 epochs back.`,
    ...(rule === 'today'
      ? ['The power of miners that may not win for another reason than size stays in what shares are of.']
      : ["Today's share by quality-adjusted power, and both effects, add up to the share."]),
    ...(miners.every(({ hasMiner }) => hasMiner)
      ? []
      : ['Claim only: the state holds no such miner, and nothing is known of its debts and faults.']),
    'Rounded down; --json and --csv have every byte, every attoFIL and 18 decimals.',
  ]
}

function minimumInWords({ rule, minimum }: PowerReport): string {
  if (minimum === '0') {
    return 'Any power is enough.'
  }
  return `Large enough from ${powerText(minimum)} of ${rule === 'today' ? 'raw' : 'nominal'} power.`
}

function powerText(bytes: string): string {
  return formatPowerRoundedDown(BigInt(bytes))
}

/** A decimal text with fewer decimals, rounded down. */
function rounded(ratio: string, decimals: number): string {
  const scaled = parseDecimal(ratio, RATIO_DECIMALS)
  const cut = divFloor(scaled, 10n ** BigInt(RATIO_DECIMALS - decimals))
  const [whole = '', fraction = ''] = formatDecimal(cut, decimals).split('.')
  return `${whole}.${fraction.padEnd(decimals, '0')}`
}

function percent(ratio: string): string {
  return `${rounded(formatDecimal(parseDecimal(ratio, RATIO_DECIMALS) * 100n, RATIO_DECIMALS), 4)} %`
}

function signedPercent(ratio: string): string {
  const text = percent(ratio)
  return text.startsWith('-') || text === percent('0') ? text : `+${text}`
}
