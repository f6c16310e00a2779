import {
  type BitField,
  type Blockstore,
  type Cid,
  cidFromBytes,
  formatCid,
  Link,
  runsOf,
} from '@plimsoll/ipld'
import {
  type Address,
  addressFromBytes,
  BaseError,
  type ByteString,
  bytesOf,
  formatAddress,
  formatHex,
} from '@plimsoll/primitives'
import { type Described, type DescribedMembers, describedText } from './described.ts'
import { ENTRY, type Links, type Opened, type Shape } from './state-shapes.ts'

/** Describes any decoded value. Where its links lead is told by the names of the fields that they stand in. */
export function describeValue(
  store: Blockstore,
  value: unknown,
  links: Links = {},
  name: string = ENTRY,
): Described {
  if (value instanceof Link) {
    return describeLink(store, value, links[name])
  }
  if (typeof value === 'string') {
    return describedText(describeText(store, value))
  }
  if (value === null || typeof value !== 'object') {
    return describedText(String(value))
  }
  if (value instanceof Uint8Array) {
    return describedText(`0x${formatHex(value)}`)
  }
  if (Array.isArray(value)) {
    const items = value.map((item, i) => [`[${i}]`, describeValue(store, item, links, name)] as const)
    return { kind: 'members', isList: true, members: items }
  }
  return isBitField(value) ? describedText(formatBitField(value)) : describeFields(store, value, links)
}

/** Describes what a link leads to, without reading it before it is followed. */
export function describeLink(store: Blockstore, link: Link<unknown>, shape: Shape | undefined): Described {
  if (shape === undefined) {
    return describedText(formatCid(link.cid))
  }
  return {
    kind: 'link',
    cid: () => link.cid,
    follow: () => describeOpened(store, shape.open(store, link), shape.links),
  }
}

function describeOpened(store: Blockstore, opened: Opened, links: Links): Described {
  if ('value' in opened) {
    return describeValue(store, opened.value, links)
  }
  const entries = opened.entries.map(([key, value]) => [key, describeValue(store, value, links)] as const)
  return { kind: 'members', isList: true, members: entries }
}

function describeFields(store: Blockstore, value: object, links: Links): DescribedMembers {
  const members = Object.entries(value).map(
    ([name, field]) => [name, describeValue(store, field, links, name)] as const,
  )
  return { kind: 'members', isList: false, members }
}

function isBitField(value: object): value is BitField {
  return 'boundaries' in value && Object.keys(value).length === 1
}

/** A set as its runs: `{1-4, 7}`. */
export function formatBitField(field: BitField): string {
  const runs = [...runsOf(field)].map(({ start, end }) => {
    const last = BigInt(end) - 1n
    return BigInt(start) === last ? `${start}` : `${start}-${last}`
  })
  return `{${runs.join(', ')}}`
}

/** A text is text, a CID or an address; the last two are byte strings, and told from text by their first byte. */
function describeText(store: Blockstore, value: string): string {
  const first = value.charCodeAt(0)
  if (value === '' || first >= 0x20) {
    return JSON.stringify(value)
  }
  const bytes = bytesOf(value as ByteString)
  return (
    tryTo(() => formatCid(cidFromBytes(bytes) satisfies Cid)) ??
    tryTo(() => formatAddress(addressFromBytes(bytes) satisfies Address, store.hashes)) ??
    `0x${formatHex(bytes)}`
  )
}

function tryTo(describe: () => string): string | undefined {
  try {
    return describe()
  } catch (error) {
    if (error instanceof BaseError) {
      return undefined
    }
    throw error
  }
}
