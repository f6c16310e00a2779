import type { ActorId } from './address.ts'

/** The actors that exist once. Source: builtin-actors v18, `runtime/src/builtin/singletons.rs`. */
export const SYSTEM_ACTOR_ID = 0 as ActorId
export const INIT_ACTOR_ID = 1 as ActorId
export const REWARD_ACTOR_ID = 2 as ActorId
export const CRON_ACTOR_ID = 3 as ActorId
export const STORAGE_POWER_ACTOR_ID = 4 as ActorId
export const STORAGE_MARKET_ACTOR_ID = 5 as ActorId
export const VERIFIED_REGISTRY_ACTOR_ID = 6 as ActorId
export const DATACAP_ACTOR_ID = 7 as ActorId
export const EAM_ACTOR_ID = 10 as ActorId
export const BURNT_FUNDS_ACTOR_ID = 99 as ActorId
/** Actors below this number are singletons. */
export const FIRST_NON_SINGLETON_ID = 100 as ActorId
