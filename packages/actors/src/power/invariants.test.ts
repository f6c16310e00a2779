import {
  createMemoryBlockstore,
  encodeCbor,
  type Link,
  linkTo,
  Multicodec,
  Multihash,
  makeCid,
} from '@plimsoll/ipld'
import { type ActorId, actorId, createHashes, idAddress, STORAGE_POWER_ACTOR_ID } from '@plimsoll/primitives'
import {
  buildState,
  editActor,
  findingsAfter,
  SECTOR_BYTES,
  SOUND_STATE,
  type StateEdit,
} from '@plimsoll/testkit'
import { describe, expect, test } from 'vitest'
import { createFindings } from '../invariants/findings.ts'
import { CronEventPayload } from '../miner/types.ts'
import { MAINNET_POLICY } from '../policy.ts'
import { loadActorState } from '../state-tree/actor-record.ts'
import { loadStateTree, requireActor } from '../state-tree/state-tree.ts'
import { checkPowerInvariants } from './invariants.ts'
import { type Claim, Claims, CronEventQueue, CronEvents, PowerState } from './state.ts'

const store = createMemoryBlockstore(await createHashes())
const MINER = actorId(1000)
const absent = linkTo<never>(makeCid(Multicodec.DAG_CBOR, Multihash.BLAKE2B_256, new Uint8Array(32)))
const SIZE = BigInt(SECTOR_BYTES)
/** Three of the miner's sectors are active: 1, 6 and 7. */
const COMMITTED = 3n * SIZE

interface Broken {
  readonly rule: string
  readonly kind: string
  readonly edit: StateEdit
  readonly place?: string
  /** What follows from it: the claims have other sums, and the miner another power. */
  readonly also?: readonly string[]
}

const edit = (change: Partial<PowerState>) =>
  editActor(STORAGE_POWER_ACTOR_ID, PowerState, (state) => ({ ...state, ...change }))

function editClaim(change: Partial<Claim>, state: Partial<PowerState>, id: ActorId = MINER): StateEdit {
  return editActor(STORAGE_POWER_ACTOR_ID, PowerState, (power, blocks) => {
    const claims = Claims.load(blocks, power.claims)
    const claim = claims.get(idAddress(id)) ?? {
      windowPostProofType: 13,
      rawBytePower: 0n,
      qualityAdjPower: 0n,
    }
    claims.set(idAddress(id), { ...claim, ...change })
    return { ...power, ...state, claims: claims.flush() }
  })
}

// Source of the rules: builtin-actors v18, `actors/power/src/testing.rs`.
describe('the state of the power actor', () => {
  test.each<Broken>([
    {
      rule: 'has no negative raw power',
      kind: 'power/raw-negative',
      edit: edit({ totalRawBytePower: -1n }),
      also: ['power/raw'],
    },
    {
      rule: 'has no negative quality-adjusted power',
      kind: 'power/qa-negative',
      edit: edit({ totalQualityAdjPower: -1n }),
      also: ['power/qa', 'power/raw-over-qa'],
    },
    {
      rule: 'has no negative committed raw power',
      kind: 'power/raw-committed-negative',
      edit: edit({ totalBytesCommitted: -1n }),
      also: ['power/raw-committed', 'power/raw-over-committed'],
    },
    {
      rule: 'has no negative committed quality-adjusted power',
      kind: 'power/qa-committed-negative',
      edit: edit({ totalQaBytesCommitted: -1n }),
      also: ['power/qa-committed', 'power/qa-over-committed', 'power/raw-committed-over-qa-committed'],
    },
    {
      rule: 'has no more raw power than quality-adjusted power',
      kind: 'power/raw-over-qa',
      edit: edit({ totalRawBytePower: 1n }),
      also: ['power/raw'],
    },
    {
      rule: 'has no more raw power committed than quality-adjusted power',
      kind: 'power/raw-committed-over-qa-committed',
      edit: editClaim({ rawBytePower: COMMITTED + 1n }, { totalBytesCommitted: COMMITTED + 1n }),
      also: ['tree/claim-power'],
    },
    {
      rule: 'has no more raw power than is committed',
      kind: 'power/raw-over-committed',
      edit: edit({ totalRawBytePower: COMMITTED + 1n, totalQualityAdjPower: COMMITTED + 1n }),
      also: ['power/qa', 'power/qa-over-committed', 'power/raw'],
    },
    {
      rule: 'has no more quality-adjusted power than is committed',
      kind: 'power/qa-over-committed',
      edit: edit({ totalQualityAdjPower: COMMITTED + 1n }),
      also: ['power/qa'],
    },
    {
      rule: 'has the committed raw power of its claims',
      kind: 'power/raw-committed',
      edit: edit({ totalBytesCommitted: COMMITTED - 1n }),
    },
    {
      rule: 'has the committed quality-adjusted power of its claims',
      kind: 'power/qa-committed',
      edit: edit({ totalQaBytesCommitted: COMMITTED + 1n }),
    },
    {
      rule: 'counts the miners above the minimum',
      kind: 'power/miners-above-minimum',
      edit: edit({ minerAboveMinPowerCount: 1 }),
    },
    {
      rule: 'has the raw power of the miners above the minimum',
      kind: 'power/raw',
      edit: edit({ totalRawBytePower: 1n, totalQualityAdjPower: 1n }),
      also: ['power/qa'],
    },
    {
      rule: 'has the quality-adjusted power of the miners above the minimum',
      kind: 'power/qa',
      edit: edit({ totalQualityAdjPower: 1n }),
    },
    {
      rule: 'has no batch of proofs',
      kind: 'power/proof-validation-batch',
      edit: edit({ proofValidationBatch: makeCid(Multicodec.RAW, Multihash.IDENTITY, Uint8Array.of(1)) }),
    },
    {
      // The miner is called at the end of its open deadline, the tenth from 999,360 on.
      rule: 'has no event before the first epoch of the queue',
      kind: 'power/cron-event-before-first-epoch',
      place: 'f04.cronEventQueue',
      edit: edit({ firstCronEpoch: 1_000_020 }),
    },
  ])('$rule: $kind', ({ kind, edit: change, place = 'f04', also = [] }) => {
    const findings = findingsAfter(store, SOUND_STATE, change)
    expect(findings.map((finding) => finding.kind).sort()).toEqual([kind, ...also].sort())
    expect(findings).toContainEqual(expect.objectContaining({ kind, place }))
  })

  test.each([
    {
      rule: 'may have an event in the first epoch of the queue',
      change: edit({ firstCronEpoch: 1_000_019 }),
    },
    {
      rule: 'may have a claim of something that is no miner',
      change: editClaim({}, {}, actorId(5000)),
    },
  ])('$rule', ({ change }) => {
    expect(findingsAfter(store, SOUND_STATE, change)).toEqual([])
  })

  // 10 TiB are 320 sectors of 32 GiB.
  test.each([
    { sectors: 319, power: 0n, miners: 0 },
    { sectors: 320, power: 10n << 40n, miners: 1 },
  ])('counts $miners miners in consensus with $sectors sectors', ({ sectors, power, miners }) => {
    const plan = {
      epoch: 1_000_000,
      miners: [
        { id: MINER, sectors: Array.from({ length: sectors }, (_, sectorNumber) => ({ sectorNumber })) },
      ],
    }
    const counted = { totalRawBytePower: power, totalQualityAdjPower: power, minerAboveMinPowerCount: miners }
    expect(findingsAfter(store, plan, edit(counted))).toEqual([])
  })
})

