import { filterEstimate, type NetworkEstimates } from '@plimsoll/actors'
import { expect, test } from 'vitest'
import { estimatesOn } from './estimate-path.ts'

const TODAY: NetworkEstimates = {
  reward: filterEstimate(1_000n, -2n),
  qaPower: filterEstimate(500n, 3n),
}

test('held estimates are those of today', () => {
  expect(estimatesOn('held', TODAY, 100, 5_000)(4_000)).toEqual(TODAY)
})

test('extrapolated estimates move by their velocity from the start on', () => {
  expect(estimatesOn('extrapolated', TODAY, 100, 500)(110)).toEqual({
    reward: filterEstimate(980n, -2n),
    qaPower: filterEstimate(530n, 3n),
  })
})

// 1,000 − 2 × 499 = 2, and 1,000 − 2 × 500 = 0.
test.each([
  { end: 599, isRefused: false },
  { end: 600, isRefused: true },
])('estimates that would reach zero by epoch $end are refused: $isRefused', ({ end, isRefused }) => {
  const open = () => estimatesOn('extrapolated', TODAY, 100, end)
  if (isRefused) {
    expect(open).toThrow(expect.objectContaining({ code: 'ESTIMATES_EXHAUSTED' }))
  } else {
    expect(open()(end).reward).toEqual(filterEstimate(2n, -2n))
  }
})
