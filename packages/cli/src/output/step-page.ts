import { type CallView, type EventView, formatChange, type StepView, shortened } from '@plimsoll/conformance'
import { formatFil } from '@plimsoll/primitives'
import type { Terminal } from '../terminal.ts'
import { bold, dim } from './table.ts'

/** One step of a scenario on a page: the message, its calls as a tree, its receipt, and what it changed. */
export function renderStepPage(terminal: Terminal, view: StepView): string {
  const { step, message, executions, call, events, changes } = view
  const lines = [bold(terminal, `step ${step}`), shortened(message)]
  if (call !== undefined) {
    const title = executions > 1 ? `calls of the last of ${executions} ticks` : 'calls'
    lines.push('', bold(terminal, title))
    appendCall(terminal, call, '', '', lines)
  }
  lines.push('', bold(terminal, 'receipt'), ...receiptLines(view))
  if (events.length > 0) {
    lines.push('', bold(terminal, 'events'), ...events.map((event) => `  ${formatEvent(event)}`))
  }
  lines.push('', bold(terminal, changes.length === 0 ? 'nothing changed' : 'changed actors'))
  for (const { actor, name, changes: fields } of changes) {
    lines.push(`  ${bold(terminal, actor)} ${name ?? 'of unknown code'}`)
    lines.push(...fields.map((change) => `    ${formatChange(change)}`))
  }
  return `${lines.join('\n')}\n`
}

function receiptLines({ exitCode, error, returns }: StepView): readonly string[] {
  const lines = [`  exit code ${exitCode}`]
  if (error !== undefined) {
    lines.push(`  because ${error}`)
  }
  if (returns !== undefined) {
    lines.push(`  returns ${shortened(returns)}`)
  }
  return lines
}

function appendCall(terminal: Terminal, call: CallView, first: string, rest: string, lines: string[]): void {
  const { from, to, method, value, exitCode, errorNumber, params, returns, events, calls } = call
  const amount = value === 0n ? '' : `  ${formatFil(value)}`
  const end = errorNumber === undefined ? exitCode : `not started, error number ${errorNumber}`
  lines.push(`${first}${from} → ${to} ${bold(terminal, method)}${amount}  = ${end}`)
  const indent = `${rest}${calls.length > 0 ? '│  ' : '   '}`
  const details = [
    ...(params === undefined ? [] : [`takes ${shortened(params)}`]),
    ...(returns === undefined ? [] : [`returns ${shortened(returns)}`]),
    ...events.map((event) => `emits ${formatEvent(event)}`),
  ]
  lines.push(...details.map((detail) => dim(terminal, `${indent}${detail}`)))
  calls.forEach((nested, i) => {
    const isLast = i === calls.length - 1
    appendCall(
      terminal,
      nested,
      `${rest}${isLast ? '└─ ' : '├─ '}`,
      `${rest}${isLast ? '   ' : '│  '}`,
      lines,
    )
  })
}

function formatEvent({ emitter, entries }: EventView): string {
  return `${emitter} ${entries.map(([key, value]) => `${key}: ${value}`).join(', ')}`
}
