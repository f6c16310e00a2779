import { fc, test } from '@fast-check/vitest'
import { RULES_OF_TODAY } from '@plimsoll/actors'
import { ATTO_FIL_PER_FIL, type AttoFil, createHashes } from '@plimsoll/primitives'
import { describe, expect } from 'vitest'
import { assessMiner, openMiner } from '../assess/assess-miner.ts'
import { requireMiner } from '../assess/find-miners.ts'
import { type NetworkView, openNetworkView } from '../assess/network-view.ts'
import { openRun } from '../run/open-run.ts'
import { runScenario } from '../run/run-scenario.ts'
import { parseScenarioFile } from '../scenario/scenario-file.ts'
import { afterTrouble, NO_TROUBLE, openSmallMiner, viewOf } from './testing/troubled-miner.ts'

const hashes = await createHashes()
const small = openSmallMiner(hashes)
const { id } = small
const TERMS = { outstanding: 3n * ATTO_FIL_PER_FIL, buffer: { amount: ATTO_FIL_PER_FIL } }

/** Figures of the strict rule and of the published one, and what they are made of; attoFIL. */
interface Figures {
  readonly strict: AttoFil
  readonly published: AttoFil
  readonly liquidationValue: AttoFil
  readonly balance: AttoFil
  readonly feeDebt: AttoFil
  readonly terminationFee: AttoFil
}

/** The miner's figures in a state, at estimates that stay what they are in the first one. */
function figuresOf(view: NetworkView, { estimates }: NetworkView): Figures {
  const opened = openMiner(view, id, requireMiner(view, id).record)
  const { sheet, byRules } = assessMiner({ ...view, estimates }, opened, ['fip0098'], TERMS)
  const [{ live, queued, position }] = byRules
  const { safePledge, safePledgeStrict, liquidationValue } = position
  if (safePledge === null || safePledgeStrict === null || liquidationValue === null || live.fee === null) {
    throw new Error('every fee is known')
  }
  expect(queued.fee).toBe(0n)
  return {
    ...{ strict: safePledgeStrict, published: safePledge, liquidationValue },
    ...{ balance: sheet.actorBalance, feeDebt: sheet.feeDebt, terminationFee: live.fee },
  }
}

/** The figures at first and after each day of a run, in which nobody else's state changes, and what was burnt until then. */
function run(
  view: NetworkView,
  scenario: { readonly days: number; readonly steps?: readonly object[]; readonly operator?: 'stops' },
) {
  const opened = openRun(view, {
    ...{ hashes, rules: RULES_OF_TODAY, background: 'frozen', miners: [id] },
    ...{ networkVersion: 28, circulatingSupply: undefined },
  })
  const days: Figures[] = []
  const { moments } = runScenario(opened, parseScenarioFile({ format: 1, ...scenario }), {
    onDay: () => {
      days.push(figuresOf(openNetworkView(opened.vm.store, [opened.vm.root()]), view))
    },
  })
  const burnt = moments.map(({ miners }) => [...miners.values()][0]?.burnt ?? -1n)
  return [figuresOf(view, view), ...days].map((figures, day) => ({ ...figures, burnt: burnt[day] ?? -1n }))
}

describe('one more day of faults that nobody pays for', () => {
  test.each([
    { what: 'one that has free funds', trouble: { isDrained: false }, isPaid: true },
    { what: 'one that has only what vests', trouble: { isDrained: true }, isPaid: true },
    { what: 'one whose balance does not move', trouble: { isDrained: true, penaltyFil: 100 }, isPaid: false },
  ])('S5: lowers the strict figures of $what by all that is charged', ({ trouble, isPaid }) => {
    const view = viewOf(afterTrouble(small, { ...NO_TROUBLE, ...trouble }))
    const days = run(view, { days: 5, operator: 'stops' })
    for (const [i, after] of days.slice(1).entries()) {
      const before = days[i] as (typeof days)[number]
      const charged = after.burnt - before.burnt + after.feeDebt - before.feeDebt
      expect(charged).toBeGreaterThan(0n)
      const growth = after.terminationFee - before.terminationFee
      expect(growth).toBeGreaterThanOrEqual(0n)
      expect(before.strict - after.strict).toBe(charged + growth)
      expect(before.liquidationValue - after.liquidationValue).toBe(charged + growth)
      // The published rule subtracts no debt, so that it sees of a charge only what was paid.
      const paid = isPaid ? charged : 0n
      expect(before.balance - after.balance).toBe(paid)
      expect(before.published - after.published).toBe(paid + growth)
    }
  })
})

describe('one more sector that is faulty', () => {
  // The miner has six sectors without faults, numbered from 0.
  const anySectors = fc.uniqueArray(fc.nat(5), { maxLength: 6 })

  test.prop([anySectors, anySectors, fc.boolean()], { numRuns: 5 })(
    'S5: never raises a strict figure, and lowers it within three days',
    (lost, alsoLost, isDrained) => {
      const view = viewOf(afterTrouble(small, { ...NO_TROUBLE, isDrained }))
      const more = [...new Set([...lost, ...alsoLost])]
      const [few, many] = [lost, more].map((sectors) => {
        const steps = sectors.length === 0 ? [] : [{ do: 'lose', miner: `f0${id}`, day: 0, sectors }]
        return run(view, { days: 3, steps })
      })
      for (const day of [0, 1, 2, 3]) {
        expect((many?.[day]?.strict ?? 0n) <= (few?.[day]?.strict ?? -1n)).toBe(true)
        expect((many?.[day]?.liquidationValue ?? 0n) <= (few?.[day]?.liquidationValue ?? -1n)).toBe(true)
      }
      expect((many?.[3]?.strict ?? 0n) < (few?.[3]?.strict ?? 0n)).toBe(more.length > lost.length)
    },
  )
})
