import { AccountState, PowerState, sumOfFunds } from '@plimsoll/actors'
import { createMemoryBlockstore, save } from '@plimsoll/ipld'
import {
  ACTOR_NAMES,
  ATTO_FIL_PER_FIL,
  BURNT_FUNDS_ACTOR_ADDR,
  type Hashes,
  STORAGE_POWER_ACTOR_ID,
} from '@plimsoll/primitives'
import { actorCodeTable, openVm, type SimulationOptions, simulationHost, type Vm } from '@plimsoll/vm'
import { buildState, type StatePlan, testCode } from './build-state.ts'
import { editActor, editAll, putActor } from './edit-state.ts'

const CIRCULATING_SUPPLY = 600_000_000n * ATTO_FIL_PER_FIL

/** A machine on a state that was built, in which funds can be burned; cron does nothing there. */
export function openState(
  hashes: Hashes,
  plan: StatePlan,
  options: Partial<Pick<SimulationOptions, 'policy' | 'primitives' | 'meter'>> = {},
): Vm {
  const store = createMemoryBlockstore(hashes)
  const burnt = putActor(BURNT_FUNDS_ACTOR_ADDR, {
    code: testCode('account'),
    head: save(store, AccountState, { address: BURNT_FUNDS_ACTOR_ADDR }),
    sequence: 0n,
    balance: 0n,
    delegatedAddress: null,
  })
  // What vests is collateral of the network too; the power actor is told when it vests.
  const vesting = plan.miners.reduce((sum, miner) => sum + sumOfFunds(miner.vesting ?? []), 0n)
  const pledged = editActor(STORAGE_POWER_ACTOR_ID, PowerState, (state) => ({
    ...state,
    totalPledgeCollateral: state.totalPledgeCollateral + vesting,
  }))
  const host = simulationHost({
    hashes,
    codes: actorCodeTable(Object.fromEntries(ACTOR_NAMES.map((name) => [name, testCode(name)]))),
    circulatingSupply: CIRCULATING_SUPPLY,
    ...options,
  })
  return openVm(store, editAll(burnt, pledged)(store, buildState(store, plan)), host, plan.epoch)
}
