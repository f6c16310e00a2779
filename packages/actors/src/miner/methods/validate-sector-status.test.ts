import { encodeCbor } from '@plimsoll/ipld'
import { createHashes, ExitCode } from '@plimsoll/primitives'
import { MINER_EPOCH, ScriptedMiner, type ScriptedMinerPlan, STRANGER } from '@plimsoll/testkit'
import { describe, expect, test } from 'vitest'
import { NO_PLACE, SectorLocation, SectorStatusCode } from '../method-types.ts'

const hashes = await createHashes()
const { DEAD, ACTIVE, FAULTY } = SectorStatusCode
const SECTORS: NonNullable<ScriptedMinerPlan['sectors']> = [
  { sectorNumber: 1, deadline: 5, partition: 1 },
  { sectorNumber: 2, deadline: 5, condition: 'faulty' },
  { sectorNumber: 3, deadline: 7, condition: { queuedSince: MINER_EPOCH - 10 } },
]

const located = (deadline: bigint, partition: bigint) => encodeCbor(SectorLocation, { deadline, partition })
const NOWHERE = located(NO_PLACE, NO_PLACE)

const plain = (plan: ScriptedMinerPlan) => new ScriptedMiner(hashes, plan)
const ask = (miner: ScriptedMiner, method: string, params?: unknown) => miner.call(method, params, STRANGER)

// Source of the cases: builtin-actors v18, `actors/miner/tests/sector_status_test.rs`.
describe('ValidateSectorStatus', () => {
  const validate = (sectorNumber: bigint, status: number, auxData: Uint8Array) =>
    ask(plain({ sectors: SECTORS }), 'ValidateSectorStatusExported', { sectorNumber, status, auxData })
  const exitCode = (sectorNumber: bigint, status: number, auxData: Uint8Array) =>
    plain({ sectors: SECTORS }).exitCode('ValidateSectorStatusExported', { sectorNumber, status, auxData })

  test('says whether a sector stands as said, where it is', () => {
    const truth = [
      { sectorNumber: 1n, is: ACTIVE, at: located(5n, 1n) },
      { sectorNumber: 2n, is: FAULTY, at: located(5n, 0n) },
      { sectorNumber: 3n, is: DEAD, at: located(7n, 0n) },
    ]
    for (const { sectorNumber, is, at } of truth) {
      const answers = [DEAD, ACTIVE, FAULTY].map((status) => validate(sectorNumber, status, at))
      expect(answers).toEqual([DEAD, ACTIVE, FAULTY].map((status) => status === is))
    }
  })

  test('takes a sector that is nowhere for dead', () => {
    expect([DEAD, ACTIVE, FAULTY].map((status) => validate(9n, status, NOWHERE))).toEqual([
      true,
      false,
      false,
    ])
  })

  test('does not find a sector elsewhere, nor one that is somewhere nowhere', () => {
    expect(exitCode(1n, ACTIVE, located(5n, 0n))).toBe(ExitCode.USR_NOT_FOUND)
    expect(exitCode(1n, ACTIVE, located(5n, 9n))).toBe(ExitCode.USR_NOT_FOUND)
    expect(exitCode(3n, DEAD, NOWHERE)).toBe(ExitCode.USR_NOT_FOUND)
  })

  test.each([
    { what: 'half of a place', auxData: located(5n, NO_PLACE) },
    { what: 'no CBOR', auxData: new Uint8Array() },
    { what: 'a deadline that there is not', auxData: located(48n, 0n) },
  ])('refuses $what', ({ auxData }) => {
    expect(exitCode(1n, ACTIVE, auxData)).toBe(ExitCode.USR_ILLEGAL_ARGUMENT)
  })
})
