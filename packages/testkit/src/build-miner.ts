import {
  addPower,
  type Deadline,
  DeadlineExpirations,
  Deadlines,
  deadlineInfo,
  EarlyTerminated,
  type ExpirationSet,
  lastEpoch,
  MAINNET_POLICY,
  type MinerInfo,
  type MinerState,
  minerLayout,
  OptimisticPoStSubmissions,
  type Partition,
  Partitions,
  type PowerPair,
  PreCommitCleanup,
  powerForSectors,
  quantizeUp,
  type SectorOnChainInfo,
  SIMPLE_QA_POWER,
  sumOfFunds,
  type VestingTable,
  ZERO_POWER,
} from '@plimsoll/actors'
import { type BitField, type Blockstore, bitField, bitFieldOf, type Link, save } from '@plimsoll/ipld'
import { type ActorId, type AttoFil, type ChainEpoch, EPOCHS_IN_DAY, idAddress } from '@plimsoll/primitives'
import { sealedCid } from './sample-sectors.ts'

/** What becomes of a sector. A queued one was terminated early, at that epoch, and not charged yet. */
export type SectorCondition =
  | 'active'
  | 'unproven'
  | 'faulty'
  | 'recovering'
  | { readonly queuedSince: ChainEpoch }

/** A sector to build: its number, where it is proven, and what of it is not as usual. */
export interface SectorPlan extends Partial<SectorOnChainInfo> {
  readonly sectorNumber: number
  readonly deadline?: number
  readonly partition?: number
  readonly condition?: SectorCondition
}

/** A miner to build, of 32 GiB sectors in the layout of v16 to v18. */
export interface MinerPlan {
  readonly id: ActorId
  readonly sectors?: readonly SectorPlan[]
  /** Beyond what is locked; attoFIL. */
  readonly unlockedBalance?: AttoFil
  readonly feeDebt?: AttoFil
  readonly vesting?: VestingTable
}

/** A miner that was built, and what the power actor has to know of it. */
export interface BuiltMiner {
  readonly id: ActorId
  readonly head: Link<MinerState>
  readonly balance: AttoFil
  readonly activePower: PowerPair
  readonly initialPledge: AttoFil
  /** The epoch of its next call by cron. */
  readonly deadlineEnd: ChainEpoch
}

export const SECTOR_BYTES = 32 * 2 ** 30

const PROOF_TYPE_32_GIB = 13
const PARTITION_SECTORS = 2349
const FAULT_MAX_AGE = 42 * EPOCHS_IN_DAY
const LAYOUT = minerLayout(18)

/** A sector of 32 GiB with a pledge of 1 FIL, where the plan does not say otherwise. */
export function plannedSector(plan: SectorPlan): SectorOnChainInfo {
  const { deadline: _, partition: __, condition: ___, ...given } = plan
  const activation = given.activation ?? 1000
  return {
    sealProof: 8,
    sealedCid: sealedCid(new Uint8Array(32)),
    deprecatedDealIds: [],
    activation,
    expiration: activation + 540 * EPOCHS_IN_DAY,
    dealWeight: 0n,
    verifiedDealWeight: 0n,
    initialPledge: 10n ** 18n,
    expectedDayReward: null,
    expectedStoragePledge: null,
    powerBaseEpoch: activation,
    replacedDayReward: null,
    sectorKeyCid: null,
    flags: SIMPLE_QA_POWER,
    dailyFee: 0n,
    ...given,
  }
}

