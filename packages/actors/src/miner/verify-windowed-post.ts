import { address, encodeCbor } from '@plimsoll/ipld'
import { type ChainEpoch, requireActorId } from '@plimsoll/primitives'
import { DomainSeparationTag } from '../runtime/primitives.ts'
import type { Runtime } from '../runtime/runtime.ts'
import type { WindowedPoSt } from './deadline-state.ts'
import type { SectorOnChainInfo } from './types.ts'

/** Whether proofs answer the challenge for these sectors. Source: builtin-actors v18, `actors/miner/src/lib.rs`, `verify_windowed_post`. */
export function verifyWindowedPoSt(
  rt: Runtime,
  challengeEpoch: ChainEpoch,
  sectors: readonly SectorOnChainInfo[],
  proofs: WindowedPoSt['proofs'],
): boolean {
  const { receiver } = rt.message
  const randomness = rt.getRandomnessFromBeacon(
    DomainSeparationTag.WINDOWED_POST_CHALLENGE_SEED,
    challengeEpoch,
    encodeCbor(address, receiver),
  )
  const challengedSectors = sectors.map(({ sealProof, sectorNumber, sealedCid }) => ({
    proof: sealProof,
    sectorNumber,
    sealedCid,
  }))
  return rt.verifyPost({ randomness, proofs, challengedSectors, prover: requireActorId(receiver) })
}
