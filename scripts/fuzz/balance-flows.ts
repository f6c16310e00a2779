import type { Address, AttoFil } from '@plimsoll/primitives'
import type { CallTrace } from '@plimsoll/vm'

/** What each actor was sent in a call and in those below it, less what it sent; attoFIL. What failed moved nothing. */
export function balanceFlows(
  call: CallTrace,
  flows: Map<Address, AttoFil> = new Map(),
): Map<Address, AttoFil> {
  if (call.exitCode === 0) {
    const { from, to, value } = call
    flows.set(from, (flows.get(from) ?? 0n) - value)
    flows.set(to, (flows.get(to) ?? 0n) + value)
    for (const inner of call.calls) {
      balanceFlows(inner, flows)
    }
  }
  return flows
}
