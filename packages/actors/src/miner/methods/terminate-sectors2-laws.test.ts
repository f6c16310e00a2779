import { fc, test } from '@fast-check/vitest'
import { bitFieldOf, type Codec } from '@plimsoll/ipld'
import { type ActorId, createHashes, ExitCode, idAddress } from '@plimsoll/primitives'
import { networkFindings, OWNER_ID, openState, type SectorCondition } from '@plimsoll/testkit'
import { describe, expect } from 'vitest'
import { MAINNET_POLICY } from '../../policy.ts'
import { RULES_OF_TODAY } from '../../rules/rules.ts'
import { serialize } from '../../runtime/send.ts'
import { TerminateSectors2Params, TerminateSectorsParams } from '../method-types.ts'
import { countQueuedTerminations } from '../state/early-terminations.ts'
import { MinerState } from '../state.ts'

const hashes = await createHashes()
const EPOCH = 347 * 2880
const MINER_ID = 1000 as ActorId
const MINER = idAddress(MINER_ID)
const OWNER = idAddress(OWNER_ID)
const POLICY = { ...MAINNET_POLICY, rules: { ...RULES_OF_TODAY, terminateSectors2: 'strict' as const } }

type Machine = ReturnType<typeof openState>

/** Places of sectors: deadlines 5, 7 and 30 can be changed, 0 is open and 1 is next. */
const MUTABLE = [5, 7, 30]
const IMMUTABLE = [0, 1]

interface Sector {
  readonly deadline: number
  readonly partition: number
  readonly condition: SectorCondition
  readonly activation: number
  readonly initialPledge: bigint
  readonly isDeclared: boolean
}

const condition: fc.Arbitrary<SectorCondition> = fc.oneof(
  fc.constantFrom<SectorCondition>('active', 'active', 'faulty', 'recovering', 'unproven'),
  fc.integer({ min: 1, max: 3 }).map((n) => ({ queuedSince: EPOCH - n * 1000 })),
)

function sectorIn(deadlines: readonly number[]): fc.Arbitrary<Sector> {
  return fc.record({
    deadline: fc.constantFrom(...deadlines),
    partition: fc.nat(1),
    condition,
    // Younger and older than the 140 days from which the fee grows no more.
    activation: fc.integer({ min: EPOCH - 300 * 2880, max: EPOCH - 5000 }),
    initialPledge: fc.bigInt({ min: 1n, max: 10n ** 18n }),
    isDeclared: fc.boolean(),
  })
}

function planWith(sector: fc.Arbitrary<Sector>) {
  return fc.record({
    sectors: fc.array(sector, { minLength: 1, maxLength: 12 }),
    unlockedBalance: fc.bigInt({ min: 0n, max: 10n ** 18n }),
    feeDebt: fc.oneof(fc.constant(0n), fc.bigInt({ min: 1n, max: 10n ** 18n })),
    vested: fc.array(fc.bigInt({ min: 1n, max: 10n ** 17n }), { maxLength: 4 }),
    caps: fc.record({
      settledPartitionsMax: fc.integer({ min: 1, max: 3 }),
      settledSectorsMax: fc.integer({ min: 1, max: 3 }),
    }),
  })
}
type Plan = typeof planWith extends (...args: never) => fc.Arbitrary<infer P> ? P : never

/** Partitions without a sector do not exist, so that every deadline's first one has one. */
function withoutGaps(sectors: readonly Sector[]): readonly Sector[] {
  const hasFirst = new Set(sectors.filter(({ partition }) => partition === 0).map(({ deadline }) => deadline))
  return sectors.map((sector) => (hasFirst.has(sector.deadline) ? sector : { ...sector, partition: 0 }))
}

function machineOf({ sectors, unlockedBalance, feeDebt, vested }: Plan): Machine {
  const vesting = vested.map((amount, i) => ({ epoch: EPOCH - 1440 + i * 1440, amount }))
  const miner = {
    id: MINER_ID,
    sectors: withoutGaps(sectors).map(({ isDeclared: _, ...sector }, sectorNumber) => ({
      ...sector,
      sectorNumber,
    })),
    unlockedBalance,
    feeDebt,
    vesting,
  }
  return openState(hashes, { epoch: EPOCH, miners: [miner] }, { policy: POLICY })
}

function declarations(sectors: readonly Sector[], isWanted: (sector: Sector) => boolean) {
  return withoutGaps(sectors).flatMap((sector, number) =>
    isWanted(sector)
      ? [
          {
            deadline: BigInt(sector.deadline),
            partition: BigInt(sector.partition),
            sectors: bitFieldOf([number]),
          },
        ]
      : [],
  )
}

const isQueued = ({ condition: of }: Sector) => typeof of === 'object'

function send<P>(machine: Machine, method: number, codec: Codec<P>, params: P): number {
  const message = { from: OWNER, to: MINER, value: 0n, method, params: serialize(codec, params) }
  return machine.applyMessage(message).exitCode
}

const terminate2 = (machine: Machine, params: TerminateSectors2Params) =>
  send(machine, 37, TerminateSectors2Params, params)

/** A message that does nothing but count. */
function idle(machine: Machine): Machine {
  machine.applyMessage({ from: OWNER, to: OWNER, value: 0n, method: 0, params: null })
  return machine
}

const queueOf = (machine: Machine) =>
  countQueuedTerminations(machine.store, machine.stateOf(MINER, MinerState))