/** Builds a miner's state as it stands before the messages of `epoch`, with all sums as they must be. */
export function buildMiner(store: Blockstore, plan: MinerPlan, epoch: ChainEpoch): BuiltMiner {
  const { id, sectors: plans = [], unlockedBalance = 0n, feeDebt = 0n, vesting = [] } = plan
  const provingPeriodStart = epoch - (epoch % EPOCHS_IN_DAY)
  const currentDeadline = Math.floor((epoch - provingPeriodStart) / MAINNET_POLICY.wpostChallengeWindow)
  const sectors = LAYOUT.sectors.empty(store)
  for (const sector of plans) {
    sectors.set(sector.sectorNumber, plannedSector(sector))
  }
  const due = Array.from({ length: MAINNET_POLICY.wpostPeriodDeadlines }, (_, index) => {
    const own = plans.filter(({ deadline = 0 }) => deadline === index)
    return buildDeadline({ store, provingPeriodStart, epoch, index }, own)
  })
  const initialPledge = plans.reduce((sum, sector) => sum + plannedSector(sector).initialPledge, 0n)
  const lockedFunds = sumOfFunds(vesting)
  const [head, ...tail] = vesting
  const state: MinerState = {
    info: save(store, LAYOUT.info, minerInfo()),
    preCommitDeposits: 0n,
    lockedFunds,
    vestingFunds:
      head === undefined ? { head: null, tail: null } : { head, tail: save(store, LAYOUT.vestingTail, tail) },
    feeDebt,
    initialPledge,
    preCommittedSectors: LAYOUT.preCommits.empty(store).flush(),
    preCommittedSectorsCleanup: PreCommitCleanup.empty(store).flush(),
    allocatedSectors: save(store, bitField, numbersOf(plans)),
    sectors: sectors.flush(),
    provingPeriodStart,
    currentDeadline,
    deadlines: save(store, Deadlines, {
      due: due.map(({ deadline }) => save(store, LAYOUT.deadline, deadline)),
    }),
    earlyTerminations: bitFieldOf(due.flatMap(({ hasQueue }, index) => (hasQueue ? [index] : []))),
    deadlineCronActive: initialPledge > 0n || lockedFunds > 0n,
  }
  const activePower = due.reduce((sum, deadline) => addPower(sum, deadline.activePower), ZERO_POWER)
  return {
    id,
    head: save(store, LAYOUT.state, state),
    balance: initialPledge + lockedFunds + unlockedBalance,
    activePower,
    initialPledge,
    deadlineEnd: provingPeriodStart + (currentDeadline + 1) * MAINNET_POLICY.wpostChallengeWindow - 1,
  }
}

interface Place {
  readonly store: Blockstore
  readonly provingPeriodStart: ChainEpoch
  readonly epoch: ChainEpoch
  readonly index: number
}

function buildDeadline(place: Place, plans: readonly SectorPlan[]) {
  const { store } = place
  const partitions = Partitions.empty(store)
  const expirations = DeadlineExpirations.empty(store)
  const count = Math.max(-1, ...plans.map(({ partition = 0 }) => partition)) + 1
  const built = Array.from({ length: count }, (_, index) =>
    buildPartition(
      place,
      plans.filter(({ partition = 0 }) => partition === index),
    ),
  )
  const byEpoch = new Map<ChainEpoch, number[]>()
  built.forEach(({ partition, epochs }, index) => {
    partitions.set(index, partition)
    for (const epoch of epochs) {
      byEpoch.set(epoch, [...(byEpoch.get(epoch) ?? []), index])
    }
  })
  for (const [epoch, indices] of byEpoch) {
    expirations.set(epoch, bitFieldOf(indices))
  }
  const noProofs = OptimisticPoStSubmissions.empty(store).flush()
  const live = plans.filter((plan) => !isQueued(plan))
  const deadline: Deadline = {
    partitions: partitions.flush(),
    expirationsEpochs: expirations.flush(),
    partitionsPosted: bitFieldOf([]),
    earlyTerminations: bitFieldOf(built.flatMap(({ hasQueue }, index) => (hasQueue ? [index] : []))),
    liveSectors: live.length,
    totalSectors: plans.length,
    faultyPower: built.reduce((sum, { partition }) => addPower(sum, partition.faultyPower), ZERO_POWER),
    optimisticPostSubmissions: noProofs,
    sectorsSnapshot: LAYOUT.sectors.empty(store).flush(),
    partitionsSnapshot: Partitions.empty(store).flush(),
    optimisticPostSubmissionsSnapshot: noProofs,
    livePower: powerOf(live),
    dailyFee: live.reduce((sum, plan) => sum + plannedSector(plan).dailyFee, 0n),
  }
  return {
    deadline,
    hasQueue: built.some(({ hasQueue }) => hasQueue),
    activePower: powerOf(live.filter(({ condition = 'active' }) => condition === 'active')),
  }
}

