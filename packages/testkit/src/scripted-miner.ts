import {
  BUILTIN_ACTORS,
  CRON_EVENT_PROVING_DEADLINE,
  CronEventPayload,
  checkMinerInvariants,
  createFindings,
  type FilterEstimate,
  type Finding,
  filterEstimate,
  METHOD_SEND,
  MinerInfo,
  MinerState,
  minerLayout,
  type PowerPair,
  type SendResult,
} from '@plimsoll/actors'
import {
  type AnyCodec,
  address,
  bitFieldOf,
  type Cid,
  type Codec,
  decodeCbor,
  encodeCbor,
  load,
  save,
  text,
  u64,
} from '@plimsoll/ipld'
import {
  type ActorId,
  type Address,
  ATTO_FIL_PER_FIL,
  type AttoFil,
  assert,
  BURNT_FUNDS_ACTOR_ADDR,
  type ChainEpoch,
  divFloor,
  ExitCode,
  type Hashes,
  INIT_ACTOR_ADDR,
  idAddress,
  REWARD_ACTOR_ADDR,
  STORAGE_MARKET_ACTOR_ADDR,
  STORAGE_POWER_ACTOR_ADDR,
  type StoragePower,
  SYSTEM_ACTOR_ADDR,
  VERIFIED_REGISTRY_ACTOR_ADDR,
} from '@plimsoll/primitives'
import { buildMiner, type MinerPlan, OWNER_ID } from './build-miner.ts'
import { methodNumber } from './network/send.ts'
import { cborBlock, exitCodeOf, TestRuntime } from './test-runtime.ts'

/** The miner, and who may give it orders: three different accounts. */
export const MINER = idAddress(1000 as ActorId)
export const MINER_OWNER = idAddress(OWNER_ID)
export const MINER_WORKER = idAddress(101 as ActorId)
export const MINER_CONTROL = idAddress(102 as ActorId)
/** An account that has nothing to do with it. */
export const STRANGER = idAddress(200 as ActorId)

/** The network around it: 75 FIL an epoch for 16 EiB, neither of which changes. */
export const EPOCH_REWARD = 75n * ATTO_FIL_PER_FIL
export const NETWORK_POWER: StoragePower = 1n << 64n
export const NETWORK_ESTIMATES: { readonly reward: FilterEstimate; readonly qaPower: FilterEstimate } = {
  reward: filterEstimate(EPOCH_REWARD, 0n),
  qaPower: filterEstimate(NETWORK_POWER, 0n),
}
/** All FIL in circulation there. */
export const NETWORK_SUPPLY = 600_000_000n * ATTO_FIL_PER_FIL

/** What power earns there in so many epochs, by the rule of three: a power of two divides without a rest. */
export function expectedReward(epochs: number, qaPower: StoragePower): AttoFil {
  return divFloor(EPOCH_REWARD * BigInt(epochs) * qaPower, NETWORK_POWER)
}

/** What may be different about the miner; the epoch is the first of a proving period unless given. */
export interface ScriptedMinerPlan extends Omit<MinerPlan, 'id'> {
  readonly epoch?: ChainEpoch
}

/** Whom a miner calls. */
const ADDRESSES = {
  reward: REWARD_ACTOR_ADDR,
  storagepower: STORAGE_POWER_ACTOR_ADDR,
  storagemarket: STORAGE_MARKET_ACTOR_ADDR,
  verifiedregistry: VERIFIED_REGISTRY_ACTOR_ADDR,
} as const
type Callee = keyof typeof ADDRESSES

/** How a callee ends: well and with nothing unless given. */
interface Answer {
  readonly exitCode?: number
  readonly value?: unknown
}

/** What was put into a sector that lives until then. */
interface SectorChanges {
  readonly sector: bigint
  readonly minimumCommitmentEpoch: ChainEpoch
  readonly added: readonly { readonly data: Cid; readonly size: bigint; readonly payload: Uint8Array }[]
}

/** The first epoch of the 347th proving period of the miners that are built, and of its first deadline. */
export const MINER_EPOCH: ChainEpoch = 347 * 2880
const { storageminer } = BUILTIN_ACTORS

