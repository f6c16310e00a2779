import {
  type AnyDeadline,
  Claims,
  CRON_EVENT_PROVING_DEADLINE,
  CronEventPayload,
  CronEventQueue,
  CronEvents,
  EarlyTerminated,
  loadDeadlines,
  loadInfo,
  loadMiner,
  loadSectorsByNumber,
  loadVesting,
  type Miner,
  minerLayout,
  NEWEST_ACTORS_VERSION,
  type Partition,
  PartitionExpirations,
  Partitions,
  type Policy,
  PowerState,
  PreCommitCleanup,
  type QuantSpec,
  qaPowerOfTerm,
  quantizeUp,
  type SectorOnChainInfo,
  ZERO_POWER,
} from '@plimsoll/actors'
import { type BitField, bitsOf, decodeCbor, hasBit, type Link, load, within } from '@plimsoll/ipld'
import {
  type ActorId,
  type Address,
  BaseError,
  formatActorId,
  idAddress,
  STORAGE_POWER_ACTOR_ADDR,
} from '@plimsoll/primitives'
import { requireMiner } from '../assess/find-miners.ts'
import type { NetworkView } from '../assess/network-view.ts'
import type {
  PredictedCleanUp,
  PredictedDeadline,
  PredictedEvent,
  PredictedMiner,
  PredictedPartition,
  PredictedQueue,
  PredictedSector,
} from './predict-state.ts'

/** A plan that cannot be made, or no longer be carried out. */
export class PlanError extends BaseError {}

/**
 * Reads a miner into the form that predictions work on.
 *
 * @throws {PlanError} `STATE_NOT_PREDICTABLE` for a state of other actors than those that predictions follow.
 * @throws {AssessError} `NOT_A_MINER`
 * @throws {StateError} `ACTOR_NOT_FOUND`
 * @throws {CodecError} when a block is missing or malformed.
 */
export function loadPredictedMiner(view: NetworkView, id: ActorId, policy: Policy): PredictedMiner {
  if (view.version !== NEWEST_ACTORS_VERSION) {
    throw new PlanError(
      'STATE_NOT_PREDICTABLE',
      `the state is of actors v${view.version}; plans follow v${NEWEST_ACTORS_VERSION}`,
      { version: view.version },
    )
  }
  const { record } = requireMiner(view, id)
  return within(formatActorId(id), () => {
    const miner = loadMiner(view.tree.store, minerLayout(view.version), record.head)
    const info = loadInfo(miner)
    const { state } = miner
    const known = loadFromPower(view, idAddress(id))
    const { balance } = record
    const { initialPledge, preCommitDeposits, lockedFunds, feeDebt, deadlineCronActive } = state
    return {
      id,
      policy,
      sectorSizeBytes: info.sectorSize,
      owner: info.owner,
      worker: info.worker,
      pendingWorker: info.pendingWorkerKey,
      beneficiary: info.beneficiary,
      beneficiaryTerm: info.beneficiaryTerm,
      ...{ balance, initialPledge, preCommitDeposits, lockedFunds, feeDebt, deadlineCronActive },
      vesting: loadVesting(miner),
      cleanUps: loadCleanUps(miner),
      periodOffset: state.provingPeriodStart,
      excludedUntil: info.consensusFaultElapsed,
      deadlines: loadPredictedDeadlines(miner, policy, info.sectorSize),
      pending: new Set(numbersOf(state.earlyTerminations)),
      ...known,
    }
  })
}

function numbersOf(set: BitField): readonly number[] {
  return [...bitsOf(set)].map(Number)
}

function loadFromPower(
  { tree }: NetworkView,
  miner: Address,
): Pick<PredictedMiner, 'claim' | 'events' | 'hasClaim' | 'networkPledge'> {
  const { store } = tree
  const record = tree.actors.get(STORAGE_POWER_ACTOR_ADDR)
  const state = record === undefined ? undefined : load(store, PowerState, record.head as Link<PowerState>)
  const claim = state === undefined ? undefined : Claims.load(store, state.claims).get(miner)
  const networkPledge = { total: state?.totalPledgeCollateral ?? 0n }
  // Cron calls nobody who has no claim.
  return state === undefined || claim === undefined
    ? { hasClaim: false, claim: ZERO_POWER, events: [], networkPledge }
    : {
        hasClaim: true,
        networkPledge,
        claim: { raw: claim.rawBytePower, qa: claim.qualityAdjPower },
        events: loadEvents(store, state, miner),
      }
}

/** What is queued before the first epoch that cron looks at is never looked at. */
function loadEvents(store: Miner['store'], state: PowerState, miner: Address): readonly PredictedEvent[] {
  return [...CronEventQueue.load(store, state.cronEventQueue).entries()]
    .filter(([epoch]) => epoch >= state.firstCronEpoch)
    .sort(([a], [b]) => a - b)
    .flatMap(([epoch, events]) =>
      [...CronEvents.load(store, events).values()]
        .filter(({ minerAddr }) => minerAddr === miner)
        .map(({ callbackPayload }) => ({ epoch, kind: kindOf(callbackPayload) })),
    )
}

function kindOf(payload: Uint8Array): PredictedEvent['kind'] {
  const { eventType } = decodeCbor(CronEventPayload, payload)
  return Number(eventType) === CRON_EVENT_PROVING_DEADLINE ? 'deadline' : 'early terminations'
}

