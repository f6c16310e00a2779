import { BUILTIN_ACTORS, Claims, METHOD_CONSTRUCTOR, PowerState } from '@plimsoll/actors'
import {
  type ActorId,
  type Address,
  type AttoFil,
  assert,
  type ChainEpoch,
  CRON_ACTOR_ADDR,
  type Hashes,
  INIT_ACTOR_ADDR,
  idAddress,
  STORAGE_POWER_ACTOR_ADDR,
  type StoragePower,
  SYSTEM_ACTOR_ADDR,
} from '@plimsoll/primitives'
import { TestRuntime } from './test-runtime.ts'

/** The power actor of a network without miners, constructed. */
export class TestPower {
  readonly rt: TestRuntime

  constructor(hashes: Hashes) {
    this.rt = new TestRuntime(hashes, STORAGE_POWER_ACTOR_ADDR, 'storagepower')
    this.rt.actors.set(SYSTEM_ACTOR_ADDR, { type: 'system' })
    this.rt.actors.set(CRON_ACTOR_ADDR, { type: 'cron' })
    this.rt.actors.set(INIT_ACTOR_ADDR, { type: 'init' })
    this.call(SYSTEM_ACTOR_ADDR, METHOD_CONSTRUCTOR)
  }

  call(caller: Address, method: number, params?: unknown): unknown {
    const actor = BUILTIN_ACTORS.storagepower
    assert(actor !== undefined, 'there is a power actor')
    this.rt.caller = caller
    return this.rt.call(actor, method, params)
  }

  /** Puts a miner without power into the state, without the calls that make one. */
  addMiner(id: number): Address {
    const miner = idAddress(id as ActorId)
    this.rt.actors.set(miner, { type: 'storageminer' })
    this.rt.transaction(PowerState, (state) => {
      const claims = Claims.load(this.rt.store, state.claims)
      claims.set(miner, { windowPostProofType: 13, rawBytePower: 0n, qualityAdjPower: 0n })
      state.claims = claims.flush()
      state.minerCount++
    })
    return miner
  }

  /** Takes a miner's claim out of the state and nothing else. */
  dropClaim(miner: Address): void {
    this.rt.transaction(PowerState, (state) => {
      const claims = Claims.load(this.rt.store, state.claims)
      claims.delete(miner)
      state.claims = claims.flush()
    })
  }

  updateClaimedPower(
    miner: Address,
    rawByteDelta: StoragePower,
    qualityAdjustedDelta: StoragePower,
  ): unknown {
    return this.call(miner, 3, { rawByteDelta, qualityAdjustedDelta })
  }

  enrollCronEvent(miner: Address, eventEpoch: bigint, payload: Uint8Array): unknown {
    return this.call(miner, 4, { eventEpoch, payload })
  }

  updatePledgeTotal(miner: Address, delta: AttoFil): unknown {
    return this.call(miner, 6, delta)
  }

  /** Ends an epoch; what has to be sent must have been said. */
  onEpochTickEnd(epoch: ChainEpoch): unknown {
    this.rt.currEpoch = epoch
    return this.call(CRON_ACTOR_ADDR, 5)
  }

  get state(): PowerState {
    return this.rt.state(PowerState)
  }
}
