import { fc, test } from '@fast-check/vitest'
import { createHashes } from '@plimsoll/primitives'
import { describe, expect } from 'vitest'
import { rehearsePlan } from '../plan/rehearse-plan.ts'
import {
  afterTrouble,
  anyTrouble,
  NO_TROUBLE,
  openSoundMiner,
  planAll,
  viewOf,
} from './testing/troubled-miner.ts'

const hashes = await createHashes()
const sound = openSoundMiner(hashes)

describe('a miner that is wound up', () => {
  // What is charged is the plan's; what is burnt, paid out and left are taken from the machine.
  const law = (trouble: typeof NO_TROUBLE, rules: string) => {
    const view = viewOf(afterTrouble(sound, trouble))
    const plan = planAll(hashes, view, sound.id, { rules })
    const { burned, cash, end } = rehearsePlan(view, plan, { hashes, networkVersion: 28 })
    const { terminationFees, faultFees, dailyFees, burnedDeposits } = plan.totals
    const charges = terminationFees + faultFees + dailyFees + burnedDeposits
    expect(plan.start.balance).toBe(burned + cash + end.balance)
    expect(plan.start.feeDebt + charges).toBe(burned + end.feeDebt)
    return { charges, debtBefore: plan.start.feeDebt, debtAfter: end.feeDebt, cash }
  }

  test.prop([anyTrouble, fc.constantFrom('v18', 'v18+terminateSectors2')], { numRuns: 8 })(
    'S4: has burnt, paid out or kept what it had, and burnt or still owes what it owed and was charged',
    (trouble, rules) => {
      law(trouble, rules)
    },
  )

  test('S4: has done so when it pays all of its debt, and when most of it is never paid', () => {
    const solvent = law({ ...NO_TROUBLE, isDrained: true, penaltyFil: 10, topUpFil: 50 }, 'v18')
    expect(solvent.debtBefore).toBeGreaterThan(0n)
    expect(solvent.debtAfter).toBe(0n)
    expect(solvent.cash).toBeGreaterThan(0n)
    const insolvent = law({ ...NO_TROUBLE, isDrained: true, penaltyFil: 100, idleDays: 1 }, 'v18')
    expect(insolvent.debtAfter).toBeGreaterThan(0n)
    expect(insolvent.charges).toBeGreaterThan(0n)
    expect(insolvent.cash).toBe(0n)
  })
})
