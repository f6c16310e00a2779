/**
 * A shorter list for which something still holds, found by leaving out ever smaller pieces: what is left cannot
 * lose any single thing.
 */
export function shrink<T>(things: readonly T[], holds: (things: readonly T[]) => boolean): readonly T[] {
  let left = things
  for (let size = Math.ceil(left.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    left = withoutPieces(left, size, holds)
    if (size === 1) {
      return leaveOutSingly(left, holds)
    }
  }
  return left
}

function withoutPieces<T>(
  things: readonly T[],
  size: number,
  holds: (things: readonly T[]) => boolean,
): readonly T[] {
  let left = things
  // From the end, because what comes late depends on what comes early.
  for (let start = Math.max(0, left.length - size); ; start = Math.max(0, start - size)) {
    const shorter = left.toSpliced(start, size)
    if (shorter.length < left.length && holds(shorter)) {
      left = shorter
    }
    if (start === 0) {
      return left
    }
  }
}

function leaveOutSingly<T>(things: readonly T[], holds: (things: readonly T[]) => boolean): readonly T[] {
  let left = things
  for (let before = left.length + 1; left.length < before; ) {
    before = left.length
    left = withoutPieces(left, 1, holds)
  }
  return left
}
