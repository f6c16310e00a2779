import { SingleBar } from 'cli-progress'
import type { Terminal } from '../terminal.ts'

/** A bar that appears only when the work takes a while, and only where somebody watches. */
export interface Progress {
  update(done: number, total: number): void
  end(): void
}

/** Work that is done before this needs no bar. */
const QUIET_MS = 700

export function createProgress(terminal: Terminal, label: string): Progress {
  if (!terminal.showsProgress) {
    return { update: () => {}, end: () => {} }
  }
  const startedAt = performance.now()
  // Cursor and line wrapping are left alone, so that Ctrl-C has nothing to restore.
  const bar = new SingleBar({
    format: `${label} {bar} {percentage}%`,
    clearOnComplete: true,
    hideCursor: false,
    linewrap: true,
  })
  let isShown = false
  return {
    update: (done, total) => {
      if (isShown) {
        bar.update(done)
      } else if (performance.now() - startedAt > QUIET_MS) {
        isShown = true
        bar.start(total, done)
      }
    },
    end: () => {
      if (isShown) {
        bar.stop()
      }
    },
  }
}
