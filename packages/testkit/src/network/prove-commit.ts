import {
  BatchReturn,
  type PieceActivationManifest,
  ProveCommitSectors3Params,
  serialize,
} from '@plimsoll/actors'
import { encodeCbor, u64 } from '@plimsoll/ipld'
import {
  type Address,
  requireActorId,
  STORAGE_MARKET_ACTOR_ADDR,
  sealProofSizeBytes,
} from '@plimsoll/primitives'
import type { TestMiner } from './create-miner.ts'
import type { Piece } from './pieces.ts'
import { SEAL_PROOF_32_GIB } from './pre-commit.ts'
import { type Call, executeFor } from './send.ts'
import type { TestNetwork } from './test-network.ts'

/** Data that go into a sector, with the allocation that they claim or the deal that they keep. */
export interface PieceOfSector extends Piece {
  readonly allocation?: { readonly client: Address; readonly id: bigint }
  readonly dealId?: bigint
}

/** A sector that is proven, with its data. */
export interface ProvenSector {
  readonly sectorNumber: number
  readonly pieces?: readonly PieceOfSector[]
}

/** How a piece is declared: what it claims, and whom its sector tells of it. */
export function pieceManifest({ cid, size, allocation, dealId }: PieceOfSector): PieceActivationManifest {
  return {
    cid,
    size,
    verifiedAllocationKey:
      allocation === undefined
        ? null
        : { client: BigInt(requireActorId(allocation.client)), id: allocation.id },
    notify:
      dealId === undefined ? [] : [{ address: STORAGE_MARKET_ACTOR_ADDR, payload: encodeCbor(u64, dealId) }],
  }
}

/** The message that proves sectors, each by a proof of its own, of which all have to hold. */
export function proveCommitCall({ id, worker }: TestMiner, sectors: readonly ProvenSector[]): Call {
  const proof = new Uint8Array(sealProofSizeBytes(SEAL_PROOF_32_GIB) ?? 0)
  const params = serialize(ProveCommitSectors3Params, {
    sectorActivations: sectors.map(({ sectorNumber, pieces = [] }) => ({
      sectorNumber: BigInt(sectorNumber),
      pieces: pieces.map(pieceManifest),
    })),
    sectorProofs: sectors.map(() => proof),
    aggregateProof: new Uint8Array(),
    aggregateProofType: null,
    requireActivationSuccess: true,
    requireNotificationSuccess: true,
  })
  return { from: worker.id, to: id, actor: 'storageminer', method: 'ProveCommitSectors3', params }
}

/** Proves sectors that were promised. */
export function proveCommit(
  network: TestNetwork,
  miner: TestMiner,
  sectors: readonly ProvenSector[],
): BatchReturn {
  return executeFor(network, proveCommitCall(miner, sectors), BatchReturn)
}
