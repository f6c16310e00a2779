import { fc, test } from '@fast-check/vitest'
import { MAINNET_POLICY } from '@plimsoll/actors'
import { createHashes } from '@plimsoll/primitives'
import { describe, expect } from 'vitest'
import type { LiquidationPlan } from '../plan/plan-types.ts'
import { rehearsePlan } from '../plan/rehearse-plan.ts'
import {
  afterTrouble,
  anyTrouble,
  NO_TROUBLE,
  openSoundMiner,
  planAll,
  type Trouble,
  viewOf,
} from './testing/troubled-miner.ts'

const hashes = await createHashes()
const sound = openSoundMiner(hashes)

/** As many sectors a round as there may be, or so few that messages and cron have to share the work. */
const anyPolicy = fc.constantFrom(MAINNET_POLICY, {
  ...MAINNET_POLICY,
  settledSectorsMax: 2,
  settledPartitionsMax: 2,
})

/** What keeps money in a miner of which nothing is left to be terminated. */
const OF_MONEY = ['beneficiary-quota', 'beneficiary-exhausted', 'beneficiary-expired', 'frozen-miner']

/** Whatever is left at the end of a plan, and why. */
function leftBehind({ end, blockers }: LiquidationPlan) {
  const blocked = new Set(blockers.flatMap(({ sectors }) => sectors))
  return {
    sectors: end.liveSectors + end.queuedSectors,
    blockedSectors: blocked.size,
    free: end.balance - end.initialPledge - end.lockedFunds - end.preCommitDeposits,
    kinds: blockers.map(({ kind }) => kind),
  }
}

describe('a miner that may be wound up', () => {
  test.prop([anyTrouble, fc.constantFrom('v18', 'v18+terminateSectors2'), anyPolicy], { numRuns: 10 })(
    'S3: has a plan that the actors accept as it is, and a reason for whatever that leaves behind',
    (trouble, rules, policy) => {
      const view = viewOf(afterTrouble(sound, trouble))
      const plan = planAll(hashes, view, sound.id, { rules, policy })
      expect(plan.steps.filter(({ predicted }) => predicted.exitCode !== 0)).toEqual([])
      expect(rehearsePlan(view, plan, { hashes, policy, networkVersion: 28 }).differences).toEqual([])

      const { sectors, blockedSectors, free, kinds } = leftBehind(plan)
      expect(sectors).toBe(blockedSectors)
      expect(free === 0n || kinds.some((kind) => OF_MONEY.includes(kind))).toBe(true)
      // What vests later is drawn as it does, unless sectors are left that somebody would have to go on proving.
      expect(plan.end.lockedFunds === 0n || sectors > 0 || kinds.includes('beneficiary-expired')).toBe(true)
      expect(plan.end.shortfall === 0n || kinds.includes('fee-debt')).toBe(true)
      expect(plan.blockers.every(({ message }) => message.length > 0)).toBe(true)
    },
  )

  // Eight sectors live: four empty ones, one of verified data, one with a deal, and two that are faulty.
  test.each<{ what: string; trouble: Partial<Trouble>; kinds: readonly string[]; left: number }>([
    { what: 'a sound miner, with nothing left', trouble: {}, kinds: [], left: 0 },
    {
      what: 'one that owes more than it has, with nothing left but debt',
      trouble: { isDrained: true, penaltyFil: 100 },
      kinds: ['fee-debt'],
      left: 0,
    },
    {
      what: 'one whose beneficiary may have little',
      trouble: { beneficiary: 'small quota' },
      kinds: ['beneficiary-quota'],
      left: 0,
    },
    {
      what: 'one whose beneficiary may have nothing any more',
      trouble: { beneficiary: 'term ended' },
      kinds: ['beneficiary-expired'],
      left: 0,
    },
    {
      what: 'one with a corrupt deal, but for its sector',
      trouble: { defect: 'deal' },
      kinds: ['deal-without-state'],
      left: 1,
    },
    {
      what: 'one that the power actor has forgotten, of which nothing can be ended',
      trouble: { defect: 'claim', isDrained: true },
      kinds: ['frozen-miner'],
      left: 8,
    },
  ])('S3: the answer for $what', ({ trouble, kinds, left }) => {
    const view = viewOf(afterTrouble(sound, { ...NO_TROUBLE, ...trouble }))
    const plan = planAll(hashes, view, sound.id)
    expect(leftBehind(plan)).toMatchObject({ kinds, sectors: left, blockedSectors: left })
    expect(rehearsePlan(view, plan, { hashes, networkVersion: 28 }).differences).toEqual([])
  })
})
