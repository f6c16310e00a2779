/** The bytes of a block, to be compared by {@link equalInViews}. */
export function viewOf({ buffer, byteOffset, byteLength }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, byteLength)
}

/**
 * Whether the bytes of one view from a place on, which are there, are those of another, which need not be. Compares
 * four at once, for what is mostly equal.
 */
export function equalInViews(
  a: DataView,
  startA: number,
  b: DataView,
  startB: number,
  length: number,
): boolean {
  if (startB + length > b.byteLength) {
    return false
  }
  let i = 0
  for (; i + 4 <= length; i += 4) {
    if (a.getUint32(startA + i) !== b.getUint32(startB + i)) {
      return false
    }
  }
  for (; i < length; i++) {
    if (a.getUint8(startA + i) !== b.getUint8(startB + i)) {
      return false
    }
  }
  return true
}
