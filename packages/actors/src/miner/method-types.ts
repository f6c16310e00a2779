import { bool, bytes, chainEpoch, cid, int, list, tuple, u64, type ValueOf } from '@plimsoll/ipld'

/** Source of everything here: builtin-actors v18, `actors/miner/src/types.rs`. */

/** One sector of a non-interactive commitment. CBOR tuple. */
export const SectorNIActivationInfo = tuple('SectorNIActivationInfo', {
  sealingNumber: u64,
  sealerId: u64,
  sealedCid: cid,
  sectorNumber: u64,
  sealRandEpoch: chainEpoch,
  expiration: chainEpoch,
})

/** Parameters of method 36, `ProveCommitSectorsNI`. CBOR tuple. */
export const ProveCommitSectorsNIParams = tuple('ProveCommitSectorsNIParams', {
  sectors: list(SectorNIActivationInfo),
  aggregateProof: bytes,
  sealProofType: int,
  aggregateProofType: int,
  provingDeadline: u64,
  requireActivationSuccess: bool,
})
export type ProveCommitSectorsNIParams = ValueOf<typeof ProveCommitSectorsNIParams>
