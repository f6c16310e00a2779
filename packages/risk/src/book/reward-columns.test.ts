import { fc, test } from '@fast-check/vitest'
import {
  type ActorsVersion,
  amountAt,
  loadMiner,
  type Miner,
  minerLayout,
  type SectorOnChainInfo,
} from '@plimsoll/actors'
import { CodecError, createMemoryBlockstore } from '@plimsoll/ipld'
import { type ActorId, createHashes } from '@plimsoll/primitives'
import { anySector, buildMiner, plannedSector } from '@plimsoll/testkit'
import { describe, expect } from 'vitest'
import { loadSectorColumns } from './load-sector-columns.ts'
import { loadRewardColumns, REWARD_COLUMN_BYTES, type RewardColumns } from './reward-columns.ts'

const hashes = await createHashes()
const RECORDED = { expectedDayReward: 11n, expectedStoragePledge: 22n, replacedDayReward: 33n }

function minerOf(version: ActorsVersion, sectors: readonly SectorOnChainInfo[]): Miner {
  const store = createMemoryBlockstore(hashes)
  const layout = minerLayout(version)
  const { state } = loadMiner(
    store,
    minerLayout(18),
    buildMiner(store, { id: 1000 as ActorId }, 1_000_000).head,
  )
  const tree = layout.sectors.empty(store)
  for (const sector of sectors) {
    tree.set(sector.sectorNumber, sector)
  }
  return { store, layout, state: { ...state, sectors: tree.flush() } }
}

function rewardsOf(version: ActorsVersion, sectors: readonly SectorOnChainInfo[]): RewardColumns {
  const miner = minerOf(version, sectors)
  return loadRewardColumns(miner, loadSectorColumns(version, miner))
}

function rowOf(rewards: RewardColumns, row: number) {
  return {
    dayReward: amountAt(rewards.expectedDayReward, row),
    storagePledge: amountAt(rewards.expectedStoragePledge, row),
    replacedDayReward: amountAt(rewards.replacedDayReward, row),
    replacedSectorAge: rewards.replacedSectorAge[row],
    isRecorded: rewards.isRecorded[row],
  }
}

const NOTHING = {
  dayReward: 0n,
  storagePledge: 0n,
  replacedDayReward: 0n,
  replacedSectorAge: 0,
  isRecorded: 0,
}

describe('loadRewardColumns', () => {
  test('keeps every reward in the column of its name and in the row of its sector', () => {
    const rewards = rewardsOf(18, [
      plannedSector({ sectorNumber: 3 }),
      plannedSector({ sectorNumber: 90, ...RECORDED, activation: 1000, powerBaseEpoch: 1700 }),
      plannedSector({ sectorNumber: 5000 }),
    ])
    expect(rowOf(rewards, 1)).toEqual({
      dayReward: 11n,
      storagePledge: 22n,
      replacedDayReward: 33n,
      replacedSectorAge: 700,
      isRecorded: 1,
    })
    expect([rowOf(rewards, 0), rowOf(rewards, 2)]).toEqual([NOTHING, NOTHING])
  })

  // The upgrade to v16 made the three fields optional together; a record with a gap cannot be charged.
  test.each(['expectedDayReward', 'expectedStoragePledge', 'replacedDayReward'] as const)(
    'takes a sector without %s for one without rewards',
    (field) => {
      const sector = plannedSector({ sectorNumber: 3, ...RECORDED, [field]: null })
      expect(rowOf(rewardsOf(18, [sector]), 0)).toEqual(NOTHING)
    },
  )

  test('takes rewards of zero for recorded ones', () => {
    const zero = { expectedDayReward: 0n, expectedStoragePledge: 0n, replacedDayReward: 0n }
    expect(rowOf(rewardsOf(18, [plannedSector({ sectorNumber: 3, ...zero })]), 0).isRecorded).toBe(1)
  })

  // Until v11 the age was a field of its own; v12 put the base of power there, which tells it.
  test.each([
    { version: 8, age: 777 },
    { version: 11, age: 777 },
    { version: 12, age: 600 },
    { version: 15, age: 600 },
    { version: 16, age: 600 },
  ] as const)('finds in v$version that the replaced sector was $age epochs old', ({ version, age }) => {
    const sector = plannedSector({
      sectorNumber: 3,
      ...RECORDED,
      activation: 1000,
      powerBaseEpoch: 1600,
      replacedSectorAge: 777,
    })
    expect(rowOf(rewardsOf(version, [sector]), 0).replacedSectorAge).toBe(age)
  })

  test.prop([fc.uniqueArray(anySector, { maxLength: 10, selector: ({ sectorNumber }) => sectorNumber })])(
    'gives back the rewards of any sectors, whatever their size',
    (sectors) => {
      const rewards = rewardsOf(18, sectors)
      const ascending = sectors.sort((a, b) => a.sectorNumber - b.sectorNumber)
      expect(ascending.map((_, row) => rowOf(rewards, row))).toEqual(
        ascending.map((sector) =>
          sector.expectedDayReward === null
            ? NOTHING
            : {
                dayReward: sector.expectedDayReward,
                storagePledge: sector.expectedStoragePledge,
                replacedDayReward: sector.replacedDayReward,
                replacedSectorAge: sector.powerBaseEpoch - sector.activation,
                isRecorded: 1,
              },
        ),
      )
    },
  )

  test('says that a tree which is not there is under the sectors', () => {
    const miner = minerOf(18, [])
    const elsewhere: Miner = { ...miner, store: createMemoryBlockstore(hashes) }
    const columns = loadSectorColumns(18, miner)
    let found: unknown
    try {
      loadRewardColumns(elsewhere, columns)
    } catch (error) {
      found = error
    }
    expect(found).toBeInstanceOf(CodecError)
    expect(found).toMatchObject({ code: 'MISSING_BLOCK', path: ['sectors'] })
  })

  test('takes the bytes of a sector that it says, at most 32', () => {
    const sectors = [plannedSector({ sectorNumber: 1 }), plannedSector({ sectorNumber: 2 })]
    const { expectedDayReward, expectedStoragePledge, replacedDayReward, ...others } = rewardsOf(18, sectors)
    const amounts = [expectedDayReward, expectedStoragePledge, replacedDayReward].map(({ words }) => words)
    const bytes = [...amounts, ...Object.values(others)].reduce((sum, { byteLength }) => sum + byteLength, 0)
    expect(bytes).toBe(2 * REWARD_COLUMN_BYTES)
    expect(REWARD_COLUMN_BYTES).toBeLessThanOrEqual(32)
  })
})