function buildPartition({ store, provingPeriodStart, epoch, index }: Place, plans: readonly SectorPlan[]) {
  const live = plans.filter((plan) => !isQueued(plan))
  const queued = plans.filter(isQueued)
  const [unproven, faulty, recovering] = [
    live.filter(isUnproven),
    live.filter(isFaulty),
    live.filter(isRecovering),
  ]
  const grid = {
    unit: MAINNET_POLICY.wpostProvingPeriod,
    offset: lastEpoch(deadlineInfo(MAINNET_POLICY, provingPeriodStart, index, epoch)),
  }
  const faultExpiration = quantizeUp(grid, epoch + FAULT_MAX_AGE)
  const expirations = LAYOUT.partitionExpirations.empty(store)
  const groups = Map.groupBy(live, (plan) => {
    const onTime = quantizeUp(grid, plannedSector(plan).expiration)
    return isFaulty(plan) ? Math.min(onTime, faultExpiration) : onTime
  })
  for (const [expiration, members] of groups) {
    expirations.set(
      expiration,
      expirationSet(members, (plan) => quantizeUp(grid, plannedSector(plan).expiration) > expiration),
    )
  }
  const earlyTerminated = EarlyTerminated.empty(store)
  for (const [since, members] of Map.groupBy(queued, ({ condition }) => condition.queuedSince)) {
    earlyTerminated.set(since, numbersOf(members))
  }
  const partition: Partition = {
    sectors: numbersOf(plans),
    unproven: numbersOf(unproven),
    faults: numbersOf(faulty),
    recoveries: numbersOf(recovering),
    terminated: numbersOf(queued),
    expirationsEpochs: expirations.flush(),
    earlyTerminated: earlyTerminated.flush(),
    livePower: powerOf(live),
    unprovenPower: powerOf(unproven),
    faultyPower: powerOf(faulty),
    recoveringPower: powerOf(recovering),
  }
  return { partition, epochs: [...groups.keys()], hasQueue: queued.length > 0 }
}

function expirationSet(
  members: readonly SectorPlan[],
  isEarly: (plan: SectorPlan) => boolean,
): ExpirationSet {
  const onTime = members.filter((plan) => !isEarly(plan))
  const sectors = members.map(plannedSector)
  return {
    onTimeSectors: numbersOf(onTime),
    earlySectors: numbersOf(members.filter(isEarly)),
    onTimePledge: onTime.reduce((sum, plan) => sum + plannedSector(plan).initialPledge, 0n),
    activePower: powerOf(members.filter((plan) => !isFaulty(plan))),
    faultyPower: powerOf(members.filter(isFaulty)),
    feeDeduction: sectors.reduce((sum, { dailyFee }) => sum + dailyFee, 0n),
  }
}

function minerInfo(): MinerInfo {
  const owner = idAddress(OWNER_ID)
  return {
    owner,
    worker: owner,
    controlAddresses: [],
    pendingWorkerKey: null,
    peerId: new Uint8Array(),
    multiAddress: [],
    windowPostProofType: PROOF_TYPE_32_GIB,
    sectorSize: SECTOR_BYTES,
    windowPostPartitionSectors: PARTITION_SECTORS,
    consensusFaultElapsed: 0,
    pendingOwnerAddress: null,
    beneficiary: owner,
    beneficiaryTerm: { quota: 0n, usedQuota: 0n, expiration: 0 },
    pendingBeneficiaryTerm: null,
  }
}

/** The account that owns every miner. */
export const OWNER_ID = 100 as ActorId

type QueuedPlan = SectorPlan & { readonly condition: { readonly queuedSince: ChainEpoch } }

function isQueued(plan: SectorPlan): plan is QueuedPlan {
  return typeof plan.condition === 'object'
}

function isUnproven({ condition }: SectorPlan): boolean {
  return condition === 'unproven'
}

/** A recovering sector is faulty until it is proven. */
function isFaulty({ condition }: SectorPlan): boolean {
  return condition === 'faulty' || condition === 'recovering'
}

function isRecovering({ condition }: SectorPlan): boolean {
  return condition === 'recovering'
}

function numbersOf(plans: readonly SectorPlan[]): BitField {
  return bitFieldOf(plans.map(({ sectorNumber }) => sectorNumber))
}

function powerOf(plans: readonly SectorPlan[]): PowerPair {
  return powerForSectors(SECTOR_BYTES, plans.map(plannedSector))
}
