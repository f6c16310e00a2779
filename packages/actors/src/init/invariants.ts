import { type Blockstore, within } from '@plimsoll/ipld'
import { type Address, AddressProtocol, FIRST_NON_SINGLETON_ID, protocolOf } from '@plimsoll/primitives'
import type { Findings } from '../invariants/findings.ts'
import { AddressMap, type InitState } from './state.ts'

/** Source: builtin-actors v18, `actors/init/src/testing.rs`, `check_state_invariants`. */
export function checkInitInvariants(store: Blockstore, state: InitState, findings: Findings): void {
  findings.require(state.networkName !== '', 'init/network-name', () => 'the network has no name')
  findings.require(state.nextId >= FIRST_NON_SINGLETON_ID, 'init/next-id', () => `${state.nextId} is too low`)
  const stable = new Map<number, Address>()
  const delegated = new Map<number, Address>()
  const addresses = within('addressMap', () => [...AddressMap.load(store, state.addressMap).entries()])
  for (const [address, id] of addresses) {
    const protocol = protocolOf(address)
    findings.require(id >= FIRST_NON_SINGLETON_ID, 'init/singleton-id', () => `an address of actor ${id}`)
    if (protocol === AddressProtocol.Id) {
      findings.add('init/id-address', `an ID address of actor ${id}`)
      continue
    }
    const known = protocol === AddressProtocol.Delegated ? delegated : stable
    findings.require(!known.has(id), 'init/two-addresses', () => `actor ${id} has two addresses of one kind`)
    known.set(id, address)
  }
}
