import { ATTO_FIL_PER_FIL } from '@plimsoll/primitives'
import { describe, expect, test } from 'vitest'
import type { ActorsVersion } from '../actors-version.ts'
import { createFindings } from '../invariants/findings.ts'
import { filterEstimate } from '../smooth/alpha-beta-filter.ts'
import { checkRewardInvariants } from './invariants.ts'
import type { RewardState } from './state.ts'

const ALLOCATION = 1_100_000_000n * ATTO_FIL_PER_FIL
const PRIOR_EPOCH = 999
const GIVEN = 600_679n * ATTO_FIL_PER_FIL

const sound: RewardState = {
  cumsumBaseline: 200n,
  cumsumRealized: 100n,
  effectiveNetworkTime: 500,
  effectiveBaselinePower: 1n << 60n,
  thisEpochReward: 1n,
  thisEpochRewardSmoothed: filterEstimate(1n, 0n),
  thisEpochBaselinePower: 1n << 60n,
  epoch: PRIOR_EPOCH + 1,
  totalStoragePowerReward: GIVEN,
  simpleTotal: 1n,
  baselineTotal: 1n,
}

function kindsOf(change: Partial<RewardState>, balance = ALLOCATION - GIVEN, version: ActorsVersion = 18) {
  const findings = createFindings()
  checkRewardInvariants(version, { ...sound, ...change }, PRIOR_EPOCH, balance, findings)
  return findings.list.map(({ kind }) => kind)
}

// Source of the rules: builtin-actors v18, `actors/reward/src/testing.rs`.
describe('the state of the reward actor', () => {
  test.each<{
    readonly rule: string
    readonly change: Partial<RewardState>
    readonly kinds: readonly string[]
  }>([
    { rule: 'breaks no rule', change: {}, kinds: [] },
    {
      rule: 'has the epoch after the last one, not that one',
      change: { epoch: PRIOR_EPOCH },
      kinds: ['reward/epoch'],
    },
    {
      rule: 'has the epoch after the last one, not a later',
      change: { epoch: 1001 },
      kinds: ['reward/epoch'],
    },
    { rule: 'may have networked all the time', change: { effectiveNetworkTime: 1000 }, kinds: [] },
    {
      rule: 'has not networked longer than there was time',
      change: { effectiveNetworkTime: 1001 },
      kinds: ['reward/effective-network-time'],
    },
    { rule: 'may have realized all of the baseline', change: { cumsumRealized: 200n }, kinds: [] },
    {
      rule: 'has not realized more than the baseline',
      change: { cumsumRealized: 201n },
      kinds: ['reward/realized-over-baseline'],
    },
    { rule: 'may have realized nothing', change: { cumsumRealized: 0n }, kinds: [] },
    {
      rule: 'has not realized less than nothing',
      change: { cumsumRealized: -1n },
      kinds: ['reward/realized-negative'],
    },
  ])('$rule: $kinds', ({ change, kinds }) => {
    expect(kindsOf(change)).toEqual(kinds)
  })

  // Anyone can send funds to the reward actor, so that there may be more than 1.1 milliard FIL.
  test.each([
    { of: 'all of the allocation', balance: ALLOCATION - GIVEN, kinds: [] },
    { of: 'more than the allocation', balance: ALLOCATION, kinds: [] },
    {
      of: 'an attoFIL less than the allocation',
      balance: ALLOCATION - GIVEN - 1n,
      kinds: ['reward/allocation'],
    },
  ])('with what was given has $of: $kinds', ({ balance, kinds }) => {
    expect(kindsOf({}, balance)).toEqual(kinds)
  })

  // Source: builtin-actors v13.0.0, the same file. The baseline after 2^60 is 2^60 · E / 2^128, with the growth E
  // of one epoch.
  const next = (1n << 60n) + 760_221_226_976n
  test.each([
    { version: 13, baseline: next, kinds: [] },
    { version: 13, baseline: next + 1n, kinds: ['reward/effective-baseline'] },
    { version: 8, baseline: next + 1n, kinds: ['reward/effective-baseline'] },
    { version: 14, baseline: next + 1n, kinds: [] },
  ] as const)(
    'of v$version with an effective baseline of $baseline breaks $kinds',
    ({ version, baseline, kinds }) => {
      expect(kindsOf({ effectiveBaselinePower: baseline }, ALLOCATION - GIVEN, version)).toEqual(kinds)
    },
  )
})
