import type { Terminal } from '../terminal.ts'
import { type Alignment, bold, renderTable } from './table.ts'

/** A piece of a report that reads the same in a terminal and as Markdown. */
export type Block =
  | { readonly kind: 'heading'; readonly text: string }
  | { readonly kind: 'lines'; readonly lines: readonly string[] }
  | {
      readonly kind: 'table'
      readonly headings: readonly string[]
      readonly rows: readonly (readonly string[])[]
      readonly alignments: readonly Alignment[]
    }

export function heading(text: string): Block {
  return { kind: 'heading', text }
}

/** A table whose first columns are texts, and all others numbers. */
export function table(
  headings: readonly string[],
  rows: readonly (readonly string[])[],
  textColumns: number,
): Block {
  const alignments = headings.map((_, i): Alignment => (i < textColumns ? 'left' : 'right'))
  return { kind: 'table', headings, rows, alignments }
}

/** A report as text for a terminal or a file. */
export function renderBlocks(terminal: Terminal, blocks: readonly Block[]): string {
  return `${blocks.map((block) => renderBlock(terminal, block)).join('\n\n')}\n`
}

function renderBlock(terminal: Terminal, block: Block): string {
  switch (block.kind) {
    case 'heading':
      return bold(terminal, block.text)
    case 'lines':
      return block.lines.join('\n')
    case 'table':
      return renderTable(terminal, block.headings, block.rows, block.alignments)
  }
}

/** A report as Markdown, for a proposal's discussion. */
export function renderMarkdown(blocks: readonly Block[]): string {
  return `${blocks.map(markdownBlock).join('\n\n')}\n`
}

function markdownBlock(block: Block): string {
  switch (block.kind) {
    case 'heading':
      return `## ${block.text}`
    case 'lines':
      return block.lines.map((line) => `- ${line}`).join('\n')
    case 'table': {
      const rule = block.alignments.map((alignment) => (alignment === 'left' ? ':--' : '--:'))
      return [block.headings, rule, ...block.rows].map(markdownRow).join('\n')
    }
  }
}

function markdownRow(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`
}
