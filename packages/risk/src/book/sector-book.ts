import {
  type ActorsVersion,
  type AnyDeadline,
  addPower,
  EarlyTerminated,
  liveSectors,
  loadDeadlines,
  loadInfo,
  type Miner,
  type Partition,
  Partitions,
  type PowerPair,
  ZERO_POWER,
} from '@plimsoll/actors'
import { type BitField, CodecError, runsOf, within } from '@plimsoll/ipld'
import type { AttoFil, ChainEpoch } from '@plimsoll/primitives'
import { loadSectorColumns } from './load-sector-columns.ts'
import { lowerBound, type SectorColumns, SectorStatus } from './sector-columns.ts'

/**
 * All sectors of one miner with what becomes of them: where they are proven, which are faulty, and which were
 * terminated and not charged yet.
 */
export interface SectorBook {
  readonly sectorSizeBytes: number
  readonly columns: SectorColumns
  readonly deadlines: readonly DeadlineBook[]
  readonly queue: readonly QueuedTermination[]
}

/** What a deadline is charged by, at the end of each of its windows. */
export interface DeadlineBook {
  /** Power of its live sectors, faulty and unproven ones included. */
  readonly livePower: PowerPair
  /** Of them, power of the faulty ones. */
  readonly faultyPower: PowerPair
  /** The daily fees of its live sectors; zero before v16, which knew none. */
  readonly dailyFee: AttoFil
}

/** Consecutive rows of sectors that wait in an early-termination queue, terminated in the same epoch. */
export interface QueuedTermination {
  readonly deadline: number
  readonly partition: number
  /** The epoch that their age is counted to. */
  readonly epoch: ChainEpoch
  readonly firstRow: number
  readonly count: number
}

/** Partitions that the 16 bits of a column can number; the protocol allows 3,000. */
const MAX_PARTITIONS = 1 << 16

/**
 * Reads a miner's book.
 *
 * @throws {CodecError} when a block is missing or malformed; `SECTOR_WITHOUT_INFO` when a partition names a
 * sector that is not stored; `SECTOR_OUT_OF_RANGE`, `SECTOR_NUMBER_MISMATCH`, `TOO_MANY_PARTITIONS`
 */
export function loadSectorBook(version: ActorsVersion, miner: Miner): SectorBook {
  return placeSectorColumns(miner, loadSectorColumns(version, miner))
}

/** Completes the columns of a miner's sectors, none of which is placed yet, to its book. */
export function placeSectorColumns(miner: Miner, columns: SectorColumns): SectorBook {
  const { sectorSize } = loadInfo(miner)
  const queue: QueuedTermination[] = []
  const deadlines = loadDeadlines(miner).map((deadline, index) =>
    within('deadlines', () => within(index, () => readDeadline(miner, deadline, index, columns, queue))),
  )
  return { sectorSizeBytes: sectorSize, columns, deadlines, queue }
}

function readDeadline(
  { store }: Miner,
  deadline: AnyDeadline,
  deadlineIndex: number,
  columns: SectorColumns,
  queue: QueuedTermination[],
): DeadlineBook {
  let livePower = ZERO_POWER
  const partitions = within('partitions', () => [...Partitions.load(store, deadline.partitions).entries()])
  for (const [index, partition] of partitions) {
    within('partitions', () =>
      within(index, () => {
        if (index >= MAX_PARTITIONS) {
          throw new CodecError('TOO_MANY_PARTITIONS', `a partition with the index ${index}`, { index })
        }
        const place: Place = { columns, deadline: deadlineIndex, partition: index }
        placeSectors(place, partition)
        within('earlyTerminated', () => {
          for (const [epoch, sectors] of EarlyTerminated.load(store, partition.earlyTerminated).entries()) {
            within(epoch, () => enqueue(place, epoch, sectors, queue))
          }
        })
      }),
    )
    livePower = addPower(livePower, partition.livePower)
  }
  return 'livePower' in deadline
    ? { livePower: deadline.livePower, faultyPower: deadline.faultyPower, dailyFee: deadline.dailyFee }
    : { livePower, faultyPower: deadline.faultyPower, dailyFee: 0n }
}

/** A partition, and the columns that its sectors are marked in. */
interface Place {
  readonly columns: SectorColumns
  readonly deadline: number
  readonly partition: number
}

function placeSectors(place: Place, partition: Partition): void {
  mark(place, 'sectors', liveSectors(partition), SectorStatus.LIVE)
  mark(place, 'faults', partition.faults, SectorStatus.FAULTY)
  mark(place, 'recoveries', partition.recoveries, SectorStatus.RECOVERING)
  mark(place, 'unproven', partition.unproven, SectorStatus.UNPROVEN)
}

function mark(place: Place, name: string, sectors: BitField, status: number): void {
  const { columns, deadline, partition } = place
  within(name, () => {
    for (const { firstRow, count } of rowRuns(columns, sectors)) {
      for (let row = firstRow; row < firstRow + count; row++) {
        columns.status[row] = (columns.status[row] as number) | status
        columns.deadline[row] = deadline
        columns.partition[row] = partition
      }
    }
  })
}

function enqueue(place: Place, epoch: ChainEpoch, sectors: BitField, queue: QueuedTermination[]): void {
  const { columns, deadline, partition } = place
  for (const { firstRow, count } of rowRuns(columns, sectors)) {
    queue.push({ deadline, partition, epoch, firstRow, count })
  }
  mark(place, 'sectors', sectors, SectorStatus.QUEUED)
}

/** The rows of a set of sectors, run by run; sectors with consecutive numbers have consecutive rows. */
function rowRuns(
  columns: SectorColumns,
  sectors: BitField,
): readonly { readonly firstRow: number; readonly count: number }[] {
  return [...runsOf(sectors)].map(({ start, end }) => {
    const firstRow = lowerBound(columns, Number(start))
    const count = Number(end) - Number(start)
    // Rows are distinct and ascending, so the right ends mean that everything between is there.
    if (
      columns.sectorNumber[firstRow] !== start ||
      columns.sectorNumber[firstRow + count - 1] !== Number(end) - 1
    ) {
      throw sectorWithoutInfo(columns, Number(start), firstRow)
    }
    return { firstRow, count }
  })
}

function sectorWithoutInfo(columns: SectorColumns, start: number, firstRow: number): CodecError {
  let sectorNumber = start
  for (let row = firstRow; columns.sectorNumber[row] === sectorNumber; row++) {
    sectorNumber++
  }
  return new CodecError('SECTOR_WITHOUT_INFO', `sector ${sectorNumber} is in a partition and is not stored`, {
    sectorNumber,
  })
}
