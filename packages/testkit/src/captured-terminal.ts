/** A terminal that keeps what is written to it. */
export interface CapturedTerminal {
  out: string
  error: string
  writeOut(text: string): void
  writeError(text: string): void
  readonly showsProgress: boolean
  readonly hasColours: boolean
  readonly columns: number | undefined
}

/** Like a pipe, without colours, progress and width, unless told otherwise. */
export function capturedTerminal(
  like: { readonly hasColours?: boolean; readonly columns?: number } = {},
): CapturedTerminal {
  const terminal: CapturedTerminal = {
    out: '',
    error: '',
    writeOut: (text) => {
      terminal.out += text
    },
    writeError: (text) => {
      terminal.error += text
    },
    showsProgress: false,
    hasColours: like.hasColours ?? false,
    columns: like.columns,
  }
  return terminal
}
