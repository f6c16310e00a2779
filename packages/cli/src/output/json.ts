/** A value as JSON text; bigints become decimal strings, since no reader of JSON numbers keeps them whole. */
export function renderJson(value: unknown): string {
  const text = JSON.stringify(value, (_, item) => (typeof item === 'bigint' ? String(item) : item), 2)
  return `${text}\n`
}
