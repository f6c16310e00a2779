import type { RecordedCoverage } from './scenario-types.ts'

/** The coverage of several scenarios as one. */
export function sumCoverage(parts: readonly RecordedCoverage[]): RecordedCoverage {
  const sum = new Map<string, Record<string, number>>()
  for (const [method, codes] of parts.flatMap((part) => Object.entries(part))) {
    const counts = sum.get(method) ?? {}
    for (const [code, count] of Object.entries(codes)) {
      counts[code] = (counts[code] ?? 0) + count
    }
    sum.set(method, counts)
  }
  return Object.fromEntries([...sum].toSorted(([a], [b]) => (a < b ? -1 : 1)))
}
