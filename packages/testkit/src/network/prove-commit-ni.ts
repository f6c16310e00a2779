import { BatchReturn, ProveCommitSectorsNIParams, serialize } from '@plimsoll/actors'
import { type ChainEpoch, EPOCHS_IN_DAY, requireActorId } from '@plimsoll/primitives'
import type { TestMiner } from './create-miner.ts'
import type { TestNetwork } from './network.ts'
import { sealedSector } from './pieces.ts'
import { type Call, executeFor } from './send.ts'

/** Sectors that are committed without a promise, to a deadline that is neither open nor next. */
export interface NonInteractivePlan {
  readonly sectorNumbers: readonly number[]
  readonly deadline: number
  readonly expiration?: ChainEpoch
}

/** A non-interactive seal of 32 GiB, and the only kind of aggregate. */
const NI_SEAL_PROOF_32_GIB = 18n
const SNARK_PACK_V2 = 1n
const USUAL_LIFETIME = 540 * EPOCHS_IN_DAY

export function proveCommitNICall(
  { vm }: TestNetwork,
  { id, worker }: TestMiner,
  { sectorNumbers, deadline, expiration = vm.epoch + USUAL_LIFETIME }: NonInteractivePlan,
): Call {
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
    sealProofType: NI_SEAL_PROOF_32_GIB,
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
