import type { Cid } from '@plimsoll/ipld'
import { ExitCode } from '@plimsoll/primitives'
import { requireParam } from '../../runtime/actor-error.ts'
import { type BatchReturn, batchOf, stackBatches, successesOf } from '../../runtime/batch-return.ts'
import type { Runtime } from '../../runtime/runtime.ts'
import { activateSectorsPieces, type DataActivation, unsealedCidFromPieces } from '../activate-data.ts'
import { commDOf } from '../commd.ts'
import { emitSectorUpdated } from '../emit.ts'
import type { ProveReplicaUpdates3Params } from '../method-types.ts'
import { notifyDataConsumers } from '../notifications.ts'
import { type ReplicaUpdate, validateReplicaUpdates } from '../replica-updates.ts'
import { loadSectorsArray, mustGetSector } from '../sectors.ts'
import { notifyPledgeChanged, requestUpdatePower } from '../sends.ts'
import { getInfoForController } from '../state/info.ts'
import { MinerState } from '../state.ts'
import { updateReplicaStates } from '../update-replica-states.ts'

/** Source of everything here: builtin-actors v18, `actors/miner/src/lib.rs`. */

/**
 * Method 35, `ProveReplicaUpdates3`: puts data into sectors that have none, and tells those who want to know of it.
 * Updates may fail one by one unless all are required.
 *
 * Source: `prove_replica_updates3`.
 *
 * @returns how each update ended.
 * @throws {ActorError} `USR_ILLEGAL_ARGUMENT` when none is left or one fails that may not; `USR_FORBIDDEN`;
 * `USR_NOT_FOUND` for a sector that there is not; `USR_INSUFFICIENT_FUNDS` for the pledge; `ERR_NOTIFICATION_…`
 */
export function proveReplicaUpdates3(rt: Runtime, params: ProveReplicaUpdates3Params): BatchReturn {
  const { sectorProofs, requireActivationSuccess: requireAll } = params
  const state = rt.state(MinerState)
  const info = getInfoForController(rt, state)
  requireOneKindOfProof(params)
  const sectors = loadSectorsArray(rt.store, state)
  const updates = params.sectorUpdates.map((manifest, i) => ({
    manifest,
    proofType: params.updateProofsType,
    proof: sectorProofs[i] ?? new Uint8Array(),
    sector: mustGetSector(sectors, manifest.sector),
  }))
  const validationBatch = validateReplicaUpdates(rt, state, updates, requireAll)
  requireParam(sectorProofs.length > 0, 'aggregate update proofs not yet supported')
  requireParam(
    updates.length === sectorProofs.length,
    () => `mismatched lengths: ${updates.length} sector updates, ${sectorProofs.length} proofs`,
  )
  const valid = successesOf(validationBatch, updates).map((update) => verifyUpdate(rt, update, requireAll))
  const provenBatch = batchOf(
    valid.map(({ isProven }) => (isProven ? ExitCode.OK : ExitCode.USR_ILLEGAL_ARGUMENT)),
  )
  requireParam(provenBatch.successCount > 0, 'no valid updates')
  const proven = successesOf(provenBatch, valid)
  const data = activateSectorsPieces(
    rt,
    proven.map(({ update: { manifest, sector } }) => ({
      pieces: manifest.pieces,
      sectorNumber: manifest.sector,
      sectorExpiry: sector.expiration,
      sealProof: sector.sealProof,
    })),
    requireAll,
  )
  requireParam(data.batch.successCount > 0, 'all data activations failed')
  const activated = successesOf(data.batch, proven)
  const delta = updateReplicaStates(
    rt,
    activated.map(({ update: { manifest, sector } }, i) => ({
      deadline: Number(manifest.deadline),
      partition: manifest.partition,
      sector,
      newSealedCid: manifest.newSealedCid,
      data: data.activations[i] as DataActivation,
    })),
    info,
  )
  notifyPledgeChanged(rt, delta.pledge)
  requestUpdatePower(rt, delta.power)
  for (const { update, unsealedCid } of activated) {
    emitSectorUpdated(rt, update.manifest.sector, unsealedCid, update.manifest.pieces)
  }
  const notifications = activated.map(({ update: { manifest, sector } }) => ({
    sectorNumber: manifest.sector,
    sectorExpiration: sector.expiration,
    pieces: manifest.pieces,
  }))
  notifyDataConsumers(rt, notifications, params.requireNotificationSuccess)
  return stackBatches([validationBatch, provenBatch, data.batch])
}

function requireOneKindOfProof({
  sectorProofs,
  aggregateProof,
  aggregateProofType,
}: ProveReplicaUpdates3Params): void {
  const isBatch = sectorProofs.length > 0
  requireParam(
    isBatch !== aggregateProof.length > 0,
    'exactly one of sector proofs or aggregate proof must be non-empty',
  )
  requireParam(
    isBatch === (aggregateProofType === null),
    'an aggregate proof, and only that, has an aggregate proof type',
  )
}

interface VerifiedUpdate {
  readonly update: ReplicaUpdate
  /** Null for a sector that stays without data. */
  readonly unsealedCid: Cid | null
  readonly isProven: boolean
}

function verifyUpdate(rt: Runtime, update: ReplicaUpdate, requireProven: boolean): VerifiedUpdate {
  const { manifest, proofType, proof, sector } = update
  const unsealedCid = unsealedCidFromPieces(rt, manifest.pieces, sector.sealProof)
  const isProven = rt.verifyReplicaUpdate({
    updateProofType: Number(proofType),
    newSealedCid: manifest.newSealedCid,
    oldSealedCid: sector.sealedCid,
    newUnsealedCid: commDOf(unsealedCid, sector.sealProof),
    proof,
  })
  requireParam(
    isProven || !requireProven,
    () => `invalid proof for sector ${manifest.sector} while requiring activation success`,
  )
  return { update, unsealedCid, isProven }
}