/** Each pre-commitment is burned once, by the first of its entries. */
function loadCleanUps({ store, layout, state }: Miner): readonly PredictedCleanUp[] {
  const deposits = new Map(
    [...layout.preCommits.load(store, state.preCommittedSectors).entries()].map(
      ([number, { preCommitDeposit }]) => [number, preCommitDeposit],
    ),
  )
  return [...PreCommitCleanup.load(store, state.preCommittedSectorsCleanup).entries()].map(
    ([epoch, sectors]) => {
      let deposit = 0n
      for (const number of numbersOf(sectors)) {
        deposit += deposits.get(number) ?? 0n
        deposits.delete(number)
      }
      return { epoch: Number(epoch), deposit }
    },
  )
}

function loadPredictedDeadlines(
  miner: Miner,
  policy: Policy,
  sectorSize: number,
): readonly PredictedDeadline[] {
  const terms = { sectorSize, multiplier: policy.rules.durationMultiplier }
  const sectors = loadSectorsByNumber(miner)
  const predicted = (number: number, grid: QuantSpec): Omit<PredictedSector, ExpirationField> => {
    const info = requireSector(sectors, number)
    return {
      number,
      promisedUntil: quantizeUp(grid, info.expiration),
      activation: info.activation,
      initialPledge: info.initialPledge,
      qaPower: qaPowerOfTerm(terms, info),
      dailyFee: info.dailyFee,
      hasData: info.dealWeight > 0n || info.verifiedDealWeight > 0n,
    }
  }
  return loadDeadlines(miner).map((deadline, index) => {
    // Source: `actors/miner/src/deadlines.rs`, `quant_spec_for_deadline`: the last epochs of the deadline.
    const offset = miner.state.provingPeriodStart + (index + 1) * policy.wpostChallengeWindow - 1
    const grid = { unit: policy.wpostProvingPeriod, offset }
    return loadPredictedDeadline(miner, deadline, (number) => predicted(number, grid))
  })
}

type ExpirationField = 'expiresAt' | 'isOnTime' | 'isFaulty' | 'isRecovering' | 'isUnproven'
type Identify = (number: number) => Omit<PredictedSector, ExpirationField>

function requireSector(sectors: ReadonlyMap<number, SectorOnChainInfo>, number: number): SectorOnChainInfo {
  const info = sectors.get(number)
  if (info === undefined) {
    throw new PlanError('SECTOR_WITHOUT_INFO', `sector ${number} is in a partition and is not stored`, {
      number,
    })
  }
  return info
}

function loadPredictedDeadline(
  { store }: Miner,
  deadline: AnyDeadline,
  identify: Identify,
): PredictedDeadline {
  const partitions = [...Partitions.load(store, deadline.partitions).entries()].map(([key, partition]) => {
    const index = Number(key)
    const isPosted = hasBit(deadline.partitionsPosted, index)
    const { sectors } = partition
    return { index, sectors, isPosted, ...loadPredictedPartition(store, partition, identify) }
  })
  return {
    partitions,
    liveQaPower: 'livePower' in deadline ? deadline.livePower.qa : 0n,
    faultyQaPower: deadline.faultyPower.qa,
    dailyFee: 'dailyFee' in deadline ? deadline.dailyFee : 0n,
    pending: new Set(numbersOf(deadline.earlyTerminations)),
  }
}

function loadPredictedPartition(
  store: Miner['store'],
  partition: Partition,
  identify: Identify,
): Pick<PredictedPartition, 'live' | 'queued'> {
  const places = new Map<number, { readonly expiresAt: number; readonly isOnTime: boolean }>()
  for (const [key, set] of PartitionExpirations.load(store, partition.expirationsEpochs).entries()) {
    const expiresAt = Number(key)
    for (const number of numbersOf(set.onTimeSectors)) {
      places.set(number, { expiresAt, isOnTime: true })
    }
    for (const number of numbersOf(set.earlySectors)) {
      places.set(number, { expiresAt, isOnTime: false })
    }
  }
  const flags = [partition.faults, partition.recoveries, partition.unproven].map(
    (set) => new Set(numbersOf(set)),
  )
  const terminated = new Set(numbersOf(partition.terminated))
  const sectorOf = (number: number): PredictedSector => {
    const [isFaulty, isRecovering, isUnproven] = flags.map((set) => set.has(number))
    const { expiresAt, isOnTime } = places.get(number) ?? {
      expiresAt: Number.POSITIVE_INFINITY,
      isOnTime: true,
    }
    return {
      ...identify(number),
      ...{ expiresAt, isOnTime },
      isFaulty: isFaulty === true,
      isRecovering: isRecovering === true,
      isUnproven: isUnproven === true,
    }
  }
  const live = numbersOf(partition.sectors).filter((number) => !terminated.has(number))
  const queued: PredictedQueue[] = [...EarlyTerminated.load(store, partition.earlyTerminated).entries()].map(
    ([epoch, sectors]) => ({ epoch: Number(epoch), sectors: numbersOf(sectors).map(sectorOf) }),
  )
  return { live: new Map(live.map((number) => [number, sectorOf(number)])), queued }
}
