import { address, type Hamt, hamt, type Link, link, tuple, u64Key, uint, type ValueOf } from '@plimsoll/ipld'
import { type TokenAmount, tokenAmount } from './types.ts'

/** Source of what is the token's: actors-utils `frc46_token/src/token/state.rs` (FRC-0046). */

/** The bit width of the HAMTs of a new token. Source: `DEFAULT_HAMT_BIT_WIDTH`. */
const DEFAULT_HAMT_BIT_WIDTH = 3

/** Actor to balance; who has nothing is not in it. */
type Balances = Hamt<bigint, TokenAmount>

/** Operator to allowance; who has none is not in it. */
type OwnerAllowances = Hamt<bigint, TokenAmount>

/** Owner to the operators that may dispose of what is the owner's; who has none is not in it. */
type Allowances = Hamt<bigint, Link<OwnerAllowances>>

/** A token: who has how much, and who may dispose of how much of it. Actors by id. CBOR tuple. */
export const TokenState = tuple('TokenState', {
  supply: tokenAmount,
  balances: link<Balances>(),
  allowances: link<Allowances>(),
  /** Of all three kinds of HAMTs. */
  hamtBitWidth: uint,
})
export type TokenState = ValueOf<typeof TokenState>

/** How a token of some bit width stores its maps. */
export function tokenMaps(bitWidth: number = DEFAULT_HAMT_BIT_WIDTH) {
  const amounts = hamt(u64Key, tokenAmount, { bitWidth })
  return {
    bitWidth,
    balances: amounts,
    ownerAllowances: amounts,
    allowances: hamt(u64Key, amounts.link, { bitWidth }),
  }
}

/**
 * The state of the datacap actor from v9 on: the token, and who may mint and destroy it. CBOR tuple.
 *
 * Source: builtin-actors v18, `actors/datacap/src/state.rs`.
 */
export const DatacapState = tuple('DataCapState', { governor: address, token: TokenState })
export type DatacapState = ValueOf<typeof DatacapState>
