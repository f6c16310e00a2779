/** Sums of everything before each of many places, as integers of 128 bits. */
export interface PrefixSums {
  readonly low: BigUint64Array
  readonly high: BigInt64Array
}

/** The sums before each place and, last, the sum of all. */
export function prefixSums(count: number, termAt: (index: number) => bigint): PrefixSums {
  const low = new BigUint64Array(count + 1)
  const high = new BigInt64Array(count + 1)
  let sum = 0n
  for (let index = 0; index < count; index++) {
    sum += termAt(index)
    low[index + 1] = sum
    high[index + 1] = sum >> 64n
  }
  return { low, high }
}

/** The sum of the terms from `start` to before `end`. */
export function sumBetween({ low, high }: PrefixSums, start: number, end: number): bigint {
  return (
    (((high[end] as bigint) - (high[start] as bigint)) << 64n) + (low[end] as bigint) - (low[start] as bigint)
  )
}
