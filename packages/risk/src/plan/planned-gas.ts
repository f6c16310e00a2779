import { type BitField, bitField, bitFieldOf, encodeCbor, subtractBitFields } from '@plimsoll/ipld'
import { divFloor } from '@plimsoll/primitives'
import { settleGas, type TerminateWork, terminate2Gas, terminateGas } from '../gas/terminate-gas.ts'
import type { PredictedDeadline, PredictedMiner, PredictedPartition } from './predict-state.ts'
import type { DeclaredPart } from './predict-terminations.ts'

/** Gas of a message: the estimate of the model, and what the real machine used at most and at least beside it. */
export interface GasBand {
  readonly low: bigint
  readonly estimate: bigint
  readonly high: bigint
}

/** The worst measurement was off by so many percent; of messages that only settle, by fewer. */
const ERROR_PERCENT = 21n

export function gasBand(estimate: bigint): GasBand {
  return {
    low: divFloor(estimate * (100n - ERROR_PERCENT), 100n),
    estimate,
    high: divFloor(estimate * (100n + ERROR_PERCENT), 100n),
  }
}

/** What a message costs that terminates these sectors; `queued` are charged with them. */
export function plannedGas(work: TerminateWork, queued: number, hasNewMethod: boolean): bigint {
  if (hasNewMethod) {
    return terminate2Gas(work, queued)
  }
  if (work.sectors === 0) {
    return settleGas(queued)
  }
  return terminateGas(work) + (queued > 0 ? settleGas(queued) : 0n)
}

/** Adds up the work of a message part by part, so that a batch can be cut where it becomes too much. */
export interface WorkSum {
  add(part: DeclaredPart): TerminateWork
}

/** Sectors of 32 consecutive numbers share a block of the sectors array, eight partitions one of theirs. */
const SECTORS_LEAF = 32
const PARTITIONS_LEAF = 8

export function createWorkSum(miner: PredictedMiner): WorkSum {
  const leaves = new Set<number>()
  const groups = new Map<string, number>()
  const deadlines = new Set<number>()
  let [sectors, partitions, partly, fully, bytes] = [0, 0, 0, 0, 0]
  return {
    add: (part) => {
      const deadline = miner.deadlines[part.deadline]
      const partition = deadline?.partitions.find(({ index }) => index === part.partition)
      for (const number of part.sectors) {
        leaves.add(Math.floor(number / SECTORS_LEAF))
      }
      deadlines.add(part.deadline)
      sectors += part.sectors.length
      partitions++
      if (deadline !== undefined && partition !== undefined) {
        const emptied = setsEmptied(partition, part.sectors)
        partly += emptied.partly
        fully += emptied.fully
        const group = Math.floor(part.partition / PARTITIONS_LEAF)
        const key = `${part.deadline}/${group}`
        if (!groups.has(key)) {
          const size = bytesOfGroup(deadline, group)
          groups.set(key, size)
          bytes += size
        }
      }
      return {
        ...{ sectors, partitions },
        deadlines: deadlines.size,
        setsPartlyEmptied: partly,
        setsFullyEmptied: fully,
        sectorsLeaves: leaves.size,
        bytesOfSets: bytes,
      }
    },
  }
}

export const NO_WORK: TerminateWork = {
  sectors: 0,
  partitions: 0,
  deadlines: 0,
  setsPartlyEmptied: 0,
  setsFullyEmptied: 0,
  sectorsLeaves: 0,
  bytesOfSets: 0,
}

/** Expiration sets that lose sectors: some of them, or all. */
function setsEmptied({ live }: PredictedPartition, terminated: readonly number[]) {
  const lost = new Map<number, number>()
  for (const number of terminated) {
    const at = live.get(number)?.expiresAt ?? 0
    lost.set(at, (lost.get(at) ?? 0) + 1)
  }
  const present = new Map<number, number>()
  for (const { expiresAt } of live.values()) {
    if (lost.has(expiresAt)) {
      present.set(expiresAt, (present.get(expiresAt) ?? 0) + 1)
    }
  }
  const fully = [...lost].filter(([at, count]) => present.get(at) === count).length
  return { fully, partly: lost.size - fully }
}

function bytesOfGroup({ partitions }: PredictedDeadline, group: number): number {
  return partitions
    .filter(({ index }) => Math.floor(index / PARTITIONS_LEAF) === group)
    .reduce((size, partition) => size + bytesOfPartition(partition), 0)
}

function bytesOfPartition({ sectors, live }: PredictedPartition): number {
  const alive = bitFieldOf([...live.keys()])
  const faults = bitFieldOf([...live.values()].filter(({ isFaulty }) => isFaulty).map(({ number }) => number))
  return sizeOf(sectors) + sizeOf(faults) + sizeOf(subtractBitFields(sectors, alive))
}

function sizeOf(set: BitField): number {
  return encodeCbor(bitField, set).length
}

export function countDeclared(parts: readonly DeclaredPart[]): number {
  return parts.reduce((sum, { sectors }) => sum + sectors.length, 0)
}
