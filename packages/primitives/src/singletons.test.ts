import { describe, expect, test } from 'vitest'
import {
  BURNT_FUNDS_ACTOR_ID,
  CRON_ACTOR_ID,
  DATACAP_ACTOR_ID,
  EAM_ACTOR_ID,
  FIRST_NON_SINGLETON_ID,
  INIT_ACTOR_ID,
  REWARD_ACTOR_ID,
  STORAGE_MARKET_ACTOR_ID,
  STORAGE_POWER_ACTOR_ID,
  SYSTEM_ACTOR_ID,
  VERIFIED_REGISTRY_ACTOR_ID,
} from './singletons.ts'

// builtin-actors v18, `runtime/src/builtin/singletons.rs`.
const SINGLETONS = [
  { name: 'the system actor', id: SYSTEM_ACTOR_ID, reference: 0 },
  { name: 'the init actor', id: INIT_ACTOR_ID, reference: 1 },
  { name: 'the reward actor', id: REWARD_ACTOR_ID, reference: 2 },
  { name: 'the cron actor', id: CRON_ACTOR_ID, reference: 3 },
  { name: 'the power actor', id: STORAGE_POWER_ACTOR_ID, reference: 4 },
  { name: 'the market actor', id: STORAGE_MARKET_ACTOR_ID, reference: 5 },
  { name: 'the verified registry', id: VERIFIED_REGISTRY_ACTOR_ID, reference: 6 },
  { name: 'the datacap actor', id: DATACAP_ACTOR_ID, reference: 7 },
  { name: 'the Ethereum address manager', id: EAM_ACTOR_ID, reference: 10 },
  { name: 'the actor of burnt funds', id: BURNT_FUNDS_ACTOR_ID, reference: 99 },
]

describe('singletons', () => {
  test.each(SINGLETONS)('$name has the id $reference, below the first id of others', ({ id, reference }) => {
    expect(id).toBe(reference)
    expect(id).toBeLessThan(FIRST_NON_SINGLETON_ID)
  })

  test('end before actor 100', () => {
    expect(FIRST_NON_SINGLETON_ID).toBe(100)
  })
})
