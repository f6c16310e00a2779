/**
 * The sizes that bytes from outside may ask for. Each has its source; docs/limits.md says what happens beyond.
 */

/** Nested arrays and maps in one block. Source: serde_ipld_dagcbor's recursion limit of 256. */
export const MAX_CBOR_DEPTH = 256

/** A big integer's bytes, its sign byte included. Source: ref-fvm `shared/src/bigint/mod.rs`, `MAX_BIGINT_SIZE`. */
export const MAX_BIG_INT_BYTES = 128

/** A bitfield in RLE+. Source: ref-fvm `ipld/bitfield/src/lib.rs`, `MAX_ENCODED_SIZE`. */
export const MAX_BIT_FIELD_BYTES = 32 * 1024

/** Source: ref-fvm `ipld/amt/src/lib.rs`, `MAX_INDEX`, 2^64 − 2: the count of a full AMT is still a u64. */
export const MAX_AMT_INDEX = (1n << 64n) - 2n

/** Source: ref-fvm `ipld/hamt/src/lib.rs`; our structures use 3 to 6, 8 is the most that a bitmap of 32 bytes holds. */
export const MAX_BIT_WIDTH = 8

/** A CID with a digest of 64 bytes and all varints at full length; identity CIDs of code are far below it. */
export const MAX_CID_BYTES = 128

/** A section of a CAR, CID and block. A chain block is at most 2 MiB; actor code in a genesis is the largest. */
export const MAX_CAR_SECTION_BYTES = 32 * 1024 * 1024

/** A CAR's header. Room for some 25,000 roots, where a tipset has at most 15 or so. */
export const MAX_CAR_HEADER_BYTES = 1024 * 1024