/**
 * A miner on its own, for tests of its methods: a test says what the method has to send, in order, and calls. After
 * every call that goes well the miner has to keep the invariants.
 *
 * Source of the idea: builtin-actors v18, `actors/miner/tests/util.rs`, `ActorHarness`.
 *
 * @example
 * const miner = new ScriptedMiner(hashes, { unlockedBalance: 7n })
 * miner.expectPayment(MINER_OWNER, 5n)
 * miner.call('WithdrawBalance', { amountRequested: 5n })
 */
export class ScriptedMiner {
  readonly rt: TestRuntime
  /** Rules that the reference breaks in the state that is tested. */
  brokenRules: readonly Finding['kind'][] = []

  constructor(hashes: Hashes, { epoch = MINER_EPOCH, ...plan }: ScriptedMinerPlan = {}) {
    this.rt = new TestRuntime(hashes, MINER, 'storageminer')
    const { head, balance } = buildMiner(this.rt.store, { ...plan, id: 1000 as ActorId }, epoch)
    Object.assign(this.rt, { head, balance, currEpoch: epoch, circulatingSupply: NETWORK_SUPPLY })
    for (const account of [MINER_OWNER, MINER_WORKER, MINER_CONTROL, STRANGER]) {
      this.rt.actors.set(account, { type: 'account' })
    }
    this.rt.actors.set(SYSTEM_ACTOR_ADDR, { type: 'system' })
    this.rt.actors.set(INIT_ACTOR_ADDR, { type: 'init' })
    this.rt.actors.set(REWARD_ACTOR_ADDR, { type: 'reward' })
    this.rt.actors.set(STORAGE_POWER_ACTOR_ADDR, { type: 'storagepower' })
    this.rt.actors.set(STORAGE_MARKET_ACTOR_ADDR, { type: 'storagemarket' })
    this.changeInfo({ worker: MINER_WORKER, controlAddresses: [MINER_CONTROL] })
  }

  get state(): MinerState {
    return this.rt.state(MinerState)
  }

  get info(): MinerInfo {
    return load(this.rt.store, MinerInfo, this.state.info)
  }

  changeInfo(change: Partial<MinerInfo>): void {
    const info = save(this.rt.store, MinerInfo, { ...this.info, ...change })
    this.rt.transaction(MinerState, (state) => {
      state.info = info
    })
  }

  changeState(change: Partial<MinerState>): void {
    this.rt.transaction(MinerState, (state) => Object.assign(state, change))
  }

  /**
   * Calls a method by the reference's name of it, as the worker unless given.
   *
   * @throws {ActorError} with which the method ends.
   * @throws {Error} for calls that were not expected or not made, and for a state that breaks a rule.
   */
  call(method: string, params?: unknown, caller: Address = MINER_WORKER): unknown {
    assert(storageminer !== undefined, 'there is a miner actor')
    this.rt.caller = caller
    this.rt.origin = caller === STORAGE_POWER_ACTOR_ADDR ? SYSTEM_ACTOR_ADDR : caller
    const returned = this.rt.call(storageminer, methodNumber('storageminer', method), params)
    const broken = this.#findings().filter(({ kind }) => !this.brokenRules.includes(kind))
    if (broken.length > 0) {
      throw new Error(`${method} broke: ${broken.map(({ kind }) => kind).join(', ')}`)
    }
    return returned
  }

