import { BUILTIN_ACTORS } from '@plimsoll/actors'
import type { Cid } from '@plimsoll/ipld'
import type { Hashes } from '@plimsoll/primitives'
import { requireOk } from '@plimsoll/testkit'
import { type Figure, fastestProcessorMs } from './measure.ts'
import {
  alwaysReEncode,
  flushEachStep,
  type Machine,
  minerAlone,
  type VmMode,
  type VmStep,
  writeBack,
} from './vm-modes.ts'
import { buildVmWorkload, EPOCH, type MessagePlan, messagesOf } from './vm-workload.ts'

const METHODS = ['DeclareFaults', 'TerminateSectors'] as const

/** How many messages go to every deadline before one flush, and what writing back is to gain by them. */
const SIZES = [
  { sectors: 1, perDeadline: 20, goal: 6, repetitions: 30 },
  { sectors: 100, perDeadline: 10, goal: 3.5, repetitions: 30 },
  { sectors: 3000, perDeadline: 1, goal: 2.5, repetitions: 20 },
] as const

const TICKS = 2880

const MODES = [writeBack, flushEachStep, alwaysReEncode]
const TICK_REPETITIONS = 3

/**
 * Messages and ticks on one large miner: writing back at the end, against encoding and decoding everything at
 * every step. All have to come to the same root, and all rates are per second of processor time.
 */
export function* benchVm(hashes: Hashes, sectors: number): Generator<Figure> {
  const workload = buildVmWorkload(hashes, sectors)
  for (const method of METHODS) {
    for (const { goal, ...size } of SIZES) {
      yield* benchMessages({ workload, hashes, builtins: minerAlone() }, { method, ...size }, goal)
      yield* benchMessages({ workload, hashes, builtins: BUILTIN_ACTORS }, { method, ...size })
    }
  }
  yield* benchTicks({ workload, hashes, builtins: BUILTIN_ACTORS })
}

function benchMessages(
  machine: Machine,
  plan: MessagePlan & { readonly repetitions: number },
  goal?: number,
): readonly Figure[] {
  const steps = messagesOf(machine.workload, plan).map(
    (message): VmStep =>
      (vm) =>
        requireOk(plan.method, vm.applyMessage(message)),
  )
  const whole = goal === undefined ? 'whole' : 'miner'
  const name = `${plan.method} of ${plan.sectors}, ${whole}`
  return figuresOf(machine, { name, unit: 'messages/s', steps, repetitions: plan.repetitions }, goal)
}

/** A proving period in which nobody proves anything: every deadline ends with all its sectors faulty. */
function benchTicks(machine: Machine): readonly Figure[] {
  const steps = Array.from(
    { length: TICKS },
    (_, i): VmStep =>
      (vm) =>
        requireOk('a tick', vm.tick(EPOCH + i)),
  )
  return figuresOf(machine, { name: 'cron', unit: 'ticks/s', steps, repetitions: TICK_REPETITIONS })
}

interface Work {
  readonly name: string
  readonly unit: string
  readonly steps: readonly VmStep[]
  readonly repetitions: number
}

function figuresOf(
  machine: Machine,
  { name, unit, steps, repetitions }: Work,
  goal?: number,
): readonly Figure[] {
  requireEqualRoots(machine, steps)
  const [fast, flushing, literal] = fastestProcessorMs(repetitions, [
    () => writeBack(machine, steps),
    () => flushEachStep(machine, steps),
    () => alwaysReEncode(machine, steps),
  ])
  const perSecond = (ms: number) => (steps.length / ms) * 1000
  const perStep = (mode: VmMode) => blocksHashed(machine, mode, steps) / steps.length
  const ratio = { name: `${name}: written back against always`, value: literal / fast, unit: '× faster' }
  return [
    { name: `${name}: written back`, value: perSecond(fast), unit },
    { name: `${name}: flushed each`, value: perSecond(flushing), unit },
    { name: `${name}: always re-encoded`, value: perSecond(literal), unit },
    { name: `${name}: hashed, written back`, value: perStep(writeBack), unit: 'blocks each' },
    { name: `${name}: hashed, re-encoded`, value: perStep(alwaysReEncode), unit: 'blocks each' },
    goal === undefined ? ratio : { ...ratio, goal: { kind: 'at least', value: goal } },
  ]
}

function requireEqualRoots(machine: Machine, steps: readonly VmStep[]): void {
  const roots = new Set<Cid>(MODES.map((mode) => mode(machine, steps)))
  if (roots.size !== 1 || roots.has(machine.workload.root)) {
    throw new Error('the ways to execute the same steps do not lead to the same new state')
  }
}

function blocksHashed(machine: Machine, mode: VmMode, steps: readonly VmStep[]): number {
  let count = 0
  const hashes: Hashes = {
    ...machine.hashes,
    blake2b256: (bytes) => {
      count++
      return machine.hashes.blake2b256(bytes)
    },
  }
  mode({ ...machine, hashes }, steps)
  return count
}
