/** A value as JSON text; bigints become decimal strings, since no reader of JSON numbers keeps them whole. */
export function renderJson(value: unknown): string {
  return `${JSON.stringify(value, withText, 2)}\n`
}

/** The same on one line, for outputs of one value a line. */
export function renderJsonLine(value: unknown): string {
  return `${JSON.stringify(value, withText)}\n`
}

function withText(_: string, item: unknown): unknown {
  return typeof item === 'bigint' ? String(item) : item
}
