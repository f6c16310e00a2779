/** A line of a plot: its mark, and a value for each place from left to right. */
export interface PlotLine {
  readonly mark: string
  readonly name: string
  /** AttoFIL. */
  readonly values: readonly bigint[]
}

/** A plot is as wide as a terminal of 100 columns. */
const PLOT_COLUMNS = 84
const PLOT_ROWS = 12
const LABEL_WIDTH = 14

/**
 * Lines over a common axis in plain characters; where lines meet, the last one is seen. Of many values as many are
 * drawn as there are columns.
 *
 * @param labels what stands under the left end, the middle and the right end.
 */
export function plotLines(
  lines: readonly PlotLine[],
  formatValue: (value: bigint) => string,
  labels: readonly [string, string, string],
): readonly string[] {
  const all = lines.flatMap(({ values }) => values)
  const low = all.reduce((least, value) => (value < least ? value : least), all[0] ?? 0n)
  const high = all.reduce((most, value) => (value > most ? value : most), all[0] ?? 0n)
  const rows = Array.from({ length: PLOT_ROWS }, () => Array<string>(PLOT_COLUMNS).fill(' '))
  for (const { mark, values } of lines) {
    for (let column = 0; column < PLOT_COLUMNS; column++) {
      const value = values[Math.round((column * (values.length - 1)) / (PLOT_COLUMNS - 1))] ?? low
      const row = rows[rowOf(value, low, high)]
      if (row !== undefined) {
        row[column] = mark
      }
    }
  }
  return [
    lines.map(({ mark, name }) => `${mark} ${name}`).join('   '),
    ...rows.map((row, i) => `${label(i, low, high, formatValue)} |${row.join('').trimEnd()}`),
    `${' '.repeat(LABEL_WIDTH)} +${'-'.repeat(PLOT_COLUMNS)}`,
    `${' '.repeat(LABEL_WIDTH)}  ${axis(labels)}`,
  ]
}

/** The row of a value, from the top. It is for the eye, so that a double is exact enough. */
function rowOf(value: bigint, low: bigint, high: bigint): number {
  const share = high === low ? 0 : Number(value - low) / Number(high - low)
  return PLOT_ROWS - 1 - Math.round(share * (PLOT_ROWS - 1))
}

/** The highest and the lowest value stand at their rows. */
function label(row: number, low: bigint, high: bigint, formatValue: (value: bigint) => string): string {
  const values: Readonly<Record<number, bigint>> = { 0: high, [PLOT_ROWS - 1]: low }
  const value = low === high && row === 0 ? undefined : values[row]
  return (value === undefined ? '' : formatValue(value)).padStart(LABEL_WIDTH)
}

function axis([left, middle, right]: readonly [string, string, string]): string {
  const half = Math.trunc((PLOT_COLUMNS - middle.length) / 2)
  const start = `${left.padEnd(half)}${middle}`
  return `${start}${right.padStart(PLOT_COLUMNS - start.length)}`
}
