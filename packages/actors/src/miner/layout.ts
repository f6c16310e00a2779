import {
  type AmtType,
  amt,
  asMemberOf,
  attoFil,
  bool,
  type Codec,
  chainEpoch,
  cid,
  type HamtType,
  hamt,
  link,
  mapped,
  nullable,
  tuple,
  uint,
  uintKey,
  type ValueOf,
} from '@plimsoll/ipld'
import { assert } from '@plimsoll/primitives'
import type { ActorsVersion } from '../actors-version.ts'
import { NO_BENEFICIARY_TERM } from './beneficiary.ts'
import { type AnyDeadline, Deadline, DeadlineV8 } from './deadline-state.ts'
import { type ExpirationSet, PartitionExpirations, PartitionExpirationsV8 } from './expiration-queue.ts'
import {
  MinerInfo,
  MinerState,
  minerInfoHead,
  minerStateHead,
  minerStateTail,
  PRE_COMMITS_BIT_WIDTH,
  SECTORS_AMT_BIT_WIDTH,
} from './state.ts'
import {
  type AnyPreCommit,
  SectorOnChainInfo,
  SectorPreCommitOnChainInfo,
  SectorPreCommitOnChainInfoV8,
  SIMPLE_QA_POWER,
  sectorHead,
} from './types.ts'
import { type VestingTable, VestingTail, VestingTailV8 } from './vesting-state.ts'

/**
 * How one version of the actors lays a miner's state out. Every layout decodes to the types of v18, and what
 * an older layout lacks is what the upgrade would have put there; re-encoding gives the same bytes.
 *
 * Source: builtin-actors `actors/miner/src/state.rs` and `types.rs` at v8.0.0, v9.0.3, v12.0.0, v15.0.0, v16.0.1.
 */
export interface MinerLayout {
  readonly state: Codec<MinerState>
  readonly info: Codec<MinerInfo>
  readonly vestingTail: Codec<VestingTable>
  readonly sectors: AmtType<SectorOnChainInfo>
  readonly preCommits: HamtType<number, AnyPreCommit>
  readonly deadline: Codec<AnyDeadline>
  readonly partitionExpirations: AmtType<ExpirationSet>
}

export function minerLayout(version: ActorsVersion): MinerLayout {
  if (version >= 16) {
    return LAYOUT_V16
  }
  if (version >= 12) {
    return LAYOUT_V12
  }
  return version >= 9 ? LAYOUT_V9 : LAYOUT_V8
}

/** Before v16 the vesting table was one block behind a link. */
const StateWireV8 = tuple('MinerState', {
  ...minerStateHead,
  vestingFunds: link<VestingTable>(),
  ...minerStateTail,
})

const MinerStateV8 = mapped<ValueOf<typeof StateWireV8>, MinerState>(
  'MinerState',
  StateWireV8,
  (state) => ({ ...state, vestingFunds: { head: null, tail: state.vestingFunds } }),
  (state) => ({ ...state, vestingFunds: required(state.vestingFunds.tail) }),
)

const InfoWireV8 = tuple('MinerInfo', minerInfoHead)

/** Before FIP-0029 owners were paid, which is what the upgrade wrote into the new fields. */
const MinerInfoV8 = mapped<ValueOf<typeof InfoWireV8>, MinerInfo>(
  'MinerInfo',
  InfoWireV8,
  (info) => ({
    ...info,
    beneficiary: info.owner,
    beneficiaryTerm: NO_BENEFICIARY_TERM,
    pendingBeneficiaryTerm: null,
  }),
  (info) => info,
)

/** Before v16 every sector had its rewards recorded. */
const recordedRewards = { expectedDayReward: attoFil, expectedStoragePledge: attoFil }

const SectorWireV12 = tuple('SectorOnChainInfo', {
  ...sectorHead,
  ...recordedRewards,
  powerBaseEpoch: chainEpoch,
  replacedDayReward: attoFil,
  sectorKeyCid: nullable(cid),
  flags: uint,
})

