import { address, attoFil, bool, chainEpoch, tuple, type ValueOf } from '@plimsoll/ipld'
import { type AttoFil, type ChainEpoch, maxBigInt } from '@plimsoll/primitives'

/**
 * What the beneficiary may still withdraw, and until when.
 *
 * CBOR tuple, from v9 on (FIP-0029). Source: builtin-actors v18, `actors/miner/src/beneficiary.rs`.
 */
export const BeneficiaryTerm = tuple('BeneficiaryTerm', {
  quota: attoFil,
  usedQuota: attoFil,
  expiration: chainEpoch,
})
export type BeneficiaryTerm = ValueOf<typeof BeneficiaryTerm>

/** A change of beneficiary that waits for its approvals. CBOR tuple. Source: the same file. */
export const PendingBeneficiaryChange = tuple('PendingBeneficiaryChange', {
  newBeneficiary: address,
  newQuota: attoFil,
  newExpiration: chainEpoch,
  approvedByBeneficiary: bool,
  approvedByNominee: bool,
})
export type PendingBeneficiaryChange = ValueOf<typeof PendingBeneficiaryChange>

/** What owners have who are their own beneficiary. */
export const NO_BENEFICIARY_TERM: BeneficiaryTerm = { quota: 0n, usedQuota: 0n, expiration: 0 }

/** What the beneficiary may still withdraw, attoFIL. Source: `BeneficiaryTerm::available`. */
export function availableQuota(
  { quota, usedQuota, expiration }: BeneficiaryTerm,
  currEpoch: ChainEpoch,
): AttoFil {
  return expiration > currEpoch ? maxBigInt(quota - usedQuota, 0n) : 0n
}
