/**
 * The root of every error that is thrown on purpose.
 *
 * `code` is stable and documented in docs/errors.md; `data` carries what was found, so that no caller has to
 * parse a message. An error of another class reaching the top is a bug of ours.
 */
export class BaseError extends Error {
  readonly code: string
  readonly data: Readonly<Record<string, unknown>>

  constructor(code: string, message: string, data: Readonly<Record<string, unknown>> = {}, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.name = new.target.name
    this.code = code
    this.data = data
  }
}

/** A text, number or address that a person or a file gave us and that does not mean anything. */
export class ParseError extends BaseError {}

/**
 * States what must be true if our own code is right.
 *
 * @throws {Error} a plain one, because a false condition is a bug and not an answer.
 */
export function assert(condition: boolean, message: string): asserts condition {
  if (!condition) {
    throw new Error(`assertion failed: ${message}`)
  }
}
