export {
  type ActorId,
  type Address,
  type AddressPrefix,
  AddressProtocol,
  actorAddress,
  actorId,
  addressBytes,
  addressFromBytes,
  delegatedAddress,
  delegatedNamespaceOf,
  findActorId,
  formatActorId,
  formatAddress,
  formatIdAddress,
  idAddress,
  MAX_ADDRESS_BYTES,
  parseActorId,
  parseAddress,
  protocolOf,
  requireActorId,
} from './address.ts'
export {
  ATTO_FIL_PER_FIL,
  type AttoFil,
  FIL_DECIMALS,
  formatFil,
  formatFilRoundedDown,
  parseFil,
} from './atto-fil.ts'
export { formatBase32, parseBase32 } from './base32.ts'
export { type ByteString, byteString, bytesOf, writeByteString } from './byte-string.ts'
export {
  type ChainEpoch,
  EPOCH_DURATION_SECONDS,
  EPOCH_UNDEFINED,
  EPOCHS_IN_DAY,
  EPOCHS_IN_HOUR,
  EPOCHS_IN_YEAR,
  epochToUtc,
  parseEpoch,
  utcDayOf,
} from './chain-epoch.ts'
export { ACTOR_NAMES, type ActorName, isActorName } from './code-cids/code-cid-table.ts'
export { type ActorCode, findActorCode } from './code-cids/find-actor-code.ts'
export { formatDecimal, parseDecimal } from './decimal.ts'
export { divCeil, divExact, divFloor, divTrunc, maxBigInt, minBigInt, modFloor } from './division.ts'
export { assert, BaseError, ParseError } from './errors.ts'
export { ExitCode, formatExitCode } from './exit-code.ts'
export { createHashes, type Hashes } from './hashes.ts'
export { formatHex, parseHex } from './hex.ts'
export type { Identity, Quantity } from './identity.ts'
export {
  BUTTERFLY,
  CALIBRATION,
  findNetwork,
  findUpgradeAt,
  MAINNET,
  type NetworkParameters,
  type NetworkUpgrade,
} from './networks.ts'
export {
  findWindowPoStProof,
  POST_PROOF_SIZE_BYTES,
  SealProofGroup,
  sealProofGroup,
  sealProofSizeBytes,
  updateProofOf,
  type WindowPoStProof,
  windowPoStProofOf,
} from './registered-proof.ts'
export {
  BURNT_FUNDS_ACTOR_ADDR,
  BURNT_FUNDS_ACTOR_ID,
  CRON_ACTOR_ADDR,
  CRON_ACTOR_ID,
  DATACAP_ACTOR_ADDR,
  DATACAP_ACTOR_ID,
  EAM_ACTOR_ADDR,
  EAM_ACTOR_ID,
  FIRST_NON_SINGLETON_ID,
  INIT_ACTOR_ADDR,
  INIT_ACTOR_ID,
  REWARD_ACTOR_ADDR,
  REWARD_ACTOR_ID,
  STORAGE_MARKET_ACTOR_ADDR,
  STORAGE_MARKET_ACTOR_ID,
  STORAGE_POWER_ACTOR_ADDR,
  STORAGE_POWER_ACTOR_ID,
  SYSTEM_ACTOR_ADDR,
  SYSTEM_ACTOR_ID,
  VERIFIED_REGISTRY_ACTOR_ADDR,
  VERIFIED_REGISTRY_ACTOR_ID,
} from './singletons.ts'
export { formatPower, formatPowerRoundedDown, parsePower, type StoragePower } from './storage-power.ts'
export {
  decodeVarint,
  decodeZigZagVarint,
  encodeVarint,
  encodeZigZagVarint,
  MAX_VARINT_BYTES,
  type VarintAt,
} from './varint.ts'
