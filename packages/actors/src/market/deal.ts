import {
  address,
  attoFil,
  bool,
  bytes,
  type Cid,
  type Codec,
  chainEpoch,
  cid,
  cidParts,
  encodeCbor,
  i64,
  MajorType,
  Multicodec,
  Multihash,
  makeCid,
  peekByte,
  peekMajorType,
  text,
  tuple,
  u64,
  unexpected,
  type ValueOf,
} from '@plimsoll/ipld'
import type { AttoFil } from '@plimsoll/primitives'
import type { Primitives } from '../runtime/primitives.ts'
import { signature } from '../runtime/signature.ts'

/** Source of everything here: builtin-actors v18, `actors/market/src/deal.rs`. */

/** What a client calls a deal: text, or bytes. */
export type Label = string | Uint8Array

export const label: Codec<Label> = {
  name: 'label',
  encode: (writer, value) =>
    typeof value === 'string' ? text.encode(writer, value) : bytes.encode(writer, value),
  decode: (reader) => {
    // Unlike a field of one type, neither is read loosely here, nor in chunks.
    const major = peekMajorType(reader)
    const isChunked = (peekByte(reader) & 0x1f) === 0x1f
    if (isChunked || (major !== MajorType.TEXT && major !== MajorType.BYTES)) {
      throw unexpected(reader, 'a text or bytes')
    }
    return major === MajorType.TEXT ? text.decode(reader) : bytes.decode(reader)
  },
}

const utf8 = new TextEncoder()

/** Source: `Label::len`. */
export function labelSizeBytes(value: Label): number {
  return typeof value === 'string' ? utf8.encode(value).length : value.length
}

/**
 * What a client and a provider agree on: the data, and the price per epoch from the start up to the end. CBOR tuple.
 *
 * Epochs keep the whole range that they have on the wire, since a deal may begin at any epoch to come. The size is
 * the padded one, in bytes. In the state both parties stand by their ID addresses.
 */
export const DealProposal = tuple('DealProposal', {
  pieceCid: cid,
  pieceSize: u64,
  verifiedDeal: bool,
  client: address,
  provider: address,
  label,
  /** The last epoch in which a sector can take the deal in; payments count from here on. */
  startEpoch: i64,
  endEpoch: i64,
  storagePricePerEpoch: attoFil,
  providerCollateral: attoFil,
  clientCollateral: attoFil,
})
export type DealProposal = ValueOf<typeof DealProposal>

/** A proposal that its client has signed. CBOR tuple. */
export const ClientDealProposal = tuple('ClientDealProposal', {
  proposal: DealProposal,
  clientSignature: signature,
})
export type ClientDealProposal = ValueOf<typeof ClientDealProposal>

/** What became of a deal that a sector has taken in. Epochs are −1 for what did not happen yet. CBOR tuple. */
export const DealState = tuple('DealState', {
  sectorNumber: u64,
  sectorStartEpoch: chainEpoch,
  /** When payments were made last. */
  lastUpdatedEpoch: chainEpoch,
  /** When the deal was marked for termination, which only states from before v13 can hold. */
  slashEpoch: chainEpoch,
})
export type DealState = ValueOf<typeof DealState>

/** Epochs from the start up to the end. Source: `DealProposal::duration`. */
export function dealDuration({ startEpoch, endEpoch }: DealProposal): bigint {
  return endEpoch - startEpoch
}

/** Source: `DealProposal::total_storage_fee`. */
export function totalStorageFee(proposal: DealProposal): AttoFil {
  return proposal.storagePricePerEpoch * dealDuration(proposal)
}

/** What a client has to have for a deal. Source: `DealProposal::client_balance_requirement`. */
export function clientBalanceRequirement(proposal: DealProposal): AttoFil {
  return proposal.clientCollateral + totalStorageFee(proposal)
}

const COMMITMENT_BYTES = 32

/** Whether a CID is the commitment of a piece of data. Source: `is_piece_cid`. */
export function isPieceCid(piece: Cid): boolean {
  const { version, codec, multihash, digest } = cidParts(piece)
  return (
    version === 1 &&
    codec === Multicodec.FIL_COMMITMENT_UNSEALED &&
    multihash === Multihash.SHA2_256_TRUNC254_PADDED &&
    digest.length === COMMITMENT_BYTES
  )
}

/** What takes the hash of a proposal: a runtime. */
type Hasher = Pick<Primitives, 'hashBlake2b'>

/**
 * The CID by which a proposal is known until the deal is paid for the first time.
 *
 * Source: builtin-actors v18, `actors/market/src/lib.rs`, `deal_cid`.
 */
export function dealCid(hasher: Hasher, proposal: DealProposal): Cid {
  return serializedDealCid(hasher, encodeCbor(DealProposal, proposal))
}

/** The same of a proposal's bytes. Source: the same file, `serialized_deal_cid`. */
export function serializedDealCid(hasher: Hasher, serialized: Uint8Array): Cid {
  return makeCid(Multicodec.DAG_CBOR, Multihash.BLAKE2B_256, hasher.hashBlake2b(serialized))
}
