import {
  Claims,
  CRON_EVENT_PROCESS_EARLY_TERMINATIONS,
  CRON_EVENT_PROVING_DEADLINE,
  CronEventPayload,
  CronEventQueue,
  CronEvents,
  MAINNET_POLICY,
  minerLayout,
  PowerState,
  PreCommitCleanup,
} from '@plimsoll/actors'
import { bitFieldOf, createMemoryBlockstore, encodeCbor } from '@plimsoll/ipld'
import {
  type ActorId,
  createHashes,
  EPOCHS_IN_DAY,
  idAddress,
  STORAGE_POWER_ACTOR_ID,
} from '@plimsoll/primitives'
import {
  buildState,
  editActor,
  editDeadline,
  editMiner,
  editMinerInfo,
  editSectors,
  OWNER_ID,
  SECTOR_BYTES,
  sealedSector,
} from '@plimsoll/testkit'
import { describe, expect, test } from 'vitest'
import { openNetworkView } from '../assess/network-view.ts'
import { loadPredictedMiner } from './load-predicted-miner.ts'
import type { PredictedMiner, PredictedSector } from './predict-state.ts'

const hashes = await createHashes()
const ID = 1000 as ActorId
/** 640 epochs into a proving period: deadline 10 is open. */
const EPOCH = 1_000_000
const PERIOD_START = 999_360
const DAY = EPOCHS_IN_DAY
const SIZE = BigInt(SECTOR_BYTES)
const VESTING = [{ epoch: EPOCH + 1440, amount: 500n }]

/** A sound state of one miner, most of whose sectors are in deadline 3, with whatever is changed of it. */
function loaded(...edits: readonly ReturnType<typeof editMiner>[]): PredictedMiner {
  return loadPredictedMiner(viewOf(...edits), ID, MAINNET_POLICY)
}

function viewOf(...edits: readonly ReturnType<typeof editMiner>[]) {
  const store = createMemoryBlockstore(hashes)
  const root = buildState(store, {
    epoch: EPOCH,
    miners: [
      {
        ...{ id: ID, unlockedBalance: 70n, feeDebt: 9n, vesting: VESTING },
        sectors: [
          { sectorNumber: 1, deadline: 3, initialPledge: 1000n, dailyFee: 7n },
          { sectorNumber: 2, deadline: 3, initialPledge: 1001n, condition: 'faulty' },
          { sectorNumber: 3, deadline: 3, initialPledge: 1002n, condition: 'recovering' },
          { sectorNumber: 4, deadline: 3, initialPledge: 1003n, condition: 'unproven' },
          { sectorNumber: 5, deadline: 3, initialPledge: 1004n, condition: { queuedSince: 900_000 } },
          { sectorNumber: 6, deadline: 3, partition: 1, verifiedDealWeight: SIZE * BigInt(540 * DAY) },
          { sectorNumber: 7, deadline: 3, partition: 1, dealWeight: 1n, activation: 2000 },
          { sectorNumber: 8, deadline: 3, partition: 1, condition: 'faulty', expiration: 1_050_000 },
          { sectorNumber: 9, deadline: 47 },
        ],
      },
      { id: 1001 as ActorId, sectors: [{ sectorNumber: 1 }] },
    ],
  })
  return openNetworkView(store, [edits.reduce((state, edit) => edit(store, state), root)])
}

/** As the queue of deadline 3 has it: the end of its window, 239 epochs into a proving period. */
const PROMISED = 540 * DAY + DAY + 239
const FAULTY_UNTIL = 389 * DAY + DAY + 239

function sector(number: number, fields: Partial<PredictedSector> = {}): PredictedSector {
  return {
    ...{ number, activation: 1000, initialPledge: 10n ** 18n, qaPower: SIZE, dailyFee: 0n, hasData: false },
    ...{ promisedUntil: PROMISED, expiresAt: PROMISED, isOnTime: true },
    ...{ isFaulty: false, isRecovering: false, isUnproven: false },
    ...fields,
  }
}

