/** A figure of the report. `goal` says what it should be at least or at most. */
export interface Figure {
  readonly name: string
  readonly value: number
  readonly unit: string
  readonly goal?: Goal
}

export interface Goal {
  readonly kind: 'at least' | 'at most'
  readonly value: number
}

export function isMet({ value, goal }: Figure): boolean {
  return goal === undefined || (goal.kind === 'at least' ? value >= goal.value : value <= goal.value)
}

/**
 * Milliseconds of the fastest of several runs, after one that warms up: everything that is not the work itself
 * only adds to it. What a run returns is kept until the next one begins, so that it is not collected inside it.
 */
export function fastestMs(repetitions: number, run: () => unknown): number {
  let kept: unknown = run()
  let fastest = Number.POSITIVE_INFINITY
  for (let i = 0; i < repetitions; i++) {
    kept = undefined
    globalThis.gc?.()
    const start = performance.now()
    kept = run()
    fastest = Math.min(fastest, performance.now() - start)
  }
  return kept === undefined ? fastest : fastest
}

export function nanosecondsEach(ms: number, count: number): number {
  return (ms * 1e6) / count
}

export function gigabytesPerSecond(bytes: number, ms: number): number {
  return bytes / ms / 1e6
}
