import { type AmountColumn, createAmountColumn, type Miner, setAmount } from '@plimsoll/actors'
import { within } from '@plimsoll/ipld'
import type { SectorColumns } from './sector-columns.ts'

/**
 * What only the fees before FIP-0098 are made of: 29 bytes a sector, loaded when they are asked for.
 *
 * Rows are those of the sector columns.
 */
export interface RewardColumns {
  readonly expectedDayReward: AmountColumn
  readonly expectedStoragePledge: AmountColumn
  readonly replacedDayReward: AmountColumn
  /** Epochs; from v12 on the time between activation and power base. */
  readonly replacedSectorAge: Int32Array
  /** 1 where the sector has these fields; sectors committed since v16 do not. */
  readonly isRecorded: Uint8Array
}

/** Bytes that a sector takes in these columns. */
export const REWARD_COLUMN_BYTES = 3 * 8 + 4 + 1

export function loadRewardColumns({ store, layout, state }: Miner, { count }: SectorColumns): RewardColumns {
  const columns: RewardColumns = {
    expectedDayReward: createAmountColumn(count),
    expectedStoragePledge: createAmountColumn(count),
    replacedDayReward: createAmountColumn(count),
    replacedSectorAge: new Int32Array(count),
    isRecorded: new Uint8Array(count),
  }
  let row = 0
  for (const sector of within('sectors', () => layout.sectors.load(store, state.sectors)).values()) {
    const { expectedDayReward, expectedStoragePledge, replacedDayReward } = sector
    if (expectedDayReward !== null && expectedStoragePledge !== null && replacedDayReward !== null) {
      setAmount(columns.expectedDayReward, row, expectedDayReward)
      setAmount(columns.expectedStoragePledge, row, expectedStoragePledge)
      setAmount(columns.replacedDayReward, row, replacedDayReward)
      columns.replacedSectorAge[row] = sector.replacedSectorAge ?? sector.powerBaseEpoch - sector.activation
      columns.isRecorded[row] = 1
    }
    row++
  }
  return columns
}