  #findings(): readonly Finding[] {
    const { store, policy, balance } = this.rt
    const findings = createFindings()
    const miner = { store, layout: minerLayout(18), state: this.state }
    checkMinerInvariants(policy, 18, miner, balance, findings)
    return findings.list
  }

  /** How a call ends, which may have to send something before. */
  exitCode(method: string, params?: unknown, caller: Address = MINER_WORKER): number {
    return exitCodeOf(() => this.call(method, params, caller))
  }

  /** Calls it back as cron does through the power actor: at the end of a deadline unless another event is given. */
  cron(eventType = CRON_EVENT_PROVING_DEADLINE): void {
    const params = {
      eventPayload: encodeCbor(CronEventPayload, { eventType }),
      rewardSmoothed: NETWORK_ESTIMATES.reward,
      qualityAdjPowerSmoothed: NETWORK_ESTIMATES.qaPower,
    }
    this.call('OnDeferredCronEvent', params, STORAGE_POWER_ACTOR_ADDR)
  }

  /** What it has emitted in calls that went well: types with sectors. */
  get events(): readonly string[] {
    return this.rt.events.map(([type, sector]) => {
      const name = type === undefined ? '' : decodeCbor(text, type.value)
      return sector === undefined ? name : `${name} ${decodeCbor(u64, sector.value)}`
    })
  }

  /** The end of the deadline that is open. */
  get deadlineEnd(): ChainEpoch {
    const { wpostChallengeWindow: window } = this.rt.policy
    const elapsed = (this.rt.currEpoch - this.state.provingPeriodStart) % window
    return this.rt.currEpoch - elapsed + window - 1
  }

  /** Says that a method of another actor is called next, with what is written and answered as it says itself. */
  expectCall(actor: Callee, method: string, params?: unknown, answer: Answer = {}): void {
    const number = methodNumber(actor, method)
    const { exitCode = ExitCode.OK, value } = answer
    const called = BUILTIN_ACTORS[actor]?.methods.get(number)
    const blockOf = (codec: AnyCodec | null | undefined, of: unknown) =>
      of === undefined ? null : cborBlock(codec as Codec<unknown>, of)
    this.rt.expectSend({
      to: ADDRESSES[actor],
      method: number,
      params: blockOf(called?.params, params),
      result: { exitCode, returnData: blockOf(called?.returns, value) },
    })
  }

  /** The first question that fees and pledges need. */
  expectReward(): void {
    const value = {
      thisEpochRewardSmoothed: NETWORK_ESTIMATES.reward,
      thisEpochBaselinePower: 1n << 60n,
    }
    this.expectCall('reward', 'ThisEpochReward', undefined, { value })
  }

  /** Both questions. */
  expectEstimates(): void {
    this.expectReward()
    const value = {
      rawBytePower: NETWORK_POWER,
      qualityAdjPower: NETWORK_POWER,
      pledgeCollateral: 0n,
      qualityAdjPowerSmoothed: NETWORK_ESTIMATES.qaPower,
      rampStartEpoch: 0,
      rampDurationEpochs: 0n,
    }
    this.expectCall('storagepower', 'CurrentTotalPower', undefined, { value })
  }

  expectPayment(to: Address, value: AttoFil): void {
    this.rt.expectSend({ to, method: METHOD_SEND, value })
  }

  expectBurn(value: AttoFil): void {
    this.expectPayment(BURNT_FUNDS_ACTOR_ADDR, value)
  }

  /** Tells the power actor how much more is pledged. */
  expectPledge(delta: AttoFil): void {
    this.expectCall('storagepower', 'UpdatePledgeTotal', delta)
  }

  /** Tells the power actor how much more is claimed. */
  expectPower({ raw, qa }: PowerPair): void {
    this.expectCall('storagepower', 'UpdateClaimedPower', { rawByteDelta: raw, qualityAdjustedDelta: qa })
  }

  /** Tells the market that sectors with data are gone. */
  expectTerminatedDeals(numbers: readonly number[], exitCode: number = ExitCode.OK): void {
    const params = { epoch: this.rt.currEpoch, sectors: bitFieldOf(numbers) }
    this.expectCall('storagemarket', 'OnMinerSectorsTerminate', params, { exitCode })
  }

  /** Asks an account for its key. */
  expectKey(account: Address, key: Address): void {
    const result = { exitCode: ExitCode.OK, returnData: cborBlock(address, key) }
    this.rt.expectSend({ to: account, method: methodNumber('account', 'PubkeyAddress'), result })
  }

  /** Tells somebody what was put into sectors. */
  expectNotification(to: Address, result: SendResult, changes: readonly SectorChanges[]): void {
    // The market takes notifications as everybody does.
    const method = methodNumber('storagemarket', 'SectorContentChangedExported')
    const codec = BUILTIN_ACTORS.storagemarket?.methods.get(method)?.params as Codec<unknown>
    this.rt.expectSend({ to, method, params: cborBlock(codec, changes), result })
  }

  /** Has itself called back: at the end of a deadline unless another event is given. */
  expectCron(epoch: ChainEpoch, eventType = CRON_EVENT_PROVING_DEADLINE): void {
    const payload = encodeCbor(CronEventPayload, { eventType })
    this.expectCall('storagepower', 'EnrollCronEvent', { eventEpoch: BigInt(epoch), payload })
  }
}
