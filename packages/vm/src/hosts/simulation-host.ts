import { MAINNET_POLICY, type Policy } from '@plimsoll/actors'
import { address, encodeCbor } from '@plimsoll/ipld'
import type { AttoFil, ChainEpoch, Hashes } from '@plimsoll/primitives'
import type { ActorCodeTable, Host, HostCustoms, Meter } from '../host.ts'
import { fakePieceCommitment } from './piece-commitment.ts'

/** What a machine may ask its host at an epoch. */
type HostPrimitives = ReturnType<Host['primitivesAt']>

/** What a simulation sets; everything that is left out is as on mainnet. */
export interface SimulationOptions {
  readonly hashes: Hashes
  readonly codes: ActorCodeTable
  /** In attoFIL: a constant, or by epoch. */
  readonly circulatingSupply: AttoFil | ((epoch: ChainEpoch) => AttoFil)
  readonly policy?: Policy
  readonly networkVersion?: number
  /** Customs that are not a chain's. */
  readonly customs?: Partial<HostCustoms>
  /** Answers that are not those of a simulation. */
  readonly primitives?: Partial<HostPrimitives>
  readonly meter?: Meter
}

/** The network version that brought actors v18. Source: filecoin-project/lotus `build/buildconstants/params_mainnet.go`, `UpgradeFireHorseHeight`. */
const NETWORK_VERSION_V18 = 28

/** The randomness of every epoch: 1 to 32. Source: builtin-actors v18, `test_vm/src/constants.rs`, `TEST_VM_RAND_ARRAY`. */
export const FIXED_RANDOMNESS: Uint8Array = Uint8Array.from({ length: 32 }, (_, i) => i + 1)

/**
 * How chains do what hosts may do differently.
 *
 * Source: ref-fvm `fvm/src/executor/default.rs`, `preflight_message`; `fvm/src/call_manager/default.rs`,
 * `next_actor_address`; `fvm/src/kernel/default.rs`.
 */
const CHAIN_CUSTOMS: HostCustoms = {
  implicitMessagesAdvanceSequence: false,
  maySend: (type) => type === 'account' || type === 'ethaccount',
  senderBytes: (from) => encodeCbor(address, from),
  emptyParamsAreABlock: false,
  placeholdersAcceptAllMethods: true,
}

/**
 * A host for simulations: a chain on which every proof and signature is good, no headers prove a fault, and
 * randomness is always the same.
 */
export function simulationHost(options: SimulationOptions): Host {
  const { codes, circulatingSupply, policy = MAINNET_POLICY, networkVersion = NETWORK_VERSION_V18 } = options
  const primitives: HostPrimitives = { ...trustingPrimitives(options.hashes), ...options.primitives }
  return {
    policy,
    networkVersion,
    codes,
    customs: { ...CHAIN_CUSTOMS, ...options.customs },
    ...(options.meter !== undefined && { meter: options.meter }),
    circulatingSupply: typeof circulatingSupply === 'function' ? circulatingSupply : () => circulatingSupply,
    primitivesAt: () => primitives,
  }
}

function trustingPrimitives(hashes: Hashes): HostPrimitives {
  return {
    getRandomnessFromTickets: () => FIXED_RANDOMNESS,
    getRandomnessFromBeacon: () => FIXED_RANDOMNESS,
    verifySignature: () => true,
    verifyPost: () => true,
    batchVerifySeals: (batch) => batch.map(() => true),
    verifyAggregateSeals: () => true,
    verifyReplicaUpdate: () => true,
    verifyConsensusFault: () => 'none',
    computeUnsealedSectorCid: (sealProof, pieces) => fakePieceCommitment(hashes, sealProof, pieces),
  }
}
