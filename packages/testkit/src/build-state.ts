import {
  AccountState,
  type ActorRecord,
  Actors,
  AddressMap,
  BuiltinActors,
  Claims,
  CRON_EVENT_PROVING_DEADLINE,
  CronEventPayload,
  CronEventQueue,
  CronEvents,
  CronState,
  type FilterEstimate,
  filterEstimate,
  InitState,
  MAINNET_POLICY,
  type PowerState,
  powerStateCodec,
  RewardState,
  type RewardState as RewardStateValue,
  SystemState,
} from '@plimsoll/actors'
import {
  type Blockstore,
  type Cid,
  encodeCbor,
  type Link,
  Multicodec,
  Multihash,
  makeCid,
  save,
} from '@plimsoll/ipld'
import {
  type ActorId,
  type ActorName,
  ATTO_FIL_PER_FIL,
  type AttoFil,
  type ChainEpoch,
  CRON_ACTOR_ID,
  INIT_ACTOR_ID,
  idAddress,
  parseAddress,
  REWARD_ACTOR_ID,
  STORAGE_POWER_ACTOR_ID,
  SYSTEM_ACTOR_ID,
} from '@plimsoll/primitives'
import { type BuiltMiner, buildMiner, type MinerPlan, OWNER_ID } from './build-miner.ts'

/** A whole state to build; what is not given is like a young network's. */
export interface StatePlan {
  /** The epoch of the next message. */
  readonly epoch: ChainEpoch
  readonly miners: readonly MinerPlan[]
  readonly networkName?: string
  /** What of the code's identity CID stands for the version, such as `18` or `test`. */
  readonly codeVersion?: string
  readonly reward?: FilterEstimate
  readonly qaPower?: FilterEstimate
}

const OWNER_KEY = 'f1itpqzzcx6yf52oc35dgsoxfqkoxpy6kdmygbaja'

/** Reward of 75 FIL an epoch and 20 EiB of quality-adjusted power, neither of which changes. */
export const PLAIN_REWARD: FilterEstimate = filterEstimate(75n * ATTO_FIL_PER_FIL, 0n)
export const PLAIN_QA_POWER: FilterEstimate = filterEstimate(20n << 60n, 0n)

/** The code CID of an actor in a test network. */
export function testCode(name: ActorName, version = 'test'): Cid {
  return makeCid(Multicodec.RAW, Multihash.IDENTITY, new TextEncoder().encode(`fil/${version}/${name}`))
}

/**
 * Builds a state that keeps the reference's invariants: the singletons that carry them, an owner's account, and
 * the miners. Returns the root, a bare HAMT of actors.
 */
export function buildState(store: Blockstore, plan: StatePlan): Cid {
  const { epoch, networkName = 'testkit', codeVersion = 'test' } = plan
  const actors = Actors.empty(store)
  const put = (id: ActorId, name: ActorName, head: Link<unknown>, balance: AttoFil = 0n) => {
    const record: ActorRecord = {
      code: testCode(name, codeVersion),
      head,
      sequence: 0n,
      balance,
      delegatedAddress: null,
    }
    actors.set(idAddress(id), record)
  }
  const miners = plan.miners.map((miner) => buildMiner(store, miner, epoch))
  const nextId = Math.max(OWNER_ID, ...miners.map(({ id }) => id)) + 1
  const ownerKey = parseAddress(OWNER_KEY, store.hashes)
  const addresses = AddressMap.empty(store)
  addresses.set(ownerKey, OWNER_ID)
  put(SYSTEM_ACTOR_ID, 'system', save(store, SystemState, { builtinActors: save(store, BuiltinActors, []) }))
  put(INIT_ACTOR_ID, 'init', save(store, InitState, { addressMap: addresses.flush(), nextId, networkName }))
  put(
    REWARD_ACTOR_ID,
    'reward',
    save(store, RewardState, rewardState(plan)),
    1_100_000_000n * ATTO_FIL_PER_FIL,
  )
  put(CRON_ACTOR_ID, 'cron', save(store, CronState, { entries: [] }))
  put(
    STORAGE_POWER_ACTOR_ID,
    'storagepower',
    save(store, powerStateCodec(18), powerState(store, plan, miners)),
  )
  put(OWNER_ID, 'account', save(store, AccountState, { address: ownerKey }))
  for (const { id, head, balance } of miners) {
    put(id, 'storageminer', head, balance)
  }
  return actors.flush().cid
}

function rewardState({ epoch, reward = PLAIN_REWARD }: StatePlan): RewardStateValue {
  return {
    cumsumBaseline: 0n,
    cumsumRealized: 0n,
    effectiveNetworkTime: 0,
    effectiveBaselinePower: 1n << 60n,
    thisEpochReward: reward.position >> 128n,
    thisEpochRewardSmoothed: reward,
    thisEpochBaselinePower: 1n << 60n,
    epoch,
    totalStoragePowerReward: 0n,
    simpleTotal: 330_000_000n * ATTO_FIL_PER_FIL,
    baselineTotal: 770_000_000n * ATTO_FIL_PER_FIL,
  }
}

function powerState(
  store: Blockstore,
  { qaPower = PLAIN_QA_POWER }: StatePlan,
  miners: readonly BuiltMiner[],
): PowerState {
  const claims = Claims.empty(store)
  const queue = CronEventQueue.empty(store)
  const aboveMinimum = miners.filter(
    ({ activePower }) => activePower.raw >= MAINNET_POLICY.minimumConsensusPower,
  )
  for (const { id, activePower } of miners) {
    claims.set(idAddress(id), {
      windowPostProofType: 13,
      rawBytePower: activePower.raw,
      qualityAdjPower: activePower.qa,
    })
  }
  const payload = encodeCbor(CronEventPayload, { eventType: CRON_EVENT_PROVING_DEADLINE })
  const working = miners.filter(({ balance }) => balance > 0n)
  for (const [end, due] of Map.groupBy(working, ({ deadlineEnd }) => deadlineEnd)) {
    const events = CronEvents.empty(store)
    due.forEach(({ id }, index) => {
      events.set(index, { minerAddr: idAddress(id), callbackPayload: payload })
    })
    queue.set(end, events.flush())
  }
  const sum = (of: readonly BuiltMiner[], key: 'raw' | 'qa') =>
    of.reduce((total, { activePower }) => total + activePower[key], 0n)
  const pledge = miners.reduce((total, { initialPledge }) => total + initialPledge, 0n)
  return {
    totalRawBytePower: sum(aboveMinimum, 'raw'),
    totalBytesCommitted: sum(miners, 'raw'),
    totalQualityAdjPower: sum(aboveMinimum, 'qa'),
    totalQaBytesCommitted: sum(miners, 'qa'),
    totalPledgeCollateral: pledge,
    thisEpochRawBytePower: sum(aboveMinimum, 'raw'),
    thisEpochQualityAdjPower: sum(aboveMinimum, 'qa'),
    thisEpochPledgeCollateral: pledge,
    thisEpochQaPowerSmoothed: qaPower,
    minerCount: miners.length,
    minerAboveMinPowerCount: aboveMinimum.length,
    rampStartEpoch: 0,
    rampDurationEpochs: 0,
    cronEventQueue: queue.flush(),
    firstCronEpoch: 0,
    claims: claims.flush(),
    proofValidationBatch: null,
  }
}
