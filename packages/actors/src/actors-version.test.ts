import { describe, expect, test } from 'vitest'
import { requireActorsVersion } from './actors-version.ts'

describe('requireActorsVersion', () => {
  test.each([8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18])('states of v%i are read', (version) => {
    expect(requireActorsVersion(version)).toBe(version)
  })

  test.each([7, 19, 0, -8, 12.5, Number.NaN])('states of v%d are refused', (version) => {
    expect(() => requireActorsVersion(version)).toThrow(
      expect.objectContaining({ code: 'UNSUPPORTED_ACTORS_VERSION', data: { version } }),
    )
  })
})
