import { MAINNET_POLICY, PowerState } from '@plimsoll/actors'
import { createHashes, STORAGE_POWER_ACTOR_ADDR } from '@plimsoll/primitives'
import { openNetwork } from '@plimsoll/testkit'
import { beforeAll, describe, expect, test } from 'vitest'
import { networkTotals } from './network-totals.ts'

const hashes = await createHashes()
/** 100 bytes are enough to be counted, once four miners have as much. */
const POLICY = { ...MAINNET_POLICY, minimumConsensusPower: 100n }
const UNITY = { num: 1n, denom: 1n }
const LARGE = { raw: 150n, qa: 1000n }
const SMALL = { raw: 50n, qa: 60n }
const GONE = { raw: 0n, qa: 0n }

let empty: PowerState

beforeAll(() => {
  empty = openNetwork(hashes).vm.stateOf(STORAGE_POWER_ACTOR_ADDR, PowerState)
})

/** Of which LARGE is one of those that are counted, and SMALL is not. */
function totals(minerAboveMinPowerCount: number, factor = UNITY) {
  const state: PowerState = {
    ...empty,
    ...{ minerAboveMinPowerCount, totalBytesCommitted: 1000n, totalQaBytesCommitted: 5000n },
    ...{ totalRawBytePower: 900n, totalQualityAdjPower: 4600n },
  }
  return networkTotals(state, POLICY, [LARGE, SMALL], factor)
}

// Source: builtin-actors v18, `actors/power/src/state.rs`, `current_total_power`.
describe('the totals of a network', () => {
  test('are those of the state while nothing changes', () => {
    expect(totals(5).with([LARGE, SMALL])).toEqual({ raw: 900n, qa: 4600n })
  })

  // Without the two, 900 − 150 and 4600 − 1000 are counted.
  test('count claims of the minimum and more, where four miners have that', () => {
    expect(totals(5).with([GONE, SMALL])).toEqual({ raw: 750n, qa: 3600n })
    expect(totals(5).with([LARGE, { raw: 99n, qa: 600n }])).toEqual({ raw: 900n, qa: 4600n })
    expect(totals(5).with([LARGE, { raw: 100n, qa: 600n }])).toEqual({ raw: 1000n, qa: 5200n })
  })

  // Without the two, 1000 − 200 and 5000 − 1060 are committed.
  test('count everything that is committed where fewer have the minimum', () => {
    expect(totals(4).with([LARGE, SMALL])).toEqual({ raw: 900n, qa: 4600n })
    expect(totals(4).with([GONE, SMALL])).toEqual({ raw: 850n, qa: 4000n })
    expect(totals(3).with([LARGE, SMALL])).toEqual({ raw: 1000n, qa: 5000n })
    expect(totals(3).with([LARGE, LARGE])).toEqual({ raw: 1050n, qa: 5600n })
  })

  // Two thirds of 750 and 3600, and of 800 and 3940, rounded down.
  test('have the power of all others times a factor', () => {
    const factor = { num: 2n, denom: 3n }
    expect(totals(5, factor).with([LARGE, SMALL])).toEqual({ raw: 650n, qa: 3400n })
    expect(totals(4, factor).with([GONE, SMALL])).toEqual({ raw: 583n, qa: 2686n })
  })
})