/** What would be settled: what is queued and what is declared beside it. */
const countOf = ({ sectors }: Plan) =>
  BigInt(sectors.filter((sector) => isQueued(sector) || sector.isDeclared).length)

const withCaps = (machine: Machine, caps: Plan['caps']) =>
  machine.fork({ ...machine.host, policy: { ...POLICY, ...caps } })

const RUNS = { numRuns: 60 }

// The law is that of the draft; `docs/proposals.md` says how it is meant.
describe('TerminateSectors2', () => {
  test.prop([planWith(sectorIn(MUTABLE))], RUNS)(
    'does what two calls of TerminateSectors do, of which the second leaves out what was queued',
    (plan) => {
      const once = machineOf(plan)
      const twice = once.fork()
      const terminations = declarations(plan.sectors, ({ isDeclared }) => isDeclared)
      expect(terminate2(once, { terminations, maxTermination: countOf(plan) })).toBe(ExitCode.OK)
      expect(send(twice, 9, TerminateSectorsParams, [])).toBe(ExitCode.OK)
      const rest = declarations(plan.sectors, (sector) => sector.isDeclared && !isQueued(sector))
      expect(send(twice, 9, TerminateSectorsParams, rest)).toBe(ExitCode.OK)
      // One message fewer was sent.
      expect(idle(once).root()).toBe(twice.root())
      expect(networkFindings({ vm: once })).toEqual([])
    },
  )

  test.prop([planWith(sectorIn(MUTABLE))], RUNS)('does not depend on how much one round settles', (plan) => {
    const machine = machineOf(plan)
    const inRounds = withCaps(machine, plan.caps)
    const params = {
      terminations: declarations(plan.sectors, ({ isDeclared }) => isDeclared),
      maxTermination: countOf(plan),
    }
    expect([terminate2(machine, params), terminate2(inRounds, params)]).toEqual([ExitCode.OK, ExitCode.OK])
    expect(inRounds.root()).toBe(machine.root())
    expect(queueOf(machine)).toBe(0)
  })

  test.prop([planWith(sectorIn([...MUTABLE, ...IMMUTABLE])), fc.nat(14)], RUNS)(
    'does everything, or nothing but count the message',
    (plan, max) => {
      const machine = withCaps(machineOf(plan), plan.caps)
      const before = idle(machine.fork())
      const terminations = declarations(plan.sectors, ({ isDeclared }) => isDeclared)
      const exitCode = terminate2(machine, { terminations, maxTermination: BigInt(max) })
      const isAllowed =
        plan.sectors.every(({ isDeclared, deadline }) => !isDeclared || MUTABLE.includes(deadline)) &&
        countOf(plan) <= max
      expect(exitCode).toBe(isAllowed ? ExitCode.OK : ExitCode.USR_ILLEGAL_ARGUMENT)
      if (isAllowed) {
        expect(queueOf(machine)).toBe(0)
      } else {
        expect(machine.root()).toBe(before.root())
      }
      expect(networkFindings({ vm: machine })).toEqual([])
    },
  )

  test.prop([planWith(sectorIn(MUTABLE)), fc.double({ min: 0, max: 1, noNaN: true })], RUNS)(
    'is taken back in full where the gas ends in between',
    (plan, share) => {
      const machine = withCaps(machineOf(plan), plan.caps)
      const before = idle(machine.fork())
      const params = {
        terminations: declarations(plan.sectors, ({ isDeclared }) => isDeclared),
        maxTermination: countOf(plan),
      }
      const metered = (limit: number) => {
        let charged = 0
        const vm = machine.fork({ ...machine.host, meter: { charge: () => ++charged <= limit } })
        return { exitCode: terminate2(vm, params), charged, vm }
      }
      const { charged: needed, exitCode } = metered(Number.POSITIVE_INFINITY)
      expect(exitCode).toBe(ExitCode.OK)
      const short = metered(Math.floor(share * (needed - 1)))
      expect(short.exitCode).toBe(ExitCode.SYS_OUT_OF_GAS)
      expect(short.vm.root()).toBe(before.root())
      const enough = metered(needed)
      expect([enough.exitCode, queueOf(enough.vm)]).toEqual([ExitCode.OK, 0])
    },
  )
})

describe('TerminateSectors2 after TerminateSectors has left a queue', () => {
  test.prop(
    [planWith(sectorIn(MUTABLE).map((sector) => ({ ...sector, condition: 'active' as const })))],
    RUNS,
  )('settles it, though all its sectors are declared again', (plan) => {
    const machine = machineOf(plan)
    const terminations = declarations(plan.sectors, ({ isDeclared }) => isDeclared)
    fc.pre(terminations.length > 1)
    const capped = withCaps(machine, { settledPartitionsMax: 1, settledSectorsMax: 1 })
    expect(send(capped, 9, TerminateSectorsParams, terminations)).toBe(ExitCode.OK)
    const queued = queueOf(capped)
    expect(queued).toBe(terminations.length - 1)
    // Settled sectors are dead; to declare one of them is an error unless the rules are lenient.
    const lenient = capped.fork({
      ...capped.host,
      policy: { ...POLICY, rules: { ...POLICY.rules, terminateSectors2: 'lenient' } },
    })
    const params = { terminations, maxTermination: BigInt(queued) }
    expect(terminate2(capped, params)).toBe(ExitCode.USR_ILLEGAL_ARGUMENT)
    expect(queueOf(capped)).toBe(queued)
    expect(terminate2(lenient, params)).toBe(ExitCode.OK)
    expect(queueOf(lenient)).toBe(0)
  })
})
