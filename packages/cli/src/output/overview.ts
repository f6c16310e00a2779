import { stripVTControlCharacters } from 'node:util'
import type { AssessReport, MinerFigures, NetworkView } from '@plimsoll/risk'
import { stringify } from 'csv-stringify/sync'
import type { Terminal } from '../terminal.ts'
import { type Column, type ColumnValue, formatCell, formatRaw } from './columns.ts'
import { renderHead } from './head.ts'
import { bold, markNegative, renderTable } from './table.ts'

/** What a reader of the table has to know about its rows. */
export interface Selection {
  /** How many miners there are; the table may show fewer. */
  readonly minerCount: number
  /** The column that was asked for. */
  readonly sort: string | undefined
}

/** Columns that a narrow terminal goes without, because others follow from them. */
const SECONDARY: readonly string[] = ['initialPledge', 'lockedFunds', 'preCommitDeposit', 'safePledge']

/** What is tried until the table fits: all columns or only the primary ones, and decimals of FIL. */
const FORMS = [
  { isWhole: true, decimals: 4 },
  { isWhole: true, decimals: 2 },
  { isWhole: false, decimals: 4 },
  { isWhole: false, decimals: 2 },
  { isWhole: false, decimals: 0 },
] as const

/** Every miner in a line, with the totals at the foot. */
export function renderOverview(
  terminal: Terminal,
  view: NetworkView,
  report: AssessReport,
  columns: readonly Column[],
  { minerCount, sort }: Selection,
): string {
  const { table, omitted } = fitTable(terminal, report, columns)
  const hidden = minerCount - report.miners.length
  const order = sort === undefined ? 'worst first, by strict Safe Pledge' : `sorted by ${sort}`
  return [
    renderHead(view, report),
    '',
    table,
    '',
    `${minerCount} miners, ${order}${hidden > 0 ? `; ${hidden} of them are not shown and in the totals` : ''}.`,
    'Amounts in FIL, rounded down; --json and --csv have every attoFIL.',
    ...(hasSomeBuffers(report) ? ['Where the buffer is none, Safe Pledge is before buffer.'] : []),
    ...(omitted.length === 0 ? [] : [`Left out for want of width: ${omitted.join(', ')}.`]),
    '',
  ].join('\n')
}

/** The table with as many decimals and columns as the terminal has room for. */
function fitTable(terminal: Terminal, report: AssessReport, columns: readonly Column[]) {
  const primary = columns.filter(({ key }) => !SECONDARY.includes(key))
  const tables = FORMS.map(({ isWhole, decimals }) => ({
    table: renderRows(terminal, report, isWhole ? columns : primary, decimals),
    omitted: isWhole ? [] : columns.filter((column) => !primary.includes(column)).map(({ key }) => key),
  }))
  return tables.find(({ table }) => fits(terminal, table)) ?? (tables.at(-1) as (typeof tables)[number])
}

/** Every miner in a record, amounts in attoFIL, under the names that JSON has. */
export function renderCsv(columns: readonly Column[], miners: readonly MinerFigures[]): string {
  const rows = miners.map((figures) => columns.map((column) => formatRaw(column.value(figures))))
  return stringify([columns.map(({ key }) => key), ...rows])
}

function renderRows(
  terminal: Terminal,
  report: AssessReport,
  columns: readonly Column[],
  decimals: number,
): string {
  const cells = (valueIn: (column: Column) => ColumnValue) =>
    columns.map((column) => markNegative(terminal, formatCell(valueIn(column), decimals)))
  const rows = report.miners.map((figures) => cells((column) => column.value(figures)))
  const totals = cells((column) => column.total(report.totals)).map((text) => bold(terminal, text))
  return renderTable(
    terminal,
    columns.map(({ heading }) => heading),
    [...rows, totals],
    columns.map(({ key }) => (key === 'miner' || key === 'label' ? 'left' : 'right')),
  )
}

function hasSomeBuffers({ miners }: AssessReport): boolean {
  return miners.some(({ buffer }) => buffer === null) && miners.some(({ buffer }) => buffer !== null)
}

/** Whether no line is cut; what is not a terminal has room for everything. */
function fits({ columns = Number.POSITIVE_INFINITY }: Terminal, table: string): boolean {
  return table.split('\n').every((line) => stripVTControlCharacters(line).length <= columns)
}
