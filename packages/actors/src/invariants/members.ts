import { type BitField, type BitIndex, bitsOf, isEmptyBitField, subtractBitFields } from '@plimsoll/ipld'
import { type Findings, MAX_REPORTED_MEMBERS } from './findings.ts'

/** The members of a set that are reported one by one: all of a sane one. */
export function* reportedMembers(field: BitField): Generator<BitIndex> {
  let count = 0
  for (const member of bitsOf(field)) {
    if (count === MAX_REPORTED_MEMBERS) {
      return
    }
    count++
    yield member
  }
}

/** Writes a set as its runs: `{1-4, 7}`. */
export function formatMembers(field: BitField): string {
  const runs: string[] = []
  for (let i = 0; i < field.boundaries.length && runs.length < 20; i += 2) {
    const start = BigInt(field.boundaries[i] as BitIndex)
    const last = BigInt(field.boundaries[i + 1] as BitIndex) - 1n
    runs.push(start === last ? `${start}` : `${start}-${last}`)
  }
  return `{${runs.join(', ')}${field.boundaries.length > 40 ? ', …' : ''}}`
}

/** Requires every member of `subset` to be in `superset`. */
export function requireContainsAll(
  findings: Findings,
  kind: string,
  superset: BitField,
  subset: BitField,
): void {
  const missing = subtractBitFields(subset, superset)
  findings.require(
    isEmptyBitField(missing),
    kind,
    () => `${formatMembers(missing)} should be in it and are not`,
  )
}

/** Requires no member to be in both sets. */
export function requireContainsNone(findings: Findings, kind: string, a: BitField, b: BitField): void {
  const common = subtractBitFields(a, subtractBitFields(a, b))
  findings.require(isEmptyBitField(common), kind, () => `${formatMembers(common)} are in both`)
}
