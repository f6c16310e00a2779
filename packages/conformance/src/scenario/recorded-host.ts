import { type ConsensusFault, MAINNET_POLICY, type PieceInfo, type Policy } from '@plimsoll/actors'
import { CodecError, chainEpoch, decodeCbor, parseCid, tuple, u64, uint } from '@plimsoll/ipld'
import { type ActorName, addressBytes, type Hashes, idAddress, isActorName } from '@plimsoll/primitives'
import { actorCodeTable, fakePieceCommitment, type Host, simulationHost } from '@plimsoll/vm'
import { policyUnderRecorded } from './recorded-rules.ts'
import type { ScenarioHeader } from './scenario-types.ts'

/**
 * The machine that recorded the scenarios: the reference's test machine with the changes that
 * `reference-v18/README.md` of the vectors lists. What it does otherwise than a chain is all here.
 *
 * Source: builtin-actors v18, `test_vm/src/lib.rs` and `test_vm/src/messaging.rs`.
 */
export function recordedHost(header: ScenarioHeader, hashes: Hashes): Host {
  return simulationHost({
    hashes,
    codes: actorCodeTable(codesOf(header)),
    circulatingSupply: BigInt(header.circulating_supply),
    policy: policyOf(header),
    networkVersion: header.network_version,
    customs: {
      implicitMessagesAdvanceSequence: true,
      maySend: () => true,
      senderBytes: addressBytes,
      emptyParamsAreABlock: true,
      placeholdersAcceptAllMethods: false,
    },
    primitives: {
      verifySignature: (signature, _, plaintext) => equalBytes(signature, plaintext),
      verifyPost: ({ proofs }) => proofs.every(({ proofBytes }) => !isText(proofBytes, INVALID_POST)),
      batchVerifySeals: (batch) => batch.map(({ proof }) => !isText(proof, INVALID_SEAL)),
      verifyAggregateSeals: ({ proof }) => !isText(proof, INVALID_SEAL),
      verifyReplicaUpdate: ({ proof }) => !isText(proof, INVALID_UPDATE),
      verifyConsensusFault: consensusFaultIn,
      computeUnsealedSectorCid: (sealProof, pieces: readonly PieceInfo[]) =>
        fakePieceCommitment(hashes, sealProof, pieces),
    },
  })
}

/** The bytes of proofs that are not valid; all others are. */
const INVALID_POST = 'i_am_invalid_post'
const INVALID_SEAL = 'i_am_invalid_seal'
const INVALID_UPDATE = 'i_am_invalid_update'

/** The first bytes of a header that proves a fault; the fault itself stands behind them. */
const FAULT_PREFIX = 'FAULT'

const RecordedFault = tuple('RecordedFault', { target: u64, epoch: chainEpoch, faultType: uint })

function consensusFaultIn(header1: Uint8Array): ConsensusFault | 'none' | 'invalid' {
  if (isText(header1, 'ERROR')) {
    return 'invalid'
  }
  if (!isText(header1.subarray(0, FAULT_PREFIX.length), FAULT_PREFIX)) {
    return 'none'
  }
  try {
    const { target, epoch, faultType } = decodeCbor(RecordedFault, header1.subarray(FAULT_PREFIX.length))
    return faultType >= 1 && faultType <= 3 ? { target: idAddress(target), epoch, faultType } : 'none'
  } catch (error) {
    if (error instanceof CodecError) {
      return 'none'
    }
    throw error
  }
}

/** The policy of a scenario's network, with the proposals that it was recorded under. */
export function policyOf({ proof_types, rules }: ScenarioHeader): Policy {
  return {
    ...policyUnderRecorded(rules, MAINNET_POLICY),
    validPostProofTypes: proof_types.window_post,
    validPreCommitProofTypes: proof_types.seal,
    validProveCommitNiProofTypes: proof_types.seal_ni,
  }
}

function codesOf({ code_cids }: ScenarioHeader) {
  const codes: Partial<Record<ActorName, ReturnType<typeof parseCid>>> = {}
  for (const [name, code] of Object.entries(code_cids)) {
    if (isActorName(name)) {
      codes[name] = parseCid(code)
    }
  }
  return codes
}

function isText(bytes: Uint8Array, text: string): boolean {
  return Buffer.from(bytes).toString('latin1') === text
}

function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i])
}
