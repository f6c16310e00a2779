import type { PreCommitSectorBatchParams2, Primitives } from '@plimsoll/actors'
import { type AttoFil, type ChainEpoch, EPOCHS_IN_DAY } from '@plimsoll/primitives'
import { sealedSector } from './network/pieces.ts'
import { expectedReward, type ScriptedMiner } from './scripted-miner.ts'

type SectorPreCommitInfoParams = PreCommitSectorBatchParams2['sectors'][number]

/** A seal of 32 GiB, version 1.1, and its bytes. */
const SEAL_PROOF = 8n
const POWER = 32n << 30n

/** The deposit for a sector: what ten times its power earns in twenty days. */
export const SECTOR_DEPOSIT: AttoFil = expectedReward(20 * EPOCHS_IN_DAY, 10n * POWER)

/** Epochs from a pre-commitment up to and including the last in which it can be proven: 30 days, and the challenge's delay. */
export const PROVABLE_EPOCHS = 30 * EPOCHS_IN_DAY + 150

/** A sector of a year and a half without data, as it is promised. */
export function promisedSector(
  currEpoch: ChainEpoch,
  sectorNumber: number | bigint,
  change: Partial<SectorPreCommitInfoParams> = {},
): SectorPreCommitInfoParams {
  return {
    sealProof: SEAL_PROOF,
    sectorNumber: BigInt(sectorNumber),
    sealedCid: sealedSector(Number(sectorNumber)),
    sealRandEpoch: BigInt(currEpoch - 1),
    dealIds: [],
    expiration: BigInt(currEpoch + 540 * EPOCHS_IN_DAY),
    unsealedCid: null,
    ...change,
  }
}

/** Promises sectors without deals, for whose deposits the miner has to have enough. */
export function promiseSectors(
  miner: ScriptedMiner,
  numbers: readonly number[],
  change: Partial<SectorPreCommitInfoParams> = {},
): void {
  miner.expectEstimates()
  if (!miner.state.deadlineCronActive) {
    miner.expectCron(miner.deadlineEnd)
  }
  const sectors = numbers.map((number) => promisedSector(miner.rt.currEpoch, number, change))
  miner.call('PreCommitSectorBatch2', { sectors })
}

/** A machine that believes every proof. */
export const TRUSTING: Partial<Primitives> = {
  getRandomnessFromTickets: () => new Uint8Array(32),
  getRandomnessFromBeacon: () => new Uint8Array(32),
  verifyPost: () => true,
  batchVerifySeals: (batch) => batch.map(() => true),
  verifyAggregateSeals: () => true,
  verifyReplicaUpdate: () => true,
}
