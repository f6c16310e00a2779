import { assert, type ChainEpoch } from '@plimsoll/primitives'
import type { OpenMiner } from '../assess/assess-miner.ts'
import { AssessError, type NetworkView } from '../assess/network-view.ts'
import { loadRewardColumns } from '../book/reward-columns.ts'
import { findRow, SectorStatus } from '../book/sector-columns.ts'
import type { FeeRules } from '../fees/fee-rules.ts'
import { explainFip0098Fee, explainPreFip0098Fee } from './explain-sector-fee.ts'
import type { Term } from './term.ts'

/**
 * The fee of one sector, at the assessed epoch, or for a sector that is terminated already at its own.
 *
 * @throws {AssessError} `SECTOR_NOT_FOUND`, `SECTOR_SETTLED`, `NO_RECORDED_REWARDS`
 */
export function explainSector(
  view: NetworkView,
  opened: OpenMiner,
  sectorNumber: number,
  rules: FeeRules,
): Term {
  const { book } = opened
  const row = findRow(book.columns, sectorNumber)
  if (row < 0) {
    throw new AssessError('SECTOR_NOT_FOUND', `the miner has no sector ${sectorNumber}`, { sectorNumber })
  }
  const status = book.columns.status[row] as number
  if ((status & SectorStatus.LIVE) !== 0) {
    return explainRow(view, opened, rules, row, view.assessedEpoch)
  }
  if ((status & SectorStatus.QUEUED) === 0) {
    throw new AssessError(
      'SECTOR_SETTLED',
      `sector ${sectorNumber} is terminated and has no fee left to pay`,
      {
        sectorNumber,
      },
    )
  }
  const queued = book.queue.find(({ firstRow, count }) => row >= firstRow && row < firstRow + count)
  assert(queued !== undefined, 'a sector that is marked as queued is in the queue')
  return explainRow(view, opened, rules, row, queued.epoch)
}

/** The fee of the sector in a row, if it was terminated in `epoch`. */
export function explainRow(
  { estimates }: NetworkView,
  { book, miner }: OpenMiner,
  rules: FeeRules,
  row: number,
  epoch: ChainEpoch,
): Term {
  if (rules === 'fip0098') {
    return explainFip0098Fee(book, estimates, row, epoch)
  }
  const term = explainPreFip0098Fee(book, loadRewardColumns(miner, book.columns), estimates, row, epoch)
  if (term === undefined) {
    const sectorNumber = book.columns.sectorNumber[row]
    throw new AssessError(
      'NO_RECORDED_REWARDS',
      `sector ${sectorNumber} was committed under FIP-0098 and has no rewards recorded for the older rules`,
      { sectorNumber },
    )
  }
  return term
}
