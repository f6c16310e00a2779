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

/** The clock of a thread goes on in steps of up to 10 ms, so that a measurement takes many of them. */
const LEAST_THREAD_MS = 150

/**
 * Milliseconds of one run in the time that the thread itself had a processor, for sides so different in length
 * that other programs would delay only one of them. The fastest of several measurements, each of as many runs as
 * fill it, after one run that warms up.
 */
export function fastestThreadMs(measurements: number, run: () => unknown): number {
  run()
  let fastest = Number.POSITIVE_INFINITY
  for (let i = 0; i < measurements; i++) {
    globalThis.gc?.()
    fastest = Math.min(fastest, filledThreadMs(run))
  }
  return fastest
}

/** Milliseconds of one of as many runs as fill a measurement. */
function filledThreadMs(run: () => unknown): number {
  const start = threadMs()
  let [runs, spent] = [0, 0]
  for (let next = 1; spent < LEAST_THREAD_MS; next *= 2) {
    for (let j = 0; j < next; j++) {
      run()
    }
    runs += next
    spent = threadMs() - start
  }
  return spent / runs
}

/** How long this thread had a processor so far. */
export function threadMs(): number {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1000
}

/**
 * The same of each of several ways to do one thing. They take turns, so that whatever else the machine does slows all of
 * them.
 *
 * No collection is forced between runs: a full one throws away the code that V8 made for objects which died with the
 * last run, and what was measured then was to half how fast it is made again.
 */
export function fastestProcessorMs<W extends readonly (() => unknown)[]>(
  measurements: number,
  ways: readonly [...W],
): { readonly [K in keyof W]: number } {
  const fastest = ways.map(() => Number.POSITIVE_INFINITY)
  for (let i = 0; i < measurements; i++) {
    for (const [way, run] of ways.entries()) {
      fastest[way] = Math.min(fastest[way] as number, filledThreadMs(run))
    }
  }
  return fastest as { readonly [K in keyof W]: number }
}

export function nanosecondsEach(ms: number, count: number): number {
  return (ms * 1e6) / count
}

export function gigabytesPerSecond(bytes: number, ms: number): number {
  return bytes / ms / 1e6
}
