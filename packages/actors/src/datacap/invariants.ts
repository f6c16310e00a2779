import { type Blockstore, within } from '@plimsoll/ipld'
import { AddressProtocol, modFloor, protocolOf } from '@plimsoll/primitives'
import type { Findings } from '../invariants/findings.ts'
import { type DatacapState, type TokenState, tokenMaps } from './state.ts'
import { DATACAP_GRANULARITY, type TokenAmount } from './types.ts'

/** What the verified registry is compared with: balances by the ids of actors. */
export interface DatacapSummary {
  readonly balances: ReadonlyMap<bigint, TokenAmount>
}

/**
 * The rules that the state of the datacap actor keeps.
 *
 * Source: builtin-actors v18, `actors/datacap/src/testing.rs`, `check_state_invariants`; actors-utils
 * `frc46_token/src/token/state.rs`, `check_invariants`. That every map has the shape of its contents is left out.
 *
 * @throws {CodecError} when a block is missing or malformed.
 */
export function checkDatacapInvariants(
  store: Blockstore,
  { governor, token }: DatacapState,
  findings: Findings,
): DatacapSummary {
  const protocol = protocolOf(governor)
  findings.require(
    protocol === AddressProtocol.Id,
    'datacap/governor',
    () => `an address of protocol ${protocol}`,
  )
  findings.require(token.supply >= 0n, 'datacap/supply-negative', () => String(token.supply))
  const balances = within('balances', () => checkBalances(store, token, findings))
  within('allowances', () => checkAllowances(store, token, findings))
  return { balances }
}

/** Source: actors-utils `frc46_token/src/token/state.rs`, `check_balances`. */
function checkBalances(
  store: Blockstore,
  token: TokenState,
  findings: Findings,
): ReadonlyMap<bigint, TokenAmount> {
  const balances = new Map(tokenMaps(token.hamtBitWidth).balances.load(store, token.balances).entries())
  let sum = 0n
  for (const [owner, balance] of balances) {
    const here = findings.under('balances', String(owner))
    here.require(balance >= 0n, 'datacap/balance-negative', () => String(balance))
    here.require(balance !== 0n, 'datacap/balance-zero', () => 'it should not be stored')
    here.require(
      modFloor(balance, DATACAP_GRANULARITY) === 0n,
      'datacap/balance-granularity',
      () => `${balance} is not a whole number of tokens`,
    )
    sum += balance
  }
  findings.require(
    sum === token.supply,
    'datacap/supply',
    () => `${token.supply}, where balances have ${sum}`,
  )
  return balances
}

/** Source: actors-utils `frc46_token/src/token/state.rs`, `check_allowances`. */
function checkAllowances(store: Blockstore, token: TokenState, findings: Findings): void {
  const { allowances, ownerAllowances } = tokenMaps(token.hamtBitWidth)
  for (const [owner, root] of allowances.load(store, token.allowances).entries()) {
    const here = findings.under('allowances', String(owner))
    const ofOwner = within(String(owner), () => [...ownerAllowances.load(store, root).entries()])
    here.require(ofOwner.length > 0, 'datacap/allowances-empty', () => 'they should not be stored')
    for (const [operator, allowance] of ofOwner) {
      const place = here.under(String(operator))
      place.require(operator !== owner, 'datacap/allowance-self', () => 'an owner needs no allowance')
      place.require(allowance >= 0n, 'datacap/allowance-negative', () => String(allowance))
      place.require(allowance !== 0n, 'datacap/allowance-zero', () => 'it should not be stored')
    }
  }
}
