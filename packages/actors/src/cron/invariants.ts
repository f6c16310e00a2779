import { AddressProtocol, protocolOf } from '@plimsoll/primitives'
import type { Findings } from '../invariants/findings.ts'
import type { CronState } from './state.ts'

/** Source: builtin-actors v18, `actors/cron/src/testing.rs`, `check_state_invariants`. */
export function checkCronInvariants(state: CronState, findings: Findings): void {
  state.entries.forEach(({ receiver, methodNum }, index) => {
    const here = findings.under('entries', index)
    here.require(
      protocolOf(receiver) === AddressProtocol.Id,
      'cron/receiver-not-id',
      () => `an address of protocol ${protocolOf(receiver)}`,
    )
    here.require(methodNum > 0n, 'cron/method', () => `method ${methodNum}`)
  })
}
