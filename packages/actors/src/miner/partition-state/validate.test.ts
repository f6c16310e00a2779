import { bitFieldOf, createMemoryBlockstore } from '@plimsoll/ipld'
import { createHashes, ExitCode } from '@plimsoll/primitives'
import { exitCodeOf, PARTITION_QUANT, PARTITION_SECTORS, PARTITION_TERMS } from '@plimsoll/testkit'
import { describe, expect, test } from 'vitest'
import { addSectorsToPartition, newPartition } from './add-sectors.ts'
import { requireSectorsInPartition, validatePartition } from './validate.ts'

const store = createMemoryBlockstore(await createHashes())

function partitionOfSix() {
  const partition = newPartition(store)
  addSectorsToPartition(store, partition, true, PARTITION_SECTORS, PARTITION_TERMS, PARTITION_QUANT)
  return partition
}

// Source: builtin-actors v18, `actors/miner/src/partition_state.rs`, `validate_state`.
describe('validatePartition', () => {
  const { livePower } = partitionOfSix()
  const more = { raw: livePower.raw + 1n, qa: 0n }

  test.each([
    { rule: 'live power is not negative', change: { livePower: { raw: -1n, qa: 0n } } },
    { rule: 'live quality is not negative', change: { livePower: { raw: 0n, qa: -1n } } },
    { rule: 'unproven power is not negative', change: { unprovenPower: { raw: -1n, qa: 0n } } },
    { rule: 'unproven quality is not negative', change: { unprovenPower: { raw: 0n, qa: -1n } } },
    { rule: 'faulty power is not negative', change: { faultyPower: { raw: -1n, qa: 0n } } },
    { rule: 'faulty quality is not negative', change: { faultyPower: { raw: 0n, qa: -1n } } },
    { rule: 'recovering power is not negative', change: { recoveringPower: { raw: -1n, qa: 0n } } },
    { rule: 'recovering quality is not negative', change: { recoveringPower: { raw: 0n, qa: -1n } } },
    { rule: 'unproven power is live', change: { unprovenPower: more } },
    { rule: 'faulty power is live', change: { faultyPower: more } },
    {
      rule: 'recovering power is faulty',
      change: { faultyPower: { raw: 1n, qa: 1n }, recoveringPower: { raw: 2n, qa: 1n } },
    },
    {
      rule: 'terminated sectors are not faulty',
      change: { faults: bitFieldOf([1]), terminated: bitFieldOf([1]) },
    },
    {
      rule: 'terminated sectors are not unproven',
      change: { unproven: bitFieldOf([1]), terminated: bitFieldOf([1]) },
    },
    { rule: 'faults are sectors of it', change: { faults: bitFieldOf([7]) } },
    { rule: 'unproven sectors are sectors of it', change: { unproven: bitFieldOf([7]) } },
    { rule: 'terminated sectors are sectors of it', change: { terminated: bitFieldOf([7]) } },
    { rule: 'recoveries are faults', change: { faults: bitFieldOf([1]), recoveries: bitFieldOf([2]) } },
  ])('$rule', ({ change }) => {
    const partition = partitionOfSix()
    expect(exitCodeOf(() => validatePartition(partition))).toBe(ExitCode.OK)
    Object.assign(partition, change)
    expect(exitCodeOf(() => validatePartition(partition))).toBe(ExitCode.USR_ILLEGAL_STATE)
  })
})

describe('requireSectorsInPartition', () => {
  test.each([
    { numbers: [], exitCode: ExitCode.OK },
    { numbers: [1, 6], exitCode: ExitCode.OK },
    { numbers: [1, 7], exitCode: ExitCode.USR_ILLEGAL_ARGUMENT },
  ])('of $numbers ends with $exitCode', ({ numbers, exitCode }) => {
    expect(exitCodeOf(() => requireSectorsInPartition(partitionOfSix(), bitFieldOf(numbers)))).toBe(exitCode)
  })
})
