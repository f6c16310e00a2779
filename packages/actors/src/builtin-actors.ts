import type { ActorName } from '@plimsoll/primitives'
import { ACCOUNT_ACTOR } from './account/actor.ts'
import { CRON_ACTOR } from './cron/actor.ts'
import { DATACAP_ACTOR } from './datacap/actor.ts'
import { INIT_ACTOR } from './init/actor.ts'
import { MARKET_ACTOR } from './market/actor.ts'
import { MINER_ACTOR } from './miner/actor.ts'
import { MULTISIG_ACTOR } from './multisig/actor.ts'
import { POWER_ACTOR } from './power/actor.ts'
import { REWARD_ACTOR } from './reward/actor.ts'
import type { ActorCode } from './runtime/dispatch.ts'
import { SYSTEM_ACTOR } from './system/actor.ts'
import { VERIFREG_ACTOR } from './verifreg/actor.ts'

/**
 * The code of every actor that can be executed. What is missing here can be held in a state and not be called.
 *
 * Source: builtin-actors v18, `runtime/src/runtime/builtins.rs`, whose types these are.
 */
export const BUILTIN_ACTORS: Readonly<Partial<Record<ActorName, ActorCode>>> = {
  account: ACCOUNT_ACTOR,
  cron: CRON_ACTOR,
  datacap: DATACAP_ACTOR,
  init: INIT_ACTOR,
  multisig: MULTISIG_ACTOR,
  reward: REWARD_ACTOR,
  storagemarket: MARKET_ACTOR,
  storageminer: MINER_ACTOR,
  storagepower: POWER_ACTOR,
  system: SYSTEM_ACTOR,
  verifiedregistry: VERIFREG_ACTOR,
}
