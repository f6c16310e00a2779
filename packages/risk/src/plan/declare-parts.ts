import { isDeadlineMutable } from '@plimsoll/actors'
import type { ChainEpoch } from '@plimsoll/primitives'
import { openDeadlineOf } from './predict-deadline.ts'
import type { PredictedMiner } from './predict-state.ts'
import type { DeclaredPart } from './predict-terminations.ts'

/** Whether sectors of a deadline may be terminated in an epoch: it is neither open nor the next to open. */
export function isDeadlineOpenForTermination(
  miner: PredictedMiner,
  deadline: number,
  epoch: ChainEpoch,
): boolean {
  return isDeadlineMutable(miner.policy, openDeadlineOf(miner, epoch).periodStart, deadline, epoch)
}

/** All live sectors that may be terminated in an epoch, by ascending deadline, partition and number. */
export function openParts(
  miner: PredictedMiner,
  epoch: ChainEpoch,
  isChosen: (sector: number) => boolean = () => true,
): readonly DeclaredPart[] {
  return miner.deadlines.flatMap(({ partitions }, deadline) => {
    if (!isDeadlineOpenForTermination(miner, deadline, epoch)) {
      return []
    }
    return partitions.flatMap(({ index, live }) => {
      const sectors = [...live.keys()].filter(isChosen).sort((a, b) => a - b)
      return sectors.length === 0 ? [] : [{ deadline, partition: index, sectors }]
    })
  })
}

/** Cuts parts into groups of so many sectors each, the last one smaller; a part may be cut in two. */
export function batchesOf(
  parts: readonly DeclaredPart[],
  sectorsPerMessage: number,
): readonly (readonly DeclaredPart[])[] {
  const batches: DeclaredPart[][] = []
  let [batch, room]: [DeclaredPart[], number] = [[], sectorsPerMessage]
  for (const part of parts) {
    let rest = part.sectors
    while (rest.length > 0) {
      batch.push({ ...part, sectors: rest.slice(0, room) })
      room -= Math.min(room, rest.length)
      rest = rest.slice(batch.at(-1)?.sectors.length)
      if (room === 0) {
        batches.push(batch)
        ;[batch, room] = [[], sectorsPerMessage]
      }
    }
  }
  return batch.length === 0 ? batches : [...batches, batch]
}
