import { type Blockstore, load } from '@plimsoll/ipld'
import { ExitCode, updateProofOf } from '@plimsoll/primitives'
import { ActorError, requireParam, requireState } from '../runtime/actor-error.ts'
import { type BatchReturn, batchOf } from '../runtime/batch-return.ts'
import type { Runtime } from '../runtime/runtime.ts'
import { isSealedSector } from './commd.ts'
import { Deadlines } from './deadline-state.ts'
import { isDeadlineMutable, isSectorActive } from './deadlines.ts'
import type { SectorUpdateManifest } from './method-types.ts'
import { currentProvingPeriodStart } from './state/info.ts'
import type { MinerState } from './state.ts'
import type { SectorOnChainInfo } from './types.ts'

/** Source of everything here: builtin-actors v18, `actors/miner/src/lib.rs`. */

/** An update as it was asked for, and the sector as it is. */
export interface ReplicaUpdate {
  readonly manifest: SectorUpdateManifest
  readonly proofType: bigint
  readonly proof: Uint8Array
  readonly sector: SectorOnChainInfo
}

const MAX_UPDATE_PROOF_BYTES = 4096

/**
 * Which updates may be made. Every failure fails its update alone unless all are required; then it has its own code.
 *
 * Source: `validate_replica_updates`.
 *
 * @throws {ActorError} only when all are required.
 */
export function validateReplicaUpdates(
  rt: Runtime,
  state: MinerState,
  updates: readonly ReplicaUpdate[],
  requireAll: boolean,
): BatchReturn {
  const seen = new Set<bigint>()
  return batchOf(
    updates.map((update) => {
      try {
        const { sector } = update.manifest
        requireParam(!seen.has(sector), () => `duplicate sector ${sector}`)
        seen.add(sector)
        validateReplicaUpdate(rt, state, update)
        return ExitCode.OK
      } catch (error) {
        if (requireAll || !(error instanceof ActorError)) {
          throw error
        }
        return ExitCode.USR_ILLEGAL_ARGUMENT
      }
    }),
  )
}

function validateReplicaUpdate(
  { store, policy, currEpoch }: Runtime,
  state: MinerState,
  { manifest, proofType, proof, sector }: ReplicaUpdate,
): void {
  requireParam(proof.length <= MAX_UPDATE_PROOF_BYTES, () => `an update proof of ${proof.length} bytes`)
  requireParam(manifest.deadline < policy.wpostPeriodDeadlines, () => `no deadline ${manifest.deadline}`)
  requireParam(isSealedSector(manifest.newSealedCid), 'the new sealed CID is of something else')
  const periodStart = currentProvingPeriodStart(policy, state, currEpoch)
  requireParam(
    isDeadlineMutable(policy, periodStart, Number(manifest.deadline), currEpoch),
    () => `cannot upgrade sectors in immutable deadline ${manifest.deadline}`,
  )
  requireParam(isActive(store, state, manifest), () => `sector ${manifest.sector} isn't active`)
  requireParam(
    sector.dealWeight + sector.verifiedDealWeight === 0n,
    () => `cannot update sector ${manifest.sector} with non-zero data`,
  )
  const expected = updateProofOf(sector.sealProof)
  requireState(expected !== undefined, 'no update proof type for the sector')
  requireParam(proofType === BigInt(expected), () => `expected proof type ${expected}, was ${proofType}`)
}

function isActive(
  store: Blockstore,
  state: MinerState,
  { deadline, partition, sector }: SectorUpdateManifest,
): boolean {
  return isSectorActive(store, load(store, Deadlines, state.deadlines), Number(deadline), partition, sector)
}
