/** Parameters or a return value, with the codec that says how to read them. Source: ref-fvm `ipld/encoding/src/ipld_block.rs`. */
export interface IpldBlock {
  readonly codec: number
  readonly data: Uint8Array
}

/** Codecs of blocks that actors read as CBOR. Source: ref-fvm `ipld/encoding/src/lib.rs`. */
export const CBOR_CODEC = 0x51
/** Source: the same file. */
export const DAG_CBOR_CODEC = 0x71
