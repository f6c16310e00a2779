import { type ActorId, idAddress } from './address.ts'

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

/** Their addresses. Source: the same file. */
export const SYSTEM_ACTOR_ADDR = idAddress(SYSTEM_ACTOR_ID)
export const INIT_ACTOR_ADDR = idAddress(INIT_ACTOR_ID)
export const REWARD_ACTOR_ADDR = idAddress(REWARD_ACTOR_ID)
export const CRON_ACTOR_ADDR = idAddress(CRON_ACTOR_ID)
export const STORAGE_POWER_ACTOR_ADDR = idAddress(STORAGE_POWER_ACTOR_ID)
export const STORAGE_MARKET_ACTOR_ADDR = idAddress(STORAGE_MARKET_ACTOR_ID)
export const VERIFIED_REGISTRY_ACTOR_ADDR = idAddress(VERIFIED_REGISTRY_ACTOR_ID)
export const DATACAP_ACTOR_ADDR = idAddress(DATACAP_ACTOR_ID)
export const EAM_ACTOR_ADDR = idAddress(EAM_ACTOR_ID)
export const BURNT_FUNDS_ACTOR_ADDR = idAddress(BURNT_FUNDS_ACTOR_ID)
