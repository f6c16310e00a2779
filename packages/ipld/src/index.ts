export { Amt, type AmtType, amt } from './amt/amt.ts'
export { type AmtChange, diffAmt } from './amt/diff.ts'
export { type AmtNodeLayout, hasSlot } from './amt/layout.ts'
export { type LeafVisitor, visitAmtLeaves } from './amt/leaves.ts'
export type { PartsOf } from './amt/parts.ts'
export {
  addIndex,
  type BitField,
  type BitIndex,
  bitFieldOf,
  bitFieldRange,
  bitsOf,
  canonicalIndex,
  countBits,
  EMPTY_BIT_FIELD,
  equalBitFields,
  firstBit,
  hasBit,
  isEmptyBitField,
  lastBit,
  MAX_BIT_FIELD_END,
  runsOf,
} from './bitfield/bit-field.ts'
export { bitField } from './bitfield/bit-field-codec.ts'
export { decodeRlePlus, encodeRlePlus } from './bitfield/rle-plus.ts'
export {
  containsAllBits,
  containsAnyBits,
  cutBitField,
  intersectBitFields,
  sliceBitField,
  subtractBitFields,
  unionBitFields,
  unionOfBitFields,
} from './bitfield/set-algebra.ts'
export {
  type Blockstore,
  load,
  missingBlock,
  requireBlock,
  save,
  saveBlock,
} from './blockstore/blockstore.ts'
export { createMemoryBlockstore } from './blockstore/memory-blockstore.ts'
export { SlabBlockstore } from './blockstore/slab-blockstore.ts'
export { forgetfulBlockstore, wholeNodeBlockstore, writeBackBlockstore } from './blockstore/write-back.ts'
export { type CarBlockSink, type CarReader, createCarReader } from './car/car-reader.ts'
export { type CarBlock, writeCarV1, writeCarV2 } from './car/car-writer.ts'
export {
  type AnyCodec,
  asMemberOf,
  type Codec,
  decodeCbor,
  decodeLooseCbor,
  encodeCbor,
  mapped,
  type ValueOf,
} from './cbor/codec.ts'
export { fixedList, list } from './cbor/collections.ts'
export { type IpldLink, type IpldValue, ipldValue } from './cbor/ipld-value.ts'
export { itemEnd } from './cbor/item-end.ts'
export { rawItem } from './cbor/raw-item.ts'
export {
  type CborReader,
  cborReader,
  enter,
  leave,
  MajorType,
  peekByte,
  peekMajorType,
  unexpected,
} from './cbor/reader.ts'
export {
  address,
  attoFil,
  bigInt,
  bool,
  bytes,
  chainEpoch,
  cid,
  i64,
  int,
  link,
  nullable,
  storagePower,
  text,
  u8,
  u32,
  u64,
  uint,
} from './cbor/scalars.ts'
export { skipItem } from './cbor/skip.ts'
export { type TupleFields, tuple } from './cbor/tuple.ts'
export { type CborWriter, cborWriter } from './cbor/writer.ts'
export {
  type Cid,
  type CidParts,
  cidBytes,
  cidFromBytes,
  cidOfBlock,
  cidParts,
  findIdentityText,
  formatCid,
  Multicodec,
  Multihash,
  makeCid,
  parseCid,
} from './cid.ts'
export { CodecError, formatPath, locate, MissingBlockError, type PathSegment, within } from './errors.ts'
export { diffHamt, type HamtChange } from './hamt/diff.ts'
export { Hamt, type HamtOptions, type HamtType, hamt } from './hamt/hamt.ts'
export { addressKey, bytesKey, cidKey, epochKey, type HamtKey, i64Key, u64Key, uintKey } from './hamt/keys.ts'
export {
  MAX_AMT_INDEX,
  MAX_BIG_INT_BYTES,
  MAX_BIT_FIELD_BYTES,
  MAX_BIT_WIDTH,
  MAX_CAR_HEADER_BYTES,
  MAX_CAR_SECTION_BYTES,
  MAX_CBOR_DEPTH,
  MAX_CID_BYTES,
} from './limits.ts'
export { isSameLink, Link, linkTo } from './link.ts'
