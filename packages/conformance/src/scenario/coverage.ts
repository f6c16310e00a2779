import { BUILTIN_ACTORS, METHOD_SEND, type MethodNum } from '@plimsoll/actors'
import type { Address } from '@plimsoll/primitives'
import type { CallTrace, Vm } from '@plimsoll/vm'
import { type Difference, difference } from './difference.ts'
import type { RecordedCoverage } from './scenario-types.ts'

/** How often methods ended with which exit code, by `actor.method(number)`. */
export type Coverage = Map<string, Map<number, number>>

/** The coverage of the messages themselves, and that of the calls below them. */
export interface CoverageCounts {
  readonly topLevel: Coverage
  readonly nested: Coverage
}

export function createCoverage(): CoverageCounts {
  return { topLevel: new Map(), nested: new Map() }
}

/** Counts a message and its calls. Actors are named by what they are after the message. */
export function countCalls(coverage: CoverageCounts, vm: Vm, trace: CallTrace): void {
  countCall(coverage.topLevel, vm, trace)
  countNested(coverage.nested, vm, trace)
}

function countNested(coverage: Coverage, vm: Vm, { calls }: CallTrace): void {
  for (const call of calls) {
    countCall(coverage, vm, call)
    countNested(coverage, vm, call)
  }
}

function countCall(coverage: Coverage, vm: Vm, { to, method, exitCode }: CallTrace): void {
  const key = methodName(vm, to, method)
  const codes = coverage.get(key) ?? new Map<number, number>()
  codes.set(exitCode, (codes.get(exitCode) ?? 0) + 1)
  coverage.set(key, codes)
}

/** An actor and a method as coverage tables write them: `storageminer.RepayDebt(22)`, `account.Send`. */
export function methodName(vm: Vm, to: Address, method: MethodNum): string {
  const record = vm.findActor(to)
  const actor = record === undefined ? undefined : vm.host.codes.nameOf(record.code)
  const name = actor && BUILTIN_ACTORS[actor]?.methods.get(method)?.name
  return method === METHOD_SEND ? `${actor ?? 'none'}.Send` : `${actor ?? 'none'}.${name ?? '?'}(${method})`
}

/**
 * Compares coverage. A method that one side has no name for is known by its number, since accounts accept
 * numbers that are methods of others.
 */
export function compareCoverage(
  what: string,
  expected: RecordedCoverage,
  actual: Coverage,
): readonly Difference[] {
  const [left, right] = [new Map<string, NamedCounts>(), new Map<string, NamedCounts>()]
  for (const [key, codes] of Object.entries(expected)) {
    left.set(unnamed(key), { name: key, counts: formatCounts(Object.entries(codes)) })
  }
  for (const [key, codes] of actual) {
    right.set(unnamed(key), { name: key, counts: formatCounts([...codes]) })
  }
  return [...new Set([...left.keys(), ...right.keys()])]
    .flatMap((key) => {
      const [a, b] = [left.get(key), right.get(key)]
      return [
        difference(`${what} of ${a?.name ?? b?.name}`, a?.counts ?? 'no call', b?.counts ?? 'no call'),
        a && b && !hasNoName(a) && !hasNoName(b) ? difference(`name in ${what}`, a.name, b.name) : undefined,
      ]
    })
    .filter((found) => found !== undefined)
}

interface NamedCounts {
  readonly name: string
  readonly counts: string
}

function hasNoName({ name }: NamedCounts): boolean {
  return name.includes('.?')
}

/** The key without the method's name: `storageminer.(22)`. */
function unnamed(key: string): string {
  return key.replace(/\.[^(]*\(/, '.(')
}

/** Counts as coverage tables write them: `0×12, 16×3`. */
export function formatCounts(codes: readonly (readonly [string | number, number])[]): string {
  return codes
    .map(([code, count]) => [Number(code), count] as const)
    .toSorted(([a], [b]) => a - b)
    .map(([code, count]) => `${code}×${count}`)
    .join(', ')
}
