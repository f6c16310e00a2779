import type { Hashes } from '@plimsoll/primitives'
import type { NamedOutcome } from './outcome.ts'
import type { VectorFile } from './vector-file.ts'

/** Decides the vectors of one kind of file. */
export interface Driver {
  /** Whose vectors these are, as the folders are called. */
  readonly family: string
  handles(file: VectorFile): boolean
  run(file: VectorFile, context: DriverContext): Iterable<NamedOutcome>
}

export interface DriverContext {
  readonly hashes: Hashes
}
