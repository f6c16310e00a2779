import type { Cid } from '@plimsoll/ipld'
import type { ActorId, Address, ChainEpoch } from '@plimsoll/primitives'

/** What randomness is drawn for. Source: builtin-actors v18, `runtime/src/runtime/randomness.rs`, `DomainSeparationTag`. */
export const DomainSeparationTag = {
  TICKET_PRODUCTION: 1,
  ELECTION_PROOF_PRODUCTION: 2,
  WINNING_POST_CHALLENGE_SEED: 3,
  WINDOWED_POST_CHALLENGE_SEED: 4,
  SEAL_RANDOMNESS: 5,
  INTERACTIVE_SEAL_CHALLENGE_SEED: 6,
  WINDOWED_POST_DEADLINE_ASSIGNMENT: 7,
  MARKET_DEAL_CRON_SEED: 8,
  POST_CHAIN_COMMIT: 9,
} as const
export type DomainSeparationTag = (typeof DomainSeparationTag)[keyof typeof DomainSeparationTag]

/** Source: ref-fvm `shared/src/randomness/mod.rs`. */
export const RANDOMNESS_LENGTH_BYTES = 32

/** A number that may go up to 2^64 − 1: a sector number in a proof. */
export type WireNumber = number | bigint

/** Source of the following: ref-fvm `shared/src/sector/post.rs` and `seal.rs`, `shared/src/piece/mod.rs`. */
export interface WindowPoStVerifyInfo {
  readonly randomness: Uint8Array
  readonly proofs: readonly { readonly postProof: number; readonly proofBytes: Uint8Array }[]
  readonly challengedSectors: readonly {
    readonly proof: number
    readonly sectorNumber: WireNumber
    readonly sealedCid: Cid
  }[]
  readonly prover: ActorId
}

/** What a seal proof is about, apart from the miner and the proof itself. */
export interface SealClaim {
  readonly sectorNumber: WireNumber
  readonly randomness: Uint8Array
  readonly interactiveRandomness: Uint8Array
  readonly sealedCid: Cid
  readonly unsealedCid: Cid
}

export interface SealVerifyInfo extends SealClaim {
  readonly registeredProof: number
  readonly miner: ActorId
  readonly proof: Uint8Array
}

export interface AggregateSealVerifyInfo {
  readonly miner: WireNumber
  readonly sealProof: number
  readonly aggregateProof: number
  readonly proof: Uint8Array
  readonly infos: readonly SealClaim[]
}

export interface ReplicaUpdateInfo {
  readonly updateProofType: number
  readonly newSealedCid: Cid
  readonly oldSealedCid: Cid
  readonly newUnsealedCid: Cid
  readonly proof: Uint8Array
}

/** A piece of data with its padded size in bytes. */
export interface PieceInfo {
  readonly cid: Cid
  readonly size: bigint
}

/** Source: ref-fvm `shared/src/consensus/mod.rs`, `ConsensusFault`. */
export interface ConsensusFault {
  readonly target: Address
  readonly epoch: ChainEpoch
  /** 1 double-fork mining, 2 parent grinding, 3 time offset. */
  readonly faultType: number
}

/**
 * What the chain and its cryptography answer. An actor only asks; the host of the virtual machine decides.
 *
 * Source: builtin-actors v18, `vm_api/src/lib.rs`, `Primitives`; randomness from `runtime/src/runtime/mod.rs`.
 */
export interface Primitives {
  /** 32 bytes. @throws {ActorError} for an epoch that the chain cannot answer for. */
  getRandomnessFromTickets(tag: DomainSeparationTag, epoch: ChainEpoch, entropy: Uint8Array): Uint8Array
  /** 32 bytes. @throws {ActorError} for an epoch that the chain cannot answer for. */
  getRandomnessFromBeacon(tag: DomainSeparationTag, epoch: ChainEpoch, entropy: Uint8Array): Uint8Array
  hashBlake2b(data: Uint8Array): Uint8Array
  verifySignature(signature: Uint8Array, signer: Address, plaintext: Uint8Array): boolean
  verifyPost(info: WindowPoStVerifyInfo): boolean
  /** One answer per seal, in order. */
  batchVerifySeals(batch: readonly SealVerifyInfo[]): readonly boolean[]
  verifyAggregateSeals(info: AggregateSealVerifyInfo): boolean
  verifyReplicaUpdate(info: ReplicaUpdateInfo): boolean
  /** The fault that two headers prove; `none` when they prove none, `invalid` when they are no headers. */
  verifyConsensusFault(
    header1: Uint8Array,
    header2: Uint8Array,
    extra: Uint8Array,
  ): ConsensusFault | 'none' | 'invalid'
  /** Undefined when the pieces do not fit a sector of that proof type. */
  computeUnsealedSectorCid(proofType: number, pieces: readonly PieceInfo[]): Cid | undefined
}
