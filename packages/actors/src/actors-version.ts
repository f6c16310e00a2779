import { StateError } from './errors.ts'

/** A release of the built-in actors, by its major version. */
export type ActorsVersion = 8 | 9 | 10 | 11 | 12 | 13 | 14 | 15 | 16 | 17 | 18

/** The first release in Rust, and the last one that is known here. */
export const OLDEST_ACTORS_VERSION = 8 satisfies ActorsVersion
export const NEWEST_ACTORS_VERSION = 18 satisfies ActorsVersion

/**
 * States that a state of that version can be read here.
 *
 * @throws {StateError} `UNSUPPORTED_ACTORS_VERSION`
 */
export function requireActorsVersion(version: number): ActorsVersion {
  if (Number.isInteger(version) && version >= OLDEST_ACTORS_VERSION && version <= NEWEST_ACTORS_VERSION) {
    return version as ActorsVersion
  }
  throw new StateError(
    'UNSUPPORTED_ACTORS_VERSION',
    `unsupported state: actors v${version}; v${OLDEST_ACTORS_VERSION} to v${NEWEST_ACTORS_VERSION} are read`,
    { version },
  )
}
