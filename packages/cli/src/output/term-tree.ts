import { formatFil, formatPower } from '@plimsoll/primitives'
import type { Term } from '@plimsoll/risk'
import type { Terminal } from '../terminal.ts'
import { bold, dim } from './table.ts'

/** A figure and its terms as an indented tree: value, then formula, then source. */
export function renderTermTree(terminal: Terminal, root: Term): string {
  const lines: string[] = []
  appendTerm(terminal, root, '', '', lines)
  return `${lines.join('\n')}\n`
}

function appendTerm(terminal: Terminal, term: Term, first: string, rest: string, lines: string[]): void {
  const note = term.note === undefined ? '' : `  (${term.note})`
  lines.push(`${first}${bold(terminal, term.name)} = ${formatValue(term)}${note}`)
  const indent = rest + (term.terms.length > 0 ? '│    ' : '     ')
  if (term.formula !== undefined) {
    lines.push(dim(terminal, `${indent}= ${term.formula}`))
  }
  lines.push(dim(terminal, `${indent}[${term.source}]`))
  term.terms.forEach((child, i) => {
    const isLast = i === term.terms.length - 1
    appendTerm(terminal, child, `${rest}${isLast ? '└─ ' : '├─ '}`, `${rest}${isLast ? '   ' : '│  '}`, lines)
  })
}

function formatValue({ value, unit }: Term): string {
  switch (unit) {
    case 'attoFIL':
      return formatFil(BigInt(value))
    case 'bytes':
      return formatPower(BigInt(value))
    case 'number':
      return String(value)
    case 'epoch':
      return `epoch ${value}`
    default:
      return `${value} ${unit}`
  }
}
