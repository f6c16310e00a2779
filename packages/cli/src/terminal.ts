/** Where a command writes, so that tests can look at what it wrote. */
export interface Terminal {
  /** The answer. Written once, whole, so that no reader gets half of a table; only a story, and CSV of any length, come in pieces. */
  writeOut(text: string): void
  /** What is not the answer: errors, and progress. */
  writeError(text: string): void
  /** Whether people watch the error stream, so that progress may be shown. */
  readonly showsProgress: boolean
  /** Whether the output may have colours. */
  readonly hasColours: boolean
  /** Columns of the output, where it is a terminal. */
  readonly columns: number | undefined
  /** Waits, so that people can read along; absent where nobody watches the output. */
  readonly pause?: (ms: number) => Promise<void>
}
