import type { MinerFigures } from '@plimsoll/risk'
import { UsageError } from '../errors.ts'
import type { Column, ColumnValue } from './columns.ts'

/**
 * Miners sorted by a column, ascending, or descending with a minus before its name; without a column they stay
 * as they are, and so do those whose values are equal. Amounts that are not known come after all others.
 *
 * @throws {UsageError} `UNKNOWN_COLUMN`
 */
export function sortRows(
  rows: readonly MinerFigures[],
  columns: readonly Column[],
  sort: string | undefined,
): readonly MinerFigures[] {
  if (sort === undefined) {
    return rows
  }
  const isDescending = sort.startsWith('-')
  const key = isDescending ? sort.slice(1) : sort
  const column = columns.find((candidate) => candidate.key === key)
  if (column === undefined) {
    const known = columns.map((candidate) => candidate.key).join(', ')
    throw new UsageError('UNKNOWN_COLUMN', `there is no column "${key}" to sort by; there are ${known}`, {
      key,
    })
  }
  const sign = isDescending ? -1 : 1
  return rows.toSorted((a, b) => {
    const [left, right] = [column.value(a), column.value(b)]
    return isUnknown(left) || isUnknown(right)
      ? Number(isUnknown(left)) - Number(isUnknown(right))
      : sign * compareValues(left, right)
  })
}

function isUnknown(value: ColumnValue): boolean {
  return value.kind === 'amount' && value.attoFil === null
}

function compareValues(a: ColumnValue, b: ColumnValue): number {
  if (a.kind === 'text' && b.kind === 'text') {
    return a.text.localeCompare(b.text, 'en', { numeric: true })
  }
  const [left, right] = [magnitude(a), magnitude(b)]
  return left < right ? -1 : left > right ? 1 : 0
}

function magnitude(value: ColumnValue): bigint | number {
  return value.kind === 'amount' ? (value.attoFil ?? 0n) : value.kind === 'count' ? value.count : 0
}
