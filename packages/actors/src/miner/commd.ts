import { type Cid, cidParts, Multicodec, Multihash, makeCid } from '@plimsoll/ipld'
import { parseHex, sealProofGroup } from '@plimsoll/primitives'
import { requireParam } from '../runtime/actor-error.ts'

/** Source of everything here: builtin-actors v18, `actors/miner/src/commd.rs` and `policy.rs`. */

const COMMITMENT_BYTES = 32

/** Whether a CID is that of unsealed data. Source: `is_unsealed_sector`. */
export function isUnsealedSector(commD: Cid): boolean {
  const { version, codec, multihash, digest } = cidParts(commD)
  return (
    version === 1 &&
    codec === Multicodec.FIL_COMMITMENT_UNSEALED &&
    multihash === Multihash.SHA2_256_TRUNC254_PADDED &&
    digest.length === COMMITMENT_BYTES
  )
}

/** Whether a CID is that of a sealed sector. Source: `is_sealed_sector`. */
export function isSealedSector(commR: Cid): boolean {
  const { version, codec, multihash, digest } = cidParts(commR)
  return (
    version === 1 &&
    codec === Multicodec.FIL_COMMITMENT_SEALED &&
    multihash === Multihash.POSEIDON_BLS12_381_A1_FC1 &&
    digest.length === COMMITMENT_BYTES
  )
}

/** Data commitments of sectors of zeros, by size: 2 KiB, 8 MiB, 512 MiB, 32 GiB, 64 GiB. Source: `ZERO_COMMD_HASH`. */
const ZERO_COMMD_DIGESTS = [
  'fc7e928296e516faade986b28f92d44a4f24b935485223376a799027bc18f833',
  '65f29e5d98d246c38b388cfc06db1f6b021303c5a289000bdce832a9c3ec421c',
  '39560e7b13a93b07a243fd2720ffa7cb3e1d2e505ab3629e79f46313512cda06',
  '077e5fde35c50a9303a55009e3498a4ebedff39c42b710b730d8ec7ac7afa63e',
  'e64005a6bfe3777953b8ad6ef93f0fca1049b2041654f2a411f7702799cece02',
]

/** The data commitment of a sector: as declared, or of zeros. Source: `CompactCommD::get_cid`. @throws {ActorError} `USR_ILLEGAL_ARGUMENT` for no proof type. */
export function commDOf(declared: Cid | null, sealProof: number): Cid {
  return declared ?? zeroCommD(sealProof)
}

/** Source: `zero_commd`. */
function zeroCommD(sealProof: number): Cid {
  const digest = sealProofGroup(sealProof) === undefined ? undefined : ZERO_COMMD_DIGESTS[sealProof % 5]
  requireParam(digest !== undefined, () => `unknown seal proof ${sealProof}`)
  return makeCid(Multicodec.FIL_COMMITMENT_UNSEALED, Multihash.SHA2_256_TRUNC254_PADDED, parseHex(digest))
}
