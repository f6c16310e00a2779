import { Claims, type PowerPair, PowerState } from '@plimsoll/actors'
import { countBits } from '@plimsoll/ipld'
import {
  type Address,
  type AttoFil,
  BURNT_FUNDS_ACTOR_ADDR,
  type ChainEpoch,
  STORAGE_POWER_ACTOR_ADDR,
} from '@plimsoll/primitives'
import type { CallTrace } from '@plimsoll/vm'
import { loadDeadlineParts, minerState } from './miner-parts.ts'
import type { Run } from './open-run.ts'

/** A miner at a moment of a run. Amounts in attoFIL, power in bytes. */
export interface MinerMoment {
  readonly balance: AttoFil
  readonly initialPledge: AttoFil
  readonly preCommitDeposits: AttoFil
  readonly lockedFunds: AttoFil
  readonly feeDebt: AttoFil
  /** Of the balance what is not locked, less the debt; negative through debt alone. */
  readonly available: AttoFil
  /** What the power actor counts. */
  readonly power: PowerPair
  readonly liveSectors: number
  readonly faultySectors: number
  /** All that it has burnt since the run began. */
  readonly burnt: AttoFil
}

/** The network at a moment of a run. */
export interface NetworkMoment {
  readonly epoch: ChainEpoch
  readonly totalPower: PowerPair
  readonly totalPledge: AttoFil
  /** Quality-adjusted power of miners that owe fees, of those that are looked at: it counts in the total and cannot win. */
  readonly indebtedPower: bigint
  readonly miners: ReadonlyMap<Address, MinerMoment>
}

/** Looks at the miners of a run as they are. */
export function observe(run: Run, burnt: ReadonlyMap<Address, AttoFil>): NetworkMoment {
  const { vm } = run
  const power = vm.stateOf(STORAGE_POWER_ACTOR_ADDR, PowerState)
  const claims = Claims.load(vm.store, power.claims)
  const miners = new Map(
    run.miners.map((miner) => {
      const claim = claims.get(miner)
      const held = { raw: claim?.rawBytePower ?? 0n, qa: claim?.qualityAdjPower ?? 0n }
      return [miner, observeMiner(run, miner, held, burnt.get(miner) ?? 0n)] as const
    }),
  )
  const indebted = [...miners.values()].filter(({ feeDebt }) => feeDebt > 0n)
  return {
    epoch: vm.epoch,
    totalPower: { raw: power.totalBytesCommitted, qa: power.totalQaBytesCommitted },
    totalPledge: power.totalPledgeCollateral,
    indebtedPower: indebted.reduce((sum, { power: { qa } }) => sum + qa, 0n),
    miners,
  }
}

function observeMiner(run: Run, miner: Address, power: PowerPair, burnt: AttoFil): MinerMoment {
  const state = minerState(run, miner)
  const balance = run.vm.findActor(miner)?.balance ?? 0n
  const { initialPledge, preCommitDeposits, lockedFunds, feeDebt } = state
  let [liveSectors, faultySectors] = [0, 0]
  for (let index = 0; index < run.vm.host.policy.wpostPeriodDeadlines; index++) {
    for (const { partition } of loadDeadlineParts(run, state, index).partitions) {
      liveSectors += Number(countBits(partition.sectors)) - Number(countBits(partition.terminated))
      faultySectors += Number(countBits(partition.faults))
    }
  }
  return {
    balance,
    initialPledge,
    preCommitDeposits,
    lockedFunds,
    feeDebt,
    available: balance - initialPledge - preCommitDeposits - lockedFunds - feeDebt,
    power,
    liveSectors,
    faultySectors,
    burnt,
  }
}

/** Adds to what each miner has burnt what it burns in a call and in those below it; what failed burns nothing. */
export function addBurnt(total: Map<Address, AttoFil>, miners: readonly Address[], call: CallTrace): void {
  if (call.exitCode !== 0) {
    return
  }
  if (call.to === BURNT_FUNDS_ACTOR_ADDR && miners.includes(call.from)) {
    total.set(call.from, (total.get(call.from) ?? 0n) + call.value)
  }
  for (const inner of call.calls) {
    addBurnt(total, miners, inner)
  }
}
