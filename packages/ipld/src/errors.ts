import { BaseError } from '@plimsoll/primitives'

/** One step on the way into a structure: a field's name, a list's index, an AMT's or a HAMT's key. */
export type PathSegment = string | number

/**
 * Bytes that are not what they should be. `path` leads from the outermost structure to the place.
 *
 * Becomes `USR_SERIALIZATION` inside an actor and a data error at the edge of the program.
 */
export class CodecError extends BaseError {
  readonly path: PathSegment[] = []

  constructor(code: string, message: string, data: Readonly<Record<string, unknown>> = {}) {
    super(code, message, data)
  }
}

/** A block that a link names and the store does not hold. */
export class MissingBlockError extends CodecError {}

/** Runs `read` and, if it fails on its data, says that the failure was under `segment`. */
export function within<T>(segment: PathSegment, read: () => T): T {
  try {
    return read()
  } catch (error) {
    throw locate(error, segment)
  }
}

/** Puts one step before the path of a data error; passes every other error on as it is. */
export function locate(error: unknown, segment: PathSegment): unknown {
  if (error instanceof CodecError) {
    error.path.unshift(segment)
  }
  return error
}

/** Writes a path as `deadlines.due[3].partitions[0].faults`. */
export function formatPath(path: readonly PathSegment[]): string {
  return path
    .map((segment, i) => (typeof segment === 'number' ? `[${segment}]` : i === 0 ? segment : `.${segment}`))
    .join('')
}
