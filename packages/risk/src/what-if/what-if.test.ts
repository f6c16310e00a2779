import { parseRuleSet } from '@plimsoll/actors'
import {
  type ActorId,
  ATTO_FIL_PER_FIL,
  type AttoFil,
  createHashes,
  EPOCHS_IN_DAY,
  findActorId,
} from '@plimsoll/primitives'
import { buildMixedMiner, openNetwork } from '@plimsoll/testkit'
import { beforeAll, describe, expect, test } from 'vitest'
import type { MinerTerms } from '../assess/assess-miner.ts'
import { type NetworkView, openNetworkView } from '../assess/network-view.ts'
import { minerFigures } from '../report/miner-figures.ts'
import type { BookActions } from './book-entries.ts'
import type { WhatIfActions } from './plan-steps.ts'
import { parseSectorSet } from './sector-set.ts'
import { type Situation, whatIf } from './what-if.ts'

const hashes = await createHashes()
const OUTSTANDING = 5n * ATTO_FIL_PER_FIL
const ALL = parseSectorSet('all')
let view: NetworkView
let miner: ActorId
/** 4 empty sectors, 2 of verified data, 3 faulty ones. */
let sectors: Readonly<Record<'committedCapacity' | 'verified' | 'faulty', readonly number[]>>

beforeAll(() => {
  const network = openNetwork(hashes)
  buildMixedMiner(network, { nonInteractive: 130, batches: 2 })
  const mixed = buildMixedMiner(network, { committedCapacity: 4, verified: 2, faulty: 3 })
  sectors = mixed.sectors
  miner = findActorId(mixed.id) as ActorId
  view = openNetworkView(network.vm.store, [network.vm.root()])
})

function ask(actions: WhatIfActions & BookActions, terms: Partial<MinerTerms> = {}, days = 2) {
  return whatIf(view, {
    ...{ hashes, miner, actions, days, mintRule: 'published', networkVersion: 28 },
    circulatingSupply: 600_000_000n * ATTO_FIL_PER_FIL,
    rules: parseRuleSet('v18', view.assessedEpoch).rules,
    terms: { outstanding: OUTSTANDING, buffer: undefined, ...terms },
  })
}

function figure(of: Situation, key: 'actorBalance' | 'eligibleAsset' | 'safePledge' | 'liquidationValue') {
  return BigInt(minerFigures(of.assessment)[key] ?? '')
}

function totalChange(
  messages: ReturnType<typeof ask>['messages'],
  field: 'balance' | 'initialPledge',
): AttoFil {
  return messages.reduce((sum, { changed }) => sum + (changed?.[field] ?? 0n), 0n)
}

test('nothing asked changes nothing', () => {
  const { messages, comparedAt, ...result } = ask({})
  expect({ messages, comparedAt }).toEqual({ messages: [], comparedAt: view.assessedEpoch + 1 })
  expect(minerFigures(result.with.assessment)).toEqual(minerFigures(result.without.assessment))
  expect(result.with.forecast.crossings).toEqual(result.without.forecast.crossings)
})

