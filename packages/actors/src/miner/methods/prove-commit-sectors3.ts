import { ExitCode, requireActorId } from '@plimsoll/primitives'
import { requireParam } from '../../runtime/actor-error.ts'
import { type BatchReturn, batchOf, batchOk, stackBatches, successesOf } from '../../runtime/batch-return.ts'
import type { Runtime } from '../../runtime/runtime.ts'
import { activateSectorsPieces, requireDeclaredCommD, type SectorPieces } from '../activate-data.ts'
import { activateNewSectorInfos } from '../activate-sectors.ts'
import { emitSectorActivated } from '../emit.ts'
import type { ProveCommitSectors3Params, SectorActivationManifest } from '../method-types.ts'
import { notifyDataConsumers } from '../notifications.ts'
import {
  SNARK_PACK_V2,
  validateSealAggregateProof,
  validateSealProofs,
  verifyAggregateSeal,
} from '../seal-proofs.ts'
import { requestNetworkInputs } from '../sends.ts'
import { getInfoForController } from '../state/info.ts'
import { getPreCommits } from '../state/pre-commits.ts'
import { MinerState } from '../state.ts'
import type { SectorPreCommitOnChainInfo } from '../types.ts'
import { type ValidatedSeals, validatePreCommits } from '../validate-pre-commits.ts'

/** Source of everything here: builtin-actors v18, `actors/miner/src/lib.rs`. */

/** A sector that is to be proven, as it is declared now and as it was promised. */
interface Proven {
  readonly manifest: SectorActivationManifest
  readonly preCommit: SectorPreCommitOnChainInfo
}

/**
 * Method 34, `ProveCommitSectors3`: proves pre-committed sectors, each by itself or all in one, with the data that
 * they hold, and tells those who want to know of the data. Sectors may fail one by one unless all are required.
 *
 * Source: `prove_commit_sectors3`.
 *
 * @returns how each sector ended.
 * @throws {ActorError} `USR_ILLEGAL_ARGUMENT` when none is left or one fails that may not; `USR_FORBIDDEN`, also when
 * it is too early; `USR_NOT_FOUND` without a pre-commitment; `USR_INSUFFICIENT_FUNDS` for the pledge;
 * `ERR_NOTIFICATION_…`
 */
export function proveCommitSectors3(rt: Runtime, params: ProveCommitSectors3Params): BatchReturn {
  const { sectorActivations: manifests, requireActivationSuccess: requireAll } = params
  const state = rt.state(MinerState)
  const info = getInfoForController(rt, state)
  const preCommits = getPreCommits(
    rt.store,
    state,
    manifests.map(({ sectorNumber }) => sectorNumber),
  )
  const [first] = preCommits
  requireParam(first !== undefined, 'no sectors to prove')
  const { sealProof } = first.info
  validateProofs(rt, params, sealProof)
  const validated = validatePreCommits(rt, preCommits, requireAll)
  requireParam(validated.batch.successCount > 0, 'no valid precommits specified')
  const proving = manifests.map((manifest, i) => ({
    manifest,
    preCommit: preCommits[i] as SectorPreCommitOnChainInfo,
  }))
  const provenBatch = verifySeals(rt, params, sealProof, validated)
  requireParam(provenBatch.successCount > 0, 'no valid proofs specified')
  const proven = successesOf(provenBatch, successesOf(validated.batch, proving))
  const data = activateData(rt, proven, requireAll)
  requireParam(data.batch.successCount > 0, 'all data activations failed')
  const activated = successesOf(data.batch, proven)
  activateNewSectorInfos(
    rt,
    activated.map(({ preCommit }) => preCommit),
    data.activations,
    requestNetworkInputs(rt),
    info,
  )
  for (const { manifest, preCommit } of activated) {
    emitSectorActivated(rt, preCommit.info.sectorNumber, preCommit.info.unsealedCid, manifest.pieces)
  }
  const notifications = activated.map(({ manifest: { sectorNumber, pieces }, preCommit }) => ({
    sectorNumber,
    sectorExpiration: preCommit.info.expiration,
    pieces,
  }))
  notifyDataConsumers(rt, notifications, params.requireNotificationSuccess)
  return stackBatches([validated.batch, provenBatch, data.batch])
}

/** Either one proof for each sector or an aggregate of all, and neither too long. */
function validateProofs(rt: Runtime, params: ProveCommitSectors3Params, sealProof: number): void {
  const { sectorActivations, sectorProofs, aggregateProof, aggregateProofType } = params
  const isBatch = sectorProofs.length > 0
  requireParam(
    isBatch !== aggregateProof.length > 0,
    'exactly one of sector proofs or aggregate proof must be non-empty',
  )
  if (isBatch) {
    requireParam(aggregateProofType === null, 'aggregate proof type must be null with batched proofs')
    requireParam(
      sectorActivations.length === sectorProofs.length,
      () => `${sectorActivations.length} sector activations, ${sectorProofs.length} proofs`,
    )
    validateSealProofs(sealProof, sectorProofs)
  } else {
    requireParam(aggregateProofType === SNARK_PACK_V2, 'aggregate proof type must be SnarkPackV2')
    const { minAggregatedSectors: min, maxAggregatedSectors: max } = rt.policy
    validateSealAggregateProof(rt.policy, aggregateProof, sectorActivations.length, { min, max })
  }
}

/** Which of the valid sectors are proven. An aggregate is about all sectors, those that are not valid too. */
function verifySeals(
  rt: Runtime,
  params: ProveCommitSectors3Params,
  sealProof: number,
  { batch, claims }: ValidatedSeals,
): BatchReturn {
  const miner = requireActorId(rt.message.receiver)
  const { sectorProofs, aggregateProof, aggregateProofType, requireActivationSuccess } = params
  if (sectorProofs.length === 0) {
    requireParam(aggregateProofType !== null, 'no aggregate proof type')
    verifyAggregateSeal(rt, {
      sealer: miner,
      sealProof,
      aggregateProof: aggregateProofType,
      proof: aggregateProof,
      claims,
    })
    return batchOk(batch.successCount)
  }
  const proofs = successesOf(batch, sectorProofs)
  const seals = successesOf(batch, claims).map((claim, i) => ({
    ...claim,
    registeredProof: sealProof,
    miner,
    proof: proofs[i] as Uint8Array,
  }))
  const verified = rt.batchVerifySeals(seals)
  requireParam(
    !requireActivationSuccess || !verified.includes(false),
    'invalid proof for a sector while requiring activation success',
  )
  return batchOf(verified.map((isValid) => (isValid ? ExitCode.OK : ExitCode.USR_ILLEGAL_ARGUMENT)))
}

function activateData(rt: Runtime, proven: readonly Proven[], requireAll: boolean) {
  const sectors = proven.map(
    ({ manifest, preCommit: { info } }): SectorPieces => ({
      pieces: manifest.pieces,
      sectorNumber: manifest.sectorNumber,
      sectorExpiry: info.expiration,
      sealProof: info.sealProof,
    }),
  )
  for (const [i, { preCommit }] of proven.entries()) {
    requireDeclaredCommD(rt, sectors[i] as SectorPieces, preCommit.info.unsealedCid)
  }
  return activateSectorsPieces(rt, sectors, requireAll)
}
