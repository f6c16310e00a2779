import { SYSTEM_ACTOR_ADDR } from '@plimsoll/primitives'
import type { Runtime } from '../../runtime/runtime.ts'
import { emptyMarketState, MarketState } from '../state.ts'

/**
 * Method 1, `Constructor`.
 *
 * Source: builtin-actors v18, `actors/market/src/lib.rs`, `constructor`.
 *
 * @throws {ActorError} `USR_FORBIDDEN` unless called by the system.
 */
export function marketConstructor(rt: Runtime): void {
  rt.validateImmediateCallerIs([SYSTEM_ACTOR_ADDR])
  rt.create(MarketState, emptyMarketState(rt.store))
}
