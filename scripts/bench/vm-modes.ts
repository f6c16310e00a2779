import {
  type ActorCode,
  BUILTIN_ACTORS,
  CURRENT_TOTAL_POWER_METHOD,
  CurrentTotalPowerReturn,
  type Method,
  method,
  THIS_EPOCH_REWARD_METHOD,
  ThisEpochRewardReturn,
} from '@plimsoll/actors'
import {
  type Blockstore,
  type Cid,
  createMemoryBlockstore,
  wholeNodeBlockstore,
  writeBackBlockstore,
} from '@plimsoll/ipld'
import { type ActorName, ATTO_FIL_PER_FIL, type Hashes } from '@plimsoll/primitives'
import { PLAIN_QA_POWER, PLAIN_REWARD } from '@plimsoll/testkit'
import { type BuiltinActors, openVm, simulationHost, type Vm } from '@plimsoll/vm'
import { CODES, EPOCH, type VmWorkload } from './vm-workload.ts'

/** One message or one tick. */
export type VmStep = (vm: Vm) => void

/** A way to make the steps on the state of a workload; returns the root that they lead to. */
export type VmMode = (machine: Machine, steps: readonly VmStep[]) => Cid

/** The state to begin with, and what it is executed by. */
export interface Machine {
  readonly workload: VmWorkload
  readonly hashes: Hashes
  readonly builtins: BuiltinActors
}

/** What changes stays decoded, and one flush at the end encodes it. */
export const writeBack: VmMode = (machine, steps) => {
  const vm = open(machine, writeBackBlockstore(storeAbove(machine)))
  for (const step of steps) {
    step(vm)
  }
  return vm.root()
}

/** What was loaded stays decoded, and the root of every step is asked for. */
export const flushEachStep: VmMode = (machine, steps) => {
  const vm = open(machine, writeBackBlockstore(storeAbove(machine)))
  let root = machine.workload.root
  for (const step of steps) {
    step(vm)
    root = vm.root()
  }
  return root
}

/**
 * The literal way, which is the reference's: no value outlives its step; every block that a step touches is decoded
 * whole, and encoded from its values and hashed where the step changes it.
 */
export const alwaysReEncode: VmMode = (machine, steps) => {
  const store = wholeNodeBlockstore(storeAbove(machine))
  let { root } = machine.workload
  for (const step of steps) {
    const vm = open(machine, store, root)
    step(vm)
    root = vm.root()
  }
  return root
}

function open(machine: Machine, store: Blockstore, root: Cid = machine.workload.root): Vm {
  const { hashes, builtins } = machine
  const host = simulationHost({ hashes, codes: CODES, circulatingSupply: 600_000_000n * ATTO_FIL_PER_FIL })
  return openVm(store, root, host, EPOCH, builtins)
}

/** A run's own blocks in front of those that all runs begin with. */
function storeAbove({ workload: { base }, hashes }: Machine): Blockstore {
  const own = createMemoryBlockstore(hashes)
  return {
    hashes,
    decoding: 'on demand',
    find: (cid) => own.find(cid) ?? base.find(cid),
    // The base first: its table is over bytes, and the other's over byte strings.
    findAt: (bytes, start, end) => base.findAt(bytes, start, end) ?? own.findAt(bytes, start, end),
    put: own.put,
  }
}

/**
 * Actors of which only the miner is real: the others answer at once, what they would answer in the workload's
 * state or nothing. What is left is the miner's own part of a message.
 */
export function minerAlone(): BuiltinActors {
  const reward = { thisEpochRewardSmoothed: PLAIN_REWARD, thisEpochBaselinePower: 1n << 60n }
  const power = {
    rawBytePower: 1n << 60n,
    qualityAdjPower: 1n << 60n,
    pledgeCollateral: 0n,
    qualityAdjPowerSmoothed: PLAIN_QA_POWER,
    rampStartEpoch: 0,
    rampDurationEpochs: 0n,
  }
  return {
    ...BUILTIN_ACTORS,
    reward: answering('reward', [
      [
        THIS_EPOCH_REWARD_METHOD,
        method('ThisEpochReward', { returns: ThisEpochRewardReturn }, (rt) => {
          rt.validateImmediateCallerAcceptAny()
          return reward
        }),
      ],
    ]),
    storagepower: answering('storagepower', [
      [
        CURRENT_TOTAL_POWER_METHOD,
        method('CurrentTotalPower', { returns: CurrentTotalPowerReturn }, (rt) => {
          rt.validateImmediateCallerAcceptAny()
          return power
        }),
      ],
    ]),
    storagemarket: answering('storagemarket', []),
  }
}

function answering(name: ActorName, methods: readonly (readonly [number, Method])[]): ActorCode {
  return { name, methods: new Map(methods), fallback: (rt) => rt.validateImmediateCallerAcceptAny() }
}
