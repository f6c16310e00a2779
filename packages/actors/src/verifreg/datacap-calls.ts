import { address, type Codec } from '@plimsoll/ipld'
import { type Address, DATACAP_ACTOR_ADDR, divTrunc, idAddress } from '@plimsoll/primitives'
import { requireEncodable } from '../datacap/encodable-amount.ts'
import {
  BALANCE_METHOD,
  BalanceReturn,
  BURN_METHOD,
  BurnParams,
  DESTROY_METHOD,
  DestroyParams,
  MINT_METHOD,
  MintParams,
  TOKEN_PRECISION,
  type TokenAmount,
  TRANSFER_METHOD,
  TransferParams,
} from '../datacap/types.ts'
import type { MethodNum, Runtime } from '../runtime/runtime.ts'
import { deserialize, extractSendResult, sendAndReturn, serialize } from '../runtime/send.ts'
import type { DataCap } from './state.ts'

/** What the registry asks and tells the token. Source of everything here: builtin-actors v18, `actors/verifreg/src/lib.rs`. */

/** The whole bytes of DataCap that an actor has. Source: `balance`. */
export function dataCapBalance(rt: Runtime, owner: Address): DataCap {
  const params = serialize(address, owner)
  const result = rt.send(DATACAP_ACTOR_ADDR, BALANCE_METHOD, params, 0n, { isReadOnly: true })
  return tokensToDataCap(deserialize(BalanceReturn, extractSendResult(result)))
}

/** Source: `mint`. */
export function mintDataCap(rt: Runtime, to: Address, amount: DataCap, operators: readonly Address[]): void {
  call(rt, MINT_METHOD, MintParams, { to, amount: dataCapToTokens(amount), operators })
}

/** Burns DataCap of the registry itself. Source: `burn`. */
export function burnDataCap(rt: Runtime, amount: DataCap): void {
  if (amount !== 0n) {
    call(rt, BURN_METHOD, BurnParams, { amount: dataCapToTokens(amount) })
  }
}

/** Takes DataCap from a client. Source: `destroy`. */
export function destroyDataCap(rt: Runtime, owner: Address, amount: DataCap): void {
  if (amount !== 0n) {
    call(rt, DESTROY_METHOD, DestroyParams, { owner, amount: dataCapToTokens(amount) })
  }
}

/** Gives DataCap of the registry itself to an actor. Source: `transfer`. */
export function transferDataCap(rt: Runtime, to: bigint, amount: DataCap): void {
  const params = { to: idAddress(to), amount: dataCapToTokens(amount), operatorData: new Uint8Array() }
  call(rt, TRANSFER_METHOD, TransferParams, params)
}

/** Source: `tokens_to_datacap`. */
export function tokensToDataCap(amount: TokenAmount): DataCap {
  return divTrunc(amount, TOKEN_PRECISION)
}

/**
 * Source: `datacap_to_tokens`.
 *
 * @throws {ActorError} `USR_SERIALIZATION` where the parameters of the call could not hold the amount.
 */
function dataCapToTokens(amount: DataCap): TokenAmount {
  return requireEncodable(amount * TOKEN_PRECISION)
}

function call<T>(rt: Runtime, method: MethodNum, codec: Codec<T>, params: T): void {
  sendAndReturn(rt, DATACAP_ACTOR_ADDR, method, serialize(codec, params))
}
