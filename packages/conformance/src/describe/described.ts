import { type Cid, formatCid, MissingBlockError } from '@plimsoll/ipld'

/**
 * A value as a tree of texts with names, for comparing and printing. What is behind a link is read only when
 * somebody follows it.
 */
export type Described = DescribedText | DescribedMembers | DescribedLink

export interface DescribedText {
  readonly kind: 'text'
  readonly text: string
}

/** The fields of a struct, or the entries of a list, an array or a map, by their names or keys. */
export interface DescribedMembers {
  readonly kind: 'members'
  readonly isList: boolean
  readonly members: readonly (readonly [string, Described])[]
}

export interface DescribedLink {
  readonly kind: 'link'
  readonly cid: () => Cid
  /** @throws {CodecError} when the block is missing or not of its type. */
  readonly follow: () => Described
}

export function describedText(text: string): DescribedText {
  return { kind: 'text', text }
}

/** What is behind a link, or undefined where the block is not there. */
export function findBehind(link: DescribedLink): Described | undefined {
  try {
    return link.follow()
  } catch (error) {
    if (error instanceof MissingBlockError) {
      return undefined
    }
    throw error
  }
}

/** Members of a list that are printed; the others are counted. */
const MAX_SHOWN_MEMBERS = 24

/** A described value on one line. Links are not followed. */
export function formatDescribed(described: Described): string {
  switch (described.kind) {
    case 'text':
      return described.text
    case 'link':
      return formatCid(described.cid())
    case 'members':
      return described.isList ? formatList(described.members) : formatFields(described.members)
  }
}

function formatList(members: DescribedMembers['members']): string {
  const shown = members.slice(0, MAX_SHOWN_MEMBERS).map(([, member]) => formatDescribed(member))
  const rest = members.length - shown.length
  return `[${shown.join(', ')}${rest > 0 ? `, and ${rest} more` : ''}]`
}

function formatFields(members: DescribedMembers['members']): string {
  return `{${members.map(([name, member]) => `${name}: ${formatDescribed(member)}`).join(', ')}}`
}
