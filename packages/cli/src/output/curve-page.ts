import {
  ATTO_FIL_PER_FIL,
  epochToUtc,
  formatFilRoundedDown,
  type NetworkParameters,
} from '@plimsoll/primitives'
import type { CurveFigures, CurveReport } from '@plimsoll/risk'
import { stringify } from 'csv-stringify/sync'
import { type Block, heading } from './document.ts'
import { formatEpoch } from './head.ts'
import { type PlotLine, plotLines } from './plot.ts'

const DECIMALS = 4
/** What is too large to have all decimals in a table of 100 columns, and how many it then has; attoFIL. */
const WIDE = 1_000n * ATTO_FIL_PER_FIL
const WIDE_DECIMALS = 0
const TABLE_LINES = 14

type Network = NetworkParameters | undefined

/** A curve as a document: what is assumed, two plots, a table, and the cheapest day to leave. */
export function curvePage(report: CurveReport, network: Network): readonly Block[] {
  const { liveSectors, miner } = report
  const head: Block = { kind: 'lines', lines: assumptions(report, network) }
  if (liveSectors === 0) {
    return [head, { kind: 'lines', lines: [`${miner} has no live sectors: there is nothing to terminate`] }]
  }
  return [
    head,
    heading('Termination fee, in FIL'),
    plot(report, network, [
      { mark: '*', name: "of today's set", key: 'feeOfTodaysSet' },
      { mark: 'o', name: 'of what has not left by then', key: 'feeOfSectorsLeft' },
    ]),
    heading('Cost of leaving, in FIL'),
    plot(report, network, [{ mark: 'x', name: 'fees until then and then, less rewards', key: 'total' }]),
    table(report, network),
    { kind: 'lines', lines: cheapestLines(report, network) },
  ]
}

function assumptions(
  { miner, liveSectors, assumptions: given, mayNotWinBlocks }: CurveReport,
  network: Network,
) {
  const path =
    given.estimates === 'held' ? "today's, held" : "today's, moved on by their velocity from epoch to epoch"
  return [
    `${miner}, ${liveSectors} live sectors; charges and rewards from epoch ${formatEpoch(given.fromEpoch, network)} on`,
    `estimates of reward and power: ${path}`,
    `operator: ${given.operator}`,
    'every point is as if all could be terminated by one message; `plimsoll plan` has the windows',
    mayNotWinBlocks.length === 0
      ? 'expected rewards: the share of its active power in the smoothed reward of every epoch'
      : `expected rewards: none, for it may not win blocks (${mayNotWinBlocks.join(', ')})`,
  ]
}

type AmountKey = Exclude<keyof CurveFigures, 'epoch' | 'daysAhead' | 'sectorsLeft'>

function plot(
  { points }: CurveReport,
  network: Network,
  lines: readonly (Omit<PlotLine, 'values'> & { readonly key: AmountKey })[],
): Block {
  const epochAt = (index: number) => dated(points[index]?.epoch ?? 0, network)
  const last = points.length - 1
  const drawn = lines.map(({ mark, name, key }) => ({
    mark,
    name,
    values: points.map((point) => BigInt(point[key])),
  }))
  const format = (value: bigint) => formatFilRoundedDown(value, DECIMALS)
  return {
    kind: 'lines',
    lines: plotLines(drawn, format, [epochAt(0), epochAt(Math.round(last / 2)), epochAt(last)]),
  }
}

function table({ points }: CurveReport, network: Network): Block {
  const stride = Math.max(1, Math.ceil(points.length / TABLE_LINES))
  const shown = points.filter((_, i) => i % stride === 0 || i === points.length - 1)
  const rows = shown.map((point) => ({ point, amounts: AMOUNTS.map((key) => signedAmount(point, key)) }))
  const isWide = rows.some(({ amounts }) => amounts.some((amount) => amount >= WIDE || amount <= -WIDE))
  return {
    kind: 'table',
    headings: [
      'epoch',
      'UTC date',
      'days\nahead',
      'sectors\nleft',
      'fee of\nthem',
      'fees of\nearly exits',
      'fault\nfees',
      'daily\nfees',
      'expected\nrewards',
      'total',
    ],
    rows: rows.map(({ point, amounts }) => [
      String(point.epoch),
      dateOf(point.epoch, network) ?? 'n/a',
      String(point.daysAhead ?? 'n/a'),
      String(point.sectorsLeft),
      ...amounts.map((amount) => formatFilRoundedDown(amount, isWide ? WIDE_DECIMALS : DECIMALS)),
    ]),
    alignments: Array<'right'>(10).fill('right'),
  }
}

/** The terms of the total, and the total. */
const AMOUNTS = [
  'feeOfSectorsLeft',
  'earlyFees',
  'faultFees',
  'dailyFees',
  'expectedRewards',
  'total',
] as const

/** Rewards are taken off. */
function signedAmount(point: CurveFigures, key: AmountKey): bigint {
  const amount = BigInt(point[key])
  return key === 'expectedRewards' ? -amount : amount
}

function cheapestLines({ cheapest, points }: CurveReport, network: Network): readonly string[] {
  if (cheapest === null) {
    return []
  }
  const { epoch, daysAhead, total } = cheapest
  const when = daysAhead === null ? '' : `, ${daysAhead} days ahead`
  const amount = BigInt(total)
  const result =
    amount < 0n
      ? `gain ${formatFilRoundedDown(-amount, DECIMALS)} FIL`
      : `cost ${formatFilRoundedDown(amount, DECIMALS)} FIL`
  return [
    `cheapest of ${points.length} points: epoch ${formatEpoch(epoch, network)}${when}, ${result}`,
    'Amounts rounded down; --json and --csv have every point and every attoFIL.',
  ]
}

/** The UTC date of an epoch, where the network's genesis is known. */
function dateOf(epoch: number, network: Network): string | undefined {
  const genesis = network?.genesisUnixSeconds
  return genesis === undefined ? undefined : epochToUtc(epoch, genesis).split(' ')[0]
}

function dated(epoch: number, network: Network): string {
  const date = dateOf(epoch, network)
  return date === undefined ? String(epoch) : `${epoch} (${date})`
}

const CSV_COLUMNS = [
  'epoch',
  'utc',
  'daysAhead',
  'sectorsLeft',
  'feeOfTodaysSet',
  'feeOfSectorsLeft',
  'earlyFees',
  'faultFees',
  'dailyFees',
  'expectedRewards',
  'total',
] as const

export function curveCsvHead(): string {
  return stringify([CSV_COLUMNS])
}

/** Points as records of a CSV file, amounts in attoFIL; nothing stands for what is not known. */
export function curveCsv(points: readonly CurveFigures[], network: Network): string {
  const genesis = network?.genesisUnixSeconds
  const records = points.map((point) => ({
    ...point,
    utc: genesis === undefined ? '' : epochToUtc(point.epoch, genesis),
  }))
  return stringify(records, { columns: [...CSV_COLUMNS] })
}
