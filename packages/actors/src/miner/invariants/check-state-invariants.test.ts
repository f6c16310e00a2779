import { fc, test } from '@fast-check/vitest'
import {
  bitField,
  bitFieldOf,
  createMemoryBlockstore,
  linkTo,
  Multicodec,
  Multihash,
  makeCid,
  save,
} from '@plimsoll/ipld'
import { actorId, assert, createHashes } from '@plimsoll/primitives'
import {
  buildMiner,
  editDeadline,
  editMiner,
  editSectors,
  findingsAfter,
  plannedSector,
  SECTOR_BYTES,
  type SectorCondition,
  SOUND_STATE,
  type StateEdit,
} from '@plimsoll/testkit'
import { describe, expect } from 'vitest'
import { createFindings } from '../../invariants/findings.ts'
import { MAINNET_POLICY } from '../../policy.ts'
import { minerLayout } from '../layout.ts'
import { loadMiner, type Miner } from '../load-miner.ts'
import type { MinerState } from '../state.ts'
import type { SectorOnChainInfo } from '../types.ts'
import { checkMinerInvariants } from './check-state-invariants.ts'

const store = createMemoryBlockstore(await createHashes())
const MINER = actorId(1000)
const absent = linkTo<never>(makeCid(Multicodec.DAG_CBOR, Multihash.BLAKE2B_256, new Uint8Array(32)))

interface Broken {
  readonly rule: string
  readonly kind: string
  readonly edit: StateEdit
  readonly place?: string
}

const edit = (change: Partial<MinerState>) => editMiner(MINER, (state) => ({ ...state, ...change }))

const editSector = (number: number, change: (sector: SectorOnChainInfo) => Partial<SectorOnChainInfo>) =>
  editSectors(MINER, (sectors) => {
    const sector = sectors.get(number)
    assert(sector !== undefined, `the state has a sector ${number}`)
    sectors.set(number, { ...sector, ...change(sector) })
  })

describe('the state of a miner', () => {
  test('breaks no rule with a sector of every condition', () => {
    expect(findingsAfter(store, SOUND_STATE, edit({}))).toEqual([])
  })

  test.each<Broken>([
    {
      rule: 'has sectors whose numbers are allocated',
      kind: 'miner/sector-not-allocated',
      place: 'f01000.sectors[6]',
      edit: edit({ allocatedSectors: save(store, bitField, bitFieldOf([1, 2, 3, 4, 5, 7, 8])) }),
    },
    {
      rule: 'has sectors whose power counts from their activation or later',
      kind: 'miner/power-base-before-activation',
      place: 'f01000.sectors[1]',
      edit: editSector(1, ({ activation }) => ({ powerBaseEpoch: activation - 1 })),
    },
    {
      rule: 'has sectors whose power counts from before their expiration',
      kind: 'miner/power-base-not-before-expiration',
      place: 'f01000.sectors[5]',
      edit: editSector(5, ({ expiration }) => ({ powerBaseEpoch: expiration })),
    },
    {
      rule: 'has one of 48 deadlines as its present one',
      kind: 'miner/current-deadline',
      edit: edit({ currentDeadline: 48 }),
    },
    {
      rule: 'names every deadline with early terminations',
      kind: 'miner/early-terminations',
      edit: edit({ earlyTerminations: bitFieldOf([0]) }),
    },
    {
      rule: 'names no deadline without early terminations',
      kind: 'miner/early-terminations',
      edit: edit({ earlyTerminations: bitFieldOf([0, 5, 7]) }),
    },
    {
      rule: 'has the pledge of its live and its queued sectors, no more',
      kind: 'miner/initial-pledge',
      edit: edit({ initialPledge: 8n * 10n ** 18n + 1n }),
    },
    {
      rule: 'has the pledge of its live and its queued sectors, no less',
      kind: 'miner/initial-pledge',
      edit: edit({ initialPledge: 8n * 10n ** 18n - 1n }),
    },
  ])('$rule: $kind', ({ kind, edit: change, place = 'f01000' }) => {
    expect(findingsAfter(store, SOUND_STATE, change)).toEqual([{ kind, place, message: expect.any(String) }])
  })

  test.each([
    {
      rule: 'the power of a sector may count from later',
      edit: editSector(1, () => ({ powerBaseEpoch: 2000 })),
    },
    {
      rule: 'the power of a sector may count from the epoch before it expires',
      edit: editSector(1, ({ expiration }) => ({ powerBaseEpoch: expiration - 1 })),
    },
    { rule: 'the present deadline may be the last', edit: edit({ currentDeadline: 47 }) },
  ])('$rule', ({ edit: change }) => {
    expect(findingsAfter(store, SOUND_STATE, change)).toEqual([])
  })

  const anyCondition: fc.Arbitrary<SectorCondition> = fc.oneof(
    fc.constantFrom<SectorCondition>('active', 'unproven', 'faulty', 'recovering'),
    fc.integer({ min: 900_000, max: 999_999 }).map((queuedSince) => ({ queuedSince })),
  )
  const anySectors = fc.uniqueArray(
    fc.record({
      sectorNumber: fc.nat(2000),
      deadline: fc.nat(47),
      partition: fc.nat(1),
      condition: anyCondition,
      expiration: fc.integer({ min: 1_000_100, max: 3_000_000 }),
      verifiedDealWeight: fc.constantFrom(0n, BigInt(SECTOR_BYTES) * 100n),
      initialPledge: fc.bigInt({ min: 1n, max: 10n ** 18n }),
      dailyFee: fc.bigInt({ min: 0n, max: 10n ** 12n }),
    }),
    { selector: ({ sectorNumber }) => sectorNumber, maxLength: 12 },
  )

  test.prop([anySectors])(
    'breaks no rule with any sectors, and its power is that of the active ones',
    (sectors) => {
      const { head, balance, activePower } = buildMiner(store, { id: MINER, sectors }, 1_000_000)
      const findings = createFindings()
      const miner = loadMiner(store, minerLayout(18), head)
      const summary = checkMinerInvariants(MAINNET_POLICY, 18, miner, balance, findings)
      expect(findings.list).toEqual([])
      const withData = sectors.filter(({ verifiedDealWeight }) => verifiedDealWeight !== 0n)
      expect(summary).toEqual({
        activePower,
        windowPostProofType: 13,
        deadlineCronActive: sectors.length > 0,
        liveDataSectors: new Map(withData.map((plan) => [plan.sectorNumber, plannedSector(plan)])),
      })
    },
  )
})

