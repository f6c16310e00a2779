import { createHashes, ExitCode } from '@plimsoll/primitives'
import { exitCodeOf, pieceCommitment, ScriptedMiner } from '@plimsoll/testkit'
import { describe, expect, test } from 'vitest'
import { activateSectorsPieces, requireDeclaredCommD, type SectorPieces } from './activate-data.ts'
import { commDOf } from './commd.ts'
import type { PieceActivationManifest } from './method-types.ts'

const hashes = await createHashes()
const CLIENT = 300n

const piece = (size: bigint, allocation?: bigint): PieceActivationManifest => ({
  cid: pieceCommitment(3),
  size,
  verifiedAllocationKey: allocation === undefined ? null : { client: CLIENT, id: allocation },
  notify: [],
})

const sector = (number: number, ...pieces: readonly PieceActivationManifest[]): SectorPieces => ({
  pieces,
  sectorNumber: BigInt(number),
  sectorExpiry: 1000 * number,
  sealProof: 8,
})

const claimOf = (number: number, ...claims: readonly (readonly [bigint, bigint])[]) => ({
  sector: BigInt(number),
  expiry: 1000 * number,
  claims: claims.map(([allocationId, size]) => ({
    client: CLIENT,
    allocationId,
    data: pieceCommitment(3),
    size,
  })),
})

function expectClaims(
  miner: ScriptedMiner,
  sectors: readonly ReturnType<typeof claimOf>[],
  sectorClaims: readonly bigint[],
  failed: readonly number[] = [],
  allOrNothing = false,
) {
  const failCodes = failed.map((index) => ({ index, code: ExitCode.USR_NOT_FOUND }))
  const value = { sectorResults: { successCount: sectors.length - failed.length, failCodes }, sectorClaims }
  miner.expectCall('verifiedregistry', 'ClaimAllocations', { sectors, allOrNothing }, { value })
}

// Source of the rules: builtin-actors v18, `actors/miner/src/lib.rs`, `activate_sectors_pieces`.
describe('activateSectorsPieces', () => {
  test('asks nobody where nothing is to be claimed', () => {
    const { rt } = new ScriptedMiner(hashes)
    const { batch, activations } = activateSectorsPieces(
      rt,
      [sector(1, piece(8n), piece(4n)), sector(2)],
      true,
    )
    expect(batch).toEqual({ successCount: 2, failCodes: [] })
    expect(activations.map(({ unverifiedSpace, verifiedSpace }) => [unverifiedSpace, verifiedSpace])).toEqual(
      [
        [12n, 0n],
        [0n, 0n],
      ],
    )
  })

  test('claims allocations in one call, for all sectors', () => {
    const miner = new ScriptedMiner(hashes)
    const sectors = [sector(1, piece(8n, 7n), piece(4n), piece(2n, 9n)), sector(2, piece(16n))]
    expectClaims(miner, [claimOf(1, [7n, 8n], [9n, 2n]), claimOf(2)], [10n, 0n])
    const { activations } = activateSectorsPieces(miner.rt, sectors, false)
    expect(activations).toEqual([
      { unverifiedSpace: 4n, verifiedSpace: 10n, pieces: sectors[0]?.pieces },
      { unverifiedSpace: 16n, verifiedSpace: 0n, pieces: sectors[1]?.pieces },
    ])
  })

  test('leaves out sectors whose claims fail', () => {
    const miner = new ScriptedMiner(hashes)
    const sectors = [sector(1, piece(8n, 7n)), sector(2, piece(16n, 8n))]
    expectClaims(miner, [claimOf(1, [7n, 8n]), claimOf(2, [8n, 16n])], [16n], [0])
    const { batch, activations } = activateSectorsPieces(miner.rt, sectors, false)
    expect(batch.failCodes).toEqual([{ index: 0, code: ExitCode.USR_NOT_FOUND }])
    expect(activations).toEqual([{ unverifiedSpace: 0n, verifiedSpace: 16n, pieces: sectors[1]?.pieces }])
  })

  test.each([
    { what: 'all of it', failed: [], code: ExitCode.OK },
    { what: 'nothing', failed: [0, 1], code: ExitCode.OK },
    { what: 'a part', failed: [1], code: ExitCode.USR_ASSERTION_FAILED },
  ])('ends with $code for $what where it asked for all or nothing', ({ failed, code }) => {
    const miner = new ScriptedMiner(hashes)
    const sectors = [sector(1, piece(8n, 7n)), sector(2, piece(16n, 8n))]
    const claimed = [8n, 16n].slice(0, 2 - failed.length)
    expectClaims(miner, [claimOf(1, [7n, 8n]), claimOf(2, [8n, 16n])], claimed, failed, true)
    expect(exitCodeOf(() => activateSectorsPieces(miner.rt, sectors, true))).toBe(code)
  })
})

describe('requireDeclaredCommD', () => {
  function exitCode(
    declared: Parameters<typeof requireDeclaredCommD>[2],
    ...pieces: readonly PieceActivationManifest[]
  ) {
    const { rt } = new ScriptedMiner(hashes)
    rt.primitives = { computeUnsealedSectorCid: () => pieceCommitment(9) }
    return exitCodeOf(() => requireDeclaredCommD(rt, sector(1, ...pieces), declared))
  }

  test('compares what was declared with what the pieces make up', () => {
    expect(exitCode(pieceCommitment(9), piece(8n))).toBe(ExitCode.OK)
    expect(exitCode(pieceCommitment(8), piece(8n))).toBe(ExitCode.USR_ILLEGAL_ARGUMENT)
    expect(exitCode(null, piece(8n))).toBe(ExitCode.USR_ILLEGAL_ARGUMENT)
  })

  test('takes no data and the commitment of zeros for the same', () => {
    expect(exitCode(null)).toBe(ExitCode.OK)
    expect(exitCode(commDOf(null, 8))).toBe(ExitCode.OK)
    expect(exitCode(pieceCommitment(9))).toBe(ExitCode.USR_ILLEGAL_ARGUMENT)
  })
})
