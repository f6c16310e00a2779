import {
  attoFil,
  bigInt,
  bool,
  chainEpoch,
  cid,
  int,
  list,
  nullable,
  tuple,
  u64,
  uint,
  type ValueOf,
} from '@plimsoll/ipld'
import type { ChainEpoch } from '@plimsoll/primitives'

/** Source of all types here: builtin-actors v18, `actors/miner/src/types.rs`. */

/** Bit of `flags`: the sector's quality comes from FIP-0045, so its weights are spacetime to its expiration. */
export const SIMPLE_QA_POWER = 0x1

/** The identity of a sector, the same in every layout. */
export const sectorHead = {
  sectorNumber: uint,
  sealProof: int,
  sealedCid: cid,
  /** Empty since FIP-0076 (v13). */
  deprecatedDealIds: list(u64),
  activation: chainEpoch,
  expiration: chainEpoch,
  /** Byte-epochs of unverified data; since v15 it only says whether the market hears of a termination. */
  dealWeight: bigInt,
  /** Byte-epochs of verified data. */
  verifiedDealWeight: bigInt,
  initialPledge: attoFil,
}

const optionalAmount = nullable(attoFil)
const optionalCid = nullable(cid)

/**
 * A sector as it is stored from v16 on.
 *
 * CBOR tuple; written by v15 without the last field and read like that. The three reward fields are what
 * termination fees were made of before FIP-0098, and null in sectors that were committed since.
 */
export const SectorOnChainInfo = tuple(
  'SectorOnChainInfo',
  {
    ...sectorHead,
    expectedDayReward: optionalAmount,
    expectedStoragePledge: optionalAmount,
    powerBaseEpoch: chainEpoch,
    replacedDayReward: optionalAmount,
    sectorKeyCid: optionalCid,
    flags: uint,
  },
  {
    tail: { dailyFee: { codec: attoFil, absent: 0n } },
    readAll: (reader) => ({
      sectorNumber: sectorHead.sectorNumber.decode(reader),
      sealProof: sectorHead.sealProof.decode(reader),
      sealedCid: sectorHead.sealedCid.decode(reader),
      deprecatedDealIds: sectorHead.deprecatedDealIds.decode(reader),
      activation: sectorHead.activation.decode(reader),
      expiration: sectorHead.expiration.decode(reader),
      dealWeight: sectorHead.dealWeight.decode(reader),
      verifiedDealWeight: sectorHead.verifiedDealWeight.decode(reader),
      initialPledge: sectorHead.initialPledge.decode(reader),
      expectedDayReward: optionalAmount.decode(reader),
      expectedStoragePledge: optionalAmount.decode(reader),
      powerBaseEpoch: chainEpoch.decode(reader),
      replacedDayReward: optionalAmount.decode(reader),
      sectorKeyCid: optionalCid.decode(reader),
      flags: uint.decode(reader),
      dailyFee: attoFil.decode(reader),
    }),
  },
)

/** A sector of any version; {@link SectorOnChainInfo} is how v16 and later store it. */
export type SectorOnChainInfo = ValueOf<typeof SectorOnChainInfo> & {
  /**
   * Only in states up to v11: the age of the sector that this one replaced. Their `powerBaseEpoch` is the
   * activation, which is what the upgrade to v12 made it.
   */
  readonly replacedSectorAge?: ChainEpoch
}

/** What of a sector decides power, money and when it leaves: all that most messages ask of it, beside its number. */
export type SectorKind = Pick<
  SectorOnChainInfo,
  | 'activation'
  | 'expiration'
  | 'dealWeight'
  | 'verifiedDealWeight'
  | 'initialPledge'
  | 'powerBaseEpoch'
  | 'dailyFee'
>

/** A sector of a kind. */
export type SectorFigures = SectorKind & Pick<SectorOnChainInfo, 'sectorNumber'>

/** What a miner promises of a sector before it proves it, from v9 on. CBOR tuple. */
export const SectorPreCommitInfo = tuple('SectorPreCommitInfo', {
  sealProof: int,
  sectorNumber: uint,
  sealedCid: cid,
  sealRandEpoch: chainEpoch,
  dealIds: list(u64),
  expiration: chainEpoch,
  /** Null for a sector of zeros. */
  unsealedCid: nullable(cid),
})
export type SectorPreCommitInfo = ValueOf<typeof SectorPreCommitInfo>

/** A pre-commitment with its deposit, from v9 on. CBOR tuple. */
export const SectorPreCommitOnChainInfo = tuple('SectorPreCommitOnChainInfo', {
  info: SectorPreCommitInfo,
  preCommitDeposit: attoFil,
  preCommitEpoch: chainEpoch,
})

export type SectorPreCommitOnChainInfo = ValueOf<typeof SectorPreCommitOnChainInfo>

/** A pre-commitment in v8, which named its deals and the sector that it was to replace. CBOR tuple. */
export const SectorPreCommitOnChainInfoV8 = tuple('SectorPreCommitOnChainInfo', {
  info: tuple('SectorPreCommitInfo', {
    sealProof: int,
    sectorNumber: uint,
    sealedCid: cid,
    sealRandEpoch: chainEpoch,
    dealIds: list(u64),
    expiration: chainEpoch,
    replaceCapacity: bool,
    replaceSectorDeadline: u64,
    replaceSectorPartition: u64,
    replaceSectorNumber: u64,
  }),
  preCommitDeposit: attoFil,
  preCommitEpoch: chainEpoch,
  dealWeight: bigInt,
  verifiedDealWeight: bigInt,
})
export type SectorPreCommitOnChainInfoV8 = ValueOf<typeof SectorPreCommitOnChainInfoV8>

/** A pre-commitment of any version. */
export type AnyPreCommit = SectorPreCommitOnChainInfo | SectorPreCommitOnChainInfoV8

/** What cron hands back to a miner: 1 for a proving deadline, 2 for early terminations. CBOR tuple. */
export const CronEventPayload = tuple('CronEventPayload', { eventType: int })
export const CRON_EVENT_PROVING_DEADLINE = 1
export const CRON_EVENT_PROCESS_EARLY_TERMINATIONS = 2