describe('a miner as predictions have it', () => {
  test('has the money, the roles and the claim of the state', () => {
    const { deadlines, policy, ...miner } = loaded()
    expect(deadlines).toHaveLength(48)
    expect(policy).toBe(MAINNET_POLICY)
    // Five pledges of about 1000, and four of 1 FIL.
    const initialPledge = 5010n + 4n * 10n ** 18n
    expect(miner).toEqual({
      id: 1000,
      // The other miner has one sector of 1 FIL.
      networkPledge: { total: initialPledge + 10n ** 18n },
      sectorSizeBytes: SECTOR_BYTES,
      ...{ owner: idAddress(OWNER_ID), worker: idAddress(OWNER_ID), beneficiary: idAddress(OWNER_ID) },
      ...{ pendingWorker: null, beneficiaryTerm: { quota: 0n, usedQuota: 0n, expiration: 0 } },
      ...{ balance: initialPledge + 570n, initialPledge, lockedFunds: 500n, feeDebt: 9n },
      ...{ preCommitDeposits: 0n, cleanUps: [], vesting: VESTING, excludedUntil: 0 },
      ...{ periodOffset: PERIOD_START, deadlineCronActive: true, pending: new Set([3]) },
      // Active are 1, 6 with all its space verified, 7 and 9.
      ...{ hasClaim: true, claim: { raw: 4n * SIZE, qa: 13n * SIZE } },
      events: [{ epoch: PERIOD_START + 659, kind: 'deadline' }],
    })
  })

  // 1000 + 540 days is 1000 epochs into a period; 42 days after EPOCH 640. Sector 8 would have left before that.
  test('has every sector with what will become of it', () => {
    const [, , , deadline] = loaded().deadlines
    expect(deadline).toMatchObject({
      liveQaPower: 16n * SIZE,
      ...{ faultyQaPower: 3n * SIZE, dailyFee: 7n, pending: new Set([0]) },
    })
    const [first, second, ...others] = deadline?.partitions ?? []
    expect(others).toEqual([])
    const early = { expiresAt: FAULTY_UNTIL, isOnTime: false, isFaulty: true }
    expect([...(first?.live.entries() ?? [])]).toEqual([
      [1, sector(1, { initialPledge: 1000n, dailyFee: 7n })],
      [2, sector(2, { initialPledge: 1001n, ...early })],
      [3, sector(3, { initialPledge: 1002n, ...early, isRecovering: true })],
      [4, sector(4, { initialPledge: 1003n, isUnproven: true })],
    ])
    const leaves = 364 * DAY + DAY + 239
    expect([...(second?.live.values() ?? [])]).toEqual([
      sector(6, { qaPower: 10n * SIZE, hasData: true }),
      sector(7, { activation: 2000, hasData: true, promisedUntil: PROMISED, expiresAt: PROMISED }),
      sector(8, { isFaulty: true, promisedUntil: leaves, expiresAt: leaves }),
    ])
    expect([first?.index, second?.index]).toEqual([0, 1])
    // What waits has left the queue of expirations.
    const waiting = sector(5, { initialPledge: 1004n, expiresAt: Number.POSITIVE_INFINITY })
    expect(first?.queued).toEqual([{ epoch: 900_000, sectors: [waiting] }])
    expect(second?.queued).toEqual([])
    // Terminated sectors stay in the set of their partition.
    expect(first?.sectors).toEqual(bitFieldOf([1, 2, 3, 4, 5]))
  })

  // The last deadline ends with the period, 2879 epochs into it.
  test('rounds an expiration up to the end of the own deadline', () => {
    const last = loaded().deadlines[47]?.partitions[0]?.live.get(9)
    expect(last).toMatchObject({ promisedUntil: 540 * DAY + 2879, expiresAt: 540 * DAY + 2879 })
  })

  test('knows which partitions are proven', () => {
    const posted = editDeadline(ID, 3, (deadline) => ({ ...deadline, partitionsPosted: bitFieldOf([1]) }))
    const isPosted = loaded(posted).deadlines[3]?.partitions.map((partition) => partition.isPosted)
    expect(isPosted).toEqual([false, true])
  })

  test('has who is to be worker and beneficiary, and how long it is excluded', () => {
    const change = {
      pendingWorkerKey: { newWorker: idAddress(200n), effectiveAt: EPOCH + 5 },
      beneficiary: idAddress(300n),
      beneficiaryTerm: { quota: 50n, usedQuota: 20n, expiration: EPOCH + 9 },
      ...{ consensusFaultElapsed: EPOCH + 7, worker: idAddress(400n) },
    }
    expect(loaded(editMinerInfo(ID, (info) => ({ ...info, ...change })))).toMatchObject({
      ...{ pendingWorker: change.pendingWorkerKey, worker: idAddress(400n), owner: idAddress(OWNER_ID) },
      ...{ beneficiary: idAddress(300n), beneficiaryTerm: change.beneficiaryTerm, excludedUntil: EPOCH + 7 },
    })
  })

  // 101 is in both entries, and burned by the first of them; 103 was proven, and has no deposit any more.
  test('has the deposits that will be burned, each once', () => {
    const promised = editMiner(ID, (state, store) => {
      const preCommits = minerLayout(18).preCommits.empty(store)
      for (const [number, preCommitDeposit] of [
        [100, 10n],
        [101, 20n],
        [102, 40n],
      ] as const) {
        preCommits.set(number, {
          info: {
            ...{ sealProof: 8, sectorNumber: number, sealedCid: sealedSector(number), dealIds: [] },
            ...{ sealRandEpoch: 1, expiration: 2_000_000, unsealedCid: null },
          },
          ...{ preCommitDeposit, preCommitEpoch: 2 },
        })
      }
      const cleanUp = PreCommitCleanup.empty(store)
      cleanUp.set(EPOCH + 10, bitFieldOf([100, 101, 103]))
      cleanUp.set(EPOCH + 70, bitFieldOf([101, 102]))
      return {
        ...{ ...state, preCommitDeposits: 70n },
        ...{ preCommittedSectors: preCommits.flush(), preCommittedSectorsCleanup: cleanUp.flush() },
      }
    })
    expect(loaded(promised)).toMatchObject({
      preCommitDeposits: 70n,
      cleanUps: [
        { epoch: EPOCH + 10, deposit: 30n },
        { epoch: EPOCH + 70, deposit: 40n },
      ],
    })
  })
})