describe('checkPowerInvariants', () => {
  const tree = loadStateTree(store, [buildState(store, SOUND_STATE)])
  const record = requireActor(tree, STORAGE_POWER_ACTOR_ID)
  const check = (version: 13 | 14 | 18, change: Partial<PowerState>, policy = MAINNET_POLICY) => {
    const findings = createFindings()
    const state = { ...loadActorState(store, PowerState, record), ...change }
    return { summary: checkPowerInvariants(policy, version, store, state, findings), findings: findings.list }
  }

  test('says what the miners are compared with', () => {
    const { summary, findings } = check(18, {})
    expect(findings).toEqual([])
    expect(Object.fromEntries(summary.claims)).toEqual({
      [idAddress(MINER)]: { windowPostProofType: 13, rawBytePower: COMMITTED, qualityAdjPower: COMMITTED },
      [idAddress(actorId(1001))]: { windowPostProofType: 13, rawBytePower: 0n, qualityAdjPower: 0n },
    })
    const payload = encodeCbor(CronEventPayload, { eventType: 1 })
    expect(Object.fromEntries(summary.cronEvents)).toEqual({
      [idAddress(MINER)]: [{ epoch: 1_000_019, payload }],
    })
  })

  test('finds all events of a miner, of whatever epoch', () => {
    const queue = CronEventQueue.empty(store)
    for (const epoch of [1_000_019, 1_000_079]) {
      const events = CronEvents.empty(store)
      events.set(0, { minerAddr: idAddress(MINER), callbackPayload: Uint8Array.of(epoch & 0xff) })
      events.set(1, { minerAddr: idAddress(actorId(1001)), callbackPayload: new Uint8Array() })
      queue.set(epoch, events.flush())
    }
    const { cronEvents } = check(18, { cronEventQueue: queue.flush() }).summary
    const epochsOf = (id: ActorId) => cronEvents.get(idAddress(id))?.map(({ epoch }) => epoch)
    expect(new Set(epochsOf(MINER))).toEqual(new Set([1_000_019, 1_000_079]))
    expect(new Set(epochsOf(actorId(1001)))).toEqual(new Set([1_000_019, 1_000_079]))
  })

  // FIP-0084 emptied the batch with v14.
  test.each([
    { version: 13, kinds: [] },
    { version: 14, kinds: ['power/proof-validation-batch'] },
  ] as const)('of v$version finds $kinds in a state with a batch of proofs', ({ version, kinds }) => {
    const { findings } = check(version, { proofValidationBatch: record.head.cid })
    expect(findings.map(({ kind }) => kind)).toEqual(kinds)
  })

  test.each([
    { minimum: COMMITTED, kinds: ['power/miners-above-minimum', 'power/raw', 'power/qa'] },
    { minimum: COMMITTED + 1n, kinds: [] },
  ])('counts a miner in consensus from the minimum of the policy on, here $minimum', ({ minimum, kinds }) => {
    const { findings } = check(18, {}, { ...MAINNET_POLICY, minimumConsensusPower: minimum })
    expect(findings.map(({ kind }) => kind)).toEqual(kinds)
  })

  test.each([
    { of: 'the queue', change: { cronEventQueue: absent }, path: ['cronEventQueue'] },
    { of: 'the claims', change: { claims: absent }, path: ['claims'] },
    {
      of: 'the events of an epoch',
      change: { cronEventQueue: queueTo(absent) },
      path: ['cronEventQueue', 77],
    },
  ])('names $of when its block is missing', ({ change, path }) => {
    expect(() => check(18, change)).toThrow(expect.objectContaining({ code: 'MISSING_BLOCK', path }))
  })
})

function queueTo(events: Link<never>) {
  const queue = CronEventQueue.empty(store)
  queue.set(77, events)
  return queue.flush()
}
