import { dirname, join } from 'node:path'
import {
  depositPower,
  multipliedQuality,
  multiplierOf,
  qaPowerOfTerm,
  qualityForWeight,
} from '@plimsoll/actors'
import { formatCid } from '@plimsoll/ipld'
import { type Address, type Hashes, parseAddress } from '@plimsoll/primitives'
import type { Vm } from '@plimsoll/vm'
import type { Driver } from '../driver.ts'
import { attempt, expectEqual, type NamedOutcome, type Outcome } from '../outcome.ts'
import { multiplierOfRecorded } from '../scenario/recorded-rules.ts'
import { runReplay } from '../scenario/run-replay.ts'
import { openScenario } from '../scenario/scenario-file.ts'
import type { RecordedMultiplier } from '../scenario/scenario-types.ts'
import { readJson } from '../vector-file.ts'

const family = 'proposals'

interface MultiplierCases {
  readonly rules: RecordedMultiplier
  readonly deposit_power: Readonly<Record<string, string>>
  /** Duration, sector size and verified weight; multiplier, quality, quality with the multiplier, power. */
  readonly rows: readonly (readonly [number, number, string, string | null, string, string, string])[]
}

/** Qualities and powers under each preset of the sector duration multiplier. */
export const multipliers: Driver = {
  family,
  handles: ({ name }) => name === 'multipliers.json',
  *run({ path }): Generator<NamedOutcome> {
    for (const { rules, deposit_power, rows } of readJson<readonly MultiplierCases[]>(path)) {
      const multiplier = multiplierOfRecorded(rules)
      for (const [duration, sectorSize, weight, ...expected] of rows) {
        const quality = qualityForWeight(sectorSize, duration, BigInt(weight))
        const term = { powerBaseEpoch: 0, expiration: duration, verifiedDealWeight: BigInt(weight) }
        const actual = [
          // The ramp scales the quality itself, and has no multiplier in between.
          multiplier.curve.form === 'table' ? multiplierOf(multiplier.curve, duration) : null,
          quality,
          multipliedQuality(multiplier.curve, duration, quality),
          qaPowerOfTerm({ sectorSize, multiplier }, term),
        ]
        yield [
          `${rules.preset}: ${sectorSize} bytes for ${duration} epochs`,
          expectEqual(expected.join(' '), actual.join(' ')),
        ]
      }
      for (const [size, expected] of Object.entries(deposit_power)) {
        const sectorSize = Number.parseInt(size, 10) * 2 ** 30
        yield [
          `${rules.preset}: deposit for ${size}`,
          expectEqual(expected, depositPower({ sectorSize, multiplier }).toString()),
        ]
      }
    }
  },
}

interface LawPair {
  readonly pair: number
  readonly caller: string
  /** The scenario with one call of TerminateSectors2, and the one with two of TerminateSectors. */
  readonly files: readonly [string, string]
  readonly root_after_messages: readonly [string, string]
  readonly root_at_end: readonly [string, string]
}

/**
 * Pairs of scenarios that end alike but for the caller's sequence: one message of TerminateSectors2 against two of
 * TerminateSectors, the first of which only settles what is queued.
 */
export const equivalenceLaw: Driver = {
  family,
  handles: ({ name }) => name === 'law.json',
  *run({ path }, { hashes }): Generator<NamedOutcome> {
    for (const { pair, caller, files, ...roots } of readJson<readonly LawPair[]>(path)) {
      const [one, two] = files.map((name) => join(dirname(path), name)) as [string, string]
      yield [
        `pair ${pair} after the messages`,
        attempt(() =>
          compareEnds(hashes, caller, roots.root_after_messages, messagesOf(one), messagesOf(two)),
        ),
      ]
      yield [
        `pair ${pair} after the ticks`,
        attempt(() => compareEnds(hashes, caller, roots.root_at_end, { path: one }, { path: two })),
      ]
    }
  },
}

/** A scenario up to a step, or to its end. */
interface Stretch {
  readonly path: string
  readonly until?: number
}

/** The messages that a scenario begins with: all before its first tick. */
function messagesOf(path: string): Stretch {
  let count = 0
  for (const step of openScenario(path).lines) {
    if (step.t !== 'msg') {
      break
    }
    count++
  }
  return { path, until: count - 1 }
}

function compareEnds(
  hashes: Hashes,
  caller: string,
  recorded: readonly [string, string],
  one: Stretch,
  two: Stretch,
): Outcome {
  const [first, second] = [one, two].map(({ path, ...options }) => {
    return runReplay(openScenario(path), hashes, options).replay.vm
  }) as [Vm, Vm]
  const roots = [first, second].map((vm) => formatCid(vm.root()))
  const address = parseAddress(caller, hashes)
  const normalised = rootWithSequence(second, address, first.findActor(address)?.sequence ?? 0n)
  return expectEqual([...recorded, recorded[0]].join(' '), [...roots, normalised].join(' '))
}

/** The root that a state would have if an actor had sent another number of messages. */
function rootWithSequence(vm: Vm, actor: Address, sequence: bigint): string {
  const { actors } = vm.stateTree()
  const record = actors.get(actor)
  if (record !== undefined) {
    actors.set(actor, { ...record, sequence })
  }
  return formatCid(actors.flush().cid)
}
