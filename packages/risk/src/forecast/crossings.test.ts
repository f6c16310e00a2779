import { describe, expect, test } from 'vitest'
import { type CrossingKind, outlookOf } from './crossings.ts'

describe('an outlook', () => {
  test.each<{ kinds: readonly CrossingKind[]; outlook: string }>([
    { kinds: [], outlook: 'safe' },
    { kinds: ['noneAvailable', 'feeDebt', 'sectorsTerminated'], outlook: 'safe' },
    { kinds: ['warning'], outlook: 'warning' },
    { kinds: ['claimDeleted'], outlook: 'warning' },
    { kinds: ['claimDeleted', 'termination'], outlook: 'termination' },
    { kinds: ['warning', 'termination'], outlook: 'termination' },
  ])('is $outlook where there is $kinds', ({ kinds, outlook }) => {
    expect(outlookOf(new Map(kinds.map((kind, epoch) => [kind, epoch])))).toBe(outlook)
  })
})
