import { type Address, AddressProtocol, findWindowPoStProof, protocolOf } from '@plimsoll/primitives'
import type { ActorsVersion } from '../../actors-version.ts'
import type { Findings } from '../../invariants/findings.ts'
import type { MinerInfo } from '../state.ts'

/** Window PoSt proof types below this are of the construction that v12 no longer knows. */
const FIRST_V1P1_PROOF_TYPE = 10

/** Source: builtin-actors v18, `actors/miner/src/testing.rs`, `check_miner_info`. */
export function checkMinerInfo(info: MinerInfo, version: ActorsVersion, findings: Findings): void {
  requireId(findings, 'miner/owner-not-id', info.owner)
  requireId(findings, 'miner/worker-not-id', info.worker)
  for (const control of info.controlAddresses) {
    requireId(findings, 'miner/control-not-id', control)
  }
  if (info.pendingWorkerKey !== null) {
    const { newWorker } = info.pendingWorkerKey
    requireId(findings, 'miner/pending-worker-not-id', newWorker)
    findings.require(
      newWorker !== info.worker,
      'miner/pending-worker-is-worker',
      () => 'the keys are the same',
    )
  }
  if (info.pendingOwnerAddress !== null) {
    requireId(findings, 'miner/pending-owner-not-id', info.pendingOwnerAddress)
    findings.require(
      info.pendingOwnerAddress !== info.owner,
      'miner/pending-owner-is-owner',
      () => 'the addresses are the same',
    )
  }
  checkProofType(info, version, findings)
}

function checkProofType(info: MinerInfo, version: ActorsVersion, findings: Findings): void {
  const proofType = info.windowPostProofType
  const proof = findWindowPoStProof(proofType)
  if (proof === undefined || (version >= 12 && proofType < FIRST_V1P1_PROOF_TYPE)) {
    findings.add('miner/window-post-proof-type', `proof type ${proofType} is not one for window PoSt`)
    return
  }
  findings.require(
    info.sectorSize === proof.sectorSizeBytes,
    'miner/sector-size',
    () => `${info.sectorSize} bytes, where the proof type says ${proof.sectorSizeBytes}`,
  )
  findings.require(
    info.windowPostPartitionSectors === proof.partitionSectors,
    'miner/partition-sectors',
    () => `${info.windowPostPartitionSectors} sectors, where the proof type says ${proof.partitionSectors}`,
  )
}

function requireId(findings: Findings, kind: string, address: Address): void {
  findings.require(
    protocolOf(address) === AddressProtocol.Id,
    kind,
    () => `an address of protocol ${protocolOf(address)}`,
  )
}
