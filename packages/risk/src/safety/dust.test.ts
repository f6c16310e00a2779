import { fc, test } from '@fast-check/vitest'
import { parseRuleSet } from '@plimsoll/actors'
import { ATTO_FIL_PER_FIL, type AttoFil, createHashes, divFloor } from '@plimsoll/primitives'
import type { TestNetwork } from '@plimsoll/testkit'
import { describe, expect } from 'vitest'
import { assessMiner, openMiner } from '../assess/assess-miner.ts'
import { requireMiner } from '../assess/find-miners.ts'
import { assessCustom } from '../packs/custom.ts'
import type { PackSubject } from '../packs/rule-pack.ts'
import { planLiquidation } from '../plan/plan-liquidation.ts'
import type { LiquidationPlan } from '../plan/plan-types.ts'
import { rehearsePlan } from '../plan/rehearse-plan.ts'
import type { Ratio } from '../power-table/ratio.ts'
import { sendPlan } from './testing/send-plan.ts'
import { afterTrouble, NO_TROUBLE, openSoundMiner, planAll, viewOf } from './testing/troubled-miner.ts'

const hashes = await createHashes()
const sound = openSoundMiner(hashes)
const PAR: Ratio = { num: 1n, denom: 1n }
const HALF: Ratio = { num: 1n, denom: 2n }

/** Debt over balance must not rise above a half. */
function judge(subject: PackSubject) {
  const levels = { compared: 'debtRatio', warning: HALF } as const
  return assessCustom(subject, { name: 'half', deductions: [], levels }).compared
}

/** Only so much is terminated as brings a debt back to half of the balance. */
function planOwing(network: TestNetwork, outstanding: AttoFil, price: Ratio): LiquidationPlan {
  const view = viewOf(network)
  return planLiquidation(view, sound.id, {
    ...{ hashes, ruleSet: parseRuleSet('v18', view.assessedEpoch), instalmentDays: 30 },
    target: { ...{ kind: 'safe', judge, price }, terms: { outstanding, buffer: undefined } },
  })
}

/** What a wind-up would bring. */
function liquidationValue(network: TestNetwork): AttoFil {
  const view = viewOf(network)
  const opened = openMiner(view, sound.id, requireMiner(view, sound.id).record)
  return assessMiner(view, opened, ['fip0098']).byRules[0].position.liquidationValue ?? -1n
}

describe('what a plan for a part leaves', () => {
  // At par a sector moves the ratio by little; bought at half its price, debt falls by twice the cash.
  const anyPart = fc.oneof(
    fc.record({ more: fc.bigInt({ min: 0n, max: ATTO_FIL_PER_FIL / 5n }), price: fc.constant(PAR) }),
    fc.record({ more: fc.bigInt({ min: 0n, max: 12n * ATTO_FIL_PER_FIL }), price: fc.constant(HALF) }),
  )
  test.prop([fc.nat(2), anyPart], { numRuns: 5 })(
    'I7: is nothing, or sectors that are worth being terminated too, and can be',
    (idleDays, { more, price }) => {
      const network = afterTrouble(sound, { ...NO_TROUBLE, isDrained: true, idleDays })
      const { balance } = planAll(hashes, viewOf(network), sound.id).start
      const plan = planOwing(network, divFloor(balance, 2n) + more, price)
      if (plan.safe?.outcome !== 'reached') {
        expect(plan.end.liveSectors).toBe(plan.start.liveSectors)
        return
      }
      sendPlan(network, plan)
      const view = viewOf(network)
      const rest = planAll(hashes, view, sound.id)
      expect(rest.start.liveSectors).toBe(plan.end.liveSectors)
      expect(rest.start.liveSectors === 0 || liquidationValue(network) > 0n).toBe(true)
      expect(rehearsePlan(view, rest, { hashes, networkVersion: 28 }).differences).toEqual([])
      expect(rest.end).toMatchObject({ liveSectors: 0, queuedSectors: 0 })
    },
  )

  // After three days of faults a termination costs more than the pledge; what was sent since is worth more than that.
  test('I7: is not what drawing alone would leave, once that is worth nothing', () => {
    const network = afterTrouble(sound, { ...NO_TROUBLE, isDrained: true, idleDays: 3, topUpFil: 50 })
    const value = liquidationValue(network)
    const { balance, initialPledge, feeDebt } = planAll(hashes, viewOf(network), sound.id).start
    expect(balance - initialPledge - feeDebt).toBeGreaterThan(value)
    // At half its price, twice the value of debt takes all of the value; a unit less leaves one attoFIL.
    const part = planOwing(network, 2n * value - 2n, HALF)
    expect(part.safe).toMatchObject({ outcome: 'reached by drawing', sectors: [] })
    expect(part.cash.at(-1)?.total).toBe(value - 1n)
    const dust = planOwing(network, 2n * value, HALF)
    expect(dust.safe?.ladder[0]).toMatchObject({ step: 'draw', amount: value, isEnough: true })
    expect(dust.safe?.outcome).toBe('unreachable')
    expect(dust.steps).toEqual([])
  })
})
