import { PreCommitSectorBatchParams2, serialize } from '@plimsoll/actors'
import { type ChainEpoch, EPOCHS_IN_DAY } from '@plimsoll/primitives'
import type { TestMiner } from './create-miner.ts'
import { type Piece, sealedSector, unsealedSector } from './pieces.ts'
import { type Call, execute } from './send.ts'
import type { TestNetwork } from './test-network.ts'

/** A seal of 32 GiB, version 1.1. */
export const SEAL_PROOF_32_GIB = 8

/** A sector that is promised: its number, and what is not as usual. */
export interface PreCommitPlan {
  readonly sectorNumber: number
  /** In order; none for committed capacity. */
  readonly pieces?: readonly Piece[]
  /** A year and a half from now unless given. */
  readonly expiration?: ChainEpoch
  readonly sealProof?: number
}

const USUAL_LIFETIME = 540 * EPOCHS_IN_DAY

/** The message that promises sectors. */
export function preCommitCall(
  network: TestNetwork,
  { id, worker }: TestMiner,
  plans: readonly PreCommitPlan[],
): Call {
  const { epoch } = network.vm
  const sectors = plans.map(({ sectorNumber, pieces = [], expiration, sealProof = SEAL_PROOF_32_GIB }) => ({
    sealProof: BigInt(sealProof),
    sectorNumber: BigInt(sectorNumber),
    sealedCid: sealedSector(sectorNumber),
    sealRandEpoch: BigInt(epoch - 1),
    dealIds: [],
    expiration: BigInt(expiration ?? epoch + USUAL_LIFETIME),
    unsealedCid: unsealedSector(network, sealProof, pieces),
  }))
  const params = serialize(PreCommitSectorBatchParams2, { sectors })
  return { from: worker.id, to: id, actor: 'storageminer', method: 'PreCommitSectorBatch2', params }
}

/** Promises sectors; they can be proven once {@link sealingEpochs} have passed. */
export function preCommit(network: TestNetwork, miner: TestMiner, plans: readonly PreCommitPlan[]): void {
  execute(network, preCommitCall(network, miner, plans))
}

/** How many epochs lie at least between the promise of a sector and its proof. */
export function sealingEpochs({ vm }: TestNetwork): number {
  return vm.host.policy.preCommitChallengeDelay + 1
}
