import { openScenario, ScenarioError, type ScenarioFile } from '@plimsoll/conformance'
import { BaseError } from '@plimsoll/primitives'
import { SnapshotError, UsageError } from '../errors.ts'

/**
 * Opens a recorded scenario and hands it to `use`, which reads it and the states beside it.
 *
 * @throws {UsageError} `FILE_UNREADABLE`, also for a state beside the file.
 * @throws {SnapshotError} `INVALID_SCENARIO`, `DECOMPRESSION_FAILED`
 * @throws {CodecError} when a state is damaged.
 */
export function withScenario<T>(path: string, use: (file: ScenarioFile) => T): T {
  try {
    return use(openScenario(path))
  } catch (error) {
    throw translated(path, error)
  }
}

function translated(path: string, error: unknown): unknown {
  if (error instanceof ScenarioError) {
    return new SnapshotError('INVALID_SCENARIO', `${path}, ${error.message}`, { path }, error)
  }
  if (error instanceof BaseError || !isSystemError(error)) {
    return error
  }
  return error.code.startsWith('Z_')
    ? new SnapshotError(
        'DECOMPRESSION_FAILED',
        `a file does not decompress: ${error.message}`,
        { path },
        error,
      )
    : new UsageError(
        'FILE_UNREADABLE',
        `cannot read ${error.path ?? path}: ${error.message}`,
        { path },
        error,
      )
}

/** An error of the operating system or of zlib; others are bugs. */
function isSystemError(error: unknown): error is NodeJS.ErrnoException & { readonly code: string } {
  return error instanceof Error && typeof (error as NodeJS.ErrnoException).errno === 'number'
}
