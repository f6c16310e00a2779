import { formatPath, type PathSegment } from '@plimsoll/ipld'

/**
 * Something in a state that the protocol's rules say cannot be.
 *
 * Source: builtin-actors v18, `runtime/src/util/message_accumulator.rs`, whose messages these replace.
 */
export interface Finding {
  /** What rule is broken; stable, and the same for every place. */
  readonly kind: string
  /** Where, from the actor on. */
  readonly place: string
  readonly message: string
}

/** Collects findings below one place. */
export interface Findings {
  /** Adds a finding unless the condition holds; the message is made only when it is needed. */
  require(condition: boolean, kind: string, describe: () => string): void
  add(kind: string, message: string): void
  /** The same collection, one step further in. */
  under(...segments: PathSegment[]): Findings
}

/** A collection and the findings that it got so far. */
export interface FindingList extends Findings {
  readonly list: readonly Finding[]
}

export function createFindings(): FindingList {
  const list: Finding[] = []
  return { ...findingsAt(list, []), list }
}

/**
 * How many members of one set are reported one by one. A malformed set can have 2^64 of them; beyond this many
 * the state is as broken as it can be shown to be.
 */
export const MAX_REPORTED_MEMBERS = 10_000

function findingsAt(list: Finding[], path: readonly PathSegment[]): Findings {
  const add = (kind: string, message: string) => {
    list.push({ kind, place: formatPath(path), message })
  }
  return {
    add,
    require: (condition, kind, describe) => {
      if (!condition) {
        add(kind, describe())
      }
    },
    under: (...segments) => findingsAt(list, [...path, ...segments]),
  }
}