describe('messages', () => {
  test('a top-up raises every figure by its amount', () => {
    const amount = 3n * ATTO_FIL_PER_FIL
    const { messages, ...result } = ask({ topUp: amount })
    expect(messages).toMatchObject([
      { methodName: 'Send', exitCode: 0, changed: { balance: amount, feeDebt: 0n } },
    ])
    for (const key of ['actorBalance', 'eligibleAsset', 'safePledge', 'liquidationValue'] as const) {
      expect(figure(result.with, key) - figure(result.without, key)).toBe(amount)
    }
  })

  test('a withdrawal lowers them, and by no more than is available', () => {
    const amount = ATTO_FIL_PER_FIL
    const { messages, ...result } = ask({ withdraw: amount })
    expect(messages).toMatchObject([{ methodName: 'WithdrawBalance', changed: { balance: -amount } }])
    expect(figure(result.without, 'actorBalance') - figure(result.with, 'actorBalance')).toBe(amount)
  })

  test('recovered faults are proven in their next window, and cost nothing from then on', () => {
    const { messages, comparedAt, ...result } = ask({ recover: ALL })
    expect(messages.map(({ methodName, exitCode }) => [methodName, exitCode])).toContainEqual([
      'DeclareFaultsRecovered',
      0,
    ])
    expect(comparedAt).toBeLessThanOrEqual(view.assessedEpoch + 2 * EPOCHS_IN_DAY)
    expect(result.without.assessment.counts.faultySectors).toBe(3)
    expect(result.with.assessment.counts).toMatchObject({ faultySectors: 0, liveSectors: 9 })
    expect(result.with.forecast.lowest.eligibleAsset).toBeGreaterThan(
      result.without.forecast.lowest.eligibleAsset,
    )
    // Of nine sectors three were faulty.
    expect(result.leftOut).toEqual([
      { action: 'recover', sectors: 6, reason: 'not faulty, or recovering already' },
    ])
  })

  test('terminated sectors wait for their windows, and what they cost is what is burnt', () => {
    const { messages, ...result } = ask({ terminate: ALL })
    expect(messages.every(({ exitCode }) => exitCode === 0)).toBe(true)
    expect(result.with.assessment.counts.liveSectors).toBe(0)
    const { initialPledge } = result.now.sheet
    expect(totalChange(messages, 'initialPledge')).toBe(-initialPledge)
    // At the end of every message all that is owed is paid, so that its fees are what the balance lost.
    const burnt = -totalChange(messages, 'balance')
    const { fee } = result.now.byRules[0].live
    expect(burnt).toBeGreaterThanOrEqual(fee ?? 0n)
    expect(messages.at(-1)?.changed?.feeDebt).toBe(0n)
  })

  test('extended sectors have a later expiration; those of verified data and faulty ones are left out', () => {
    const expiration = view.assessedEpoch + 700 * EPOCHS_IN_DAY
    const result = ask({ extend: { sectors: ALL, expiration } })
    expect(result.messages).toMatchObject([{ methodName: 'ExtendSectorExpiration2', exitCode: 0 }])
    expect(result.leftOut).toEqual([
      { action: 'extend', sectors: 3, reason: 'faulty or not proven' },
      { action: 'extend', sectors: 2, reason: 'verified data' },
    ])
  })

  test('a message that is refused has its exit code and reason, and changes nothing', () => {
    const expiration = view.assessedEpoch + 4000 * EPOCHS_IN_DAY
    const { messages, ...result } = ask({ extend: { sectors: ALL, expiration } })
    expect(messages).toMatchObject([{ exitCode: 16, changed: undefined }])
    expect(messages[0]?.error).toMatch(/\w/)
    expect(minerFigures(result.with.assessment)).toEqual(minerFigures(result.without.assessment))
  })

  test('sectors by their numbers are those, and one that the miner does not have is refused', () => {
    const [first = 0] = sectors.committedCapacity
    const { with: done } = ask({ terminate: parseSectorSet(String(first)) })
    expect(done.assessment.counts.liveSectors).toBe(8)
    expect(() => ask({ terminate: parseSectorSet('0-99') })).toThrow(
      expect.objectContaining({ code: 'SECTOR_NOT_LIVE', data: { miner, sector: 9 } }),
    )
  })
})

describe('the books', () => {
  test('mint up to Safe Pledge, and not an attoFIL more', () => {
    const limit = figure(ask({}).with, 'safePledge')
    const accepted = ask({ mint: limit })
    expect(accepted.entries).toMatchObject([{ kind: 'mint', isAccepted: true, limit }])
    expect(figure(accepted.with, 'safePledge')).toBe(0n)
    const refused = ask({ mint: limit + 1n })
    expect(refused.entries).toMatchObject([{ isAccepted: false, limit, binding: 'terminationFee' }])
    expect(refused.with.assessment.terms.outstanding).toBe(OUTSTANDING)
  })

  test('take off what is repaid, but no more than is outstanding', () => {
    const accepted = ask({ repay: OUTSTANDING })
    expect(figure(accepted.with, 'eligibleAsset') - figure(accepted.without, 'eligibleAsset')).toBe(
      OUTSTANDING,
    )
    expect(figure(accepted.with, 'actorBalance')).toBe(figure(accepted.without, 'actorBalance'))
    const refused = ask({ repay: OUTSTANDING + 1n })
    expect(refused.entries).toEqual([
      { kind: 'repay', amount: OUTSTANDING + 1n, limit: OUTSTANDING, isAccepted: false },
    ])
  })
})

test('recovering keeps a miner above a level that its faults would take it below', () => {
  // Three faulty sectors cost more than one FIL a day in so young a network, and six daily fees far less.
  const warningThreshold = figure(ask({}).without, 'eligibleAsset') - ATTO_FIL_PER_FIL
  const { without, with: done } = ask({ recover: ALL }, { warningThreshold })
  expect(without.forecast).toMatchObject({ outlook: 'warning', crossings: [{ kind: 'warning' }] })
  expect(done.forecast).toMatchObject({ outlook: 'safe', crossings: [] })
})
