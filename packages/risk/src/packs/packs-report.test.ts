import { filterEstimate, pledgePenaltyForContinuedFault } from '@plimsoll/actors'
import { createMemoryBlockstore } from '@plimsoll/ipld'
import { type ActorId, createHashes } from '@plimsoll/primitives'
import { buildState, type MinerPlan, SECTOR_BYTES } from '@plimsoll/testkit'
import { describe, expect, test } from 'vitest'
import { assessMiner, type MinerTerms, NO_TERMS, openMiner } from '../assess/assess-miner.ts'
import { requireMiner } from '../assess/find-miners.ts'
import { openNetworkView } from '../assess/network-view.ts'
import { reportHead } from '../report/assess-report.ts'
import { assessPacks, NO_PACK_PARAMETERS, type PackParameters } from './assess-packs.ts'
import { packSubject } from './pack-subject.ts'
import { packsReport } from './packs-report.ts'

const hashes = await createHashes()
const EPOCH = 1_000_000
const MINER = 1001 as ActorId

/** Two sectors of 1 FIL of pledge each at full age, one of them faulty; 5 attoFIL beside. */
const PLAN: MinerPlan = {
  id: MINER,
  unlockedBalance: 5n,
  sectors: [{ sectorNumber: 1 }, { sectorNumber: 2, condition: 'faulty' }],
}

function open(terms: MinerTerms = NO_TERMS) {
  const store = createMemoryBlockstore(hashes)
  const reward = filterEstimate(10n ** 15n, 0n)
  const qaPower = filterEstimate(1000n * BigInt(SECTOR_BYTES), 0n)
  const root = buildState(store, { epoch: EPOCH, miners: [PLAN], reward, qaPower })
  const view = openNetworkView(store, [root])
  const { id, record } = requireMiner(view, MINER)
  const assessment = assessMiner(view, openMiner(view, id, record), ['fip0098'], terms)
  return { view, assessment, subject: packSubject(view, assessment, assessment.byRules[0]) }
}

function report(terms: MinerTerms, parameters: PackParameters = NO_PACK_PARAMETERS) {
  const { view, assessment, subject } = open(terms)
  return packsReport(reportHead(view, 'fip0098'), assessment, assessPacks(subject, parameters))
}

describe('packSubject', () => {
  // A claim has no faulty sectors: one of two is left.
  test('takes the fault fee of the claim, of which faulty sectors are no part', () => {
    const { view, subject, assessment } = open()
    expect(subject).toMatchObject({ liveSectors: 2, faultySectors: 1, outstanding: 0n, buffer: null })
    expect(subject.faultFeeOfClaim).toBe(pledgePenaltyForContinuedFault(view.estimates, BigInt(SECTOR_BYTES)))
    expect(assessment.livePower.qa).toBe(2n * BigInt(SECTOR_BYTES))
  })
})

describe('packsReport', () => {
  test('has the exact figures beside those of every pack', () => {
    // 2 FIL + 5 − 2 · 85 mFIL
    const liquidationValue = 183n * 10n ** 16n + 5n
    const given = report({ outstanding: 10n ** 18n, buffer: { amount: 7n } })
    expect(given).toMatchObject({
      miner: 'f01001',
      outstanding: String(10n ** 18n),
      buffer: '7',
      liquidationValue: String(liquidationValue),
      safePledgeStrict: String(liquidationValue - 10n ** 18n - 7n),
    })
    expect(given.packs.map(({ pack }) => pack)).toEqual(['repl', 'glif', 'stfil', 'filliquid', 'filus'])
    expect(given.packs[0]?.limits[0]).toMatchObject({
      use: 'takenOut',
      value: { state: 'known', value: String(liquidationValue - 10n ** 18n - 7n) },
      binding: 'safePledge',
    })
  })

  // 1 of 3 parts is shown as more than it is: debt never looks safer than it is.
  test('writes ratios of debt rounded up and thresholds as they are', () => {
    const { assessment, subject, view } = open({ outstanding: 1n, buffer: undefined })
    const three = { ...subject, sheet: { ...subject.sheet, actorBalance: 3n } }
    const { packs } = packsReport(
      reportHead(view, 'fip0098'),
      assessment,
      assessPacks(three, NO_PACK_PARAMETERS),
    )
    expect(packs[3]?.compared).toMatchObject({
      name: 'ltv',
      unit: 'ratio',
      actsWhen: 'above',
      value: { state: 'known', value: '0.333333333333333334' },
      warning: { name: 'alert', threshold: { state: 'known', value: '0.75' } },
      termination: { threshold: { state: 'known', value: '0.85' } },
    })
    expect(packs[1]?.compared.value).toEqual({ state: 'infinite' })
  })

  test('comes back from JSON as it went, with what is missing by name', () => {
    const given = report({ outstanding: 1n, buffer: undefined })
    expect(JSON.parse(JSON.stringify(given))).toEqual(given)
    expect(given.packs[0]?.standing).toEqual({
      state: 'needs',
      parameters: ['repl.terminationThreshold', 'repl.warningThreshold'],
    })
    expect(given.packs[2]?.compared.warning.threshold).toEqual({
      state: 'none',
      because: 'no warning is published',
    })
  })
})
