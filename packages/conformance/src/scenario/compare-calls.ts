import { type Difference, difference } from './difference.ts'
import type { RecordedCall } from './scenario-types.ts'

const DEFAULT_CODEC = 0x51

/**
 * The first difference between two trees of calls, in the order in which things happen: how a call is made, the
 * calls that it makes, its events, how it ends.
 */
export function compareCalls(
  expected: RecordedCall,
  actual: RecordedCall,
  place = 'call',
): Difference | undefined {
  return firstOf([
    () => difference(`${place}: caller`, expected.f, actual.f),
    () => difference(`${place}: callee`, expected.t, actual.t),
    () => difference(`${place}: value`, expected.v ?? 0, actual.v ?? 0),
    () => difference(`${place}: method`, expected.m, actual.m),
    () => difference(`${place}: parameters`, expected.p, actual.p),
    () =>
      difference(`${place}: codec of parameters`, expected.pc ?? DEFAULT_CODEC, actual.pc ?? DEFAULT_CODEC),
    () => difference(`${place}: error number`, expected.en, actual.en),
    () => compareNested(expected, actual, place),
    () => difference(`${place}: events`, JSON.stringify(expected.e ?? []), JSON.stringify(actual.e ?? [])),
    // The exit code of a call that did not start only informs.
    () => (expected.en === undefined ? difference(`${place}: exit code`, expected.x, actual.x) : undefined),
    () => difference(`${place}: return value`, expected.r, actual.r),
    () =>
      difference(`${place}: codec of return value`, expected.rc ?? DEFAULT_CODEC, actual.rc ?? DEFAULT_CODEC),
  ])
}

function compareNested(expected: RecordedCall, actual: RecordedCall, place: string): Difference | undefined {
  const [left, right] = [expected.s ?? [], actual.s ?? []]
  for (const [i, call] of left.entries()) {
    const other = right[i]
    const here = `${place} > ${i} (${call.t} method ${call.m})`
    const found =
      other === undefined
        ? { what: here, expected: 'a call', actual: 'none' }
        : compareCalls(call, other, here)
    if (found !== undefined) {
      return found
    }
  }
  const extra = right[left.length]
  return extra === undefined
    ? undefined
    : {
        what: `${place} > ${left.length}`,
        expected: 'no further call',
        actual: `${extra.t} method ${extra.m}`,
      }
}

function firstOf(comparisons: readonly (() => Difference | undefined)[]): Difference | undefined {
  for (const compare of comparisons) {
    const found = compare()
    if (found !== undefined) {
      return found
    }
  }
  return undefined
}