describe('the rules of older versions', () => {
  // v12 brought the power base; before, a sector's power counted from its activation.
  test.each([
    { version: 11, kinds: [] },
    { version: 12, kinds: ['miner/power-base-before-activation', 'miner/power-base-not-before-expiration'] },
  ] as const)('of v$version about the power base are $kinds', ({ version, kinds }) => {
    const sector = { sectorNumber: 1, activation: 1000, powerBaseEpoch: 999, expiration: 998 }
    const { head, balance } = buildMiner(store, { id: MINER, sectors: [sector] }, 1_000_000)
    const findings = createFindings()
    // The proof type of the miner and the layout of its blocks are those of v18.
    checkMinerInvariants(MAINNET_POLICY, version, loadMiner(store, minerLayout(18), head), balance, findings)
    expect(findings.list.map(({ kind }) => kind)).toEqual(kinds)
  })

  test('the number of deadlines is a matter of policy', () => {
    const policy = { ...MAINNET_POLICY, wpostPeriodDeadlines: 10 }
    const { head, balance } = buildMiner(store, { id: MINER }, 1_000_000)
    const findings = createFindings()
    // The tenth deadline is open, which is number 10 from 0.
    checkMinerInvariants(policy, 18, loadMiner(store, minerLayout(18), head), balance, findings)
    expect(findings.list.map(({ kind }) => kind)).toEqual(['miner/current-deadline'])
  })
})

describe('a block of a miner that is missing', () => {
  const { head, balance } = buildMiner(
    store,
    { id: MINER, sectors: [{ sectorNumber: 1, deadline: 2 }] },
    1_000_000,
  )
  const miner = loadMiner(store, minerLayout(18), head)

  test.each<{
    readonly of: string
    readonly state: Partial<MinerState>
    readonly path: readonly (string | number)[]
  }>([
    { of: 'the info', state: { info: absent }, path: ['info'] },
    { of: 'the allocated sectors', state: { allocatedSectors: absent }, path: ['allocatedSectors'] },
    { of: 'the pre-commitments', state: { preCommittedSectors: absent }, path: ['preCommittedSectors'] },
    {
      of: 'the clean-up queue',
      state: { preCommittedSectorsCleanup: absent },
      path: ['preCommittedSectorsCleanup'],
    },
    { of: 'the sectors', state: { sectors: absent }, path: ['sectors'] },
    { of: 'the deadlines', state: { deadlines: absent }, path: ['deadlines'] },
  ])('is named with the place of $of', ({ state, path }) => {
    const broken: Miner = { ...miner, state: { ...miner.state, ...state } }
    expect(() => checkMinerInvariants(MAINNET_POLICY, 18, broken, balance, createFindings())).toThrow(
      expect.objectContaining({ code: 'MISSING_BLOCK', path }),
    )
  })

  test.each([
    { of: 'the partitions', change: { partitions: absent }, path: ['deadlines', 0] },
    {
      of: 'the snapshot',
      change: { partitionsSnapshot: absent },
      path: ['deadlines', 0, 'partitionsSnapshot'],
    },
    {
      of: 'the expirations',
      change: { expirationsEpochs: absent },
      path: ['deadlines', 0, 'expirationsEpochs'],
    },
  ])('is named with the place of $of of a deadline', ({ change, path }) => {
    const broken = editDeadline(MINER, 0, (deadline) => ({ ...deadline, ...change }))
    expect(() => findingsAfter(store, SOUND_STATE, broken)).toThrow(
      expect.objectContaining({ code: 'MISSING_BLOCK', path: ['f01000', ...path] }),
    )
  })
})
