import { type ActorCode, method } from '../runtime/dispatch.ts'
import { UNIVERSAL_RECEIVER_HOOK_METHOD, UniversalReceiverParams } from '../runtime/universal-receiver.ts'
import { addVerifiedClient } from './methods/add-verified-client.ts'
import { addVerifier } from './methods/add-verifier.ts'
import { claimAllocations } from './methods/claim-allocations.ts'
import { verifregConstructor } from './methods/constructor.ts'
import { extendClaimTerms } from './methods/extend-claim-terms.ts'
import { getClaims } from './methods/get-claims.ts'
import { removeExpiredAllocations } from './methods/remove-expired-allocations.ts'
import { removeExpiredClaims } from './methods/remove-expired-claims.ts'
import { removeVerifiedClientDataCap } from './methods/remove-verified-client-data-cap.ts'
import { removeVerifier } from './methods/remove-verifier.ts'
import { universalReceiverHook } from './methods/universal-receiver-hook.ts'
import {
  AllocationsResponse,
  CLAIM_ALLOCATIONS_METHOD,
  ClaimAllocationsParams,
  ClaimAllocationsReturn,
  ConstructorParams,
  ExtendClaimTermsParams,
  ExtendClaimTermsReturn,
  GET_CLAIMS_METHOD,
  GetClaimsParams,
  GetClaimsReturn,
  RemoveDataCapParams,
  RemoveDataCapReturn,
  RemoveExpiredAllocationsParams,
  RemoveExpiredAllocationsReturn,
  RemoveExpiredClaimsParams,
  RemoveExpiredClaimsReturn,
  RemoveVerifierParams,
  VerifierParams,
} from './types.ts'

const addClientSignature = { params: VerifierParams }
const removeDataCapSignature = { params: RemoveDataCapParams, returns: RemoveDataCapReturn }
const removeAllocationsSignature = {
  params: RemoveExpiredAllocationsParams,
  returns: RemoveExpiredAllocationsReturn,
}
const claimSignature = { params: ClaimAllocationsParams, returns: ClaimAllocationsReturn }
const getClaimsSignature = { params: GetClaimsParams, returns: GetClaimsReturn }
const extendSignature = { params: ExtendClaimTermsParams, returns: ExtendClaimTermsReturn }
const removeClaimsSignature = { params: RemoveExpiredClaimsParams, returns: RemoveExpiredClaimsReturn }
const receiveSignature = { params: UniversalReceiverParams, returns: AllocationsResponse }

/** The methods of the verified registry. Source: builtin-actors v18, `actors/verifreg/src/lib.rs`, `Method`. */
export const VERIFREG_ACTOR: ActorCode = {
  name: 'verifiedregistry',
  methods: new Map([
    [1, method('Constructor', { params: ConstructorParams }, verifregConstructor)],
    [2, method('AddVerifier', { params: VerifierParams }, addVerifier)],
    [3, method('RemoveVerifier', { params: RemoveVerifierParams }, removeVerifier)],
    [4, method('AddVerifiedClient', addClientSignature, addVerifiedClient)],
    [7, method('RemoveVerifiedClientDataCap', removeDataCapSignature, removeVerifiedClientDataCap)],
    [8, method('RemoveExpiredAllocations', removeAllocationsSignature, removeExpiredAllocations)],
    [CLAIM_ALLOCATIONS_METHOD, method('ClaimAllocations', claimSignature, claimAllocations)],
    [GET_CLAIMS_METHOD, method('GetClaims', getClaimsSignature, getClaims)],
    [11, method('ExtendClaimTerms', extendSignature, extendClaimTerms)],
    [12, method('RemoveExpiredClaims', removeClaimsSignature, removeExpiredClaims)],
    [3916220144, method('AddVerifiedClientExported', addClientSignature, addVerifiedClient)],
    [
      2421068268,
      method('RemoveExpiredAllocationsExported', removeAllocationsSignature, removeExpiredAllocations),
    ],
    [2199871187, method('GetClaimsExported', getClaimsSignature, getClaims)],
    [1752273514, method('ExtendClaimTermsExported', extendSignature, extendClaimTerms)],
    [2873373899, method('RemoveExpiredClaimsExported', removeClaimsSignature, removeExpiredClaims)],
    [UNIVERSAL_RECEIVER_HOOK_METHOD, method('ReceiveExported', receiveSignature, universalReceiverHook)],
  ]),
}
