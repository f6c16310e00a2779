import { encodeCbor } from '@plimsoll/ipld'
import { actorId, idAddress, parseHex } from '@plimsoll/primitives'
import { describe, expect, test } from 'vitest'
import { createFindings } from '../invariants/findings.ts'
import type { MinerSummary } from '../miner/invariants/check-state-invariants.ts'
import { CronEventPayload } from '../miner/types.ts'
import type { MinerCronEvent } from '../power/invariants.ts'
import type { Claim } from '../power/state.ts'
import { checkMinerAgainstPower } from './check-miners-against-power.ts'

const MINER = idAddress(actorId(1000))
const OTHER = idAddress(actorId(1001))

const summary: MinerSummary = {
  activePower: { raw: 100n, qa: 1000n },
  windowPostProofType: 13,
  deadlineCronActive: true,
  liveDataSectors: new Map(),
}
const claim: Claim = { windowPostProofType: 13, rawBytePower: 100n, qualityAdjPower: 1000n }
const event = (eventType: number, epoch = 500): MinerCronEvent => ({
  epoch,
  payload: encodeCbor(CronEventPayload, { eventType }),
})
const PROVING_DEADLINE = event(1)
const EARLY_TERMINATIONS = event(2)
const broken = (hex: string): MinerCronEvent => ({ epoch: 500, payload: parseHex(hex) })

interface Case {
  readonly rule: string
  readonly miner?: Partial<MinerSummary>
  readonly claim?: Partial<Claim>
  readonly events?: readonly MinerCronEvent[]
  readonly kinds: readonly string[]
}

function kindsOf({ miner, claim: change, events = [PROVING_DEADLINE] }: Omit<Case, 'rule' | 'kinds'>) {
  const findings = createFindings()
  const power = {
    claims: new Map([[MINER, { ...claim, ...change }]]),
    cronEvents: new Map(events.length === 0 ? [] : [[MINER, events]]),
  }
  checkMinerAgainstPower(MINER, { ...summary, ...miner }, power, findings)
  return findings.list.map(({ kind }) => kind)
}

// Source of the rules: builtin-actors v18, `state/src/check.rs`, `check_miner_against_power`.
describe('the claim of a miner', () => {
  test.each<Case>([
    { rule: 'is the power of its active sectors', kinds: [] },
    { rule: 'has that raw power', claim: { rawBytePower: 99n }, kinds: ['tree/claim-power'] },
    {
      rule: 'has that quality-adjusted power',
      claim: { qualityAdjPower: 1001n },
      kinds: ['tree/claim-power'],
    },
    {
      rule: 'has the proof type of the miner',
      claim: { windowPostProofType: 14 },
      kinds: ['tree/claim-proof-type'],
    },
  ])('$rule: $kinds', ({ kinds, ...row }) => {
    expect(kindsOf(row)).toEqual(kinds)
  })

  test('has to be there', () => {
    const findings = createFindings()
    const events = new Map([[MINER, [PROVING_DEADLINE]]])
    checkMinerAgainstPower(
      MINER,
      summary,
      { claims: new Map([[OTHER, claim]]), cronEvents: events },
      findings,
    )
    expect(findings.list.map(({ kind }) => kind)).toEqual(['tree/miner-without-claim'])
  })
})

describe('the events of a miner', () => {
  test.each<Case>([
    { rule: 'may be its proving deadline', kinds: [] },
    {
      rule: 'may be its early terminations too, whichever comes first',
      events: [EARLY_TERMINATIONS, PROVING_DEADLINE],
      kinds: [],
    },
    {
      rule: 'may be early terminations of several epochs',
      events: [PROVING_DEADLINE, EARLY_TERMINATIONS, event(2, 501)],
      kinds: [],
    },
    {
      rule: 'may be none while its cron is off',
      miner: { deadlineCronActive: false },
      events: [],
      kinds: [],
    },
    { rule: 'are some while its cron is on', events: [], kinds: ['tree/active-cron-without-events'] },
    {
      rule: 'are no proving deadline while its cron is off',
      miner: { deadlineCronActive: false },
      kinds: ['tree/cron-active-mismatch'],
    },
    {
      rule: 'are not only early terminations',
      miner: { deadlineCronActive: false },
      events: [EARLY_TERMINATIONS],
      kinds: ['tree/no-proving-deadline'],
    },
    {
      rule: 'are a proving deadline while its cron is on',
      events: [EARLY_TERMINATIONS],
      kinds: ['tree/cron-active-mismatch', 'tree/no-proving-deadline'],
    },
    {
      rule: 'are one proving deadline',
      events: [PROVING_DEADLINE, event(1, 560)],
      kinds: ['tree/two-proving-deadlines'],
    },
    {
      rule: 'are of type 1 or 2, not 3',
      events: [PROVING_DEADLINE, event(3)],
      kinds: ['tree/cron-event-type'],
    },
    {
      rule: 'are of type 1 or 2, not 0',
      events: [PROVING_DEADLINE, event(0)],
      kinds: ['tree/cron-event-type'],
    },
    { rule: 'have a payload', events: [PROVING_DEADLINE, broken('')], kinds: ['tree/cron-payload'] },
    {
      rule: 'have a payload of one field',
      events: [PROVING_DEADLINE, broken('820101')],
      kinds: ['tree/cron-payload'],
    },
    {
      rule: 'have nothing after the payload',
      events: [PROVING_DEADLINE, broken('810100')],
      kinds: ['tree/cron-payload'],
    },
  ])('$rule: $kinds', ({ kinds, ...row }) => {
    expect(kindsOf(row)).toEqual(kinds)
  })
})
