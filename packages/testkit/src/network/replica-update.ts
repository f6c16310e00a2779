import { BatchReturn, ProveReplicaUpdates3Params, serialize } from '@plimsoll/actors'
import { updateProofOf } from '@plimsoll/primitives'
import type { TestMiner } from './create-miner.ts'
import { placesOf, sectorsOf } from './miner-view.ts'
import { sealedSector } from './pieces.ts'
import { type ProvenSector, pieceManifest } from './prove-commit.ts'
import { type Call, executeFor } from './send.ts'
import type { TestNetwork } from './test-network.ts'

/** What the CIDs of updated sectors are told from those of the sectors before by. */
const UPDATED = 2 ** 32

/** The message that puts data into empty sectors, all of one seal proof. */
export function replicaUpdateCall(
  network: TestNetwork,
  { id, worker }: TestMiner,
  updates: readonly ProvenSector[],
): Call {
  const places = placesOf(network, id)
  const sectors = sectorsOf(network, id)
  const sealProof = sectors.get(updates[0]?.sectorNumber ?? 0)?.sealProof ?? 0
  const params = serialize(ProveReplicaUpdates3Params, {
    sectorUpdates: updates.map(({ sectorNumber, pieces = [] }) => {
      const { deadline = 0, partition = 0 } = places.get(sectorNumber) ?? {}
      return {
        sector: BigInt(sectorNumber),
        deadline: BigInt(deadline),
        partition: BigInt(partition),
        newSealedCid: sealedSector(UPDATED + sectorNumber),
        pieces: pieces.map(pieceManifest),
      }
    }),
    sectorProofs: updates.map(() => Uint8Array.of(1)),
    aggregateProof: new Uint8Array(),
    updateProofsType: BigInt(updateProofOf(sealProof) ?? 0),
    aggregateProofType: null,
    requireActivationSuccess: true,
    requireNotificationSuccess: true,
  })
  return { from: worker.id, to: id, actor: 'storageminer', method: 'ProveReplicaUpdates3', params }
}

/** Puts data into sectors that are proven and empty, and whose deadline is neither open nor next. */
export function replicaUpdate(
  network: TestNetwork,
  miner: TestMiner,
  updates: readonly ProvenSector[],
): BatchReturn {
  return executeFor(network, replicaUpdateCall(network, miner, updates), BatchReturn)
}
