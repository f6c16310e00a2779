import { isEmptyBitField, subtractBitFields } from '@plimsoll/ipld'
import { POST_PROOF_SIZE_BYTES } from '@plimsoll/primitives'
import { requireParam, requireState } from '../../runtime/actor-error.ts'
import type { Draft } from '../../runtime/draft.ts'
import { DomainSeparationTag, RANDOMNESS_LENGTH_BYTES } from '../../runtime/primitives.ts'
import type { Runtime } from '../../runtime/runtime.ts'
import { type DeadlineInfo, isOpen, lastEpoch, quantSpecOfDeadline } from '../deadline-info.ts'
import { type PoStResult, recordPoStProofs, recordProvenSectors } from '../deadline-state/proofs.ts'
import type { WindowedPoSt } from '../deadline-state.ts'
import { loadDeadline, updateDeadline } from '../deadlines.ts'
import type { SubmitWindowedPoStParams } from '../method-types.ts'
import { loadPartitionsSectorsMax } from '../policy.ts'
import { isZeroPower } from '../power-pair.ts'
import { loadSectorsArray, loadSectorsForProof } from '../sectors.ts'
import { requestUpdatePower } from '../sends.ts'
import { loadDeadlinesDraft, saveDeadlines } from '../state/assign-sectors.ts'
import { checkBalanceInvariants } from '../state/funds.ts'
import { currentDeadlineInfo, getInfoForController, powerTermsOf } from '../state/info.ts'
import { type MinerInfo, MinerState } from '../state.ts'
import { checkValidPoStProofType } from '../validation.ts'
import { verifyWindowedPoSt } from '../verify-windowed-post.ts'

/**
 * Method 5, `SubmitWindowedPoSt`: proves partitions of the open deadline. A proof that lets nothing recover is
 * accepted unseen and may be disputed; one that does is verified.
 *
 * Source: builtin-actors v18, `actors/miner/src/lib.rs`, `submit_windowed_post`.
 *
 * @throws {ActorError} `USR_ILLEGAL_ARGUMENT` for a proof that is not one of this deadline and miner, or is invalid;
 * `USR_FORBIDDEN` unless called by a controller; `USR_NOT_FOUND` for a partition that there is not;
 * `USR_ILLEGAL_STATE` where no deadline is open.
 */
export function submitWindowedPoSt(rt: Runtime, params: SubmitWindowedPoStParams): void {
  const { policy } = rt
  requireParam(params.proofs.length === 1, () => `expected exactly one proof, got ${params.proofs.length}`)
  const [proof] = params.proofs
  requireParam(proof !== undefined, 'expected exactly one proof')
  checkValidPoStProofType(policy, proof.postProof)
  requireParam(params.deadline < policy.wpostPeriodDeadlines, () => `invalid deadline ${params.deadline}`)
  requireParam(params.chainCommitRand.length <= RANDOMNESS_LENGTH_BYTES, 'too many bytes of randomness')
  const { powerDelta } = rt.transaction(MinerState, (state) => {
    const info = getInfoForController(rt, state)
    const deadline = currentDeadlineInfo(policy, state, rt.currEpoch)
    requireProofFits(rt, info, deadline, params)
    return recordPoSt(rt, state, info, deadline, params)
  })
  requestUpdatePower(rt, powerDelta)
  checkBalanceInvariants(rt.state(MinerState), rt.currentBalance())
}

/** The checks of the parameters that need the miner, in their order. */
function requireProofFits(
  rt: Runtime,
  info: MinerInfo,
  deadline: DeadlineInfo,
  { deadline: index, partitions, proofs, chainCommitEpoch, chainCommitRand }: SubmitWindowedPoStParams,
): void {
  const [proof] = proofs
  requireParam(
    proof !== undefined && proof.postProof === BigInt(info.windowPostProofType),
    'the proof is of another type than the miner',
  )
  const maxBytes = POST_PROOF_SIZE_BYTES * partitions.length
  requireParam(
    proof.proofBytes.length <= maxBytes,
    () => `expected proof to be smaller than ${maxBytes} bytes`,
  )
  const limit = Math.min(
    loadPartitionsSectorsMax(rt.policy, info.windowPostPartitionSectors),
    rt.policy.postedPartitionsMax,
  )
  requireParam(partitions.length <= limit, () => `too many partitions ${partitions.length}, limit ${limit}`)
  requireState(isOpen(deadline), 'the proving period is not open yet')
  requireParam(
    index === BigInt(deadline.index),
    () => `invalid deadline ${index}, expected ${deadline.index}`,
  )
  requireParam(chainCommitEpoch >= deadline.challenge, 'the chain commit epoch is before the challenge')
  requireParam(chainCommitEpoch < rt.currEpoch, 'the chain commit epoch is not in the past')
  const randomness = rt.getRandomnessFromTickets(
    DomainSeparationTag.POST_CHAIN_COMMIT,
    Number(chainCommitEpoch),
    new Uint8Array(),
  )
  requireParam(equalBytes(randomness, chainCommitRand), 'post commit randomness mismatched')
}

function recordPoSt(
  rt: Runtime,
  state: Draft<MinerState>,
  info: MinerInfo,
  deadlineInfo: DeadlineInfo,
  params: SubmitWindowedPoStParams,
): PoStResult {
  const { store, policy } = rt
  const sectors = loadSectorsArray(store, state)
  const deadlines = loadDeadlinesDraft(store, state)
  const deadline = loadDeadline(store, deadlines, deadlineInfo.index)
  const result = recordProvenSectors(
    store,
    deadline,
    sectors,
    params.partitions,
    lastEpoch(deadlineInfo) + policy.faultMaxAge,
    powerTermsOf(rt.policy, info),
    quantSpecOfDeadline(policy, deadlineInfo),
  )
  requireParam(
    !isEmptyBitField(subtractBitFields(result.sectors, result.ignoredSectors)),
    'cannot prove partitions with no active sectors',
  )
  const proofs: WindowedPoSt['proofs'] = params.proofs.map(({ postProof, proofBytes }) => ({
    postProof: Number(postProof),
    proofBytes,
  }))
  if (isZeroPower(result.recoveredPower)) {
    recordPoStProofs(store, deadline, { partitions: result.partitions, proofs })
  } else {
    const infos = loadSectorsForProof(sectors, result.sectors, result.ignoredSectors)
    requireParam(verifyWindowedPoSt(rt, deadlineInfo.challenge, infos, proofs), 'invalid post was submitted')
  }
  updateDeadline(store, deadlines, deadlineInfo.index, deadline)
  saveDeadlines(store, state, deadlines)
  return result
}

function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i])
}