const SectorV12 = mapped<ValueOf<typeof SectorWireV12>, SectorOnChainInfo>(
  'SectorOnChainInfo',
  SectorWireV12,
  (sector) => ({ ...sector, dailyFee: 0n }),
  (sector) => ({ ...sector, ...rewardsOf(sector) }),
)

const sectorV8 = {
  ...sectorHead,
  ...recordedRewards,
  replacedSectorAge: chainEpoch,
  replacedDayReward: attoFil,
  sectorKeyCid: nullable(cid),
}
const SectorWireV9 = tuple('SectorOnChainInfo', { ...sectorV8, simpleQaPower: bool })
const SectorWireV8 = tuple('SectorOnChainInfo', sectorV8)

const SectorV9 = mapped<ValueOf<typeof SectorWireV9>, SectorOnChainInfo>(
  'SectorOnChainInfo',
  SectorWireV9,
  ({ simpleQaPower, ...sector }) => ({
    ...sector,
    powerBaseEpoch: sector.activation,
    flags: simpleQaPower ? SIMPLE_QA_POWER : 0,
    dailyFee: 0n,
  }),
  (sector) => ({
    ...sector,
    ...rewardsOf(sector),
    replacedSectorAge: required(sector.replacedSectorAge),
    simpleQaPower: sector.flags === SIMPLE_QA_POWER,
  }),
)

const SectorV8 = mapped<ValueOf<typeof SectorWireV8>, SectorOnChainInfo>(
  'SectorOnChainInfo',
  SectorWireV8,
  (sector) => ({ ...sector, powerBaseEpoch: sector.activation, flags: 0, dailyFee: 0n }),
  (sector) => ({ ...sector, ...rewardsOf(sector), replacedSectorAge: required(sector.replacedSectorAge) }),
)

const preCommitOptions = { bitWidth: PRE_COMMITS_BIT_WIDTH }
const sectorOptions = { bitWidth: SECTORS_AMT_BIT_WIDTH }

const LAYOUT_V16: MinerLayout = {
  state: MinerState,
  info: MinerInfo,
  vestingTail: VestingTail,
  sectors: amt<SectorOnChainInfo>(SectorOnChainInfo, sectorOptions),
  preCommits: hamt(uintKey, asMemberOf(SectorPreCommitOnChainInfo, isPreCommit), preCommitOptions),
  deadline: asMemberOf(Deadline, isDeadline),
  partitionExpirations: PartitionExpirations,
}

const LAYOUT_V12: MinerLayout = {
  ...LAYOUT_V16,
  state: MinerStateV8,
  vestingTail: VestingTailV8,
  sectors: amt(SectorV12, sectorOptions),
  deadline: asMemberOf(DeadlineV8, isDeadlineV8),
  partitionExpirations: PartitionExpirationsV8,
}

const LAYOUT_V9: MinerLayout = { ...LAYOUT_V12, sectors: amt(SectorV9, sectorOptions) }

const LAYOUT_V8: MinerLayout = {
  ...LAYOUT_V9,
  info: MinerInfoV8,
  sectors: amt(SectorV8, sectorOptions),
  preCommits: hamt(uintKey, asMemberOf(SectorPreCommitOnChainInfoV8, isPreCommitV8), preCommitOptions),
}

function isDeadline(deadline: AnyDeadline): deadline is Deadline {
  return 'livePower' in deadline
}

function isDeadlineV8(deadline: AnyDeadline): deadline is DeadlineV8 {
  return !isDeadline(deadline)
}

function isPreCommitV8(preCommit: AnyPreCommit): preCommit is SectorPreCommitOnChainInfoV8 {
  return 'dealWeight' in preCommit
}

function isPreCommit(preCommit: AnyPreCommit): preCommit is SectorPreCommitOnChainInfo {
  return !isPreCommitV8(preCommit)
}

function rewardsOf(sector: SectorOnChainInfo) {
  return {
    expectedDayReward: required(sector.expectedDayReward),
    expectedStoragePledge: required(sector.expectedStoragePledge),
    replacedDayReward: required(sector.replacedDayReward),
  }
}

/** What every value of the older layout has. */
function required<T>(value: T | null | undefined): T {
  assert(value !== null && value !== undefined, 'a value of a newer layout cannot be written in an older one')
  return value
}
