import { BatchReturn, ProveCommitSectorsNIParams, serialize } from '@plimsoll/actors'
import { type ChainEpoch, EPOCHS_IN_DAY, requireActorId } from '@plimsoll/primitives'
import type { TestMiner } from './create-miner.ts'
import { sealedSector } from './pieces.ts'
import { type Call, executeFor } from './send.ts'
import type { TestNetwork } from './test-network.ts'

/** Sectors that are committed without a promise, to a deadline that is neither open nor next. */
export interface NonInteractivePlan {
  readonly sectorNumbers: readonly number[]
  readonly deadline: number
  readonly expiration?: ChainEpoch
  /** A non-interactive one; that of 32 GiB sectors unless given. */
  readonly sealProof?: bigint
}

/** Non-interactive seals, and the only kind of aggregate. */
const NI_SEAL_PROOF_32_GIB = 18n
export const NI_SEAL_PROOF_64_GIB = 19n
const SNARK_PACK_V2 = 1n
const USUAL_LIFETIME = 540 * EPOCHS_IN_DAY

export function proveCommitNICall(
  { vm }: TestNetwork,
  { id, worker }: TestMiner,
  plan: NonInteractivePlan,
): Call {
  const { sectorNumbers, deadline } = plan
  const { expiration = vm.epoch + USUAL_LIFETIME, sealProof = NI_SEAL_PROOF_32_GIB } = plan
  const params = serialize(ProveCommitSectorsNIParams, {
    sectors: sectorNumbers.map((number) => ({
      sealingNumber: BigInt(number),
      sealerId: BigInt(requireActorId(id)),
      sealedCid: sealedSector(number),
      sectorNumber: BigInt(number),
      sealRandEpoch: BigInt(vm.epoch - 1),
      expiration: BigInt(expiration),
    })),
    aggregateProof: new Uint8Array(192).fill(1),
    sealProofType: sealProof,
    aggregateProofType: SNARK_PACK_V2,
    provingDeadline: BigInt(deadline),
    requireActivationSuccess: true,
  })
  return { from: worker.id, to: id, actor: 'storageminer', method: 'ProveCommitSectorsNI', params }
}

/** Commits empty sectors at once. */
export function proveCommitNI(network: TestNetwork, miner: TestMiner, plan: NonInteractivePlan): BatchReturn {
  return executeFor(network, proveCommitNICall(network, miner, plan), BatchReturn)
}
