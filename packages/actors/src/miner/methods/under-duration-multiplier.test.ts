import { bitFieldOf } from '@plimsoll/ipld'
import { createHashes, ExitCode } from '@plimsoll/primitives'
import {
  expectedReward,
  MINER_EPOCH,
  promisedSector,
  ScriptedMiner,
  type ScriptedMinerPlan,
  SECTOR_BYTES,
  sealedSector,
  TRUSTING,
} from '@plimsoll/testkit'
import { describe, expect, test } from 'vitest'
import { parseRuleSet } from '../../rules/parse-rule-set.ts'
import { policyUnder } from '../../rules/policy-under.ts'
import { minerLayout } from '../layout.ts'
import { loadSectorsByNumber } from '../load-miner.ts'

const hashes = await createHashes()
const ONE = 10n ** 18n
const POWER = BigInt(SECTOR_BYTES)
/** Five years, from which on FIP-0056 doubles the quality, and its shortest commitment, a year. */
const FIVE_YEARS = 5_259_485
const YEAR = 1_051_897
/** Twice the power: 20 days of reward, and the share of 30 % of the supply in two parts. */
const DOUBLE_PLEDGE = 16_093_254_089_355_468n + 469_386_577_606_201_171n + 201_165_676_116_943_359n

function miner(plan: ScriptedMinerPlan = {}) {
  const of = new ScriptedMiner(hashes, { unlockedBalance: 10n * ONE, ...plan })
  of.rt.policy = policyUnder(parseRuleSet('v18+sdm:fip0056', 0).rules, of.rt.policy)
  of.rt.primitives = TRUSTING
  return of
}

const sectorOf = ({ rt, state }: ScriptedMiner, number: number) =>
  loadSectorsByNumber({ store: rt.store, layout: minerLayout(18), state }).get(number)

// What the proposals leave open is in `docs/proposals.md`.
describe('under FIP-0056', () => {
  test('a pre-commitment deposits for the largest power that a sector can have, which is twice as much', () => {
    const of = miner()
    of.expectEstimates()
    of.expectCron(of.deadlineEnd)
    of.call('PreCommitSectorBatch2', {
      sectors: [promisedSector(MINER_EPOCH, 1, { expiration: 5_000_000n })],
    })
    expect(of.state.preCommitDeposits).toBe(expectedReward(57_600, 20n * POWER))
  })

  test.each([
    { years: 5, expiration: FIVE_YEARS, pledge: DOUBLE_PLEDGE, dailyFee: 6_671_987_740_193n },
    { years: 1, expiration: YEAR, pledge: 343_322_753_906_249_998n, dailyFee: 3_335_993_870_096n },
  ])('a sector of $years years pledges $pledge', ({ expiration, pledge, dailyFee }) => {
    const of = miner()
    of.expectEstimates()
    of.expectPledge(pledge)
    of.expectCron(of.deadlineEnd)
    of.call('ProveCommitSectorsNI', commitment(expiration))
    expect(sectorOf(of, 7)).toMatchObject({ initialPledge: pledge, dailyFee })
  })

  test('no sector is committed for less than a year', () => {
    expect(miner().exitCode('ProveCommitSectorsNI', commitment(YEAR - 1))).toBe(ExitCode.USR_ILLEGAL_ARGUMENT)
  })

  function commitment(lifetime: number) {
    const sector = {
      sealingNumber: 7n,
      sealerId: 1000n,
      sealedCid: sealedSector(7),
      sectorNumber: 7n,
      sealRandEpoch: BigInt(MINER_EPOCH - 1),
      expiration: BigInt(MINER_EPOCH + lifetime),
    }
    return {
      sectors: [sector],
      aggregateProof: Uint8Array.of(1),
      sealProofType: 18n,
      aggregateProofType: 1n,
      provingDeadline: 5n,
      requireActivationSuccess: false,
    }
  }
})

describe('an extension under FIP-0056', () => {
  const young = { sectorNumber: 1, deadline: 5, activation: MINER_EPOCH, initialPledge: 1n, dailyFee: 70n }
  const extensions = [
    {
      deadline: 5n,
      partition: 0n,
      sectors: bitFieldOf([1]),
      sectorsWithClaims: [],
      newExpiration: BigInt(MINER_EPOCH + FIVE_YEARS),
    },
  ]

  test('doubles power and daily fee of a sector that is to live for five years, and raises its pledge', () => {
    const of = miner({ sectors: [young] })
    of.expectEstimates()
    of.expectPower({ raw: 0n, qa: POWER })
    of.expectPledge(DOUBLE_PLEDGE - 1n)
    of.call('ExtendSectorExpiration2', { extensions })
    expect(sectorOf(of, 1)).toMatchObject({ initialPledge: DOUBLE_PLEDGE, dailyFee: 140n })
    expect(of.state.initialPledge).toBe(DOUBLE_PLEDGE)
  })

  test('never lowers a pledge', () => {
    const of = miner({ sectors: [{ ...young, initialPledge: ONE }] })
    of.expectEstimates()
    of.expectPower({ raw: 0n, qa: POWER })
    of.call('ExtendSectorExpiration2', { extensions })
    expect(of.state.initialPledge).toBe(ONE)
  })

  test.each([
    { funds: DOUBLE_PLEDGE - 1n, exitCode: ExitCode.OK },
    { funds: DOUBLE_PLEDGE - 2n, exitCode: ExitCode.USR_INSUFFICIENT_FUNDS },
  ])('needs what is pledged more, whatever the debt: $exitCode', ({ funds, exitCode }) => {
    const of = miner({ sectors: [young], unlockedBalance: funds, feeDebt: ONE })
    of.expectEstimates()
    if (exitCode === ExitCode.OK) {
      of.expectPower({ raw: 0n, qa: POWER })
      of.expectPledge(DOUBLE_PLEDGE - 1n)
    }
    expect(of.exitCode('ExtendSectorExpiration2', { extensions })).toBe(exitCode)
  })

  test('asks for the estimates even where nothing is extended', () => {
    const of = miner({ sectors: [young] })
    of.expectEstimates()
    of.call('ExtendSectorExpiration2', { extensions: [] })
    expect(sectorOf(of, 1)?.dailyFee).toBe(70n)
  })
})
