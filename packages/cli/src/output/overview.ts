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

/** Decimals of FIL that are tried, until the table fits. */
const DECIMALS = [4, 2, 0] as const

/** Every miner in a line, with the totals at the foot. */
export function renderOverview(
  terminal: Terminal,
  view: NetworkView,
  report: AssessReport,
  columns: readonly Column[],
  { minerCount, sort }: Selection,
): string {
  const tables = DECIMALS.map((decimals) => renderRows(terminal, report, columns, decimals))
  const hidden = minerCount - report.miners.length
  const order = sort === undefined ? 'worst first, by strict Safe Pledge' : `sorted by ${sort}`
  return [
    renderHead(view, report),
    '',
    tables.find((table) => fits(terminal, table)) ?? tables.at(-1),
    '',
    `${minerCount} miners, ${order}${hidden > 0 ? `; ${hidden} of them are not shown and in the totals` : ''}.`,
    'Amounts in FIL, rounded down; --json and --csv have every attoFIL.',
    '',
  ].join('\n')
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

/** Whether no line is cut; what is not a terminal has room for everything. */
function fits({ columns = Number.POSITIVE_INFINITY }: Terminal, table: string): boolean {
  return table.split('\n').every((line) => stripVTControlCharacters(line).length <= columns)
}
