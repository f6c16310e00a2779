import { type Described, type DescribedMembers, findBehind, formatDescribed } from './described.ts'

/** A place where two values are not the same; null where one of them has nothing there. */
export interface FieldChange {
  readonly path: string
  readonly before: string | null
  readonly after: string | null
}

/** Changes that are listed; of a state that differs in more, the first ones say enough. */
const MAX_CHANGES = 200

/**
 * The changes from one described value to another, field by field and through links. What both link is not
 * looked into.
 */
export function diffDescribed(before: Described, after: Described): readonly FieldChange[] {
  const changes: FieldChange[] = []
  compare({ changes }, before, after, '')
  return changes
}

interface Diff {
  readonly changes: FieldChange[]
}

function compare(diff: Diff, before: Described, after: Described, path: string): void {
  if (diff.changes.length >= MAX_CHANGES) {
    return
  }
  if (before.kind === 'link' || after.kind === 'link') {
    compareThroughLinks(diff, before, after, path)
  } else if (before.kind === 'members' && after.kind === 'members') {
    compareMembers(diff, before, after, path)
  } else {
    compareTexts(diff, formatDescribed(before), formatDescribed(after), path)
  }
}

function compareThroughLinks(diff: Diff, before: Described, after: Described, path: string): void {
  const isSame = before.kind === 'link' && after.kind === 'link' && before.cid() === after.cid()
  if (isSame) {
    return
  }
  const [left, right] = [behind(before), behind(after)]
  if (left === undefined || right === undefined) {
    // A side whose block is not there can only be named, and then the other is named as well.
    compareTexts(diff, formatDescribed(before), formatDescribed(after), path)
  } else {
    compare(diff, left, right, path)
  }
}

function behind(described: Described): Described | undefined {
  return described.kind === 'link' ? findBehind(described) : described
}

function compareMembers(diff: Diff, before: DescribedMembers, after: DescribedMembers, path: string): void {
  const [left, right] = [new Map(before.members), new Map(after.members)]
  for (const key of new Set([...left.keys(), ...right.keys()])) {
    const place = joined(path, key)
    const [a, b] = [left.get(key), right.get(key)]
    if (a !== undefined && b !== undefined) {
      compare(diff, a, b, place)
    } else {
      diff.changes.push({ path: place, before: a ? shown(a) : null, after: b ? shown(b) : null })
    }
  }
}

function compareTexts(diff: Diff, before: string, after: string, path: string): void {
  if (before !== after) {
    diff.changes.push({ path, before, after })
  }
}

/** A value that only one side has, with what is behind its link. */
function shown(described: Described): string {
  return formatDescribed(behind(described) ?? described)
}

function joined(path: string, key: string): string {
  return path === '' || key.startsWith('[') ? `${path}${key}` : `${path}.${key}`
}
