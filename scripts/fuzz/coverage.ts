import { BUILTIN_ACTORS } from '@plimsoll/actors'
import { formatExitCode } from '@plimsoll/primitives'
import type { CallTrace, Receipt, Vm } from '@plimsoll/vm'

/** How often every method ended with every exit code, by messages and in calls of actors to each other. */
export interface Coverage {
  readonly messages: Map<string, Map<string, number>>
  readonly nested: Map<string, Map<string, number>>
}

export function createCoverage(): Coverage {
  return { messages: new Map(), nested: new Map() }
}

export function countReceipt(coverage: Coverage, vm: Vm, { trace }: Receipt): void {
  count(coverage.messages, methodOf(vm, trace), formatExitCode(trace.exitCode))
  for (const call of trace.calls) {
    countNested(coverage, vm, call)
  }
}

export function countRefusal(coverage: Coverage, refusal: string): void {
  count(coverage.messages, 'refused', refusal)
}

/** Adds what one run has counted to a sum. */
export function addCoverage(sum: Coverage, run: Coverage): void {
  for (const level of ['messages', 'nested'] as const) {
    for (const [method, codes] of run[level]) {
      for (const [code, times] of codes) {
        count(sum[level], method, code, times)
      }
    }
  }
}

function countNested(coverage: Coverage, vm: Vm, trace: CallTrace): void {
  count(coverage.nested, methodOf(vm, trace), formatExitCode(trace.exitCode))
  for (const call of trace.calls) {
    countNested(coverage, vm, call)
  }
}

function methodOf(vm: Vm, { to, method }: CallTrace): string {
  const code = vm.findActor(to)?.code
  const actor = code === undefined ? undefined : vm.host.codes.nameOf(code)
  if (actor === undefined) {
    return 'nobody'
  }
  const name = method === 0 ? 'Send' : BUILTIN_ACTORS[actor]?.methods.get(method)?.name
  return `${actor}.${name ?? '(no method)'}`
}

function count(into: Coverage['messages'], method: string, code: string, times = 1): void {
  const codes = into.get(method) ?? new Map<string, number>()
  codes.set(code, (codes.get(code) ?? 0) + times)
  into.set(method, codes)
}
