import { fileURLToPath } from 'node:url'

/** Where the vectors of others are: `VECTORS_DIR`, or else beside the project. */
export const VECTORS_DIR =
  process.env['VECTORS_DIR'] ?? fileURLToPath(new URL('../../../../shared/vectors', import.meta.url))

/** Those that are committed. */
export const FIXTURES_DIR = fileURLToPath(new URL('../../../fixtures', import.meta.url))
