import { type ConsensusFault, MAINNET_POLICY, type Policy } from '@plimsoll/actors'
import { EPOCHS_IN_DAY, idAddress } from '@plimsoll/primitives'
import type { NetworkOptions } from '@plimsoll/testkit'

/** What a network is like that is fuzzed; part of every recorded failure by its name. */
export type ProfileName = 'mainnet' | 'hasty'

/** Proofs and signatures that begin with this byte are not valid; all others are. */
export const INVALID = 0xff
/** Headers that begin with this byte prove a fault. */
export const FAULT_HEADER = 0xfa

/** Networks alternate between mainnet's durations and such short ones that sectors and faults come to their end. */
export function profileOf(seed: number): ProfileName {
  return seed % 2 === 0 ? 'mainnet' : 'hasty'
}

export function policyOf(name: ProfileName): Policy {
  return name === 'mainnet' ? { ...MAINNET_POLICY, minimumConsensusPower: 1n << 39n } : HASTY_POLICY
}

const HASTY_POLICY: Policy = {
  ...MAINNET_POLICY,
  minimumConsensusPower: 1n << 39n,
  faultMaxAge: 2 * EPOCHS_IN_DAY,
  minSectorExpiration: 3 * EPOCHS_IN_DAY,
  endOfLifeClaimDropPeriod: EPOCHS_IN_DAY,
  minimumVerifiedAllocationTerm: 2 * EPOCHS_IN_DAY,
  maximumVerifiedAllocationExpiration: 5 * EPOCHS_IN_DAY,
  dealUpdatesInterval: EPOCHS_IN_DAY,
  workerKeyChangeDelay: 100,
  consensusFaultIneligibilityDuration: 200,
  wpostDisputeWindow: 300,
}

/** How a network of that profile is opened. */
export function networkOptions(name: ProfileName): NetworkOptions {
  return {
    policy: policyOf(name),
    primitives: {
      verifySignature: (signature) => signature[0] !== INVALID,
      verifyPost: ({ proofs }) => proofs.every(({ proofBytes }) => proofBytes[0] !== INVALID),
      batchVerifySeals: (batch) => batch.map(({ proof }) => proof[0] !== INVALID),
      verifyAggregateSeals: ({ proof }) => proof[0] !== INVALID,
      verifyReplicaUpdate: ({ proof }) => proof[0] !== INVALID,
      verifyConsensusFault: faultIn,
    },
  }
}

/** A header that proves a fault: whose, when, and of which kind. */
export function faultHeader(target: number, epoch: number, faultType: number): Uint8Array {
  const header = new Uint8Array(14)
  const view = new DataView(header.buffer)
  view.setUint8(0, FAULT_HEADER)
  view.setUint32(1, target)
  view.setFloat64(5, epoch)
  view.setUint8(13, faultType)
  return header
}

function faultIn(header: Uint8Array): ConsensusFault | 'none' | 'invalid' {
  if (header.length !== 14 || header[0] !== FAULT_HEADER) {
    return header[0] === INVALID ? 'invalid' : 'none'
  }
  const view = new DataView(header.buffer, header.byteOffset, header.length)
  const epoch = view.getFloat64(5)
  const faultType = 1 + (view.getUint8(13) % 3)
  return Number.isSafeInteger(epoch)
    ? { target: idAddress(BigInt(view.getUint32(1))), epoch, faultType }
    : 'none'
}
