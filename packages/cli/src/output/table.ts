import { styleText } from 'node:util'
import Table from 'cli-table3'
import type { Terminal } from '../terminal.ts'

/** Whether a column is aligned to the left, as text is, or to the right, as numbers are. */
export type Alignment = 'left' | 'right'

/** A table as text, ruled lightly so that it reads the same in a terminal and in a file. */
export function renderTable(
  terminal: Terminal,
  headings: readonly string[],
  rows: readonly (readonly string[])[],
  alignments: readonly Alignment[],
): string {
  const table = new Table({
    head: headings.map((heading) => bold(terminal, heading)),
    colAligns: [...alignments],
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 2 },
    chars: {
      top: '',
      'top-mid': '',
      'top-left': '',
      'top-right': '',
      bottom: '',
      'bottom-mid': '',
      'bottom-left': '',
      'bottom-right': '',
      left: '',
      'left-mid': '',
      mid: '',
      'mid-mid': '',
      right: '',
      'right-mid': '',
      middle: '',
    },
  })
  for (const row of rows) {
    table.push([...row])
  }
  return trimLines(table.toString())
}

/** Names and their values, a line each. */
export function renderPairs(
  terminal: Terminal,
  pairs: readonly (readonly [name: string, value: string, note?: string])[],
): string {
  return renderTable(
    terminal,
    [],
    pairs.map(([name, value, note]) => [name, value, note ?? '']),
    ['left', 'right', 'left'],
  )
}

export function bold(terminal: Terminal, text: string): string {
  return terminal.hasColours ? styleText('bold', text, { validateStream: false }) : text
}

export function dim(terminal: Terminal, text: string): string {
  return terminal.hasColours ? styleText('dim', text, { validateStream: false }) : text
}

/** Marks a figure that is below zero; its sign says so as well. */
export function markNegative(terminal: Terminal, text: string): string {
  return terminal.hasColours && text.startsWith('-')
    ? styleText('red', text, { validateStream: false })
    : text
}

function trimLines(text: string): string {
  return text
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n')
}