describe('what the power actor knows of a predicted miner', () => {
  const editPower = (change: Parameters<typeof editActor<PowerState>>[2]) =>
    editActor(STORAGE_POWER_ACTOR_ID, PowerState, change)

  // Cron looks at no epoch before the first that it has not executed.
  test('is what cron will call it for, from the first epoch that cron looks at', () => {
    const queued = editPower((state, store) => {
      const queue = CronEventQueue.empty(store)
      const enrol = (epoch: number, ...calls: readonly (readonly [ActorId, number])[]) => {
        const events = CronEvents.empty(store)
        calls.forEach(([miner, eventType], index) => {
          const callbackPayload = encodeCbor(CronEventPayload, { eventType })
          events.set(index, { minerAddr: idAddress(miner), callbackPayload })
        })
        queue.set(epoch, events.flush())
      }
      const other = 1001 as ActorId
      enrol(EPOCH - 2, [ID, CRON_EVENT_PROVING_DEADLINE])
      enrol(EPOCH + 50, [other, CRON_EVENT_PROVING_DEADLINE], [ID, CRON_EVENT_PROVING_DEADLINE])
      enrol(EPOCH - 1, [ID, CRON_EVENT_PROCESS_EARLY_TERMINATIONS], [ID, CRON_EVENT_PROVING_DEADLINE])
      enrol(EPOCH + 300, [ID, CRON_EVENT_PROCESS_EARLY_TERMINATIONS])
      return { ...state, cronEventQueue: queue.flush(), firstCronEpoch: EPOCH - 1 }
    })
    expect(loaded(queued).events).toEqual([
      { epoch: EPOCH - 1, kind: 'early terminations' },
      { epoch: EPOCH - 1, kind: 'deadline' },
      { epoch: EPOCH + 50, kind: 'deadline' },
      { epoch: EPOCH + 300, kind: 'early terminations' },
    ])
  })

  test('is nothing without a claim, whatever is queued', () => {
    const forgotten = editPower((state, store) => {
      const claims = Claims.load(store, state.claims)
      claims.delete(idAddress(ID))
      return { ...state, claims: claims.flush() }
    })
    expect(loaded(forgotten)).toMatchObject({ hasClaim: false, claim: { raw: 0n, qa: 0n }, events: [] })
  })
})

describe('a miner that cannot be predicted', () => {
  test('is one of other actors than those that plans follow', () => {
    const view = { ...viewOf(), version: 17 } as const
    expect(() => loadPredictedMiner(view, ID, MAINNET_POLICY)).toThrow(
      expect.objectContaining({ code: 'STATE_NOT_PREDICTABLE', data: { version: 17 } }),
    )
  })

  test('is one of which a sector is in a partition and not stored', () => {
    const lost = editSectors(ID, (sectors) => {
      sectors.delete(6)
    })
    expect(() => loaded(lost)).toThrow(
      expect.objectContaining({ code: 'SECTOR_WITHOUT_INFO', data: { number: 6 } }),
    )
  })
})
